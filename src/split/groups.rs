//! What must not straddle: rows joined, whatever order they come in.

use rustc_hash::FxHashMap;

/// Groups of rows (union-find). A row that was never joined takes no memory.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    /// What is above each row that was joined; the first row of a group is above itself.
    parent: FxHashMap<u32, u32>,
}

impl Groups {
    /// The row that stands for the group of `row`: the first of it.
    pub fn root(&self, row: u32) -> u32 {
        let mut at = row;
        while let Some(&above) = self.parent.get(&at)
            && above != at
        {
            at = above;
        }
        at
    }

    /// Puts the groups of both rows together.
    pub fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.shortened(a), self.shortened(b));
        if a != b {
            self.parent.insert(a.min(b), a.min(b));
            self.parent.insert(a.max(b), a.min(b));
        }
    }

    /// The root, with what stands between taken out of the way of those who come after.
    fn shortened(&mut self, row: u32) -> u32 {
        let root = self.root(row);
        let mut at = row;
        while at != root
            && let Some(above) = self.parent.get_mut(&at)
        {
            at = std::mem::replace(above, root);
        }
        root
    }

    /// Whether the row was joined to another.
    pub fn is_joined(&self, row: u32) -> bool {
        self.parent.contains_key(&row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_join_whatever_the_order() {
        let joins = [(1, 2), (3, 4), (2, 3), (9, 8)];
        for turn in 0..joins.len() {
            let mut groups = Groups::default();
            for step in 0..joins.len() {
                let (a, b) = joins[(turn + step) % joins.len()];
                groups.join(a, b);
            }
            assert_eq!([1, 2, 3, 4, 8, 9, 5].map(|row| groups.root(row)), [1, 1, 1, 1, 8, 8, 5]);
            assert!(groups.is_joined(8) && !groups.is_joined(5));
        }
    }
}
