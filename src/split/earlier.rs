//! The sides of an earlier run, from which nothing moves.

use rustc_hash::FxHashMap;

use super::{Side, SideSet};

/// Where rows and groups stood in an earlier run.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    rows: FxHashMap<u128, Side>,
    keys: FxHashMap<u128, Side>,
    inner: FxHashMap<u128, SideSet>,
    stood: [bool; 3],
}

impl Earlier {
    /// Remembers a row by its fingerprint, by what it had in common with others, and by the prompts inside it.
    ///
    /// What an earlier run had on two sides counts for the one that judges: test before validation before training. A
    /// prompt may well stand inside rows of two sides.
    pub fn add(
        &mut self,
        fingerprint: u128,
        keys: impl IntoIterator<Item = u128>,
        inner: impl IntoIterator<Item = u128>,
        side: Side,
    ) {
        let put = |sides: &mut FxHashMap<u128, Side>, key| {
            sides.entry(key).and_modify(|known| *known = side.max(*known)).or_insert(side);
        };
        self.stood[side as usize] = true;
        put(&mut self.rows, fingerprint);
        for key in keys {
            put(&mut self.keys, key);
        }
        for key in inner {
            self.inner.entry(key).or_default().add(side);
        }
    }

    /// The side of a row with this fingerprint.
    pub fn of_row(&self, fingerprint: u128) -> Option<Side> {
        self.rows.get(&fingerprint).copied()
    }

    /// The sides of rows that belong together with one that has this key, as its own or of a prompt inside it.
    pub fn of_key(&self, key: u128, inner: bool) -> SideSet {
        let around = self.inner.get(&key).filter(|_| !inner);
        let mut sides = around.copied().unwrap_or_default();
        sides.extend(self.keys.get(&key).copied());
        sides
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
        earlier.add(1, [10], [20, 11], Side::Train);
        earlier.add(2, [10, 11], [20], Side::Valid);
        earlier.add(3, [], [], Side::Train);
        assert_eq!(
            (earlier.of_row(1), earlier.of_row(2), earlier.of_row(9)),
            (Some(Side::Train), Some(Side::Valid), None)
        );
        let of = |key, inner| earlier.of_key(key, inner).iter().collect::<Vec<_>>();
        assert_eq!((of(10, false), of(12, false)), (vec![Side::Valid], vec![]));
        // What stands inside rows of both sides would leak on either.
        assert_eq!((of(20, false), of(20, true)), (vec![Side::Train, Side::Valid], vec![]));
        assert_eq!((of(11, false), of(11, true)), (vec![Side::Train, Side::Valid], vec![Side::Valid]));
        assert!(earlier.has(Side::Train) && !earlier.has(Side::Test) && !earlier.is_empty());
    }
}
