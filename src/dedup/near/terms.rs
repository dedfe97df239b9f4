//! By what sets find one another: their rarest shingles (exact), or bands of a `MinHash` signature (nearly all).

use std::fmt;
use std::str::FromStr;

use super::minhash::Bands;
use super::sets::Sets;
use super::threshold::Threshold;
use crate::error::{Error, Result};
use crate::text::similar::suggestion;

/// How pairs are looked for; each one found is checked exactly, whatever the method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// By prefixes: every pair is found.
    #[default]
    Exact,
    /// By bands of a `MinHash` signature: a pair right at the threshold is found with 99 of 100.
    MinHash,
}

impl FromStr for Method {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "exact" => Ok(Self::Exact),
            "minhash" => Ok(Self::MinHash),
            other => Err(Error::usage(format!("there is no method `{other}` to find near twins"))
                .with_hint(suggestion(other, ["exact", "minhash"]))),
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Exact => "exact",
            Self::MinHash => "minhash",
        })
    }
}

/// What is looked for and how.
pub struct Search<'a> {
    /// How alike twins are.
    pub threshold: Threshold,
    /// How they are looked for.
    pub method: Method,
    /// Hears now and then, on the thread that searches, how many of how many sets are done; an error ends the search.
    pub progress: Progress<'a>,
}

/// Takes how many of how many sets are done.
pub type Progress<'a> = &'a dyn Fn(u64, u64) -> Result<()>;

impl Search<'_> {
    /// All pairs at or above the threshold, in silence.
    pub fn exact(threshold: Threshold) -> Self {
        Self { threshold, method: Method::Exact, progress: &|_, _| Ok(()) }
    }
}

/// One of the keys by which a set is found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term {
    pub(super) key: u64,
    /// Shingles of the set that come before it: a pair that has this in common and nothing before it shares none of them.
    pub(super) position: u32,
    /// Whether many sets have it.
    pub(super) frequent: bool,
}

/// Gives the terms of sets.
pub(super) struct Terms {
    threshold: Threshold,
    repeated: u64,
    frequent: u64,
    /// `None` for the exact method.
    bands: Option<Bands>,
}

impl Terms {
    /// For a search among these sets.
    pub(super) fn new(sets: &Sets, threshold: Threshold, method: Method) -> Self {
        let bands = match method {
            Method::Exact => None,
            Method::MinHash => Some(Bands::for_threshold(threshold)),
        };
        Self { threshold, repeated: sets.repeated, frequent: sets.frequent, bands }
    }

    /// The same with no term called frequent, for an index that is filled and so in the order of sizes anyway.
    pub(super) fn for_filled(self) -> Self {
        Self { frequent: u64::MAX, ..self }
    }

    /// Puts the terms of a set of keys into `out`: those it looks for others by.
    pub(super) fn of(&self, keys: &[u64], out: &mut Vec<Term>) {
        self.first(keys, Threshold::prefix, out);
    }

    /// Those by which sets that are at least as large look for it.
    pub(super) fn seen_from_larger(&self, keys: &[u64], out: &mut Vec<Term>) {
        self.first(keys, Threshold::prefix_from_larger, out);
    }

    fn first(&self, keys: &[u64], prefix: impl Fn(Threshold, u32) -> u32, out: &mut Vec<Term>) {
        out.clear();
        if let Some(bands) = &self.bands {
            bands.of(keys, |key| out.push(Term { key, position: 0, frequent: false }));
            return;
        }
        let prefix = prefix(self.threshold, u32::try_from(keys.len()).unwrap_or(u32::MAX));
        let shown = (0..prefix).zip(keys);
        // What stands in one set only leads to no other.
        out.extend(shown.filter(|(_, key)| **key >= self.repeated).map(|(position, key)| Term {
            key: *key,
            position,
            frequent: *key >= self.frequent,
        }));
    }

    /// How many terms a set of so many keys has at most.
    pub(super) fn most(&self, size: u32) -> u64 {
        match &self.bands {
            None => self.threshold.prefix(size).into(),
            Some(bands) if size > 0 => bands.count(),
            Some(_) => 0,
        }
    }
}
