//! Exact twins among fingerprints, and groups joined by twins that are kept.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

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

    /// Every entry that has an earlier one with the same fingerprint, and the first of these, in the order of entries.
    pub fn finish(self) -> Result<Sorted<(u32, u32)>> {
        let mut twins = Sorter::new(&self.folder);
        let mut first: Option<(u128, u32)> = None;
        for print in self.prints.finish()?.iter() {
            let (fingerprint, entry) = print?;
            match first {
                Some((same, earlier)) if same == fingerprint => twins.push((entry, earlier))?,
                _ => first = Some((fingerprint, entry)),
            }
        }
        twins.finish()
    }
}

/// Groups of group keys (union-find): what is joined goes to the same side of a split.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    parent: FxHashMap<u128, u128>,
}

impl Groups {
    /// The key that stands for the whole group of `key`: the smallest of them, so that the order of joins is no matter.
    pub fn root(&mut self, key: u128) -> u128 {
        let mut root = key;
        while let Some(&parent) = self.parent.get(&root) {
            root = parent;
        }
        let mut at = key;
        while let Some(parent) = self.parent.get_mut(&at) {
            at = std::mem::replace(parent, root);
        }
        root
    }

    /// Puts the groups of both keys together.
    pub fn join(&mut self, a: u128, b: u128) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            self.parent.insert(a.max(b), a.min(b));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equals_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut twins = Twins::new(folder.path());
        [7, 8, 7, 7, 9].into_iter().zip(0..).for_each(|(key, entry)| twins.add(key, entry).unwrap());
        let found: Result<Vec<(u32, u32)>> = twins.finish().unwrap().iter().collect();
        assert_eq!(found.unwrap(), [(2, 0), (3, 0)]);
    }

    #[test]
    fn groups_join_whatever_the_order() {
        let joins = [(1, 2), (3, 4), (2, 3), (9, 8)];
        for turn in 0..joins.len() {
            let mut groups = Groups::default();
            for step in 0..joins.len() {
                let (a, b) = joins[(turn + step) % joins.len()];
                groups.join(a, b);
            }
            assert_eq!([1, 2, 3, 4, 8, 9, 5].map(|key| groups.root(key)), [1, 1, 1, 1, 8, 8, 5]);
        }
    }
}
