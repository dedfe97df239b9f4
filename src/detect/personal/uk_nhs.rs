//! Numbers of the National Health Service of England.

use std::ops::Range;

use crate::detect::arithmetic::weighted;
use crate::detect::context::{Words, says, words};
use crate::detect::{Class, Detector, Spec, Sureness, Text, nothing};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "uk-nhs",
        title: "NHS number",
        class: Class::Personal,
        sureness: Sureness::Checked,
        found_by: "ten digits with a check digit modulo 11 after a word such as `NHS`",
        left_out: "what no such word stands before",
        example: "731 826 4958",
        source: "https://www.datadictionary.nhs.uk/attributes/nhs_number.html (known 2026-11)",
        words: &[],
        mask: nothing,
    },
    find,
};

static WORDS: Words = words!["nhs", "nhs number", "nhs no"];

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    text.numerals().like(text, &["000 000 0000", "000-000-0000", "0000000000"], found, |digits, range| {
        weighted(digits, &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
            && says(text, range.start, &WORDS)
    });
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found_by;

    #[test]
    fn numbers() {
        for text in ["NHS number 731 826 4958", "my NHS no. is 7318264958"] {
            assert_eq!(found_by(&super::DETECTOR, text).len(), 1, "{text}");
        }
        for text in ["731 826 4958", "NHS 731 826 4959"] {
            assert_eq!(found_by(&super::DETECTOR, text), [""; 0], "{text}");
        }
    }
}
