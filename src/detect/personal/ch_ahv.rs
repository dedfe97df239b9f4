//! Insurance numbers of Switzerland.

use std::ops::Range;

use crate::detect::arithmetic::weighted;
use crate::detect::{Class, Detector, Spec, Sureness, Text, nothing};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "ch-ahv",
        title: "Swiss AHV number",
        class: Class::Personal,
        sureness: Sureness::Checked,
        found_by: "thirteen digits that begin with 756 and end with the check digit of EAN-13",
        left_out: "what goes on behind it",
        example: "756.3827.4916.57",
        source: "https://www.zas.admin.ch (known 2026-11); GS1 General Specifications, 7.9",
        words: &[],
        mask: nothing,
    },
    find,
};

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    text.numerals().like(
        text,
        &["000.0000.0000.00", "000 0000 0000 00", "0000000000000"],
        found,
        |digits, _| {
            digits.starts_with(&[7, 5, 6])
                && weighted(digits, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
        },
    );
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found_by;

    #[test]
    fn numbers() {
        for text in ["756.3827.4916.57", "AHV 7563827491657"] {
            assert_eq!(found_by(&super::DETECTOR, text).len(), 1, "{text}");
        }
        for text in ["756.3827.4916.58", "757.3827.4916.57", "756.3827.491.657"] {
            assert_eq!(found_by(&super::DETECTOR, text), [""; 0], "{text}");
        }
    }
}
