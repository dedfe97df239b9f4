//! Records sorted, however many there are: sorted in memory piece by piece, and merged while they are read.

use std::cmp::Reverse;
use std::collections::binary_heap::{BinaryHeap, PeekMut};
use std::fs::File;
use std::path::{Path, PathBuf};

use rayon::slice::ParallelSliceMut;

use super::log::{Block, Run};
use super::{BLOCK, Packed, append, temporary_file};
use crate::error::Result;

/// Bytes of records that are sorted in memory. Runs of this length are merged: a thousand of them are 8 GB.
const HELD: usize = 8 << 20;
/// Bytes that all runs together hold while they are merged.
const MERGING: usize = 8 << 20;
/// Records that are sorted before several threads have begun.
const SORTED_ALONE: usize = 1 << 16;

/// Takes records in any order.
pub struct Sorter<T> {
    held: Vec<T>,
    most: usize,
    spilled: Option<Spilled>,
    folder: PathBuf,
}

/// Sorted runs on the disk.
struct Spilled {
    file: File,
    /// Where each run ends.
    ends: Vec<u64>,
}

impl<T: Packed + Ord + Send> Sorter<T> {
    /// An empty sorter, which writes to the disk of `folder` what memory is too small for.
    pub fn new(folder: &Path) -> Self {
        Self::holding(HELD, folder)
    }

    /// One that holds so many bytes of records in memory: for who holds little else.
    pub fn holding(bytes: usize, folder: &Path) -> Self {
        Self::of_most(bytes / size_of::<T>().max(1), folder)
    }

    fn of_most(most: usize, folder: &Path) -> Self {
        Self { held: Vec::new(), most, spilled: None, folder: folder.to_owned() }
    }

    /// Adds a record.
    pub fn push(&mut self, record: T) -> Result<()> {
        if self.held.len() == self.most {
            self.spill()?;
        }
        self.held.push(record);
        Ok(())
    }

    fn spill(&mut self) -> Result<()> {
        let mut spilled = match self.spilled.take() {
            Some(spilled) => spilled,
            None => Spilled { file: temporary_file(&self.folder)?, ends: Vec::new() },
        };
        self.held.sort_unstable();
        let mut end = spilled.ends.last().copied().unwrap_or(0);
        let mut bytes = Vec::with_capacity(BLOCK + T::BYTES);
        for records in self.held.chunks((BLOCK / T::BYTES).max(1)) {
            bytes.clear();
            records.iter().for_each(|record| record.append(&mut bytes));
            append(&spilled.file, &bytes)?;
            end += bytes.len() as u64;
        }
        spilled.ends.push(end);
        self.spilled = Some(spilled);
        self.held.clear();
        Ok(())
    }

    /// Ends adding.
    pub fn finish(mut self) -> Result<Sorted<T>> {
        if self.spilled.is_some() {
            self.spill()?;
            // Merging wants the room.
            self.held = Vec::new();
        } else if self.held.len() > SORTED_ALONE {
            self.held.par_sort_unstable();
        } else {
            self.held.sort_unstable();
        }
        Ok(Sorted { held: self.held, spilled: self.spilled })
    }
}

/// Records in their order.
pub struct Sorted<T> {
    held: Vec<T>,
    spilled: Option<Spilled>,
}

impl<T: Packed + Ord> Sorted<T> {
    /// All records, the smallest first; as often as wanted.
    pub fn iter(&self) -> impl Iterator<Item = Result<T>> + '_ {
        let ends = self.spilled.as_ref().map_or(&[][..], |spilled| &spilled.ends);
        let starts = [0].into_iter().chain(ends.iter().copied());
        let each = MERGING / ends.len().max(1);
        let runs = self.spilled.iter().flat_map(|spilled| {
            let run = |(at, end)| Run { file: &spilled.file, at, end, block: Block::new(each.min(BLOCK)) };
            starts.clone().zip(ends.iter().copied()).map(run)
        });
        self.held.iter().copied().map(Ok).chain(Merge { runs: runs.collect(), heap: None })
    }
}

/// The smallest of what all runs have next.
struct Merge<'a, T> {
    runs: Vec<Run<'a, T>>,
    /// The first record of each run that has one; none before the first record is asked for.
    heap: Option<BinaryHeap<Reverse<(T, usize)>>>,
}

impl<T: Packed + Ord> Merge<'_, T> {
    fn pop(&mut self) -> Result<Option<T>> {
        if self.heap.is_none() {
            let firsts = self.runs.iter_mut().enumerate();
            let firsts =
                firsts.filter_map(|(index, run)| Some(run.next()?.map(|first| Reverse((first, index)))));
            self.heap = Some(firsts.collect::<Result<_>>()?);
        }
        let Some(heap) = &mut self.heap else { return Ok(None) };
        let Some(mut top) = heap.peek_mut() else { return Ok(None) };
        let Reverse((record, index)) = *top;
        match self.runs.get_mut(index).and_then(Iterator::next).transpose()? {
            Some(next) => *top = Reverse((next, index)),
            None => _ = PeekMut::pop(top),
        }
        Ok(Some(record))
    }
}

impl<T: Packed + Ord> Iterator for Merge<'_, T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        self.pop().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_sorted_however_few_are_held() {
        let folder = tempfile::tempdir().unwrap();
        let all: Vec<(u64, u32)> =
            (0..5_000u32).map(|number| (u64::from(number * 7_919 % 1_000), number)).collect();
        let mut wanted = all.clone();
        wanted.sort_unstable();
        for most in [1, 7, 4_999, 5_000, 5_001] {
            let mut sorter = Sorter::of_most(most, folder.path());
            all.iter().for_each(|record| sorter.push(*record).unwrap());
            let sorted = sorter.finish().unwrap();
            for _ in 0..2 {
                assert_eq!(sorted.iter().collect::<Result<Vec<_>>>().unwrap(), wanted, "{most} held");
            }
        }
        let none: Sorted<(u64, u32)> = Sorter::new(folder.path()).finish().unwrap();
        assert!(none.iter().next().is_none());
    }
}
