//! PESEL numbers of Poland.

use std::ops::Range;

use crate::detect::arithmetic::{is_day, number, weighted};
use crate::detect::context::{Words, says, words};
use crate::detect::{Class, Detector, Spec, Sureness, Text, nothing};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "pl-pesel",
        title: "Polish PESEL number",
        class: Class::Personal,
        sureness: Sureness::Checked,
        found_by: "eleven digits with a date of birth and a check digit after a word such as `PESEL`",
        left_out: "what no such word stands before",
        example: "87041236157",
        source: "https://www.gov.pl/web/gov/czym-jest-numer-pesel (known 2026-11)",
        words: &[],
        mask: nothing,
    },
    find,
};

static WORDS: Words = words!["pesel"];

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    text.numerals().like(text, &["00000000000"], found, |digits, range| {
        is_valid(digits) && says(text, range.start, &WORDS)
    });
}

fn is_valid(digits: &[u8]) -> bool {
    let part = |from: usize| digits.get(from..from + 2).map_or(0, number);
    // The century stands in the month: 20 more, 40 more and so on.
    is_day(part(2) % 20, part(4)) && weighted(digits, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found_by;

    #[test]
    fn numbers() {
        for text in ["PESEL 87041236157", "mój pesel: 87041236157"] {
            assert_eq!(found_by(&super::DETECTOR, text).len(), 1, "{text}");
        }
        for text in ["87041236157", "PESEL 87041236158", "PESEL 87441236157"] {
            assert_eq!(found_by(&super::DETECTOR, text), [""; 0], "{text}");
        }
    }
}
