//! Questions that are tasks: "Which department is this for?" in every row, and the matter in the instructions before it.
//!
//! A question is one under whatever instructions it is asked: a name or a day in them makes no other one of it. But where a
//! large part of all rows ask the same, most under instructions of their own, it says nothing of what they ask, and all of
//! them would belong together. Such rows do only where their instructions are the same, too.

use rustc_hash::FxHashSet;

use super::held::HeldKey;
use crate::disk::Sorted;
use crate::error::Result;
use crate::text::hash::Fingerprinter;

/// A question is a task where more than one row in so many asks it (our choice: a group as large fits no side that judges).
const SHARE: u64 = 4;
/// Of fewer rows it is none, for a small set may well ask one question often (our choice).
const ROWS: usize = 20;

/// The keys of questions that are tasks.
#[derive(Debug, Default)]
pub(super) struct Tasks(FxHashSet<u128>);

impl Tasks {
    /// Looks for tasks among the keys of so many rows. Memory grows with the rows of one question.
    pub fn of(keys: &Sorted<HeldKey>, rows: u64) -> Result<Self> {
        let mut tasks = FxHashSet::default();
        let mut under: FxHashSet<u64> = FxHashSet::default();
        let mut run: Option<(u128, usize)> = None;
        let mut settle = |run: Option<(u128, usize)>, under: &mut FxHashSet<u64>| {
            if let Some((key, asked)) = run
                && asked > ROWS
                && asked as u64 * SHARE > rows
                && under.len() * 2 > asked
            {
                tasks.insert(key);
            }
            under.clear();
        };
        for held in keys.iter() {
            let held = held?;
            match &mut run {
                Some((key, asked)) if *key == held.key => *asked += usize::from(!held.inner),
                _ => {
                    settle(run, &mut under);
                    run = Some((held.key, usize::from(!held.inner)));
                }
            }
            if !held.inner && held.under != 0 {
                under.insert(held.under);
            }
        }
        settle(run, &mut under);
        Ok(Self(tasks))
    }

    /// What a row is named after whose widest key this is: rows with one task are no group.
    pub fn name(&self, key: u128, fingerprint: u128) -> u128 {
        if self.0.contains(&key) { told_apart(key, &fingerprint.to_le_bytes()) } else { key }
    }

    /// All keys in their order, where those of a task are different ones under different instructions.
    pub fn tell_apart<'a>(&'a self, keys: &'a Sorted<HeldKey>) -> impl Iterator<Item = Result<HeldKey>> + 'a {
        let mut keys = keys.iter().peekable();
        let mut waiting = Vec::new().into_iter();
        std::iter::from_fn(move || {
            if let Some(held) = waiting.next() {
                return Some(Ok(held));
            }
            let first = match keys.next()? {
                Ok(first) if self.0.contains(&first.key) => first,
                other => return Some(other),
            };
            let mut run = vec![first];
            while let Some(next) = keys.next_if(|next| next.as_ref().is_ok_and(|next| next.key == first.key))
            {
                run.extend(next);
            }
            for held in &mut run {
                held.key = told_apart(held.key, &held.under.to_le_bytes());
            }
            run.sort_unstable();
            waiting = run.into_iter();
            waiting.next().map(Ok)
        })
    }
}

/// Another key, as wide.
fn told_apart(key: u128, by: &[u8]) -> u128 {
    let mut other = Fingerprinter::default();
    other.update(&key.to_le_bytes());
    other.update(by);
    key >> 120 << 120 | other.finish() >> 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::Sorter;

    fn sorted(keys: impl IntoIterator<Item = HeldKey>) -> Sorted<HeldKey> {
        let mut sorter = Sorter::new(&std::env::temp_dir());
        keys.into_iter().try_for_each(|held| sorter.push(held)).unwrap();
        sorter.finish().unwrap()
    }

    fn held(key: u128, row: u32, under: u64) -> HeldKey {
        HeldKey { key: 4 << 120 | key, inner: false, under, row }
    }

    fn groups(keys: &Sorted<HeldKey>, rows: u64) -> usize {
        let tasks = Tasks::of(keys, rows).unwrap();
        let told: Vec<HeldKey> = tasks.tell_apart(keys).map(Result::unwrap).collect();
        assert!(told.iter().all(|held| held.key >> 120 == 4));
        // The rows of each key stand together.
        let all = told.iter().map(|held| held.key).collect::<FxHashSet<_>>().len();
        assert_eq!(told.chunk_by(|a, b| a.key == b.key).count(), all);
        all
    }

    #[test]
    fn only_what_many_ask_under_instructions_of_their_own_is_a_task() {
        // Forty rows: one question under forty instructions, under ten, under none.
        let of = |under: u64| sorted((0..40).map(|row| held(1, row, u64::from(row) % under + 1)));
        assert_eq!((groups(&of(40), 40), groups(&of(10), 40)), (40, 1));
        assert_eq!(groups(&sorted((0..40).map(|row| held(1, row, 0))), 40), 1);
        // A quarter of all rows is no task, and neither are twenty.
        assert_eq!((groups(&of(40), 160), groups(&of(40), 159)), (1, 40));
        assert_eq!(groups(&sorted((0..20).map(|row| held(1, row, u64::from(row) + 1))), 20), 1);
    }

    #[test]
    fn rows_of_a_task_are_told_apart_by_their_instructions_and_named_by_themselves() {
        let mut keys: Vec<HeldKey> = (0..40).map(|row| held(1, row, u64::from(row / 2) * 2 + 2)).collect();
        keys.extend((40..80).map(|row| held(1, row, u64::from(row))));
        keys.push(HeldKey { inner: true, ..held(1, 90, 2) });
        keys.push(held(2, 91, 3));
        let keys = sorted(keys);
        let tasks = Tasks::of(&keys, 100).unwrap();
        let told: Vec<HeldKey> = tasks.tell_apart(&keys).map(Result::unwrap).collect();
        assert_eq!(told.len(), 82);
        let same = |row: u32| told.iter().find(|held| held.row == row).unwrap().key;
        assert_eq!((same(0), same(0)), (same(1), same(90)));
        assert!(same(0) != same(2) && same(91) == (4 << 120 | 2));
        // Of each key those who have it as their own come first.
        let inner = told.iter().position(|held| held.inner).unwrap();
        assert!(told[..inner].iter().rev().take(2).all(|held| held.key == same(90)));
        let key = 4 << 120 | 1;
        assert!(tasks.name(key, 7) != tasks.name(key, 8) && tasks.name(key, 7) >> 120 == 4);
        assert_eq!(tasks.name(4 << 120 | 2, 7), 4 << 120 | 2);
    }
}
