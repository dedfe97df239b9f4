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

/// The digits of a text as numbers, and nothing when it holds anything else.
fn all_digits(text: &str) -> Option<Vec<u8>> {
    text.bytes().map(|byte| byte.is_ascii_digit().then(|| byte - b'0')).collect()
}
