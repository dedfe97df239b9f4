//! Rows as sets of shingles: taken in one by one, equal ones once, put in the order that searching needs.

use std::path::Path;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::order::{Counts, Order};
use super::overlap::{Mark, shared};
use super::spool::{Room, Spool};
use super::threshold::Similarity;
use crate::error::{Error, Result};
use crate::text::hash::fingerprint;

/// Shingles that stay in memory before the rest goes to a file: 32 MB.
const IN_MEMORY: usize = 4 << 20;

/// Shingles that are read at once where all sets are walked: half a megabyte.
const WALKED: u64 = 1 << 16;

/// Takes sets in, in the order of identity.
///
/// Memory: 12 bytes a row, and for each set that is not equal to an earlier one some 40; shingles beyond 32 MB go to a
/// temporary file.
pub struct SetSpool {
    spool: Spool,
    /// The set of each row.
    set_of: Vec<u32>,
    /// Where each set ends.
    ends: Vec<u64>,
    /// Sets by the first half of their fingerprint, and the second half of each.
    known: FxHashMap<u64, u32>,
    second: Vec<u64>,
    /// Room for the bytes of one set.
    bytes: Vec<u8>,
}

impl SetSpool {
    /// A spool whose temporary file, when one is needed, lies in `folder`.
    pub fn create(folder: &Path) -> Self {
        Self::with_memory(folder, IN_MEMORY)
    }

    pub(super) fn with_memory(folder: &Path, shingles: usize) -> Self {
        Self {
            spool: Spool::new(folder, shingles),
            set_of: Vec::new(),
            ends: Vec::new(),
            known: FxHashMap::default(),
            second: Vec::new(),
            bytes: Vec::new(),
        }
    }

    /// Takes the next row's set, sorted and without repeats, and gives the row's number, from 0.
    pub fn push(&mut self, set: &[u64]) -> Result<u32> {
        let row = u32::try_from(self.set_of.len()).ok().filter(|row| *row < u32::MAX);
        let row = row.ok_or_else(|| {
            Error::input("more than 4,294,967,294 rows are compared in one run")
                .with_hint("give them in parts")
        })?;
        if set.len() > LARGEST {
            return Err(Error::input(format!(
                "a row has {} shingles, more than the {LARGEST} that can be compared",
                set.len()
            )));
        }
        self.bytes.clear();
        self.bytes.extend(set.iter().flat_map(|shingle| shingle.to_le_bytes()));
        let [mut first, second] = halves(fingerprint(&self.bytes));
        let next = small(self.ends.len());
        let found = loop {
            let found = *self.known.entry(first).or_insert(next);
            if found == next || self.second[found as usize] == second {
                break found;
            }
            first = first.wrapping_add(1);
        };
        if found == next {
            self.second.push(second);
            self.spool.push(set)?;
            self.ends.push(self.spool.len());
        }
        self.set_of.push(found);
        Ok(row)
    }

    /// Puts all sets in order, so that they can be searched.
    pub fn finish(mut self) -> Result<Sets> {
        self.known = FxHashMap::default();
        self.second = Vec::new();
        self.spool.finish()?;
        let mut counts = Counts::new(self.spool.len());
        let mut room = Room::default();
        for (from, to) in walk(&self.ends, 0..self.ends.len(), WALKED) {
            let numbers = self.spool.read(start(&self.ends, from)..start(&self.ends, to), &mut room)?;
            counts.add(numbers);
        }
        let order = counts.order();
        let mut marks = Vec::with_capacity(self.ends.len());
        for (from, to) in walk(&self.ends, 0..self.ends.len(), WALKED * 16) {
            let base = start(&self.ends, from);
            let mut numbers = self.spool.read(base..start(&self.ends, to), &mut room)?.to_vec();
            let mut sets = Vec::with_capacity(to - from);
            let mut rest = numbers.as_mut_slice();
            for set in from..to {
                let size = usize::try_from(self.ends[set] - start(&self.ends, set)).unwrap_or(usize::MAX);
                let (one, behind) = rest.split_at_mut(size);
                sets.push(one);
                rest = behind;
            }
            marks.par_extend(sets.into_par_iter().map(|set| {
                order.apply(set);
                Mark::of(set)
            }));
            self.spool.replace(base, &numbers)?;
        }
        let Order { repeated, frequent, .. } = order;
        Ok(Sets { spool: self.spool, set_of: self.set_of, ends: self.ends, marks, repeated, frequent })
    }
}

/// Shingles that one set may have: sums of two sizes stay within 32 bits.
const LARGEST: usize = 1 << 30;

#[allow(clippy::cast_possible_truncation, reason = "one half each")]
fn halves(number: u128) -> [u64; 2] {
    [(number >> 64) as u64, number as u64]
}

/// Numbers of sets fit, since numbers of rows do.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn start(ends: &[u64], set: usize) -> u64 {
    if set == 0 { 0 } else { ends[set - 1] }
}

/// Parts of a range of sets, each of one set or about so many shingles.
fn walk(ends: &[u64], range: std::ops::Range<usize>, shingles: u64) -> impl Iterator<Item = (usize, usize)> {
    let mut from = range.start;
    std::iter::from_fn(move || {
        if from >= range.end {
            return None;
        }
        let enough = start(ends, from) + shingles;
        let to = from + ends[from..range.end].partition_point(|end| *end <= enough);
        let to = to.max(from + 1);
        Some((std::mem::replace(&mut from, to), to))
    })
}

/// Rows that can be searched; equal ones are one set.
///
/// Memory: 4 bytes a row and 24 a set. A search adds its index: see [`super::star()`].
pub struct Sets {
    spool: Spool,
    set_of: Vec<u32>,
    ends: Vec<u64>,
    marks: Vec<Mark>,
    /// Smaller keys stand in one set only.
    pub(super) repeated: u64,
    /// Larger keys stand in many sets.
    pub(super) frequent: u64,
}

impl Sets {
    /// How many rows there are.
    pub fn rows(&self) -> u32 {
        small(self.set_of.len())
    }

    /// How many different sets these are, the empty one counted, too.
    pub fn distinct(&self) -> u32 {
        small(self.ends.len())
    }

    /// How alike two rows are; `None` when both are empty.
    pub fn similarity(&self, a: u32, b: u32) -> Result<Option<Similarity>> {
        let (a, b) = (self.set_of(a), self.set_of(b));
        let (size_a, size_b) = (self.size(a), self.size(b));
        if size_a == 0 && size_b == 0 {
            return Ok(None);
        }
        let (mut room, mut other) = (Room::default(), Room::default());
        let both = shared(self.read(a, &mut room)?, self.read(b, &mut other)?, 0);
        Ok(Some(Similarity::of(both.unwrap_or_default(), size_a, size_b)))
    }

    /// The set of a row.
    pub(super) fn set_of(&self, row: u32) -> u32 {
        self.set_of[row as usize]
    }

    /// The set of every row.
    pub(super) fn of_rows(&self) -> &[u32] {
        &self.set_of
    }

    /// The first row of each set.
    pub(super) fn first_rows(&self) -> Vec<u32> {
        let mut first = Vec::with_capacity(self.ends.len());
        for (set, row) in self.set_of.iter().zip(0..) {
            // Sets are numbered as they come.
            if *set as usize == first.len() {
                first.push(row);
            }
        }
        first
    }

    /// Shingles of a set.
    pub(super) fn size(&self, set: u32) -> u32 {
        u32::try_from(self.ends[set as usize] - start(&self.ends, set as usize)).unwrap_or(u32::MAX)
    }

    /// The mark of a set.
    pub(super) fn mark(&self, set: u32) -> Mark {
        self.marks[set as usize]
    }

    /// The keys of a set, the rarest first.
    pub(super) fn read<'a>(&'a self, set: u32, room: &'a mut Room) -> Result<&'a [u64]> {
        let set = set as usize;
        self.spool.read(start(&self.ends, set)..self.ends[set], room)
    }

    /// All sets.
    pub(super) fn all(&self) -> std::ops::Range<u32> {
        0..self.distinct()
    }

    /// Calls `each` with every set of a range and its keys, on all threads, in no order.
    pub(super) fn walk<T: Default>(
        &self,
        range: std::ops::Range<u32>,
        each: impl Fn(&mut T, u32, &[u64]) -> Result<()> + Sync,
    ) -> Result<()> {
        let ranges: Vec<(usize, usize)> =
            walk(&self.ends, range.start as usize..range.end as usize, WALKED).collect();
        ranges.into_par_iter().try_for_each_init(
            || (Room::default(), T::default()),
            |(room, own), (from, to)| {
                let base = start(&self.ends, from);
                let numbers = self.spool.read(base..start(&self.ends, to), room)?;
                for set in from..to {
                    let place = |at: u64| usize::try_from(at - base).unwrap_or(usize::MAX);
                    each(own, small(set), &numbers[place(start(&self.ends, set))..place(self.ends[set])])?;
                }
                Ok(())
            },
        )
    }
}
