//! Social security numbers of the United States.

use std::ops::Range;

use crate::detect::arithmetic::number;
use crate::detect::context::{Words, says, says_other, words};
use crate::detect::{Class, Detector, Spec, Sureness, Text, nothing};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "us-ssn",
        title: "US social security number",
        class: Class::Personal,
        sureness: Sureness::Form,
        found_by: "three, two and four digits with hyphens between them, and area, group and serial number that are given out; with \
                   spaces or side by side after a word such as `SSN`",
        left_out: "areas 000, 666 and 900 to 999, group 00, serial 0000, `123-45-6789` and numbers that were printed in \
                   advertisements, and what words before it call an order, a ticket and the like",
        example: "471-26-8350",
        source: "https://www.ssa.gov/employer/randomization.html and https://www.ssa.gov/history/ssn/misused.html (known 2026-11)",
        words: &[],
        mask: nothing,
    },
    find,
};

static SSN: Words =
    words!["ssn", "ssns", "social security", "social security number", "social", "tax id", "taxpayer"];

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    text.numerals().like(text, &["000-00-0000"], found, |digits, range| {
        is_given_out(digits) && !says_other(text, range.start, &SSN)
    });
    text.numerals().like(text, &["000 00 0000", "000000000", "000.00.0000"], found, |digits, range| {
        is_given_out(digits) && says(text, range.start, &SSN)
    });
}

fn is_given_out(digits: &[u8]) -> bool {
    let part = |from: usize, to: usize| digits.get(from..to).map_or(0, number);
    let (area, group, serial) = (part(0, 3), part(3, 5), part(5, 9));
    let printed = [(123, 45, 6789), (78, 5, 1120), (219, 9, 9999), (111, 11, 1111), (333, 33, 3333)];
    !matches!(area, 0 | 666 | 900..) && group > 0 && serial > 0 && !printed.contains(&(area, group, serial))
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found_by;

    #[test]
    fn numbers() {
        for text in ["471-26-8350", "my SSN is 471268350", "social security 471 26 8350", "(471-26-8350)"] {
            assert_eq!(found_by(&super::DETECTOR, text).len(), 1, "{text}");
        }
        for text in [
            "123-45-6789",
            "000-12-3456",
            "666-12-3456",
            "912-34-5678",
            "471-00-8350",
            "471-26-0000",
            "471 26 8350",
            "471268350",
            "order 471-26-8350",
            "XXX-XX-8350",
            "471-26-83501",
            "4-471-26-8350",
        ] {
            assert_eq!(found_by(&super::DETECTOR, text), [""; 0], "{text}");
        }
    }
}
