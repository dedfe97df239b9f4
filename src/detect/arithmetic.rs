//! Check digits: sums over digits that a slip of the hand, or a number made for something else, seldom fulfils.

/// The Luhn formula (ISO/IEC 7812-1, annex B): one in ten numbers passes.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| match (place % 2, u32::from(digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => 2 * digit - 9,
            (_, digit) => 2 * digit,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The sum of digits, each times its weight; what is longer than the other does not count.
pub(super) fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(&digit, weight)| u32::from(digit) * weight).sum()
}

/// The Verhoeff scheme (J. Verhoeff, Error Detecting Decimal Codes, 1969), over the dihedral group of ten elements.
pub(super) fn verhoeff(digits: &[u8]) -> bool {
    // The permutation that each place adds to the one before it.
    const NEXT: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let times = |a: u8, b: u8| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b) % 5,
        (false, true) => 5 + (a + 5 - b) % 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let sum = digits.iter().rev().enumerate().fold(0, |sum, (place, &digit)| {
        let permuted =
            (0..place % 8).fold(digit, |digit, _| NEXT.get(usize::from(digit)).copied().unwrap_or_default());
        times(sum, permuted)
    });
    sum == 0
}

/// ISO/IEC 7064, MOD 11,10: the last digit checks those before it.
pub(super) fn mod_11_10(digits: &[u8]) -> bool {
    let Some((&last, before)) = digits.split_last() else { return false };
    let product = before.iter().fold(10, |product, &digit| {
        let sum = (u32::from(digit) + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10 == u32::from(last)
}

/// The number modulo 97, as IBANs and French numbers have it; letters count from A as 10.
pub(super) fn mod_97(characters: impl Iterator<Item = u8>) -> Option<u32> {
    characters.into_iter().try_fold(0, |rest, character| match character {
        b'0'..=b'9' => Some((rest * 10 + u32::from(character - b'0')) % 97),
        b'A'..=b'Z' => Some((rest * 100 + u32::from(character - b'A') + 10) % 97),
        _ => None,
    })
}

/// Digits as a number; of at most 18, so that it cannot overflow.
pub(super) fn number(digits: &[u8]) -> u64 {
    digits.iter().take(18).fold(0, |number, &digit| number * 10 + u64::from(digit))
}

/// Whether month and day can be those of a date.
pub(super) fn is_day(month: u64, day: u64) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// CRC-32 as in zlib (polynomial 0xEDB88320), of a few bytes.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(
            crc ^ u32::from(byte),
            |crc, _| {
                if crc & 1 == 0 { crc >> 1 } else { crc >> 1 ^ 0xEDB8_8320 }
            },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().map(|byte| byte - b'0').collect()
    }

    #[test]
    fn known_numbers_pass_and_slips_do_not() {
        assert!(luhn(&digits("4111111111111111")) && !luhn(&digits("4111111111111112")));
        // Wikipedia, "Verhoeff algorithm": 236 has the check digit 3.
        assert!(verhoeff(&digits("2363")) && !verhoeff(&digits("2364")) && !verhoeff(&digits("3263")));
        // ISO/IEC 7064: 0794 has the check digit 5.
        assert!(mod_11_10(&digits("07945")) && !mod_11_10(&digits("07954")) && !mod_11_10(&[]));
        assert_eq!(mod_97("3214282912345698765432161182".bytes()), Some(1));
        assert_eq!(mod_97("WEST12345698765432GB82".bytes()), Some(1));
        assert_eq!(mod_97("a".bytes()), None);
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!((number(&[1, 2, 3]), number(&[9; 30])), (123, 999_999_999_999_999_999));
    }
}
