//! International bank account numbers.

use std::ops::Range;

use crate::detect::arithmetic::mod_97;
use crate::detect::numerals::Group;
use crate::detect::{Class, Detector, Spec, Sureness, Text};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "iban",
        title: "bank account number",
        class: Class::Personal,
        sureness: Sureness::Checked,
        found_by: "a country, its length, and the check digits modulo 97; side by side or in groups of four",
        left_out: "the examples of the IBAN registry",
        example: "DE44 5001 0517 5407 3249 31",
        source: "ISO 13616-1; lengths: SWIFT IBAN registry, by https://en.wikipedia.org/wiki/International_Bank_Account_Number \
                 (known 2026-11)",
        words: &[],
        mask: |iban| {
            format!(
                "{}…",
                iban.chars().filter(char::is_ascii_alphabetic).take(2).collect::<String>().to_uppercase()
            )
        },
    },
    find,
};

/// Characters of the IBANs of each country, sorted.
const LENGTHS: &[(&[u8; 2], usize)] = &[
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BI", 27),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DJ", 27),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FK", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HN", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MN", 20),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NI", 28),
    (b"NL", 18),
    (b"NO", 15),
    (b"OM", 23),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"RU", 33),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"SO", 23),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
    (b"YE", 30),
];

/// Examples of the registry and of the article, as they are printed in forms and manuals.
const EXAMPLES: &[&[u8]] = &[
    b"AT611904300234573201",
    b"BE68539007547034",
    b"CH9300762011623852957",
    b"DE89370400440532013000",
    b"DK5000400440116243",
    b"ES9121000418450200051332",
    b"FI2112345600000785",
    b"FR1420041010050500013M02606",
    b"GB29NWBK60161331926819",
    b"GB82WEST12345698765432",
    b"IE29AIBK93115212345678",
    b"IT60X0542811101000000123456",
    b"LU280019400644750000",
    b"NL91ABNA0417164300",
    b"NO9386011117947",
    b"PL61109010140000071219812874",
    b"PT50000201231234567890154",
    b"SE4550000000058398257466",
];

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    for start in text.numerals().rows().flatten().filter_map(|digits| begins(text, *digits)) {
        if start >= at
            && let Some(end) = iban(text, start)
        {
            found.push(start..end);
            at = end;
        }
    }
}

/// Where the word begins that begins with two letters and these digits, two at least.
fn begins(text: &Text<'_>, digits: Group) -> Option<usize> {
    let start = digits.start.checked_sub(2).filter(|_| digits.len() >= 2)?;
    let letters = text.byte(start).is_ascii_alphabetic() && text.byte(start + 1).is_ascii_alphabetic();
    (letters && !text.byte_before(start).is_ascii_alphanumeric()).then_some(start)
}

fn iban(text: &Text<'_>, start: usize) -> Option<usize> {
    let bytes = text.bytes().get(start..)?;
    let country = [bytes.first()?.to_ascii_uppercase(), bytes.get(1)?.to_ascii_uppercase()];
    let length = LENGTHS
        .binary_search_by_key(&&country, |(country, _)| country)
        .ok()
        .and_then(|at| LENGTHS.get(at))?
        .1;
    let mut iban: Vec<u8> = Vec::with_capacity(length);
    let mut gap = None;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            letter if letter.is_ascii_alphanumeric() => iban.push(letter.to_ascii_uppercase()),
            // Groups of four, all with the same between them.
            b' ' | b'-' | b'.' if iban.len().is_multiple_of(4) && gap.is_none_or(|gap| gap == *byte) => {
                gap = Some(*byte);
            }
            _ => return None,
        }
        if iban.len() == length {
            let next = bytes.get(at + 1);
            let ends = !next.is_some_and(u8::is_ascii_alphanumeric);
            let (head, tail) = iban.split_at_checked(4)?;
            let checked = mod_97(tail.iter().chain(head).copied()) == Some(1);
            return (ends && checked && !EXAMPLES.contains(&iban.as_slice())).then_some(start + at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::tests::found_by;

    #[test]
    fn ibans() {
        assert!(LENGTHS.is_sorted());
        for text in [
            "DE44500105175407324931",
            "IBAN: DE44 5001 0517 5407 3249 31.",
            "gb36blau60161331926819",
            "GB36-BLAU-6016-1331-9268-19",
            "an DE44 5001 0517 5407 3249 31 bitte",
        ] {
            assert_eq!(found_by(&DETECTOR, text).len(), 1, "{text}");
        }
        for text in [
            "DE45500105175407324931",
            "DE4450010517540732493",
            "XDE44500105175407324931",
            "GB82 WEST 1234 5698 7654 32",
            "ZZ44500105175407324931",
            "DE44 5001-0517 5407 3249 31",
            "DE445001051754073249310",
            "DE44",
        ] {
            assert_eq!(found_by(&DETECTOR, text), [""; 0], "{text}");
        }
    }
}
