//! Which records belong together: sets that are joined where one refers to another (union-find with path halving).

use rustc_hash::FxHashMap;

use crate::error::{Error, Result};

/// Groups of one source, by fingerprints of what the records of a group have in common.
#[derive(Default)]
pub struct Groups {
    by_key: FxHashMap<u128, u32>,
    parents: Vec<u32>,
}

impl Groups {
    fn fresh(&mut self) -> Result<u32> {
        let group = u32::try_from(self.parents.len())
            .map_err(|_| Error::input("more than 4,294,967,295 conversations in one source"))?;
        self.parents.push(group);
        Ok(group)
    }

    /// The group of a key; a record without one stands alone.
    pub fn of(&mut self, key: Option<u128>) -> Result<u32> {
        let Some(key) = key else { return self.fresh() };
        if let Some(group) = self.known(key) {
            return Ok(group);
        }
        let group = self.fresh()?;
        self.by_key.insert(key, group);
        Ok(group)
    }

    /// The group of a key that some record has.
    pub fn known(&self, key: u128) -> Option<u32> {
        self.by_key.get(&key).copied()
    }

    /// How many groups were made, those that were joined included; their numbers are below.
    pub fn made(&self) -> usize {
        self.parents.len()
    }

    /// Makes two groups one.
    pub fn join(&mut self, group: u32, other: u32) {
        let (a, b) = (self.root(group), self.root(other));
        // The smaller number leads, so that the outcome does not depend on the order of joining.
        self.parents[a.max(b) as usize] = a.min(b);
    }

    /// The smallest of the groups that are one with this.
    pub fn root(&mut self, mut group: u32) -> u32 {
        while self.parents[group as usize] != group {
            let grandparent = self.parents[self.parents[group as usize] as usize];
            self.parents[group as usize] = grandparent;
            group = grandparent;
        }
        group
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_groups_are_the_smallest_of_them() {
        let mut groups = Groups::default();
        let made: Vec<u32> =
            [Some(7), None, Some(8), Some(7), None].map(|key| groups.of(key).unwrap()).to_vec();
        assert_eq!((made.as_slice(), groups.made(), groups.known(9)), (&[0, 1, 2, 0, 3][..], 4, None));
        groups.join(3, 2);
        groups.join(2, 1);
        assert_eq!([0, 1, 2, 3].map(|group| groups.root(group)), [0, 1, 1, 1]);
    }
}
