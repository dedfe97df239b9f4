//! What is billed for in one pass over the examples.

use super::billing::Tokens;
use crate::error::{Error, Result};
use crate::model::{Besides, TokenCount};
use crate::target::Overlong;

/// How long an example may be, and what becomes of longer ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Tokens; `None` where nothing is published.
    pub tokens: Option<u64>,
    /// What becomes of longer ones.
    pub overlong: Overlong,
}

impl Limit {
    /// Whether an example of so many tokens is too long.
    pub fn is_passed_by(self, tokens: u64) -> bool {
        self.tokens.is_some_and(|limit| tokens > limit)
    }

    /// What an example is billed for: what is cut off is not billed, and an example that is left out not at all. Where
    /// nothing is published it may be billed whole.
    fn billed(self, count: &TokenCount) -> Tokens {
        let (low, high) = (count.total, count.high.max(count.total));
        let sequence = count.sequence();
        let Some(limit) = self.tokens.filter(|limit| sequence.high > *limit) else {
            return Tokens { low, high };
        };
        // A preference has two sequences, and each is cut by itself.
        let most = high.min(limit.saturating_mul(if count.limited.is_some() { 2 } else { 1 }));
        match self.overlong {
            Overlong::CutAtEnd => Tokens { low: low.min(limit), high: most },
            Overlong::Unsaid => Tokens { low: low.min(limit), high },
            Overlong::Dropped | Overlong::Refused if sequence.low > limit => Tokens::default(),
            Overlong::Dropped | Overlong::Refused => Tokens { low: 0, high: most },
        }
    }
}

/// Sums over examples; tallies of parts merge into the tally of the whole, in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Examples.
    pub examples: u64,
    /// Tokens that are billed.
    pub tokens: Tokens,
    /// Examples that are surely longer than the limit.
    pub too_long: u64,
    /// Examples that may be longer: their upper bound is.
    pub too_long_most: u64,
    /// Those of `too_long` that are left out or refused whole.
    pub left_out: u64,
    /// What examples have besides texts.
    pub besides: Besides,
}

impl Tally {
    /// Examples of which anything is billed, at most.
    pub fn billed(&self) -> u64 {
        self.examples.saturating_sub(self.left_out)
    }

    /// Adds an example.
    pub fn add(&mut self, count: &TokenCount, limit: Limit) -> Result<()> {
        let over = |tokens: u64| u64::from(limit.is_passed_by(tokens));
        let drops = matches!(limit.overlong, Overlong::Dropped | Overlong::Refused);
        let too_long = over(count.sequence().low);
        self.merge(&Self {
            examples: 1,
            tokens: limit.billed(count),
            left_out: if drops { too_long } else { 0 },
            too_long,
            too_long_most: over(count.sequence().high),
            besides: count.besides,
        })
    }

    /// Adds another tally. After an error the tally is as it was before.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        let sum = || {
            Some(Self {
                examples: self.examples.checked_add(other.examples)?,
                tokens: Tokens {
                    low: self.tokens.low.checked_add(other.tokens.low)?,
                    high: self.tokens.high.checked_add(other.tokens.high)?,
                },
                // Neither is more than the examples, which are checked.
                too_long: self.too_long + other.too_long,
                too_long_most: self.too_long_most + other.too_long_most,
                left_out: self.left_out + other.left_out,
                besides: self.besides.or(other.besides),
            })
        };
        *self = sum().ok_or_else(|| {
            Error::input("the tokens of all examples together are more than 2^64")
                .with_hint("count the inputs in parts")
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Sequence;

    #[test]
    fn of_a_preference_each_sequence_is_held_against_the_limit() {
        let billed = |limit: u64| {
            // A prompt of 900, answers of 100 and 60: billed are prompt and both answers, or the prompt twice.
            let limited = Some(Sequence { low: 1_000, high: 1_000, exact: true });
            let count = TokenCount { total: 1_060, high: 1_960, limited, ..TokenCount::default() };
            let mut tally = Tally::default();
            tally.add(&count, Limit { tokens: Some(limit), overlong: Overlong::CutAtEnd }).unwrap();
            (tally.tokens.low, tally.tokens.high, tally.too_long)
        };
        assert_eq!(billed(1_000), (1_060, 1_960, 0));
        assert_eq!(billed(950), (950, 1_900, 1));
    }

    #[test]
    fn what_is_too_long_is_billed_as_the_target_treats_it() {
        let sum = |overlong, tokens| {
            let mut tally = Tally::default();
            for (total, high) in [(100, 103), (16_384, 16_387), (90_000, 90_003)] {
                let count = TokenCount { total, high, ..TokenCount::default() };
                tally.add(&count, Limit { tokens, overlong }).unwrap();
            }
            assert_eq!(tally.examples, 3);
            // Of 16,384 to 16,387 and 90,000 the limit of 16,385 is passed surely by one, perhaps by both.
            let passed = if tokens.is_some() { (1, 2) } else { (0, 0) };
            assert_eq!((tally.too_long, tally.too_long_most), passed);
            (tally.tokens.low, tally.tokens.high)
        };
        let limit = Some(16_385);
        assert_eq!(sum(Overlong::CutAtEnd, limit), (100 + 16_384 + 16_385, 103 + 2 * 16_385));
        assert_eq!(sum(Overlong::Dropped, limit), (100, 103 + 16_385));
        assert_eq!(sum(Overlong::Refused, limit), (100, 103 + 16_385));
        assert_eq!(sum(Overlong::Unsaid, limit), (100 + 16_384 + 16_385, 103 + 16_387 + 90_003));
        assert_eq!(sum(Overlong::CutAtEnd, None), (100 + 16_384 + 90_000, 103 + 16_387 + 90_003));
    }

    #[test]
    fn too_much_is_an_error_and_changes_nothing() {
        let most = Tally { examples: 1, tokens: Tokens { low: 5, high: u64::MAX }, ..Tally::default() };
        let mut tally = most;
        let one = Tally { examples: 1, tokens: Tokens { low: 1, high: 1 }, ..Tally::default() };
        assert!(tally.merge(&one).unwrap_err().to_string().contains("2^64"));
        assert_eq!(tally, most);
    }
}
