//! How the sides are chosen: amounts, seed, strata, days.

use std::str::FromStr;

use crate::error::{Error, Result};
use crate::text::time;

/// How much goes to one side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// A share of all rows, 0 to 1.
    Share(f64),
    /// So many rows.
    Rows(u64),
}

impl Amount {
    /// Nothing.
    pub const NONE: Self = Self::Share(0.0);

    /// Whether anything is asked for.
    pub fn is_some(self) -> bool {
        match self {
            Self::Share(share) => share > 0.0,
            Self::Rows(rows) => rows > 0,
        }
    }

    /// The amount as a number of rows, of `all`.
    pub fn of(self, all: u64) -> f64 {
        match self {
            Self::Share(share) => share * all as f64,
            Self::Rows(rows) => rows.min(all) as f64,
        }
    }
}

impl std::fmt::Display for Amount {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Share(share) => write!(formatter, "{share}"),
            Self::Rows(rows) => write!(formatter, "{rows}"),
        }
    }
}

impl serde::Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Share(share) => serializer.serialize_f64(*share),
            Self::Rows(rows) => serializer.serialize_u64(*rows),
        }
    }
}

impl FromStr for Amount {
    type Err = Error;

    /// `0.1` and `10%` are shares, `500` is a number of rows.
    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        let share =
            |text: &str, of: f64| text.trim().parse().ok().map(|number: f64| Self::Share(number / of));
        let amount = match text.strip_suffix('%') {
            Some(percent) => share(percent, 100.0),
            None => text.parse().ok().map(Self::Rows).or_else(|| share(text, 1.0)),
        };
        amount
            .filter(|amount| !matches!(amount, Self::Share(share) if !(0.0..1.0).contains(share)))
            .ok_or_else(|| {
                Error::usage(format!("`{text}` is no amount for one side of a split"))
                    .with_hint("give a share such as `0.1` or `10%`, or a number of rows such as `500`")
            })
    }
}

/// What the sides are balanced by: each value gives the same share to each side, as far as groups allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stratify {
    /// What the last answer says, for labels as answers.
    Answer,
    /// Whether the answer is wanted (of examples that are judged), else the field `label`.
    Label,
    /// How long the example is, in powers of two of its bytes.
    Length,
    /// The month of its first turn.
    Month,
    /// The value of a field beside the messages: keys joined by dots.
    Field(String),
}

impl FromStr for Stratify {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Ok(match text.trim() {
            "answer" => Self::Answer,
            "label" => Self::Label,
            "length" => Self::Length,
            "month" => Self::Month,
            "" => {
                return Err(Error::usage("`--stratify` names nothing")
                    .with_hint("give `answer`, `label`, `length`, `month` or a field"));
            }
            field => Self::Field(field.to_owned()),
        })
    }
}

impl std::fmt::Display for Stratify {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Answer => "answer",
            Self::Label => "label",
            Self::Length => "length",
            Self::Month => "month",
            Self::Field(field) => field,
        })
    }
}

/// A moment that parts the data, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// As it was given.
    pub text: String,
    /// Milliseconds since 1970, UTC where no zone was given.
    pub time: i64,
}

impl FromStr for Moment {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let time = time::parse(text.trim()).ok_or_else(|| {
            Error::usage(format!("`{text}` is no date"))
                .with_hint("write it as year, month and day: 2026-03-01")
        })?;
        Ok(Self { text: text.trim().to_owned(), time })
    }
}

/// How the sides are chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct SplitSettings {
    /// How much goes to validation.
    pub valid: Amount,
    /// How much goes to test.
    pub test: Amount,
    /// Another seed gives another split.
    pub seed: u64,
    /// By how much of all rows a side may miss its amount before groups move for it, 0 to 1.
    pub tolerance: f64,
    /// What the sides are balanced by.
    pub stratify: Option<Stratify>,
    /// From this moment on everything is validation; amounts do not count then.
    pub after: Option<Moment>,
    /// From this moment on everything is test.
    pub test_after: Option<Moment>,
}

impl Default for SplitSettings {
    fn default() -> Self {
        Self {
            valid: Amount::Share(0.1),
            test: Amount::NONE,
            seed: 0,
            tolerance: 0.02,
            stratify: None,
            after: None,
            test_after: None,
        }
    }
}

impl SplitSettings {
    /// An error when the amounts leave nothing to train on, or the moments are in the wrong order.
    pub fn validate(&self) -> Result<()> {
        if !(0.0..=1.0).contains(&self.tolerance) {
            return Err(Error::usage(format!("a tolerance of {} is no share", self.tolerance))
                .with_hint("give a share of all rows between 0 and 1, such as `--tolerance 0.05`"));
        }
        if let (Some(after), Some(test_after)) = (&self.after, &self.test_after)
            && test_after.time <= after.time
        {
            return Err(Error::usage(format!(
                "test begins at {}, which is not after the beginning of validation at {}",
                test_after.text, after.text
            ))
            .with_hint("training ends where validation begins, and validation where test begins"));
        }
        let share = |amount: Amount| match amount {
            Amount::Share(share) => share,
            Amount::Rows(_) => 0.0,
        };
        let (valid, test) = (share(self.valid), share(self.test));
        let fits = |share: f64| (0.0..1.0).contains(&share);
        if fits(valid) && fits(test) && valid + test < 1.0 {
            return Ok(());
        }
        Err(Error::usage(format!("validation {valid} and test {test} leave no share for training"))
            .with_hint(
                "give shares between 0 and 1 that add up to less than 1, such as `--valid 0.1 --test 0.05`",
            ))
    }

    /// Whether a test side may come out.
    pub fn has_test(&self) -> bool {
        self.test.is_some() || self.test_after.is_some()
    }

    /// Whether the sides are cut by time.
    pub fn by_time(&self) -> bool {
        self.after.is_some() || self.test_after.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_shares_or_rows() {
        let amount = |text: &str| text.parse::<Amount>();
        assert_eq!(amount("0.1").unwrap(), Amount::Share(0.1));
        assert_eq!(amount(" 25 %").unwrap(), Amount::Share(0.25));
        assert_eq!(amount("500").unwrap(), Amount::Rows(500));
        assert!(!amount("0").unwrap().is_some());
        for nonsense in ["-0.1", "1.0", "1.5", "NaN", "inf", "", "half", "100%"] {
            assert!(amount(nonsense).unwrap_err().hint().is_some(), "{nonsense}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        let base = SplitSettings::default();
        let share = Amount::Share;
        for (valid, test) in [(1.0, 0.0), (0.6, 0.4), (-0.1, 0.0), (f64::NAN, 0.0)] {
            let settings = SplitSettings { valid: share(valid), test: share(test), ..base.clone() };
            assert!(settings.validate().is_err(), "{valid} {test}");
        }
        let moment = |text: &str| Some(text.parse::<Moment>().unwrap());
        let turned =
            SplitSettings { after: moment("2026-03-01"), test_after: moment("2026-02-01"), ..base.clone() };
        assert!(turned.validate().is_err());
        assert!(SplitSettings { tolerance: 2.0, ..base }.validate().is_err());
        assert!("yesterday".parse::<Moment>().is_err());
    }
}
