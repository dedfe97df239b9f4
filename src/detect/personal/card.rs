//! Numbers of payment cards.

use std::ops::Range;

use crate::detect::arithmetic::{luhn, number};
use crate::detect::context::{Words, says, says_other, words};
use crate::detect::numerals::{Stretch, Verdict};
use crate::detect::{Class, Detector, Spec, Sureness, Text, last_digits};

pub(in crate::detect) static DETECTOR: Detector = Detector {
    spec: Spec {
        name: "card",
        title: "payment card number",
        class: Class::Personal,
        sureness: Sureness::Checked,
        found_by: "12 to 19 digits with the prefix and length of an issuer and a Luhn check digit, side by side or in the groups \
                   that stand on cards; of 12 to 14 digits without groups only after a word such as `card`",
        left_out: "the cards that payment services publish for tests, and what words before it call an order, a parcel and \
                   the like",
        example: "5392 1847 0653 2915",
        source: "ISO/IEC 7812-1; prefixes: https://en.wikipedia.org/wiki/Payment_card_number (read 2026-11-22); cards for \
                 tests: https://docs.stripe.com/testing (known 2026-11)",
        words: &[],
        mask: |card| last_digits(card, 4),
    },
    find,
};

static CARD: Words = words![
    "card",
    "cards",
    "card number",
    "visa",
    "mastercard",
    "maestro",
    "amex",
    "american express",
    "discover",
    "diners",
    "jcb",
    "rupay",
    "credit",
    "debit",
    "cc",
    "cvv",
    "cvc",
    "karte",
    "kreditkarte",
    "carte",
    "tarjeta",
    "carta",
    "cartão",
    "kaart",
    "カード",
    "卡",
];

/// Issuers: first and last prefix, and the lengths of their numbers.
const ISSUERS: &[(u64, u64, &[usize])] = &[
    (4, 4, &[13, 16, 19]),
    (51, 55, &[16]),
    (2221, 2720, &[16]),
    (34, 34, &[15]),
    (37, 37, &[15]),
    (6011, 6011, &[16, 17, 18, 19]),
    (644, 659, &[16, 17, 18, 19]),
    (62, 62, &[16, 17, 18, 19]),
    (3528, 3589, &[16, 17, 18, 19]),
    (2131, 2131, &[15]),
    (1800, 1800, &[15]),
    (300, 305, &[14, 16]),
    (3095, 3095, &[14, 16]),
    (36, 36, &[14, 16]),
    (38, 39, &[14, 16]),
    // Maestro and what it grew out of.
    (50, 50, MAESTRO),
    (56, 58, MAESTRO),
    (604, 604, MAESTRO),
    (60, 60, &[16]),
    (63, 63, MAESTRO),
    (67, 67, MAESTRO),
    // RuPay, Mir, Troy, Elo.
    (81, 82, &[16]),
    (2200, 2204, &[16, 17, 18, 19]),
    (9792, 9792, &[16]),
];
const MAESTRO: &[usize] = &[12, 13, 14, 15, 16, 17, 18, 19];

/// Groups as they stand on cards.
const GROUPS: &[&[usize]] = &[
    &[4, 4, 4, 4],
    &[4, 6, 5],
    &[4, 6, 4],
    &[4, 4, 4, 4, 3],
    &[4, 4, 4, 4, 2],
    &[4, 4, 4, 1],
    &[4, 4, 5],
    &[4, 4, 4],
    &[6, 13],
    &[8, 8],
];

/// Cards that payment services publish for tests; they are nobody's.
const FOR_TESTS: &[u64] = &[
    4_242_424_242_424_242,
    4_000_056_655_665_556,
    5_555_555_555_554_444,
    2_223_003_122_003_222,
    5_200_828_282_828_210,
    5_105_105_105_105_100,
    378_282_246_310_005,
    371_449_635_398_431,
    378_734_493_671_000,
    6_011_111_111_111_117,
    6_011_000_990_139_424,
    3_056_930_009_020_004,
    36_227_206_271_667,
    30_569_309_025_904,
    38_520_000_023_237,
    3_566_002_020_360_505,
    3_530_111_333_300_000,
    6_200_000_000_000_005,
    4_111_111_111_111_111,
    4_012_888_888_881_881,
    4_222_222_222_222,
    4_000_000_000_000_002,
    4_000_000_000_009_995,
    5_610_591_081_018_250,
    5_019_717_010_103_742,
];

fn find(text: &Text<'_>, found: &mut Vec<Range<usize>>) {
    text.numerals().each(text, |stretch| {
        if is_card(text, &stretch) {
            found.push(stretch.range());
            return Verdict::Is;
        }
        Verdict::Not
    });
}

fn is_card(text: &Text<'_>, stretch: &Stretch<'_>) -> bool {
    let length = stretch.digit_count();
    if !(12..=19).contains(&length) {
        return false;
    }
    let alone = stretch.groups.len() == 1;
    let mut between = stretch.between(text);
    let first = between.next();
    let even = between.all(|other| Some(other) == first) && matches!(first, None | Some(" " | "-" | "."));
    let lengths = stretch.groups.iter().map(|group| group.len());
    let on_cards = || even && GROUPS.iter().any(|groups| groups.iter().copied().eq(lengths.clone()));
    if !(alone || on_cards()) {
        return false;
    }
    let digits = stretch.digits(text);
    if !luhn(&digits) || FOR_TESTS.contains(&number(&digits)) || is_plain(&digits) {
        return false;
    }
    let at = stretch.range().start;
    let length_is_enough = length > 14 || !alone;
    if says(text, at, &CARD) {
        // Issuers get new prefixes; what is called a card needs none that is known.
        return has_issuer(&digits) || (length > 14 && matches!(digits.first(), Some(2..=6)));
    }
    has_issuer(&digits) && length_is_enough && !says_other(text, at, &CARD)
}

fn has_issuer(digits: &[u8]) -> bool {
    // Some begin with 0: Maestro's 0604.
    let prefix = |length: usize| digits.get(..length).map_or(0, number);
    if digits.starts_with(&[0, 6, 0, 4]) {
        return true;
    }
    ISSUERS.iter().any(|(first, last, lengths)| {
        let width = first.ilog10() as usize + 1;
        (*first..=*last).contains(&prefix(width)) && lengths.contains(&digits.len())
    })
}

/// Whether a number is made of two digits at most, or mostly of 0, as those for tests are: nobody has it.
fn is_plain(digits: &[u8]) -> bool {
    let kinds = digits.iter().fold(0u16, |kinds, digit| kinds | 1 << digit);
    kinds.count_ones() < 3 || memchr::memchr_iter(0, digits).count() > 8
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found_by;

    #[test]
    fn cards() {
        for text in [
            "5392184706532915",
            "My card is 5392-1847-0653-2915.",
            "5392.1847.0653.2915",
            "5392\u{a0}1847\u{a0}0653\u{a0}2915",
            "3716 820473 51941",
            "card 501864667909",
            "visa: 4047737215142",
            "my card 3521213764418045",
            "５３９２ １８４７ ０６５３ ２９１５",
        ] {
            assert_eq!(found_by(&super::DETECTOR, text).len(), 1, "{text}");
        }
    }

    #[test]
    fn what_is_no_card() {
        for text in [
            "4242 4242 4242 4242",
            "5392184706532914",
            "order 5392184706532915",
            "tracking no. 5392 1847 0653 2915",
            "501864667909",
            "4047737215142",
            "A5392184706532915",
            "53 92 18 47 06 53 29 15",
            "5392 1847-0653 2915",
            "1700000000000",
            "0000 0000 0000 0000",
            "9999999999999995",
            "4444 4444 4444 4448",
            "4000 0000 0000 3220",
        ] {
            assert_eq!(found_by(&super::DETECTOR, text), [""; 0], "{text}");
        }
    }
}
