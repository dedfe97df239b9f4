//! Social insurance numbers of Canada.

use std::ops::Range;

use crate::detect::arithmetic::luhn;
use crate::detect::context::{Words, says, words};
use crate::detect::{Class, Detector, Spec, Sureness, Text, nothing};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "ca-sin",
        title: "Canadian social insurance number",
        class: Class::Personal,
        sureness: Sureness::Checked,
        found_by: "nine digits with a Luhn check digit after a word such as `SIN`",
        left_out: "what no such word stands before",
        example: "472 618 354",
        source: "https://www.canada.ca/en/employment-social-development/services/sin.html (known 2026-11)",
        words: &[],
        mask: nothing,
    },
    find,
};

static WORDS: Words = words!["sin", "social insurance", "social insurance number", "nas"];

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    // 0 begins none, and 8 only numbers of businesses.
    let is_given_out = |digits: &[u8]| !matches!(digits.first(), Some(0 | 8));
    text.numerals().like(text, &["000 000 000", "000-000-000", "000000000"], found, |digits, range| {
        luhn(digits) && is_given_out(digits) && says(text, range.start, &WORDS)
    });
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found_by;

    #[test]
    fn numbers() {
        for text in ["My SIN is 472 618 354", "SIN: 472-618-354", "social insurance number 472618354"] {
            assert_eq!(found_by(&super::DETECTOR, text).len(), 1, "{text}");
        }
        for text in ["472 618 354", "SIN 472 618 355", "SIN 046 454 286"] {
            assert_eq!(found_by(&super::DETECTOR, text), [""; 0], "{text}");
        }
    }
}
