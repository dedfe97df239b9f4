//! Pairs across sides: what leaks from training into validation and test, and how near the sides come.
//!
//! Sets with rows on a higher side are indexed, and all sets pass by; the many rows of training need no index.

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use super::passing::{Passing, Wanted};
use super::sets::Sets;
use super::terms::{Method, Progress, Search};
use super::threshold::{Similarity, Threshold, Twin};
use crate::error::{Error, Result};

/// The side of a row that is on none: it is passed over.
pub const ABSENT: u32 = u32::MAX;

/// A row with a twin on a lower side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leak {
    /// The row on the higher side.
    pub row: u32,
    /// The row on a lower side that is most similar to it; of equally similar ones the first.
    pub twin: Twin,
}

/// What is found across sides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Leaks {
    /// How many rows have a twin on a lower side.
    pub rows: u64,
    /// The first of them, in the order of rows.
    pub pairs: Vec<Leak>,
}

/// Rows that have a twin on a lower side, at or above the threshold; the first `limit` of them by name.
///
/// `sides` has a side for each row, such as 0 for training and 1 for validation, or [`ABSENT`].
pub fn across(sets: &Sets, search: &Search<'_>, sides: &[u32], limit: usize) -> Result<Leaks> {
    let sides = Sides::new(sets, sides)?;
    let reached = sides.reached(search)?;
    let mut leaking = (0_u32..).zip(sides.of_row).filter(|(row, side)| {
        let set = sets.set_of(*row);
        sets.size(set) > 0 && **side != ABSENT && **side > reached[set as usize]
    });
    let named: Vec<u32> = leaking.by_ref().take(limit).map(|(row, _)| row).collect();
    let rows = (named.len() + leaking.count()) as u64;
    Ok(Leaks { rows, pairs: sides.most_similar(search, &named)? })
}

/// What is known of the most similar pair across sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closest {
    /// The pair; of equally similar ones the first.
    Pair(Leak),
    /// No pair is at or above the floor.
    None,
    /// It was not looked for: that would cost more than was allowed.
    Dear,
}

/// Looks for the most similar pair across sides at or above `floor`.
///
/// The lower the floor the dearer the search: rows of one template share most of what they say, and all pairs of many of them
/// are too many. It is made when at most `visits` postings of the index are to be looked at, some hundred million a second;
/// that number depends on the rows only.
pub fn closest_across(
    sets: &Sets,
    sides: &[u32],
    floor: Threshold,
    visits: u64,
    progress: Progress<'_>,
) -> Result<Closest> {
    let sides = Sides::new(sets, sides)?;
    match sides.equal() {
        Some(leak) => Ok(Closest::Pair(leak)),
        None => sides.closest(&Search { threshold: floor, method: Method::Exact, progress }, visits),
    }
}

/// Which sides the rows of each set are on.
struct Sides<'a> {
    sets: &'a Sets,
    of_row: &'a [u32],
    /// The lowest and the highest side of each set.
    bounds: Vec<(u32, u32)>,
    /// The lowest side of all.
    lowest: u32,
    /// Set, side, and the first row of that set on that side; sorted.
    first: Vec<(u32, u32, u32)>,
}

impl<'a> Sides<'a> {
    fn new(sets: &'a Sets, of_row: &'a [u32]) -> Result<Self> {
        if of_row.len() != sets.rows() as usize {
            return Err(Error::internal("there is not one side for each row"));
        }
        let mut bounds = vec![(u32::MAX, u32::MIN); sets.distinct() as usize];
        let mut first = Vec::with_capacity(of_row.len());
        let present = sets.of_rows().iter().zip(of_row).zip(0..).filter(|((_, side), _)| **side != ABSENT);
        for ((set, side), row) in present {
            let (lowest, highest) = &mut bounds[*set as usize];
            (*lowest, *highest) = ((*lowest).min(*side), (*highest).max(*side));
            if sets.size(*set) > 0 {
                first.push((*set, *side, row));
            }
        }
        first.sort_unstable();
        first.dedup_by_key(|(set, side, _)| (*set, *side));
        let lowest = of_row.iter().min().copied().unwrap_or_default();
        Ok(Self { sets, of_row, bounds, lowest, first })
    }

    /// The first rows of a set on each of its sides.
    fn of_set(&self, set: u32) -> &[(u32, u32, u32)] {
        let behind = &self.first[self.first.partition_point(|(other, ..)| *other < set)..];
        &behind[..behind.partition_point(|(other, ..)| *other == set)]
    }

    /// The first row of a set on a side below.
    fn below(&self, set: u32, side: u32) -> Option<u32> {
        self.of_set(set).iter().filter(|(_, other, _)| *other < side).map(|(.., row)| *row).min()
    }

    /// The first row of a set on a side above, and that side.
    fn above(&self, set: u32, side: u32) -> Option<(u32, u32)> {
        self.of_set(set)
            .iter()
            .filter(|(_, other, _)| *other > side)
            .map(|(_, side, row)| (*row, *side))
            .min()
    }

    /// For each set the lowest side on which there is a row alike.
    fn reached(&self, search: &Search<'_>) -> Result<Vec<u32>> {
        let reached: Vec<AtomicU32> = self.bounds.iter().map(|(lowest, _)| AtomicU32::new(*lowest)).collect();
        let side = |set: u32| reached[set as usize].load(Ordering::Relaxed);
        let open = |set: u32| self.bounds[set as usize].1 > self.lowest && side(set) > self.lowest;
        let mut passing = Passing::new(self.sets, search.threshold, search.method, open)?;
        for range in rounds(self.sets.distinct()) {
            (search.progress)(range.start.into(), self.sets.distinct().into())?;
            passing.walk(
                range,
                |set, other| (self.bounds[set as usize].0 < side(other)).then_some(Wanted::Any),
                |set, other, _| {
                    reached[other as usize].fetch_min(self.bounds[set as usize].0, Ordering::Relaxed);
                },
            )?;
            // What is known to leak from the lowest side has nothing more to find.
            passing.drop_done(|set| !open(set));
        }
        Ok(reached.into_iter().map(AtomicU32::into_inner).collect())
    }

    /// For each of these rows, which leak, its most similar row on a lower side.
    fn most_similar(&self, search: &Search<'_>, rows: &[u32]) -> Result<Vec<Leak>> {
        // By set, so that those of one set are found together.
        let mut wanted: Vec<(u32, u32)> = rows.iter().map(|row| (self.sets.set_of(*row), *row)).collect();
        wanted.sort_unstable();
        let best: Vec<Mutex<Option<Twin>>> = wanted
            .iter()
            .map(|(set, row)| {
                let size = self.sets.size(*set);
                let similarity = Similarity::of(size, size, size);
                Mutex::new(self.below(*set, self.of_row[*row as usize]).map(|of| Twin { of, similarity }))
            })
            .collect();
        let places = |set: u32| {
            let start = wanted.partition_point(|(other, _)| *other < set);
            start..start + wanted[start..].partition_point(|(other, _)| *other == set)
        };
        let passing =
            Passing::new(self.sets, search.threshold, search.method, |set| !places(set).is_empty())?;
        passing.walk(
            self.sets.all(),
            |set, _| (self.bounds[set as usize].0 < u32::MAX).then_some(Wanted::Any),
            |set, other, similarity| {
                for place in places(other) {
                    let side = self.of_row[wanted[place].1 as usize];
                    let Some(of) = self.below(set, side) else { continue };
                    let mut best = lock(&best[place]);
                    let better = best.is_none_or(|best| {
                        similarity.by_ratio(best.similarity).then(best.of.cmp(&of)).is_gt()
                    });
                    if better {
                        *best = Some(Twin { of, similarity });
                    }
                }
            },
        )?;
        let mut leaks: Vec<Leak> = (wanted.iter().zip(&best))
            .filter_map(|((_, row), best)| lock(best).map(|twin| Leak { row: *row, twin }))
            .collect();
        leaks.sort_unstable_by_key(|leak| leak.row);
        Ok(leaks)
    }

    /// The first row with an equal one on a lower side.
    fn equal(&self) -> Option<Leak> {
        let mut present = (0_u32..).zip(self.of_row).filter(|(_, side)| **side != ABSENT);
        present.find_map(|(row, side)| {
            let set = self.sets.set_of(row);
            let size = self.sets.size(set);
            let of = self.below(set, *side)?;
            Some(Leak { row, twin: Twin { of, similarity: Similarity::of(size, size, size) } })
        })
    }

    /// The most similar pair of different sets at or above the threshold.
    fn closest(&self, search: &Search<'_>, visits: u64) -> Result<Closest> {
        let best: Mutex<Option<Leak>> = Mutex::new(None);
        let higher = |set: u32| self.bounds[set as usize].1 > self.lowest;
        let passing = Passing::new(self.sets, search.threshold, search.method, higher)?;
        if visits < u64::MAX && passing.visits()? > visits {
            return Ok(Closest::Dear);
        }
        for range in rounds(self.sets.distinct()) {
            (search.progress)(range.start.into(), self.sets.distinct().into())?;
            passing.walk(
                range,
                |set, other| {
                    let crosses = self.bounds[set as usize].0 < self.bounds[other as usize].1;
                    let least =
                        || lock(&best).map_or(Wanted::Any, |leak| Wanted::AtLeast(leak.twin.similarity));
                    crosses.then(least)
                },
                |set, other, similarity| {
                    let Some((row, side)) = self.above(other, self.bounds[set as usize].0) else { return };
                    let Some(of) = self.below(set, side) else { return };
                    let mut best = lock(&best);
                    let better = best.is_none_or(|best| {
                        let first = (best.row, best.twin.of).cmp(&(row, of));
                        similarity.by_ratio(best.twin.similarity).then(first).is_gt()
                    });
                    if better {
                        *best = Some(Leak { row, twin: Twin { of, similarity } });
                    }
                },
            )?;
        }
        let best = best.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        Ok(best.map_or(Closest::None, Closest::Pair))
    }
}

/// What one thread left half done, another would not see: values are replaced whole.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Sets of the first part.
const FIRST: u32 = if cfg!(test) { 8 } else { 1 << 10 };

/// All sets in parts that grow: after the first ones, a crowd of leaking rows need not be looked at any more.
fn rounds(count: u32) -> impl Iterator<Item = Range<u32>> {
    let mut next = 0_u32;
    std::iter::from_fn(move || {
        let start = next;
        next = start.saturating_add((start / 2).max(FIRST)).min(count);
        (start < count).then_some(start..next)
    })
}
