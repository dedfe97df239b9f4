//! Exact twins among fingerprints.

use std::path::{Path, PathBuf};

use crate::disk::{Sorted, Sorter};
use crate::error::Result;

/// Collects fingerprints in the order of identity; the first of equals is the one that is kept.
///
/// What memory is too small for waits on the disk, so that there may be any number.
pub struct Twins {
    prints: Sorter<(u128, u32)>,
    folder: PathBuf,
}

impl Twins {
    /// No fingerprints; `folder` says on which disk there is room.
    pub fn new(folder: &Path) -> Self {
        Self { prints: Sorter::new(folder), folder: folder.to_owned() }
    }

    /// Adds the fingerprint of an entry.
    pub fn add(&mut self, fingerprint: u128, entry: u32) -> Result<()> {
        self.prints.push((fingerprint, entry))
    }

    /// Every entry that is not kept, and the one with the same fingerprint that is, in the order of entries. Of equals the
    /// one with the least `place` is kept.
    pub fn finish(self, place: impl Fn(u32) -> u32) -> Result<Sorted<(u32, u32)>> {
        let mut twins = Sorter::new(&self.folder);
        let mut equal: Vec<u32> = Vec::new();
        let mut told = |equal: &mut Vec<u32>| {
            let kept = equal.iter().copied().min_by_key(|entry| place(*entry));
            let pairs = equal.drain(..).zip(kept.into_iter().cycle()).filter(|(entry, kept)| entry != kept);
            pairs.into_iter().try_for_each(|pair| twins.push(pair))
        };
        let mut last = None;
        for print in self.prints.finish()?.iter() {
            let (fingerprint, entry) = print?;
            if last != Some(fingerprint) {
                told(&mut equal)?;
                last = Some(fingerprint);
            }
            equal.push(entry);
        }
        told(&mut equal)?;
        twins.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equals_the_most_preferred_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut twins = Twins::new(folder.path());
        [7, 8, 7, 7, 8].into_iter().zip(0..).for_each(|(key, entry)| twins.add(key, entry).unwrap());
        let found: Result<Vec<(u32, u32)>> = twins.finish(|entry| 9 - entry).unwrap().iter().collect();
        assert_eq!(found.unwrap(), [(0, 3), (1, 4), (2, 3)]);
    }

    #[test]
    fn the_first_of_equals_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut twins = Twins::new(folder.path());
        [7, 8, 7, 7, 9].into_iter().zip(0..).for_each(|(key, entry)| twins.add(key, entry).unwrap());
        let found: Result<Vec<(u32, u32)>> = twins.finish(|entry| entry).unwrap().iter().collect();
        assert_eq!(found.unwrap(), [(2, 0), (3, 0)]);
    }
}
