//! Personal identity codes of Finland.

use std::ops::Range;

use crate::detect::arithmetic::{is_day, number};
use crate::detect::{Class, Detector, Spec, Sureness, Text, nothing};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "fi-hetu",
        title: "Finnish personal identity code",
        class: Class::Personal,
        sureness: Sureness::Checked,
        found_by: "a date of birth, the sign of its century, three digits and a check character",
        left_out: "what is no date",
        example: "140687-512U",
        source: "https://dvv.fi/en/personal-identity-code (known 2026-11)",
        words: &[],
        mask: nothing,
    },
    find,
};

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    // The date of birth is a group of digits by itself.
    for group in text.numerals().rows().flatten().filter(|group| group.len() == 6) {
        let at = group.start;
        let ends = |byte: u8| !byte.is_ascii_alphanumeric();
        let code = text.bytes().get(at..at + 11);
        if code.is_some_and(is_valid) && ends(text.byte_before(at)) && ends(text.byte(at + 11)) {
            found.push(at..at + 11);
        }
    }
}

fn is_valid(code: &[u8]) -> bool {
    let (Some(birth), Some(century), Some(serial)) = (code.get(..6), code.get(6), code.get(7..10)) else {
        return false;
    };
    // Since 2023 letters stand for the centuries, too.
    if !matches!(century, b'-' | b'+' | b'A'..=b'F' | b'U'..=b'Y') {
        return false;
    }
    let digits: Option<Vec<u8>> =
        birth.iter().chain(serial).map(|byte| byte.is_ascii_digit().then(|| *byte - b'0')).collect();
    digits.is_some_and(|digits| {
        let part = |from: usize| digits.get(from..from + 2).map_or(0, number);
        let index = usize::try_from(number(&digits) % 31).unwrap_or_default();
        is_day(part(2), part(0)) && b"0123456789ABCDEFHJKLMNPRSTUVWXY".get(index) == code.get(10)
    })
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found_by;

    #[test]
    fn numbers() {
        for text in ["140687-512U", "hetu: 140687A512U"] {
            assert_eq!(found_by(&super::DETECTOR, text).len(), 1, "{text}");
        }
        for text in ["140687-512V", "141387-512U", "140687-512UU", "x140687-512U"] {
            assert_eq!(found_by(&super::DETECTOR, text), [""; 0], "{text}");
        }
    }
}
