//! How alike two sets are, and how alike is alike enough: whole numbers, so that exactly 0.8 is at 0.8.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// A threshold is so many of these parts.
const WHOLE: u64 = 1_000_000_000;

/// A similarity from which on rows are twins: above 0, at most 1, to nine decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold {
    /// Parts of [`WHOLE`].
    parts: u64,
}

/// What most use, and this tool unless told otherwise.
impl Default for Threshold {
    fn default() -> Self {
        Self { parts: WHOLE / 10 * 8 }
    }
}

impl Threshold {
    /// The threshold nearest to `value`, to nine decimals; 0 and all that is no similarity is refused.
    pub fn new(value: f64) -> Result<Self> {
        let parts = (value * WHOLE as f64).round();
        if !(1.0..=WHOLE as f64).contains(&parts) {
            return Err(Error::usage(format!("`{value}` is no threshold for near twins")).with_hint(
                "give a similarity above 0 and at most 1, such as 0.8; at 0 all rows would be twins",
            ));
        }
        #[allow(clippy::cast_possible_truncation, reason = "from 1 to 10⁹")]
        #[allow(clippy::cast_sign_loss, reason = "from 1 to 10⁹")]
        Ok(Self { parts: parts as u64 })
    }

    /// The threshold as a number, for people.
    pub fn value(self) -> f64 {
        self.parts as f64 / WHOLE as f64
    }

    /// The fewest shingles a set shares with any set as alike as this: `⌈t·size⌉`. No smaller set is alike enough.
    pub(super) fn least_size(self, size: u32) -> u32 {
        small((self.parts * u64::from(size)).div_ceil(WHOLE))
    }

    /// The largest set that may be as alike as this when no more than `left` shingles can be shared: from
    /// `left ≥ t·(size + other)/(1 + t)`.
    pub(super) fn most_size_sharing(self, size: u32, left: u32) -> u32 {
        let both = u64::from(left) * (WHOLE + self.parts) / self.parts;
        small(both.saturating_sub(size.into()))
    }

    /// The fewest shared shingles of sets of these sizes that are as alike as this: `⌈t·(a + b)/(1 + t)⌉`.
    pub(super) fn least_shared(self, a: u32, b: u32) -> u32 {
        small((self.parts * (u64::from(a) + u64::from(b))).div_ceil(WHOLE + self.parts))
    }

    /// `t/(1 + t)` in parts of 2³², rounded down.
    pub(super) fn share(self) -> u64 {
        (self.parts << 32) / (WHOLE + self.parts)
    }

    /// How many of its rarest shingles a set must show so that every set as alike as this shows one of them, too.
    pub(super) fn prefix(self, size: u32) -> u32 {
        if size == 0 { 0 } else { size - self.least_size(size) + 1 }
    }

    /// The same for a set that is looked for from sets at least as large only.
    pub(super) fn prefix_from_larger(self, size: u32) -> u32 {
        if size == 0 { 0 } else { size - self.least_shared(size, size) + 1 }
    }
}

/// Numbers here are counts of shingles of one or two sets, which are numbered in 32 bits.
fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl FromStr for Threshold {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let value = text.trim().parse::<f64>();
        value.map_or_else(
            |_| {
                Err(Error::usage(format!("`{text}` is no threshold for near twins"))
                    .with_hint("give a similarity above 0 and at most 1, such as 0.8"))
            },
            Self::new,
        )
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.value())
    }
}

/// Jaccard similarity of two sets: what both have, of what either has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Similarity {
    /// Shingles in both.
    pub shared: u32,
    /// Shingles in either; never 0.
    pub union: u32,
}

impl Similarity {
    /// Of sets of sizes `a` and `b`, not both 0, that share so many.
    pub(super) fn of(shared: u32, a: u32, b: u32) -> Self {
        Self { shared, union: a + b - shared }
    }

    /// From 0 to 1, for people.
    pub fn ratio(self) -> f64 {
        f64::from(self.shared) / f64::from(self.union)
    }

    /// Whether it is at or above the threshold, exactly.
    pub fn reaches(self, threshold: Threshold) -> bool {
        u64::from(self.shared) * WHOLE >= threshold.parts * u64::from(self.union)
    }

    /// By ratio alone: 4 of 5 and 8 of 10 are equal.
    pub fn by_ratio(self, other: Self) -> Ordering {
        let cross = |one: Self, two: Self| u64::from(one.shared) * u64::from(two.union);
        cross(self, other).cmp(&cross(other, self))
    }

    /// The fewest shared shingles of sets of these sizes that are as alike, or more alike, than this: from
    /// `shared/(a + b - shared) ≥ s/u`.
    pub(super) fn least_shared(self, a: u32, b: u32) -> u32 {
        let (s, u) = (u64::from(self.shared), u64::from(self.union));
        small((s * (u64::from(a) + u64::from(b))).div_ceil(s + u))
    }
}

impl PartialOrd for Similarity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Similarity {
    /// By ratio; of equal ratios the one of more shingles is the greater, so that equal means equal.
    fn cmp(&self, other: &Self) -> Ordering {
        self.by_ratio(*other).then(self.union.cmp(&other.union))
    }
}

/// A row that is like another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Twin {
    /// The other row.
    pub of: u32,
    /// How alike they are.
    pub similarity: Similarity,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Threshold {
        text.parse().unwrap()
    }

    #[test]
    fn a_threshold_is_above_zero_and_at_most_one() {
        for wrong in ["0", "-0.5", "1.01", "NaN", "inf", "0.0000000001", "", "80 %", "half"] {
            let error = wrong.parse::<Threshold>().unwrap_err();
            assert!(error.hint().unwrap().contains("above 0 and at most 1"), "{wrong}: {error}");
        }
        assert_eq!(at("1").to_string(), "1");
        assert_eq!(at("0.80"), Threshold::new(0.8).unwrap());
    }

    #[test]
    fn what_lies_at_the_threshold_reaches_it() {
        let similarity = |shared, union| Similarity { shared, union };
        for hundredths in 1..=100 {
            let threshold = Threshold::new(f64::from(hundredths) / 100.0).unwrap();
            assert!(similarity(hundredths, 100).reaches(threshold), "{threshold}");
            assert!(!similarity(hundredths * 10_000 - 1, 1_000_000).reaches(threshold), "{threshold}");
        }
        assert!(similarity(800_000_000, 1_000_000_000).reaches(at("0.8")));
        assert!(similarity(7, 7).reaches(at("1")) && !similarity(6, 7).reaches(at("1")));
    }

    #[test]
    fn ratios_are_compared_exactly() {
        let similarity = |shared, union| Similarity { shared, union };
        assert_eq!(similarity(4, 5).by_ratio(similarity(8, 10)), Ordering::Equal);
        assert!(similarity(8, 10) > similarity(4, 5));
        assert!(similarity(2_000_000_000, 2_000_000_001) > similarity(1_999_999_999, 2_000_000_000));
    }

    #[test]
    fn bounds_are_those_of_counting() {
        for hundredths in [5, 30, 50, 79, 80, 100] {
            let threshold = Threshold::new(f64::from(hundredths) / 100.0).unwrap();
            for a in 1..60 {
                for b in 1..60 {
                    let reaches = |shared| Similarity::of(shared, a, b).reaches(threshold);
                    let least = (0..=a.min(b)).find(|shared| reaches(*shared));
                    let bound = threshold.least_shared(a, b);
                    assert_eq!(
                        least.unwrap_or(bound),
                        bound.max(least.unwrap_or(0)),
                        "{a} {b} at {threshold}"
                    );
                    assert_eq!(least.is_some(), bound <= a.min(b));
                    if least.is_some() {
                        assert!((threshold.least_size(a)..=threshold.most_size_sharing(a, a)).contains(&b));
                    }
                }
            }
        }
    }
}
