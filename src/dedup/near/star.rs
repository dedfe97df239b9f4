//! Stars: a row is kept unless a row kept before it is alike; then it is the twin of the most similar of these.
//!
//! Only what is kept is put into the index, so a crowd of rows that are all alike costs one look each.

use std::cmp::Ordering;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::index::{Filter, Index};
use super::seen::Seen;
use super::sets::Sets;
use super::spool::Room;
use super::subject::Subject;
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
/// Memory on top of [`Sets`]: the index, with some 8 bytes for each shown shingle that another row shows, too, and 16 bytes
/// a row for the answer.
pub fn star(sets: &Sets, search: &Search<'_>, order: Option<&[u32]>) -> Result<Vec<Option<Twin>>> {
    star_behind(sets, 0, search, order)
}

/// The same for rows behind `known` ones, which are all kept, however alike they are, and stand first in every order.
pub fn star_behind(
    sets: &Sets,
    known: u32,
    search: &Search<'_>,
    order: Option<&[u32]>,
) -> Result<Vec<Option<Twin>>> {
    let stars = Stars::find(sets, known, search, order)?;
    let twins = (0..).zip(sets.of_rows()).map(|(row, &set)| {
        if row < known {
            return None;
        }
        if let Some((of, similarity)) = stars.twin_of(set) {
            return Some(Twin { of: stars.rows[of as usize], similarity });
        }
        let (first, size) = (stars.rows[set as usize], sets.size(set));
        (first != row && size > 0).then(|| Twin { of: first, similarity: Similarity::of(size, size, size) })
    });
    Ok(twins.collect())
}

/// A kept set and how alike it is.
pub(super) type Kept = (u32, Similarity);

/// Stars of sets.
pub(super) struct Stars {
    /// The most preferred row of each set.
    rows: Vec<u32>,
    /// For each set that is not kept: the kept one it is most similar to.
    twins: Vec<Option<Kept>>,
}

impl Stars {
    /// The kept set of which a set is the twin; `None` for kept ones.
    pub(super) fn twin_of(&self, set: u32) -> Option<Kept> {
        self.twins[set as usize]
    }

    /// Goes through all sets in the order of their most preferred rows. Those of the first `known` rows are kept unseen.
    pub(super) fn find(sets: &Sets, known: u32, search: &Search<'_>, order: Option<&[u32]>) -> Result<Self> {
        let (order, rows) = order_of_sets(sets, order);
        // Sets are numbered as they come, so those of the first rows are the first.
        let known = (0..known).map(|row| sets.set_of(row) + 1).max().unwrap_or(0);
        let terms = Terms::new(sets, search.threshold, search.method);
        let index = Index::with_room(sets, &terms, 2, |_, keys, out| terms.of(keys, out))?;
        let mut look = Look { order: &order, threshold: search.threshold, index };
        let mut twins = vec![None; order.len()];
        let mut fresh = FxHashSet::default();
        let mut own = Own::default();
        for (batch, start) in order.chunks(BATCH).zip((0_u32..).step_by(BATCH)) {
            (search.progress)(start.into(), order.len() as u64)?;
            let looked = batch.par_iter().map_init(Own::default, |own, set| {
                let subject = Subject::read(sets, *set, &mut own.room)?;
                let mut shown = Vec::new();
                terms.of(subject.keys, &mut shown);
                let looked = *set >= known;
                let best = looked.then(|| look.best(subject, &shown, 0, None, &mut own.look));
                Ok((shown, best.transpose()?.flatten()))
            });
            let looked = looked.collect::<Result<Vec<(Vec<Term>, Option<Kept>)>>>()?;
            // What is kept of the batch was not there to be seen.
            fresh.clear();
            for ((set, number), (shown, mut best)) in batch.iter().zip(start..).zip(looked) {
                if *set >= known && shown.iter().any(|term| fresh.contains(&term.key)) {
                    let subject = Subject::read(sets, *set, &mut own.room)?;
                    best = look.best(subject, &shown, start, best, &mut own.look)?;
                }
                if best.is_none() {
                    for term in shown {
                        look.index.insert(number, term, sets.size(*set));
                        fresh.insert(term.key);
                    }
                }
                twins[*set as usize] = best;
            }
        }
        (search.progress)(order.len() as u64, order.len() as u64)?;
        Ok(Self { rows, twins })
    }
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

/// Room of one thread.
#[derive(Default)]
struct Own {
    room: Room,
    look: Candidates,
}

/// Sets that may be alike.
#[derive(Default)]
struct Candidates {
    room: Room,
    seen: Seen,
    /// How much each promises, and its number.
    list: Vec<(u32, u32)>,
}

/// Looks sets up among those that are kept.
struct Look<'a> {
    /// The set of each number in the index.
    order: &'a [u32],
    threshold: Threshold,
    index: Index,
}

impl Look<'_> {
    /// The kept set that is most similar to the subject, if it is alike enough and more similar than `best`. Numbers before
    /// `from` are passed over.
    fn best(
        &self,
        subject: Subject<'_>,
        shown: &[Term],
        from: u32,
        mut best: Option<Kept>,
        candidates: &mut Candidates,
    ) -> Result<Option<Kept>> {
        let filter = Filter::new(self.threshold, subject.size);
        candidates.list.clear();
        candidates.seen.begin(self.order.len());
        for term in shown {
            for list in self.index.lists(*term, subject.size, self.threshold) {
                let fresh = list.iter().rev().take_while(|posting| posting.number() >= from);
                for posting in fresh.filter(|posting| filter.passes(*term, **posting)) {
                    let number = posting.number();
                    if candidates.seen.is_new(number)
                        && let Some(promise) = subject.promise(self.order[number as usize], self.threshold)
                    {
                        candidates.list.push((promise, number));
                    }
                }
            }
        }
        // What promises most is looked at first: the more similar the best is, the fewer others can be better.
        candidates.list.sort_unstable_by_key(|(promise, number)| (std::cmp::Reverse(*promise), *number));
        // The best so far was kept before all that are looked at.
        let mut first = if best.is_some() { 0 } else { u32::MAX };
        for (_, number) in &candidates.list {
            let other = self.order[*number as usize];
            let least = best.map(|(_, similarity)| similarity);
            let Some(similarity) = subject.compare(other, self.threshold, least, &mut candidates.room)?
            else {
                continue;
            };
            let better = least.map_or(Ordering::Greater, |least| similarity.by_ratio(least));
            if better.then(first.cmp(number)).is_gt() {
                best = Some((other, similarity));
                first = *number;
            }
        }
        Ok(best)
    }
}
