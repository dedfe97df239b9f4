//! All sets pass by an index of some of them.

use std::sync::atomic::{AtomicU64, Ordering};

use super::index::{Filter, Index, Posting, between};
use super::seen::Seen;
use super::sets::Sets;
use super::spool::Room;
use super::subject::Subject;
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
    seen: Seen,
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
        let index = Index::filled(sets, &terms, indexed)?;
        Ok(Self { sets, threshold, terms, index })
    }

    /// Takes sets out of the index.
    pub(super) fn drop_done(&mut self, done: impl Fn(u32) -> bool) {
        self.index.drop_done(done);
    }

    /// How many postings are looked at when all sets pass by: what a walk costs, known before it is made.
    pub(super) fn visits(&self) -> Result<u64> {
        let visits = AtomicU64::new(0);
        self.sets.walk(self.sets.all(), |shown: &mut Vec<Term>, set, keys| {
            self.terms.of(keys, shown);
            let size = self.sets.size(set);
            let lists = shown.iter().map(|term| self.list(*term, size).len() as u64);
            visits.fetch_add(lists.sum(), Ordering::Relaxed);
            Ok(())
        })?;
        Ok(visits.into_inner())
    }

    /// Indexed sets that have a term of a set of this size, and no other size than may be alike.
    fn list(&self, term: Term, size: u32) -> &[Posting] {
        let most = self.threshold.most_size_sharing(size, size - term.position);
        between(self.index.bucket_list(term), self.threshold.least_size(size), most)
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
            let subject = Subject::new(self.sets, set, keys);
            self.look_up(subject, own);
            for &other in own.candidates.iter().filter(|other| **other != set) {
                let least = match wanted(set, other) {
                    None => continue,
                    Some(Wanted::Any) => None,
                    Some(Wanted::AtLeast(least)) => Some(least),
                };
                if let Some(similarity) = subject.compare(other, self.threshold, least, &mut own.room)? {
                    found(set, other, similarity);
                }
            }
            Ok(())
        })
    }

    /// Finds the sets that may be alike.
    fn look_up(&self, subject: Subject<'_>, own: &mut Own) {
        let filter = Filter::new(self.threshold, subject.size);
        self.terms.of(subject.keys, &mut own.shown);
        own.candidates.clear();
        own.seen.begin(self.sets.distinct() as usize);
        for term in &own.shown {
            let passed =
                self.list(*term, subject.size).iter().filter(|posting| filter.passes(*term, **posting));
            let numbers = passed.map(|posting| posting.number());
            own.candidates.extend(numbers.filter(|number| own.seen.is_new(*number)));
        }
    }
}

/// Which similarity of a pair is of interest; never one below the threshold.
pub(super) enum Wanted {
    /// Every one.
    Any,
    /// This or more.
    AtLeast(Similarity),
}
