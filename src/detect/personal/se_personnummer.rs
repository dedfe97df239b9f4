//! Personal identity numbers of Sweden.

use std::ops::Range;

use crate::detect::arithmetic::{is_day, luhn, number};
use crate::detect::context::{Words, says_other, words};
use crate::detect::{Class, Detector, Spec, Sureness, Text, nothing};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "se-personnummer",
        title: "Swedish personal identity number",
        class: Class::Personal,
        sureness: Sureness::Checked,
        found_by: "a date of birth, a hyphen or plus, three digits and a Luhn check digit",
        left_out: "what words before it call an order, a ticket and the like",
        example: "870412-3614",
        source: "https://www.skatteverket.se (SKV 704; known 2026-11)",
        words: &[],
        mask: nothing,
    },
    find,
};

static WORDS: Words = words!["personnummer", "personal identity", "pnr", "född"];

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    text.numerals().like(text, &["000000-0000", "00000000-0000"], found, |digits, range| {
        let short = digits.get(digits.len().saturating_sub(10)..).unwrap_or_default();
        let part = |from: usize| short.get(from..from + 2).map_or(0, number);
        let century = digits.len() == 10 || digits.starts_with(&[1, 9]) || digits.starts_with(&[2, 0]);
        century && is_day(part(2), part(4)) && luhn(short) && !says_other(text, range.start, &WORDS)
    });
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found_by;

    #[test]
    fn numbers() {
        for text in ["870412-3614", "personnummer 19870412-3614"] {
            assert_eq!(found_by(&super::DETECTOR, text).len(), 1, "{text}");
        }
        for text in ["870412-3615", "871312-3614", "order 870412-3614", "8704123614"] {
            assert_eq!(found_by(&super::DETECTOR, text), [""; 0], "{text}");
        }
    }
}
