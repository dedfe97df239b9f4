//! Masks for what differs between texts without meaning anything: dates, identifiers, numbers.
//!
//! Names of people are not masked: nothing but a guess tells them from other words.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use regex::{NoExpand, Regex};

use super::similar::suggestion;
use crate::error::{Error, Result};

/// What is masked before texts are compared; nothing by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Masks {
    /// Dates and times of day: `2024-03-05`, `5 March 2024`, `10:30 am`, `3月5日`.
    pub dates: bool,
    /// Addresses of mail, links, words of letters and digits, and numbers of six digits or more: `a@b.com`, `ord-2024-17`,
    /// `#4711`, `20240305`.
    pub identifiers: bool,
    /// Other numbers in digits: `30`, `1,299.50`, `20%`.
    pub numbers: bool,
}

/// How many places each mask covered: dates, identifiers, numbers.
pub type Masked = [u64; 3];

/// The masks by name, in the order of the fields.
const NAMES: [&str; 3] = ["dates", "identifiers", "numbers"];

impl Masks {
    fn flags(self) -> [bool; 3] {
        [self.dates, self.identifiers, self.numbers]
    }
}

impl FromStr for Masks {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut masks = Self::default();
        for name in text.split(',').map(str::trim) {
            match name {
                "dates" => masks.dates = true,
                "identifiers" => masks.identifiers = true,
                "numbers" => masks.numbers = true,
                "all" => masks = Self { dates: true, identifiers: true, numbers: true },
                "off" => masks = Self::default(),
                other => {
                    let known = NAMES.into_iter().chain(["all", "off"]);
                    return Err(Error::usage(format!("there is no mask for `{other}`"))
                        .with_hint(suggestion(other, known)));
                }
            }
        }
        Ok(masks)
    }
}

impl fmt::Display for Masks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on: Vec<&str> =
            NAMES.into_iter().zip(self.flags()).filter(|(_, on)| *on).map(|(name, _)| name).collect();
        formatter.write_str(if on.is_empty() { "off" } else { "" })?;
        formatter.write_str(&on.join(","))
    }
}

/// The text, as it was written, with `sign` in the place of each identifier, so that it can be shown.
pub fn without_identifiers<'a>(text: &'a str, sign: &str) -> Cow<'a, str> {
    static IDENTIFIERS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(&format!("(?xi){}", PATTERNS[1])).ok());
    IDENTIFIERS.as_ref().map_or(Cow::Borrowed(text), |pattern| pattern.replace_all(text, NoExpand(sign)))
}

/// Stands in a text for what was masked: a character of private use, which counts as a word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mask;

impl Mask {
    /// One sign for each mask.
    const SIGNS: [char; 3] = ['\u{e000}', '\u{e001}', '\u{e002}'];

    /// Whether a character is such a sign.
    pub(super) fn is_sign(character: char) -> bool {
        Self::SIGNS.contains(&character)
    }
}

/// Masks texts in the normal form.
pub(super) struct Masker {
    pattern: Regex,
    /// The mask of each group of the pattern.
    kinds: Vec<usize>,
    masked: Masked,
}

/// What each mask covers; of what begins at one place the first that is on decides.
const PATTERNS: [&str; 3] = [
    // ISO, numeric, with the name of a month, times, East Asian.
    r"\b[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t\ ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?(?:z|[+-][0-9]{2}:?[0-9]{2})?)?\b
    |\b[0-9]{1,2}(?:/[0-9]{1,2}/|\.[0-9]{1,2}\.|-[0-9]{1,2}-)(?:[0-9]{4}|[0-9]{2})\b
    |\b(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|january|february|march|april|may|june|july|august|september|october|november|december)\.?\ [0-9]{1,2}(?:st|nd|rd|th)?(?:,?\ [0-9]{4})?\b
    |\b[0-9]{1,2}(?:st|nd|rd|th)?(?:\ of)?\ (?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b(?:\.?,?\ [0-9]{4}\b)?
    |\b[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\ ?[ap]\.?m\b)?
    |\b[0-9]{1,2}\ ?[ap]m\b
    |(?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}[日号]|[0-9]{4}年[0-9]{1,2}月",
    // Mail, links, letters and digits in one word, long numbers.
    r"[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}
    |(?:https?://|www\.)[^\s\u{3000}-\u{303f}\u{ff00}-\u{ff0f}]+
    |\#[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?
    |\b(?:[a-z]+[_-]?[0-9]|[0-9]+[_-]?[a-z]+[_-]?[0-9]|[0-9]+[_-][a-z]|[0-9]+[a-z]{4})[a-z0-9]*(?:[_-][a-z0-9]+)*\b
    |\b[0-9]{2,}(?:[_-][0-9]{2,}){2,}\b
    |\b[0-9]{6,}\b",
    r"\b[0-9]+(?:[.,][0-9]+)*\b%?",
];

impl Masker {
    /// `None` when nothing is masked.
    pub(super) fn new(masks: Masks) -> Option<Self> {
        let on: Vec<usize> =
            (0..).zip(masks.flags()).filter(|(_, on)| *on).map(|(number, _)| number).collect();
        let groups: Vec<String> = on.iter().map(|number| format!("({})", PATTERNS[*number])).collect();
        // The patterns are ours and tested, so that the only reason for none is that no mask is on.
        let pattern =
            (!on.is_empty()).then(|| Regex::new(&format!("(?x){}", groups.join("|"))).ok()).flatten()?;
        Some(Self { pattern, kinds: on, masked: Masked::default() })
    }

    /// The text with signs in the place of what is masked; `None` when there is nothing of it.
    pub(super) fn mask(&mut self, text: &str) -> Option<String> {
        let counts = &mut self.masked;
        let masked = self.pattern.replace_all(text, |found: &regex::Captures<'_>| {
            let group = (1..found.len()).find(|group| found.get(*group).is_some()).unwrap_or(1);
            let kind = self.kinds[group - 1];
            counts[kind] += 1;
            Mask::SIGNS[kind].to_string()
        });
        match masked {
            Cow::Owned(masked) => Some(masked),
            Cow::Borrowed(_) => None,
        }
    }

    /// How many places were masked so far.
    pub(super) fn masked(&self) -> Masked {
        self.masked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `D`, `I` and `N` for what is masked.
    fn masked(masks: &str, text: &str) -> String {
        let masked = Masker::new(masks.parse().unwrap()).and_then(|mut masker| masker.mask(text));
        let mut masked = masked.unwrap_or_else(|| text.to_owned());
        for (sign, letter) in Mask::SIGNS.into_iter().zip(["D", "I", "N"]) {
            masked = masked.replace(sign, letter);
        }
        masked
    }

    #[test]
    fn each_mask_covers_its_kind() {
        for (text, wanted) in [
            ("on 2024-03-05, 2024-03-05t10:00:00z and 5.3.2024", "on D, D and D"),
            ("march 5, 2024 or 5th of march at 10:30 am, 9pm", "D or D at D, D"),
            ("may i pay in march?", "may i pay in march?"),
            ("3月5日に届く", "Dに届く"),
            ("order #4711, ord-2024-17, a1b2c3, 20240305", "order I, I, I, I"),
            ("mail jo.doe@example.com, see https://example.com/a?b=1 now", "mail I, see I now"),
            ("call 0171-123-4567", "call I"),
            ("30 days, 1,299.50 euro, 20% off", "N days, N euro, N off"),
            ("the 1st of 3 at 24h", "the 1st of N at 24h"),
            ("in 5 to 7 days", "in N to N days"),
        ] {
            assert_eq!(masked("all", text), wanted);
        }
        assert_eq!(masked("dates", "5 cups on 2024-03-05"), "5 cups on D");
        assert_eq!(masked("numbers", "5 cups of a1b2c3"), "N cups of a1b2c3");
        assert_eq!(masked("off", "5 cups"), "5 cups");
    }

    #[test]
    fn what_is_masked_is_counted_by_its_kind() {
        let mut masker = Masker::new("all".parse().unwrap()).unwrap();
        for text in ["5 cups of a1b2c3 on 2024-03-05", "7 cups", "no cup"] {
            masker.mask(text);
        }
        assert_eq!(masker.masked(), [1, 1, 2]);
        let mut masker = Masker::new("numbers".parse().unwrap()).unwrap();
        masker.mask("5 cups of a1b2c3");
        assert_eq!(masker.masked(), [0, 0, 1]);
    }

    #[test]
    fn identifiers_are_not_shown() {
        let shown = |text| without_identifiers(text, "…").into_owned();
        assert_eq!(shown("Order ORD-2024-17 of Jo@Example.com: 30 days, $15"), "Order … of …: 30 days, $15");
        assert_eq!(shown("no $0 here"), "no $0 here");
    }

    #[test]
    fn masks_have_names() {
        assert_eq!("numbers,dates".parse::<Masks>().unwrap().to_string(), "dates,numbers");
        assert_eq!("all".parse::<Masks>().unwrap().to_string(), "dates,identifiers,numbers");
        assert_eq!(Masks::default().to_string(), "off");
        assert!("number".parse::<Masks>().unwrap_err().hint().unwrap().contains("numbers"));
    }
}
