//! Tax codes of people in Italy.

use std::ops::Range;

use crate::detect::{Class, Detector, Spec, Sureness, Text, nothing};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "it-codice-fiscale",
        title: "Italian tax code",
        class: Class::Personal,
        sureness: Sureness::Checked,
        found_by: "sixteen letters and digits: name, date and place of birth, and a check letter",
        left_out: "what is no day of a month",
        example: "LNDNAA87D52H501X",
        source: "D.M. 23 dicembre 1976; https://en.wikipedia.org/wiki/Italian_fiscal_code (known 2026-11)",
        words: &[],
        mask: nothing,
    },
    find,
};

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    found.extend(
        text.long_words()
            .filter(|(_, word)| word.len() == 16 && is_valid(&word.to_ascii_uppercase()))
            .map(|(range, _)| range),
    );
}

/// What characters in odd places count, from 0 and from A.
const ODD: [u32; 26] =
    [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

fn is_valid(code: &str) -> bool {
    let bytes = code.as_bytes();
    let fits = bytes.iter().zip("LLLLLLDDMDDLDDDL".bytes()).all(|(byte, kind)| match kind {
        b'L' => byte.is_ascii_uppercase(),
        b'M' => b"ABCDEHLMPRST".contains(byte),
        // Letters stand for digits where two people would have the same code.
        _ => byte.is_ascii_digit() || b"LMNPQRSTUV".contains(byte),
    });
    let value =
        |byte: u8| usize::from(if byte.is_ascii_digit() { byte - b'0' } else { byte.wrapping_sub(b'A') });
    let sum: u32 = bytes
        .iter()
        .take(15)
        .enumerate()
        .map(|(place, &byte)| match place % 2 {
            0 => ODD.get(value(byte)).copied().unwrap_or_default(),
            _ => u32::try_from(value(byte)).unwrap_or_default(),
        })
        .sum();
    fits && bytes.get(15).is_some_and(|&check| u32::from(check - b'A') == sum % 26)
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found_by;

    #[test]
    fn numbers() {
        for text in ["LNDNAA87D52H501X", "CF: lndnaa87d52h501x."] {
            assert_eq!(found_by(&super::DETECTOR, text).len(), 1, "{text}");
        }
        for text in ["LNDNAA87D52H501Y", "LNDNAA87D52H501", "LNDNAA87J52H501X"] {
            assert_eq!(found_by(&super::DETECTOR, text), [""; 0], "{text}");
        }
    }
}
