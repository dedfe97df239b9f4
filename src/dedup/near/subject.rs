//! One set that is compared with others.

use super::overlap::{Mark, shared};
use super::sets::Sets;
use super::spool::Room;
use super::threshold::{Similarity, Threshold};
use crate::error::Result;

/// A set whose keys are at hand.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    sets: &'a Sets,
    /// Its keys, the rarest first.
    pub(super) keys: &'a [u64],
    /// How many they are.
    pub(super) size: u32,
    mark: Mark,
}

impl<'a> Subject<'a> {
    /// A set and its keys.
    pub(super) fn new(sets: &'a Sets, set: u32, keys: &'a [u64]) -> Self {
        Self { sets, keys, size: sets.size(set), mark: sets.mark(set) }
    }

    /// A set whose keys are read.
    pub(super) fn read(sets: &'a Sets, set: u32, room: &'a mut Room) -> Result<Self> {
        Ok(Self::new(sets, set, sets.read(set, room)?))
    }

    /// How much it may share with another set, of all their shingles: larger for sets that may be more alike. `None` when it
    /// cannot be at or above the threshold.
    pub(super) fn promise(&self, other: u32, threshold: Threshold) -> Option<u32> {
        let size = self.sets.size(other);
        let most = self.mark.most_shared(self.sets.mark(other), self.size, size);
        let share = (u64::from(most) << 16) / u64::from(self.size + size).max(1);
        (most >= threshold.least_shared(self.size, size)).then_some(u32::try_from(share).unwrap_or(u32::MAX))
    }

    /// How alike it is to another set, when that is at or above the threshold and no less than `least`.
    pub(super) fn compare(
        &self,
        other: u32,
        threshold: Threshold,
        least: Option<Similarity>,
        room: &mut Room,
    ) -> Result<Option<Similarity>> {
        let size = self.sets.size(other);
        let mut wanted = threshold.least_shared(self.size, size);
        if let Some(least) = least {
            wanted = wanted.max(least.least_shared(self.size, size));
        }
        if self.mark.most_shared(self.sets.mark(other), self.size, size) < wanted {
            return Ok(None);
        }
        let both = shared(self.keys, self.sets.read(other, room)?, wanted);
        Ok(both.map(|both| Similarity::of(both, self.size, size)))
    }
}
