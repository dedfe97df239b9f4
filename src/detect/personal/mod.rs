//! Personal data: how to reach people, what they pay with, and the numbers that states give them.

pub(super) mod br_cpf;
pub(super) mod ca_sin;
pub(super) mod card;
pub(super) mod ch_ahv;
pub(super) mod cn_resident_id;
pub(super) mod de_steuer_id;
pub(super) mod email;
pub(super) mod es_dni;
pub(super) mod fi_hetu;
pub(super) mod fr_nir;
pub(super) mod iban;
pub(super) mod in_aadhaar;
pub(super) mod ip_address;
pub(super) mod it_codice_fiscale;
pub(super) mod nl_bsn;
pub(super) mod phone;
pub(super) mod pl_pesel;
pub(super) mod se_personnummer;
pub(super) mod uk_nhs;
pub(super) mod us_ssn;

use std::ops::Range;

use super::Text;

/// Words of letters and digits of ASCII, with their places; `_` and `@` are no ends of words.
fn words<'a>(text: &Text<'a>) -> impl Iterator<Item = (Range<usize>, &'a str)> {
    let whole = text.text;
    let mut at = 0;
    std::iter::from_fn(move || {
        let bytes = whole.as_bytes();
        let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'@');
        let start = at + bytes.get(at..)?.iter().position(part)?;
        let length = bytes.get(start..)?.iter().take_while(|byte| part(byte)).count();
        at = start + length;
        Some((start..at, whole.get(start..at)?))
    })
}

/// The digits of a text as numbers, and nothing when it holds anything else.
fn all_digits(text: &str) -> Option<Vec<u8>> {
    text.bytes().map(|byte| byte.is_ascii_digit().then(|| byte - b'0')).collect()
}
