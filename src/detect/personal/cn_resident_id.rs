//! Resident identity numbers of China.

use std::ops::Range;

use crate::detect::arithmetic::{is_day, number, weighted};
use crate::detect::{Class, Detector, Spec, Sureness, Text, nothing};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "cn-resident-id",
        title: "Chinese resident identity number",
        class: Class::Personal,
        sureness: Sureness::Checked,
        found_by: "eighteen characters with a date of birth and a check character (ISO 7064, MOD 11-2)",
        left_out: "what is no date in the middle",
        example: "330106198704123612",
        source: "GB 11643-1999; https://en.wikipedia.org/wiki/Resident_Identity_Card (known 2026-11)",
        words: &[],
        mask: nothing,
    },
    find,
};

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    found.extend(
        text.long_words().filter(|(_, word)| word.len() == 18 && is_valid(word)).map(|(range, _)| range),
    );
}

fn is_valid(word: &str) -> bool {
    let Some((digits, last)) = word.split_at_checked(17) else { return false };
    let Some(digits) = super::all_digits(digits) else { return false };
    let part = |from: usize, to: usize| digits.get(from..to).map_or(0, number);
    let sum = weighted(&digits, &[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    let check = b"10X98765432".get(sum as usize % 11);
    (1900..2100).contains(&part(6, 10))
        && is_day(part(10, 12), part(12, 14))
        && last.as_bytes().first().map(u8::to_ascii_uppercase).as_ref() == check
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found_by;

    #[test]
    fn numbers() {
        for text in ["330106198704123612", "身份证330106198704123612。"] {
            assert_eq!(found_by(&super::DETECTOR, text).len(), 1, "{text}");
        }
        for text in ["330106198704123613", "330106198713123612", "3301061987041236120"] {
            assert_eq!(found_by(&super::DETECTOR, text), [""; 0], "{text}");
        }
    }
}
