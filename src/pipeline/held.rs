//! Keys and the rows that have them, as their own or on the way to it.

use crate::dedup::SharedKey;
use crate::disk::packed;

/// A key that a row has. Sorted by key, those who have it as their own come first.
///
/// Rows belong together when one of them has as its own what the others have in any way. What all of them have on the way
/// only, as the greeting that thousands of chats begin with, holds nothing together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HeldKey {
    /// The key.
    pub key: u128,
    /// Whether it stands inside the row: what is asked there before an earlier answer.
    pub inner: bool,
    /// The row.
    pub row: u32,
    /// The instructions that the key sets aside, if any.
    pub under: u64,
}
packed!(HeldKey { key: u128, inner: bool, row: u32, under: u64 });

impl HeldKey {
    /// All keys of a row: its own, and those inside.
    pub fn all<'a>(
        own: &'a [SharedKey],
        inner: &'a [SharedKey],
        row: u32,
    ) -> impl Iterator<Item = Self> + 'a {
        let held = move |shared: &SharedKey, inner| Self { key: shared.key, inner, row, under: shared.under };
        own.iter()
            .map(move |shared| held(shared, false))
            .chain(inner.iter().map(move |shared| held(shared, true)))
    }
}

/// Of keys in their order, the first row that has each as its own.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct FirstOwn(Option<(u128, u32)>);

impl FirstOwn {
    /// The row that the next one belongs together with: another that has its key as its own.
    pub fn of(&mut self, next: HeldKey) -> Option<u32> {
        match self.0 {
            Some((key, row)) if key == next.key => Some(row),
            _ => {
                if !next.inner {
                    self.0 = Some((next.key, next.row));
                }
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_stands_inside_holds_nothing_together() {
        let mut keys: Vec<HeldKey> =
            [(1, &[10][..], &[20][..]), (2, &[20], &[30]), (3, &[11], &[20, 30]), (4, &[11], &[])]
                .into_iter()
                .flat_map(|(row, own, inner)| {
                    let shared =
                        |keys: &[u128]| keys.iter().map(|key| SharedKey::from(*key)).collect::<Vec<_>>();
                    HeldKey::all(&shared(own), &shared(inner), row).collect::<Vec<_>>()
                })
                .collect();
        keys.sort_unstable();
        let mut first = FirstOwn::default();
        let together: Vec<(u32, u32)> =
            keys.into_iter().filter_map(|held| Some((first.of(held)?, held.row))).collect();
        assert_eq!(together, [(3, 4), (2, 1), (2, 3)]);
    }
}
