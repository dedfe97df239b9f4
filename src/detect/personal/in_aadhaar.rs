//! Aadhaar numbers of India.

use std::ops::Range;

use crate::detect::arithmetic::verhoeff;
use crate::detect::context::{Words, says, words};
use crate::detect::{Class, Detector, Spec, Sureness, Text, nothing};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "in-aadhaar",
        title: "Aadhaar number",
        class: Class::Personal,
        sureness: Sureness::Checked,
        found_by: "twelve digits with a Verhoeff check digit after a word such as `Aadhaar`",
        left_out: "what no such word stands before",
        example: "5824 3971 6048",
        source: "https://uidai.gov.in (known 2026-11)",
        words: &[],
        mask: nothing,
    },
    find,
};

static WORDS: Words = words!["aadhaar", "aadhar", "adhaar", "adhar", "uidai", "uid", "आधार"];

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    text.numerals().like(
        text,
        &["0000 0000 0000", "0000-0000-0000", "000000000000"],
        found,
        |digits, range| {
            // 0 and 1 begin none.
            digits.first().is_some_and(|first| *first > 1)
                && verhoeff(digits)
                && says(text, range.start, &WORDS)
        },
    );
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found_by;

    #[test]
    fn numbers() {
        for text in ["Aadhaar 5824 3971 6048", "my aadhar number is 582439716048", "आधार 5824-3971-6048"]
        {
            assert_eq!(found_by(&super::DETECTOR, text).len(), 1, "{text}");
        }
        for text in ["5824 3971 6048", "Aadhaar 5824 3971 6047", "Aadhaar 1824 3971 6048"] {
            assert_eq!(found_by(&super::DETECTOR, text), [""; 0], "{text}");
        }
    }
}
