//! What providers bill for: each rule is one sentence of their documentation.

use serde::{Deserialize, Serialize};

use super::method::Kind;
use super::tally::Tally;
use crate::error::{Error, Result};
use crate::text::number::thousands;

/// A rule of billing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Billing {
    /// Tokens of the training file times the epochs (`OpenAI`, Azure, Fireworks, Vertex AI, Mistral, Tinker).
    Tokens,
    /// Tokens of the training file times the epochs, and of the validation file times the evaluations. Without packing,
    /// rows times the longest row that is set count for the tokens of the training file (Together, documentation of
    /// pricing, read 2026-11-21: `dataset_length × max_seq_length`).
    TokensAndEvaluations,
    /// Tokens of the training file times the epochs, and of the validation file once (Ori).
    TokensAndValidation,
}

/// What a job is billed by, beside its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Job {
    /// Passes over the training file.
    pub epochs: u64,
    /// How often the validation file is gone through.
    pub evaluations: u64,
    /// What each row is billed for where rows are not packed together, whatever it holds.
    pub unpacked: Option<Tokens>,
    /// Tokens of the validation file.
    pub validation: Tokens,
}

/// Tokens, between bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tokens {
    /// At least.
    pub low: u64,
    /// At most.
    pub high: u64,
}

impl Tokens {
    /// What a row is billed for where rows are not packed and the longest has so many tokens: as many, whatever it holds.
    /// Whether a pair counts once, or once with each of its answers, is not published.
    pub fn unpacked(longest: u64, kind: Kind) -> Self {
        Self { low: longest, high: if kind == Kind::Dpo { longest.saturating_mul(2) } else { longest } }
    }

    /// So many, neither more nor less.
    pub fn exactly(tokens: u64) -> Self {
        Self { low: tokens, high: tokens }
    }

    /// So many times as many; `None` beyond 2^64.
    pub fn times(self, number: u64) -> Option<Self> {
        self.map(|tokens| tokens.checked_mul(number))
    }

    /// What is left without a part of them, whose bounds belong to theirs: at least without the least, at most without the
    /// most.
    #[must_use]
    pub fn without(self, part: Self) -> Self {
        Self { low: self.low.saturating_sub(part.low), high: self.high.saturating_sub(part.high) }
    }

    /// As people read it: `1,385`, `1,385 to 1,421`.
    pub fn show(self) -> String {
        let (low, high) = (thousands(self.low), thousands(self.high));
        if low == high { low } else { format!("{low} to {high}") }
    }

    fn map(self, change: impl Fn(u64) -> Option<u64>) -> Option<Self> {
        Some(Self { low: change(self.low)?, high: change(self.high)? })
    }

    /// Both together; `None` beyond 2^64.
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Self { low: self.low.checked_add(other.low)?, high: self.high.checked_add(other.high)? })
    }
}

impl Billing {
    /// In words, for pages.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Tokens => "tokens of the training file times epochs",
            Self::TokensAndEvaluations => {
                "tokens of the training file times epochs, and of the validation file times evaluations"
            }
            Self::TokensAndValidation => {
                "tokens of the training file times epochs, and of the validation file once"
            }
        }
    }

    /// Tokens billed for one pass over the training file.
    pub fn pass(self, tally: &Tally, job: &Job) -> Result<Tokens> {
        match (self, job.unpacked) {
            (Self::TokensAndEvaluations, Some(each)) => each.times(tally.billed()).ok_or_else(beyond),
            _ => Ok(tally.tokens),
        }
    }

    /// Tokens billed in all, those of a pass being known.
    pub fn tokens(self, pass: Tokens, job: &Job) -> Result<Tokens> {
        let passes = pass.times(job.epochs);
        let beside = match self {
            Self::Tokens => Some(Tokens::default()),
            Self::TokensAndEvaluations => job.validation.map(|tokens| tokens.checked_mul(job.evaluations)),
            Self::TokensAndValidation => Some(job.validation),
        };
        passes.zip(beside).and_then(|(passes, beside)| passes.plus(beside)).ok_or_else(beyond)
    }
}

fn beyond() -> Error {
    Error::input("the tokens of all passes together are more than 2^64")
        .with_hint("count the inputs in parts")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Besides;

    const TALLY: Tally = Tally {
        examples: 1_000,
        tokens: Tokens { low: 120_000, high: 123_000 },
        too_long: 0,
        too_long_most: 0,
        left_out: 0,
        besides: Besides { tools: false, pictures: false, thoughts: false },
    };

    fn all(rule: Billing, job: &Job) -> Result<Tokens> {
        rule.tokens(rule.pass(&TALLY, job)?, job)
    }

    #[test]
    fn each_rule_by_hand() {
        let job = Job {
            epochs: 3,
            evaluations: 10,
            unpacked: None,
            validation: Tokens { low: 5_000, high: 5_100 },
        };
        let billed = |rule: Billing, job: &Job| {
            let tokens = all(rule, job).unwrap();
            (tokens.low, tokens.high)
        };
        assert_eq!(billed(Billing::Tokens, &job), (360_000, 369_000));
        assert_eq!(billed(Billing::TokensAndEvaluations, &job), (410_000, 420_000));
        assert_eq!(billed(Billing::TokensAndValidation, &job), (365_000, 374_100));
        // 1,000 short rows, each billed as the longest of 8,192: 68 times their tokens.
        let unpacked = Job { unpacked: Some(Tokens::exactly(8_192)), evaluations: 0, ..job };
        assert_eq!(billed(Billing::TokensAndEvaluations, &unpacked), (24_576_000, 24_576_000));
        assert_eq!(billed(Billing::Tokens, &unpacked), (360_000, 369_000));
    }

    #[test]
    fn too_much_is_an_error() {
        let job = Job { epochs: u64::MAX, ..Job::default() };
        assert!(all(Billing::Tokens, &job).is_err());
        let job = Job { epochs: 1, unpacked: Some(Tokens::exactly(u64::MAX)), ..Job::default() };
        assert!(all(Billing::TokensAndEvaluations, &job).is_err());
        let most = Tokens { low: 1, high: u64::MAX };
        let job = Job { epochs: 1, evaluations: 1, validation: most, ..Job::default() };
        assert!(all(Billing::TokensAndEvaluations, &job).is_err());
    }
}
