//! All sets pass by an index of some of them.

use super::index::{Filter, Index};
use super::overlap::shared;
use super::sets::Sets;
use super::spool::Room;
use super::terms::{Method, Term, Terms};
use super::threshold::{Similarity, Threshold};
use crate::error::Result;

/// An index of some sets, and how others are looked up in it.
pub(super) struct Passing<'a> {
    sets: &'a Sets,
    threshold: Threshold,
    terms: Terms,
    index: Index,
}

/// Room of one thread.
#[derive(Default)]
pub(super) struct Own {
    room: Room,
    shown: Vec<Term>,
    candidates: Vec<u32>,
}

impl<'a> Passing<'a> {
    /// Indexes the `chosen` sets.
    pub(super) fn new(
        sets: &'a Sets,
        threshold: Threshold,
        method: Method,
        chosen: impl Fn(u32) -> bool + Sync,
    ) -> Result<Self> {
        let terms = Terms::new(sets, threshold, method).for_filled();
        let indexed = |set: u32, keys: &[u64], out: &mut Vec<Term>| {
            if chosen(set) {
                terms.of(keys, out);
            } else {
                out.clear();
            }
        };
        let index = Index::filled(sets, &terms, 1, indexed, |set| set)?;
        Ok(Self { sets, threshold, terms, index })
    }

    /// Takes sets out of the index.
    pub(super) fn drop_done(&mut self, done: impl Fn(u32) -> bool) {
        self.index.drop_done(done);
    }

    /// Looks up every set of a range, on all threads and in no order.
    ///
    /// A pair (passing, indexed) is checked when `wanted`, and given to `found` when it is as similar. A set does not meet itself.
    pub(super) fn walk(
        &self,
        range: std::ops::Range<u32>,
        wanted: impl Fn(u32, u32) -> Option<Wanted> + Sync,
        found: impl Fn(u32, u32, Similarity) + Sync,
    ) -> Result<()> {
        self.sets.walk(range, |own: &mut Own, set, keys| {
            let size = self.sets.size(set);
            let filter = Filter::new(self.threshold, size);
            self.terms.of(keys, &mut own.shown);
            own.candidates.clear();
            for term in &own.shown {
                let (least, most) = (
                    self.threshold.least_size(size),
                    self.threshold.most_size_sharing(size, size - term.position),
                );
                let list = self.index.list_between(*term, least, most);
                let passed = list.iter().filter(|posting| filter.passes(*term, **posting));
                own.candidates.extend(passed.map(|posting| posting.number()));
            }
            own.candidates.sort_unstable();
            own.candidates.dedup();
            for &other in own.candidates.iter().filter(|other| **other != set) {
                let Some(wanted) = wanted(set, other) else { continue };
                let other_size = self.sets.size(other);
                let mut least = self.threshold.least_shared(size, other_size);
                if let Wanted::AtLeast(similarity) = wanted {
                    least = least.max(similarity.least_shared(size, other_size));
                }
                if self.sets.mark(set).most_shared(self.sets.mark(other), size, other_size) < least {
                    continue;
                }
                if let Some(both) = shared(keys, self.sets.read(other, &mut own.room)?, least) {
                    found(set, other, Similarity::of(both, size, other_size));
                }
            }
            Ok(())
        })
    }
}

/// Which similarity of a pair is of interest; never one below the threshold.
pub(super) enum Wanted {
    /// Every one.
    Any,
    /// This or more.
    AtLeast(Similarity),
}
