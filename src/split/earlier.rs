//! The sides of an earlier run, from which nothing moves.

use rustc_hash::FxHashMap;

use super::Side;

/// Where rows and groups stood in an earlier run.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    rows: FxHashMap<u128, Side>,
    keys: FxHashMap<u128, Side>,
    stood: [bool; 3],
}

impl Earlier {
    /// Remembers a row by its fingerprint, and by what it had in common with others.
    ///
    /// What an earlier run had on two sides counts for the one that judges: test before validation before training.
    pub fn add(&mut self, fingerprint: u128, keys: impl IntoIterator<Item = u128>, side: Side) {
        let put = |sides: &mut FxHashMap<u128, Side>, key| {
            sides.entry(key).and_modify(|known| *known = side.max(*known)).or_insert(side);
        };
        self.stood[side as usize] = true;
        put(&mut self.rows, fingerprint);
        for key in keys {
            put(&mut self.keys, key);
        }
    }

    /// The side of a row with this fingerprint.
    pub fn of_row(&self, fingerprint: u128) -> Option<Side> {
        self.rows.get(&fingerprint).copied()
    }

    /// The side of rows with this in common.
    pub fn of_key(&self, key: u128) -> Option<Side> {
        self.keys.get(&key).copied()
    }

    /// Whether any row stood on this side.
    pub fn has(&self, side: Side) -> bool {
        self.stood[side as usize]
    }

    /// Whether no row is remembered.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_side_that_judges_wins() {
        let mut earlier = Earlier::default();
        earlier.add(1, [10], Side::Train);
        earlier.add(2, [10, 11], Side::Valid);
        earlier.add(3, [], Side::Train);
        assert_eq!(
            (earlier.of_row(1), earlier.of_row(2), earlier.of_row(9)),
            (Some(Side::Train), Some(Side::Valid), None)
        );
        assert_eq!(
            (earlier.of_key(10), earlier.of_key(11), earlier.of_key(12)),
            (Some(Side::Valid), Some(Side::Valid), None)
        );
        assert!(earlier.has(Side::Train) && !earlier.has(Side::Test) && !earlier.is_empty());
    }
}
