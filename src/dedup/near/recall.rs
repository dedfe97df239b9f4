//! What the approximate method finds of all pairs, measured on the very rows that are searched.

use std::sync::atomic::{AtomicU64, Ordering};

use super::minhash::Bands;
use super::passing::{Passing, Wanted};
use super::sets::Sets;
use super::spool::Room;
use super::terms::Method;
use super::threshold::Threshold;
use crate::error::Result;
use crate::text::hash::fingerprint;

/// Pairs of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recall {
    /// Pairs of different sets with one of the sample that are at or above the threshold; all there are.
    pub pairs: u64,
    /// Those of them that share a band.
    pub found: u64,
}

impl Recall {
    /// The share that is found; `None` when there are no pairs.
    pub fn share(self) -> Option<f64> {
        (self.pairs > 0).then(|| self.found as f64 / self.pairs as f64)
    }
}

/// The recall of [`Method::MinHash`] on the pairs of up to `sample` sets, which are chosen by a hash of their numbers.
pub fn recall(sets: &Sets, threshold: Threshold, sample: usize) -> Result<Recall> {
    let mut chosen: Vec<u32> = sets.all().filter(|set| sets.size(*set) > 0).collect();
    chosen.sort_by_cached_key(|set| fingerprint(&set.to_le_bytes()));
    chosen.truncate(sample);
    chosen.sort_unstable();
    let bands = Bands::for_threshold(threshold);
    let keys_of = |set: u32| {
        let mut keys = Vec::new();
        bands.of(sets.read(set, &mut Room::default())?, |key| keys.push(key));
        Ok(keys)
    };
    let signatures: Vec<Vec<u64>> = chosen.iter().map(|set| keys_of(*set)).collect::<Result<_>>()?;
    let number = |set: u32| chosen.binary_search(&set);
    let (pairs, found) = (AtomicU64::new(0), AtomicU64::new(0));
    let passing = Passing::new(sets, threshold, Method::Exact, |set| number(set).is_ok())?;
    passing.walk(
        sets.all(),
        // Two sets of the sample meet twice and count once.
        |set, other| (number(set).is_err() || set < other).then_some(Wanted::Any),
        |set, other, _| {
            pairs.fetch_add(1, Ordering::Relaxed);
            let shares = |keys: Vec<u64>| {
                let other = number(other).ok().and_then(|number| signatures.get(number));
                other.is_some_and(|other| keys.iter().zip(other).any(|(one, two)| one == two))
            };
            if keys_of(set).is_ok_and(shares) {
                found.fetch_add(1, Ordering::Relaxed);
            }
        },
    )?;
    Ok(Recall { pairs: pairs.into_inner(), found: found.into_inner() })
}
