//! Exact twins among fingerprints, and groups joined by twins that are kept.

use rustc_hash::FxHashMap;

/// Remembers fingerprints in the order of identity; the first of equals is the one that is kept.
#[derive(Debug, Default)]
pub struct Twins {
    first: FxHashMap<u128, u32>,
}

impl Twins {
    /// The earlier entry with the same fingerprint, or `None` when `entry` is the first.
    pub fn earlier(&mut self, fingerprint: u128, entry: u32) -> Option<u32> {
        let first = *self.first.entry(fingerprint).or_insert(entry);
        (first != entry).then_some(first)
    }
}

/// Groups of group keys (union-find): what is joined goes to the same side of a split.
#[derive(Debug, Default)]
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
        let mut twins = Twins::default();
        let found: Vec<Option<u32>> =
            [7, 8, 7, 7, 9].iter().zip(0..).map(|(key, entry)| twins.earlier(*key, entry)).collect();
        assert_eq!(found, [None, None, Some(0), Some(0), None]);
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
