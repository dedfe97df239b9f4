//! Finding personal data and secrets in a text: where they stand, of which kind, validated as far as their form allows.
//!
//! Every kind is one file, described by a [`Spec`] and listed in [`DETECTORS`]; a [`Finder`] runs those that are wanted.
//! What to do with what is found is for others: a rule complains about it, reports hide it. Names and postal addresses
//! of people are not found: no pattern tells them from other words, and a guess would be wrong too often.
//!
//! What is reserved, published or made up is no personal data and not reported: mail addresses at `example.com`,
//! telephone numbers that begin with 555-01, cards for tests, addresses of documentation, `[EMAIL]`. Each kind says so.

mod arithmetic;
mod context;
mod finder;
mod numerals;
mod personal;
mod placeholder;
mod secret;
mod view;
mod wanted;

use std::ops::Range;

pub use finder::{Finder, Found, hidden_in_json, hide};
pub use secret::api_key::{Alphabet, KEYS, Shape};
use view::{Text, View};
pub use wanted::Wanted;

/// What is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// What tells who somebody is, or how to reach or bill them.
    Personal,
    /// What opens something for whoever has it.
    Secret,
}

impl Class {
    /// The word shown to people and machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Personal => "personal data",
            Self::Secret => "secret",
        }
    }
}

/// How much speaks for what is found. Of two that overlap the surer one is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sureness {
    /// The words around it say what it is.
    Context,
    /// Its form says what it is.
    Form,
    /// Check digits, or a form that nothing else has, say what it is.
    Checked,
}

/// A kind of personal data or secret, described.
#[derive(Debug)]
pub struct Spec {
    /// How settings and messages for machines call it.
    pub name: &'static str,
    /// What one is called, in words of which the last takes a plural: `e-mail address`.
    pub title: &'static str,
    /// Personal data or secret.
    pub class: Class,
    /// How much speaks for what is found.
    pub sureness: Sureness,
    /// By what it is found and how it is validated, without a full stop.
    pub found_by: &'static str,
    /// What looks like one and is not reported, without a full stop.
    pub left_out: &'static str,
    /// An invented one; of secrets the form in words, as invented ones set off the alarms of others.
    pub example: &'static str,
    /// Where form and check are from: address and date.
    pub source: &'static str,
    /// Words of which one, in any case of letters, stands in every text that holds one; empty where there are none.
    pub words: &'static [&'static str],
    /// What may be shown of one.
    pub mask: fn(&str) -> String,
}

/// Finds one kind.
pub struct Detector {
    spec: Spec,
    /// Appends where in a text one stands, in any order.
    find: fn(&Text<'_>, &mut Vec<Range<usize>>),
}

impl Detector {
    /// The description.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }
}

/// Every kind, sorted by name.
pub static DETECTORS: &[&Detector] = &[
    &secret::api_key::DETECTOR,
    &personal::br_cpf::DETECTOR,
    &personal::ca_sin::DETECTOR,
    &personal::card::DETECTOR,
    &personal::ch_ahv::DETECTOR,
    &personal::cn_resident_id::DETECTOR,
    &personal::de_steuer_id::DETECTOR,
    &personal::email::DETECTOR,
    &personal::es_dni::DETECTOR,
    &personal::fi_hetu::DETECTOR,
    &personal::fr_nir::DETECTOR,
    &personal::iban::DETECTOR,
    &personal::in_aadhaar::DETECTOR,
    &personal::ip_address::DETECTOR,
    &personal::it_codice_fiscale::DETECTOR,
    &secret::jwt::DETECTOR,
    &personal::nl_bsn::DETECTOR,
    &secret::password::DETECTOR,
    &personal::phone::DETECTOR,
    &personal::pl_pesel::DETECTOR,
    &secret::private_key::DETECTOR,
    &personal::se_personnummer::DETECTOR,
    &personal::uk_nhs::DETECTOR,
    &secret::url_credentials::DETECTOR,
    &personal::us_ssn::DETECTOR,
];

/// A mask that shows nothing.
fn nothing(_: &str) -> String {
    "…".to_owned()
}

/// A mask that shows the last digits.
fn last_digits(text: &str, shown: usize) -> String {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    // Of short ones the end would be half of it.
    let shown = shown.min(digits.len() / 3);
    let tail: String = digits.iter().skip(digits.len() - shown).collect();
    format!("…{tail}")
}

#[cfg(test)]
mod tests;
