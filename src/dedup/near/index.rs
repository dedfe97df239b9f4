//! Which sets have a term: lists of postings, one behind the other in one piece of memory.
//!
//! Terms are hashed to buckets, and a bucket's room is measured before anything is put in. Terms that share a bucket
//! cost some speed; what is found is checked exactly anyway.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::sets::Sets;
use super::terms::{Term, Terms};
use super::threshold::Threshold;
use crate::error::{Error, Result};

/// A set that has a term: its size, where in it the term stands, and its number in the search; in this order. Never 0.
///
/// Sizes and positions beyond 65,535 are written as that.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting(u64);

impl Posting {
    fn new(number: u32, size: u32, position: u32) -> Self {
        Self(short(size) << 48 | short(position) << 32 | u64::from(number))
    }

    /// The number of the set.
    #[allow(clippy::cast_possible_truncation, reason = "the lower half")]
    pub(super) fn number(self) -> u32 {
        self.0 as u32
    }

    /// Size and position: what the filter looks at.
    pub(super) fn shape(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// The least posting of sets of this size.
    pub(super) fn least_of(size: u32) -> Self {
        Self(short(size) << 48)
    }

    fn is_none(self) -> bool {
        self.0 == 0
    }

    fn size(self) -> u32 {
        (self.0 >> 48) as u32
    }

    fn position(self) -> u32 {
        self.shape() & u32::from(u16::MAX)
    }
}

fn short(value: u32) -> u64 {
    u64::from(value.min(u32::from(u16::MAX)))
}

/// What sizes and positions tell of a posting, seen from a set and one of its terms.
pub(super) struct Filter {
    size: u32,
    least_size: u32,
    /// `t/(1 + t)` in parts of 2³², rounded down: the filter may let pass what the check refuses, never the other way.
    share: u64,
}

impl Filter {
    pub(super) fn new(threshold: Threshold, size: u32) -> Self {
        Self { size, least_size: threshold.least_size(size), share: threshold.share() }
    }

    /// Whether the set of the posting can be alike enough, if `term` is the first that both have.
    pub(super) fn passes(&self, term: Term, posting: Posting) -> bool {
        let size = posting.size();
        if size == u32::from(u16::MAX) {
            return true;
        }
        let left = (self.size - term.position).min(size - posting.position());
        let least = (self.share * u64::from(self.size + size)).div_ceil(1 << 32);
        size >= self.least_size && u64::from(left) >= least
    }
}

/// Set in the count of a bucket in which sets of another size may look.
const LOOKED_AT: u32 = 1 << 31;

/// Postings by bucket.
pub(super) struct Index {
    /// Bits of a hash that are no bucket.
    shift: u32,
    /// Where each bucket begins, and the end of the last.
    starts: Vec<u32>,
    postings: Vec<Posting>,
}

impl Index {
    /// Room for the sets that `indexed` gives terms of; buckets of fewer than `least` of them get none, unless sets of another
    /// size may look there.
    pub(super) fn with_room(
        sets: &Sets,
        terms: &Terms,
        least: u32,
        indexed: impl Fn(u32, &[u64], &mut Vec<Term>) + Sync,
    ) -> Result<Self> {
        let most: u64 = (0..sets.distinct()).map(|set| terms.most(sets.size(set))).sum();
        let bits = (u64::BITS - (most / 2).leading_zeros()).clamp(6, 31);
        let shift = u64::BITS - bits;
        let counts: Vec<AtomicU32> =
            std::iter::repeat_with(AtomicU32::default).take((1 << bits) + 1).collect();
        sets.walk(sets.all(), |shown: &mut Vec<Term>, set, keys| {
            indexed(set, keys, shown);
            for term in &*shown {
                let count = &counts[bucket(shift, *term, sets.size(set))];
                count.fetch_add(1, Ordering::Relaxed);
                if term.frequent {
                    count.fetch_or(LOOKED_AT, Ordering::Relaxed);
                }
            }
            Ok(())
        })?;
        let mut total = 0_u32;
        let mut starts = Vec::with_capacity(counts.len());
        for count in counts {
            starts.push(total);
            let count = Some(count.into_inner()).filter(|count| *count >= least).unwrap_or_default();
            total = total.checked_add(count & !LOOKED_AT).ok_or_else(|| {
                Error::input("the rows have more than 4,294,967,295 terms to be found by")
                    .with_hint("compare them in parts, or at a higher threshold")
            })?;
        }
        Ok(Self { shift, starts, postings: vec![Posting::default(); total as usize] })
    }

    /// All sets that `indexed` gives terms of; every bucket is in the order of postings.
    pub(super) fn filled(
        sets: &Sets,
        terms: &Terms,
        indexed: impl Fn(u32, &[u64], &mut Vec<Term>) + Sync,
    ) -> Result<Self> {
        let mut index = Self::with_room(sets, terms, 1, &indexed)?;
        let room: Vec<AtomicU64> = index.postings.iter().map(|_| AtomicU64::new(0)).collect();
        index.postings = Vec::new();
        let ends: Vec<AtomicU32> = index.starts.iter().map(|start| AtomicU32::new(*start)).collect();
        sets.walk(sets.all(), |shown: &mut Vec<Term>, set, keys| {
            indexed(set, keys, shown);
            let size = sets.size(set);
            for term in &*shown {
                let bucket = bucket(index.shift, *term, size);
                if !range(&index.starts, bucket).is_empty() {
                    let place = ends[bucket].fetch_add(1, Ordering::Relaxed) as usize;
                    room[place].store(Posting::new(set, size, term.position).0, Ordering::Relaxed);
                }
            }
            Ok(())
        })?;
        drop(ends);
        index.postings = room.into_iter().map(|posting| Posting(posting.into_inner())).collect();
        index.sort_by(|_| 0);
        Ok(index)
    }

    /// Takes out the postings of sets that are `done` with.
    pub(super) fn drop_done(&mut self, done: impl Fn(u32) -> bool) {
        // Of the old postings so many were looked at, of the new ones so many are there.
        let (mut looked, mut kept) = (0_u32, 0_u32);
        for end in &mut self.starts[1..] {
            while looked < *end {
                let posting = self.postings[looked as usize];
                looked += 1;
                if !done(posting.number()) {
                    self.postings[kept as usize] = posting;
                    kept += 1;
                }
            }
            *end = kept;
        }
        self.postings.truncate(kept as usize);
    }

    /// Puts a set into the bucket of one of its terms, behind what is there.
    pub(super) fn insert(&mut self, number: u32, term: Term, size: u32) {
        let list = &mut self.postings[range(&self.starts, bucket(self.shift, term, size))];
        let end = list.partition_point(|posting| !posting.is_none());
        if let Some(free) = list.get_mut(end) {
            *free = Posting::new(number, size, term.position);
        }
    }

    /// The postings that may belong to `term` of a set of this size, in lists.
    pub(super) fn lists(
        &self,
        term: Term,
        size: u32,
        threshold: Threshold,
    ) -> impl Iterator<Item = &[Posting]> {
        let largest = threshold.most_size_sharing(size, size - term.position);
        let least = threshold.least_size(size);
        let classes = match (term.frequent, largest < least) {
            (false, _) => 0..1,
            (true, true) => 0..0,
            (true, false) => class(least)..class(largest) + 1,
        };
        classes.map(move |class| self.list(term.key, class))
    }

    /// The postings of a term in an index that is filled.
    pub(super) fn bucket_list(&self, term: Term) -> &[Posting] {
        self.list(term.key, 0)
    }

    /// Sorts every bucket by the block of its sets, and by posting within a block.
    pub(super) fn sort_by(&mut self, block: impl Fn(u32) -> u32 + Sync) {
        sort_buckets(&self.starts, &mut self.postings, &block);
    }

    fn list(&self, key: u64, class: u32) -> &[Posting] {
        let list = &self.postings[range(&self.starts, bucket_of(self.shift, key, class))];
        match list.last() {
            Some(last) if last.is_none() => &list[..list.partition_point(|posting| !posting.is_none())],
            _ => list,
        }
    }
}

/// How many postings at the beginning of a list are `same`; all of these stand together.
pub(super) fn run(list: &[Posting], same: impl Fn(Posting) -> bool) -> usize {
    let mut step = 1;
    while list.get(step).is_some_and(|posting| same(*posting)) {
        step *= 2;
    }
    let reach = step.min(list.len());
    step / 2 + list[step / 2..reach].partition_point(|posting| same(*posting))
}

/// Of sorted postings those of sets of at least `least` and at most `most` shingles.
pub(super) fn between(list: &[Posting], least: u32, most: u32) -> &[Posting] {
    let list = &list[list.partition_point(|posting| *posting < Posting::least_of(least))..];
    match Posting::least_of(most.saturating_add(1)) {
        end if end > Posting::least_of(most) => &list[..list.partition_point(|posting| *posting < end)],
        // The last size stands for all beyond it.
        _ => list,
    }
}

/// Sorts every bucket, on all threads.
fn sort_buckets(starts: &[u32], postings: &mut [Posting], block: &(impl Fn(u32) -> u32 + Sync)) {
    let buckets = starts.len() - 1;
    if postings.len() < 1 << 14 || buckets < 2 {
        for bucket in starts.windows(2).filter(|bucket| bucket[1] - bucket[0] > 1) {
            let list = &mut postings[(bucket[0] - starts[0]) as usize..(bucket[1] - starts[0]) as usize];
            list.sort_unstable_by_key(|posting| (block(posting.number()), *posting));
        }
        return;
    }
    let (left, right) = postings.split_at_mut((starts[buckets / 2] - starts[0]) as usize);
    rayon::join(
        || sort_buckets(&starts[..=buckets / 2], left, block),
        || sort_buckets(&starts[buckets / 2..], right, block),
    );
}

fn range(starts: &[u32], bucket: usize) -> std::ops::Range<usize> {
    starts[bucket] as usize..starts[bucket + 1] as usize
}

/// The bucket of a term of a set of this size: frequent ones have one for each class of sizes.
fn bucket(shift: u32, term: Term, size: u32) -> usize {
    bucket_of(shift, term.key, if term.frequent { class(size) } else { 0 })
}

#[allow(clippy::cast_possible_truncation, reason = "at most 31 bits are left")]
fn bucket_of(shift: u32, key: u64, class: u32) -> usize {
    // Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): 2⁶⁴ divided by the golden ratio.
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
    ((key ^ u64::from(class) << 20).wrapping_mul(GOLDEN) >> shift) as usize
}

/// Sizes that are looked up together, never 0: two steps from one power of two to the next.
fn class(size: u32) -> u32 {
    let bits = u32::BITS - size.leading_zeros();
    if bits < 2 { 1 } else { bits * 2 + ((size >> (bits - 2)) & 1) }
}
