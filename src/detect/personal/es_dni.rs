//! Identity numbers of Spain: DNI of citizens, NIE of others.

use std::ops::Range;

use crate::detect::arithmetic::number;
use crate::detect::context::{Words, says_other, words as list};
use crate::detect::{Class, Detector, Spec, Sureness, Text, nothing};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "es-dni",
        title: "Spanish identity number",
        class: Class::Personal,
        sureness: Sureness::Checked,
        found_by: "eight digits, or X, Y or Z and seven, with a check letter",
        left_out: "what words before it call an order, a ticket and the like",
        example: "48213976L",
        source: "https://www.interior.gob.es (calculation of the check digit of the NIF and NIE; known 2026-11)",
        words: &[],
        mask: nothing,
    },
    find,
};

static WORDS: Words = list!["dni", "nif", "nie", "documento", "identidad"];

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    for (range, word) in text.long_words().filter(|(_, word)| matches!(word.len(), 8 | 9)) {
        // Most long words have none, and are not copied.
        if word.bytes().filter(u8::is_ascii_digit).count() < 7 {
            continue;
        }
        // The letter may stand behind a hyphen.
        let apart = word.len() == 8
            && text.byte(range.end) == b'-'
            && text.byte(range.end + 1).is_ascii_alphabetic()
            && !text.byte(range.end + 2).is_ascii_alphanumeric();
        let range = if apart { range.start..range.end + 2 } else { range };
        let letters = text.text.get(range.clone()).unwrap_or_default().replace('-', "").to_ascii_uppercase();
        if letters.len() == 9 && is_valid(&letters) && !says_other(text, range.start, &WORDS) {
            found.push(range);
        }
    }
}

fn is_valid(letters: &str) -> bool {
    let Some((head, check)) = letters.split_at_checked(8) else { return false };
    let head = match head.as_bytes().first() {
        Some(first @ b'X'..=b'Z') => format!("{}{}", first - b'X', head.get(1..).unwrap_or_default()),
        _ => head.to_owned(),
    };
    super::all_digits(&head).is_some_and(|digits| {
        let index = usize::try_from(number(&digits) % 23).unwrap_or_default();
        b"TRWAGMYFPDXBNJZSQVHLCKE".get(index) == check.as_bytes().first()
    })
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found_by;

    #[test]
    fn numbers() {
        for text in ["48213976L", "DNI 48213976-L", "NIE: X5937214V", "x5937214v"] {
            assert_eq!(found_by(&super::DETECTOR, text).len(), 1, "{text}");
        }
        for text in ["48213976M", "X5937214A", "order 48213976L", "48213976 L", "a48213976L"] {
            assert_eq!(found_by(&super::DETECTOR, text), [""; 0], "{text}");
        }
    }
}
