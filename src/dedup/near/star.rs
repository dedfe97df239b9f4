//! Stars: a row is kept unless a row kept before it is alike; then it is the twin of the most similar of these.
//!
//! Only what is kept is put into the index, so a crowd of rows that are all alike costs one look each.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::index::{Filter, Index, Posting};
use super::overlap::shared;
use super::sets::Sets;
use super::spool::Room;
use super::terms::{Search, Term, Terms};
use super::threshold::{Similarity, Threshold, Twin};
use crate::error::Result;

/// Sets that are looked up at once, before the first of them is kept.
const BATCH: usize = if cfg!(test) { 8 } else { 2048 };

/// Which rows are kept (`None`), and of which kept row each of the others is the twin.
///
/// `order` names all rows, the most preferred first; without it the order is that of identity. A twin's kept row stands
/// before it in the order and is the most similar of all that do; of equally similar ones the first. Rows with equal sets
/// count as one that stands where the first of them stands. Rows without shingles are kept.
///
/// Memory on top of [`Sets`]: the index, with some 8 bytes for each shown shingle that another row shows, too, and 12 bytes
/// a row for the answer.
pub fn star(sets: &Sets, search: &Search<'_>, order: Option<&[u32]>) -> Result<Vec<Option<Twin>>> {
    let found = Stars::find(sets, search, order)?;
    let twins = sets.of_rows().iter().zip(0..).map(|(set, row)| {
        let first = found.row_of(*set);
        match found.twin_of(*set) {
            None if first == row || sets.size(*set) == 0 => None,
            None => Some(Twin {
                of: first,
                similarity: Similarity::of(sets.size(*set), sets.size(*set), sets.size(*set)),
            }),
            Some((of, similarity)) => Some(Twin { of: found.row_of(of), similarity }),
        }
    });
    Ok(twins.collect())
}

/// Stars of sets.
pub(super) struct Stars {
    /// The most preferred row of each set, when that is not the first.
    rows: Vec<u32>,
    /// For each set that is not kept: the kept one it is most similar to.
    twins: Vec<Option<(u32, Similarity)>>,
}

impl Stars {
    /// The row that stands for a set.
    pub(super) fn row_of(&self, set: u32) -> u32 {
        self.rows[set as usize]
    }

    /// The kept set of which a set is the twin; `None` for kept ones.
    pub(super) fn twin_of(&self, set: u32) -> Option<(u32, Similarity)> {
        self.twins[set as usize]
    }

    /// Goes through all sets in the order of their most preferred rows.
    pub(super) fn find(sets: &Sets, search: &Search<'_>, order: Option<&[u32]>) -> Result<Self> {
        let (order, rows) = order_of_sets(sets, order);
        let terms = Terms::new(sets, search.threshold, search.method);
        let mut index = Index::with_room(sets, &terms, 2, |_, keys, out| terms.of(keys, out))?;
        let mut twins = vec![None; order.len()];
        let look = Look { sets, order: &order, threshold: search.threshold };
        // Buckets into which sets of the present batch were put.
        let mut fresh = FxHashSet::default();
        for (batch, start) in order.chunks(BATCH).zip((0_u32..).step_by(BATCH)) {
            (search.progress)(start.into(), order.len() as u64)?;
            let looked = batch.par_iter().map_init(Own::default, |own, set| {
                let keys = sets.read(*set, &mut own.room)?;
                let mut shown = Vec::new();
                terms.of(keys, &mut shown);
                let best = look.best(&index, keys, &shown, 0, None, &mut own.other, &mut own.candidates)?;
                Ok((shown, best))
            });
            let looked: Vec<(Vec<Term>, Option<(u32, Similarity)>)> = looked.collect::<Result<_>>()?;
            // What was kept within the batch was not there to be seen.
            fresh.clear();
            let mut own = Own::default();
            for ((set, number), (shown, mut best)) in batch.iter().zip(start..).zip(looked) {
                let size = sets.size(*set);
                if shown.iter().any(|term| fresh.contains(&term.key)) {
                    let keys = sets.read(*set, &mut own.room)?;
                    best =
                        look.best(&index, keys, &shown, start, best, &mut own.other, &mut own.candidates)?;
                }
                if let Some((number, similarity)) = best {
                    twins[*set as usize] = Some((order[number as usize], similarity));
                } else {
                    for term in shown {
                        index.insert(number, term, size);
                        fresh.insert(term.key);
                    }
                }
            }
        }
        (search.progress)(order.len() as u64, order.len() as u64)?;
        Ok(Self { rows, twins })
    }
}

/// Room of one thread.
#[derive(Default)]
struct Own {
    room: Room,
    other: Room,
    candidates: Vec<u32>,
}

/// The sets in order, and the row that stands for each of them.
fn order_of_sets(sets: &Sets, order: Option<&[u32]>) -> (Vec<u32>, Vec<u32>) {
    let mut sequence = Vec::with_capacity(sets.distinct() as usize);
    let mut rows = vec![u32::MAX; sets.distinct() as usize];
    let mut take = |row: u32| {
        let set = sets.set_of(row);
        if rows[set as usize] == u32::MAX {
            rows[set as usize] = row;
            sequence.push(set);
        }
    };
    match order {
        Some(order) => order.iter().for_each(|row| take(*row)),
        None => (0..sets.rows()).for_each(take),
    }
    (sequence, rows)
}

/// Looks sets up among those that are kept.
struct Look<'a> {
    sets: &'a Sets,
    order: &'a [u32],
    threshold: Threshold,
}

impl Look<'_> {
    /// The kept set that is most similar to one with these keys, if it is alike enough and more similar than `best`.
    /// Sets numbered before `from` are passed over.
    #[allow(clippy::too_many_arguments, reason = "room is lent by the thread")]
    fn best(
        &self,
        index: &Index,
        keys: &[u64],
        shown: &[Term],
        from: u32,
        mut best: Option<(u32, Similarity)>,
        room: &mut Room,
        candidates: &mut Vec<u32>,
    ) -> Result<Option<(u32, Similarity)>> {
        let size = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        let filter = Filter::new(self.threshold, size);
        candidates.clear();
        for term in shown {
            for list in index.lists(*term, size, self.threshold) {
                let fresh = list.iter().rev().take_while(|posting| posting.number() >= from);
                let passed = fresh.filter(|posting| filter.passes(*term, **posting));
                candidates.extend(passed.map(|posting| posting.number()));
            }
        }
        if candidates.is_empty() {
            return Ok(best);
        }
        candidates.sort_unstable();
        candidates.dedup();
        let mark = super::overlap::Mark::of(keys);
        for candidate in candidates {
            let set = self.order[*candidate as usize];
            let other = self.sets.size(set);
            let mut least = self.threshold.least_shared(size, other);
            if let Some((_, best)) = best {
                least = least.max(best.least_shared(size, other));
            }
            if mark.most_shared(self.sets.mark(set), size, other) < least {
                continue;
            }
            let Some(both) = shared(keys, self.sets.read(set, room)?, least) else { continue };
            let similarity = Similarity::of(both, size, other);
            if best.is_none_or(|(_, best)| similarity.by_ratio(best).is_gt()) {
                best = Some((*candidate, similarity));
            }
        }
        Ok(best)
    }
}
