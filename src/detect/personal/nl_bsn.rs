//! Citizen service numbers of the Netherlands.

use std::ops::Range;

use crate::detect::context::{Words, says, words};
use crate::detect::{Class, Detector, Spec, Sureness, Text, nothing};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "nl-bsn",
        title: "Dutch citizen service number",
        class: Class::Personal,
        sureness: Sureness::Checked,
        found_by: "nine digits that pass the test of eleven after a word such as `BSN`",
        left_out: "what no such word stands before",
        example: "382619407",
        source: "https://www.rvig.nl (known 2026-11)",
        words: &[],
        mask: nothing,
    },
    find,
};

static WORDS: Words = words!["bsn", "burgerservicenummer", "sofinummer", "sofi"];

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    text.numerals().like(
        text,
        &["000000000", "0000.00.000", "000 000 000", "0000 00 000"],
        found,
        |digits, range| is_valid(digits) && says(text, range.start, &WORDS),
    );
}

fn is_valid(digits: &[u8]) -> bool {
    let sum: i32 = digits
        .iter()
        .zip([9, 8, 7, 6, 5, 4, 3, 2, -1])
        .map(|(&digit, weight)| i32::from(digit) * weight)
        .sum();
    sum > 0 && sum % 11 == 0
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found_by;

    #[test]
    fn numbers() {
        for text in ["BSN 382619407", "mijn burgerservicenummer is 3826.19.407"] {
            assert_eq!(found_by(&super::DETECTOR, text).len(), 1, "{text}");
        }
        for text in ["382619407", "BSN 382619408"] {
            assert_eq!(found_by(&super::DETECTOR, text), [""; 0], "{text}");
        }
    }
}
