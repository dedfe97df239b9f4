//! Tax numbers of people in Germany.

use std::ops::Range;

use crate::detect::arithmetic::mod_11_10;
use crate::detect::context::{Words, says, words};
use crate::detect::{Class, Detector, Spec, Sureness, Text, nothing};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "de-steuer-id",
        title: "German tax identification number",
        class: Class::Personal,
        sureness: Sureness::Checked,
        found_by: "eleven digits with a check digit (ISO 7064, MOD 11,10), of the first ten one or two repeated, after a word such as `Steuer-ID`",
        left_out: "what no such word stands before",
        example: "47 036 892 111",
        source: "§ 139b AO; https://de.wikipedia.org/wiki/Steuerliche_Identifikationsnummer (known 2026-11)",
        words: &[],
        mask: nothing,
    },
    find,
};

static WORDS: Words = words![
    "steuer-id",
    "steuer id",
    "steuer-identifikationsnummer",
    "steueridentifikationsnummer",
    "identifikationsnummer",
    "idnr",
    "idnr.",
    "steuerid",
    "tin",
    "tax id",
    "steuerliche"
];

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    text.numerals().like(text, &["00 000 000 000", "00000000000"], found, |digits, range| {
        mod_11_10(digits)
            && digits.first() != Some(&0)
            && repeats_one(digits)
            && says(text, range.start, &WORDS)
    });
}

/// Of the first ten digits one stands there twice or three times, and all others once at most.
fn repeats_one(digits: &[u8]) -> bool {
    let head = digits.get(..10).unwrap_or_default();
    let mut often = [0u8; 10];
    for digit in head {
        if let Some(times) = often.get_mut(usize::from(*digit)) {
            *times += 1;
        }
    }
    let repeated: Vec<u8> = often.into_iter().filter(|times| *times > 1).collect();
    matches!(repeated.as_slice(), [2 | 3])
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found_by;

    #[test]
    fn numbers() {
        for text in ["Steuer-ID: 47 036 892 111", "meine IdNr. 47036892111"] {
            assert_eq!(found_by(&super::DETECTOR, text).len(), 1, "{text}");
        }
        for text in ["47 036 892 111", "Steuer-ID 47 036 892 112"] {
            assert_eq!(found_by(&super::DETECTOR, text), [""; 0], "{text}");
        }
    }
}
