//! Training, validation and test: which side a group goes to.
//!
//! The side is a seeded hash of the group key against the ratios, and nothing else: adding data never moves an old
//! example from one side to the other.

use crate::diagnostic::{Def, Severity};
use crate::error::{Error, Result};
use crate::text::hash::unit_interval;

/// `SPLIT001`.
pub static NO_VALIDATION: Def = Def {
    code: "SPLIT001",
    name: "no-validation-rows",
    severity: Severity::Warning,
    summary: "validation was asked for, and no group came out on that side",
    why: "the side is chosen by a hash for each group alone, so small data can miss a small share; without validation \
          nobody sees when training goes too far",
    remedy: "give a larger share, such as `--valid 0.2`, or another `--seed`; `--valid 0` asks for none",
};

/// `SPLIT002`.
pub static NO_GROUP_FIELD: Def = Def {
    code: "SPLIT002",
    name: "missing-group-field",
    severity: Severity::Warning,
    summary: "the record does not have the field that keeps examples on one side",
    why: "it is grouped by its prompt instead, so what belongs together may stand on both sides",
    remedy: "look at the name given with `--group-by`: keys beside the messages, joined by dots",
};

/// Every code of splitting, sorted.
pub static ALL: &[&Def] = &[&NO_VALIDATION, &NO_GROUP_FIELD];

/// One side of a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// To learn from.
    Train,
    /// To watch the training with.
    Valid,
    /// To judge the result with.
    Test,
}

impl Side {
    /// The word in outputs and file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Valid => "valid",
            Self::Test => "test",
        }
    }
}

/// Shares of validation and test, and the seed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SplitSettings {
    /// Share of groups that go to validation, 0 to 1.
    pub valid: f64,
    /// Share of groups that go to test, 0 to 1.
    pub test: f64,
    /// Another seed gives another split.
    pub seed: u64,
}

impl Default for SplitSettings {
    fn default() -> Self {
        Self { valid: 0.1, test: 0.0, seed: 0 }
    }
}

impl SplitSettings {
    /// An error when the shares are no shares.
    pub fn validate(&self) -> Result<()> {
        let fits = |share: f64| (0.0..1.0).contains(&share);
        if fits(self.valid) && fits(self.test) && self.valid + self.test < 1.0 {
            return Ok(());
        }
        Err(Error::usage(format!(
            "validation {} and test {} leave no share for training",
            self.valid, self.test
        ))
        .with_hint(
            "give shares between 0 and 1 that add up to less than 1, such as `--valid 0.1 --test 0.05`",
        ))
    }

    /// The side of a group.
    ///
    /// Test takes the lowest part of the interval and validation the next, so that a change of one ratio moves only
    /// groups at its own border.
    pub fn side(&self, group: u128) -> Side {
        let at = unit_interval(group, self.seed);
        if at < self.test {
            Side::Test
        } else if at < self.test + self.valid {
            Side::Valid
        } else {
            Side::Train
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::hash::fingerprint;

    #[test]
    fn shares_come_out() {
        let settings = SplitSettings { valid: 0.2, test: 0.1, seed: 3 };
        let mut counts = [0u32; 3];
        for key in 0..20_000u32 {
            counts[settings.side(fingerprint(&key.to_le_bytes())) as usize] += 1;
        }
        // Three standard deviations of a binomial with n = 20,000 are below 180.
        assert!(counts[1].abs_diff(4_000) < 180 && counts[2].abs_diff(2_000) < 140, "{counts:?}");
    }

    #[test]
    fn seeds_differ_and_no_share_means_train() {
        let none = SplitSettings { valid: 0.0, test: 0.0, seed: 0 };
        let (a, b) = (SplitSettings { valid: 0.5, ..none }, SplitSettings { valid: 0.5, seed: 1, ..none });
        assert!((0..100).all(|key| none.side(key) == Side::Train));
        assert!((0..100).any(|key| a.side(key) != b.side(key)));
    }

    #[test]
    fn nonsense_is_refused() {
        for (valid, test) in [(1.0, 0.0), (0.6, 0.4), (-0.1, 0.0), (f64::NAN, 0.0)] {
            assert!(SplitSettings { valid, test, seed: 0 }.validate().is_err());
        }
    }
}
