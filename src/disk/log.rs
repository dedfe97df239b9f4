//! Records in the order in which they came.

use std::fs::File;
use std::marker::PhantomData;
use std::path::Path;

use super::{BLOCK, Packed, append, read_back, temporary_file};
use crate::error::{Error, Result};

/// Takes records, one after the other.
pub struct Log<T> {
    file: File,
    buffer: Vec<u8>,
    length: u64,
    kind: PhantomData<T>,
}

impl<T: Packed> Log<T> {
    /// An empty log on the disk of `folder`.
    pub fn create(folder: &Path) -> Result<Self> {
        Ok(Self { file: temporary_file(folder)?, buffer: Vec::new(), length: 0, kind: PhantomData })
    }

    /// Appends a record.
    pub fn push(&mut self, record: T) -> Result<()> {
        record.append(&mut self.buffer);
        self.length += 1;
        if self.buffer.len() >= BLOCK {
            append(&self.file, &self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }

    /// Ends writing.
    pub fn finish(self) -> Result<Records<T>> {
        append(&self.file, &self.buffer)?;
        Ok(Records { file: self.file, length: self.length, kind: PhantomData })
    }
}

/// Records that can be read.
pub struct Records<T> {
    file: File,
    length: u64,
    kind: PhantomData<T>,
}

impl<T: Packed> Records<T> {
    /// All records, in order.
    pub fn iter(&self) -> impl Iterator<Item = Result<T>> + '_ {
        Run { file: &self.file, at: 0, end: self.length * T::BYTES as u64, block: Block::new(BLOCK) }
    }

    /// One record, by its number from 0.
    pub fn get(&self, number: u32) -> Result<T> {
        let mut bytes = vec![0; T::BYTES];
        read_back(&self.file, &mut bytes, u64::from(number) * T::BYTES as u64)?;
        T::unpack(&bytes).ok_or_else(damaged)
    }
}

/// Part of a file that is not read yet.
pub(super) struct Run<'a, T> {
    pub(super) file: &'a File,
    pub(super) at: u64,
    pub(super) end: u64,
    pub(super) block: Block<T>,
}

/// Bytes read and not looked at yet.
pub(super) struct Block<T> {
    bytes: Vec<u8>,
    start: usize,
    size: usize,
    kind: PhantomData<T>,
}

impl<T: Packed> Block<T> {
    /// For at least one record and about `bytes` bytes.
    pub(super) fn new(bytes: usize) -> Self {
        let size = (bytes / T::BYTES).max(1) * T::BYTES;
        Self { bytes: Vec::new(), start: 0, size, kind: PhantomData }
    }
}

impl<T: Packed> Iterator for Run<'_, T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        let block = &mut self.block;
        if block.start == block.bytes.len() {
            let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
            if left == 0 {
                return None;
            }
            block.bytes.resize(block.size.min(left), 0);
            if let Err(error) = read_back(self.file, &mut block.bytes, self.at) {
                return Some(Err(error));
            }
            self.at += block.bytes.len() as u64;
            block.start = 0;
        }
        let end = block.start + T::BYTES;
        let record = block.bytes.get(block.start..end).and_then(T::unpack);
        block.start = end;
        Some(record.ok_or_else(damaged))
    }
}

fn damaged() -> Error {
    Error::internal("a temporary file does not hold what was written to it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_in_order_and_by_number() {
        let folder = tempfile::tempdir().unwrap();
        for length in [0, 1, 50_000u32] {
            let mut log = Log::create(folder.path()).unwrap();
            (0..length).for_each(|number| log.push((number, u64::from(number) << 20)).unwrap());
            let records: Records<(u32, u64)> = log.finish().unwrap();
            let all: Vec<(u32, u64)> = records.iter().map(Result::unwrap).collect();
            assert_eq!(all, (0..length).map(|number| (number, u64::from(number) << 20)).collect::<Vec<_>>());
            for number in (0..length).step_by(9_999) {
                assert_eq!(records.get(number).unwrap().0, number);
            }
            assert!(records.get(length).is_err());
        }
    }
}
