//! Rows that are laid aside and taken up again in any order.

use std::fs::File;

use super::{BLOCK, append, read_back, temporary_file};
use crate::error::Result;

/// A temporary file of rows; it has no name and vanishes with the process.
pub struct Scratch {
    file: File,
    /// What is not written yet.
    held: Vec<u8>,
    end: u64,
}

impl Scratch {
    /// An empty one, in the folder of the system for temporary files.
    pub fn create() -> Result<Self> {
        let file = temporary_file(&std::env::temp_dir())?;
        Ok(Self { file, held: Vec::with_capacity(BLOCK), end: 0 })
    }

    /// Appends bytes; where they begin.
    pub fn push(&mut self, bytes: &[u8]) -> Result<u64> {
        if self.held.len() + bytes.len() > BLOCK {
            append(&self.file, &self.held)?;
            self.held.clear();
        }
        if bytes.len() < BLOCK {
            self.held.extend_from_slice(bytes);
        } else {
            append(&self.file, bytes)?;
        }
        let begin = self.end;
        self.end += bytes.len() as u64;
        Ok(begin)
    }

    /// Ends writing.
    pub fn read(self) -> Result<ScratchReader> {
        append(&self.file, &self.held)?;
        Ok(ScratchReader { file: self.file })
    }
}

/// Reads what was laid aside.
pub struct ScratchReader {
    file: File,
}

impl ScratchReader {
    /// `length` bytes from `begin` on, whoever else reads.
    pub fn at(&self, begin: u64, length: u32) -> Result<Vec<u8>> {
        let mut bytes = vec![0; length as usize];
        read_back(&self.file, &mut bytes, begin)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_laid_aside_is_read_in_any_order() {
        let mut scratch = Scratch::create().unwrap();
        let places: Vec<u64> =
            ["first", "", "third"].iter().map(|row| scratch.push(row.as_bytes()).unwrap()).collect();
        let reader = scratch.read().unwrap();
        assert_eq!(reader.at(places[2], 5).unwrap(), b"third");
        assert_eq!(reader.at(places[0], 5).unwrap(), b"first");
        assert_eq!(reader.at(places[1], 0).unwrap(), b"");
        assert!(reader.at(places[2], 6).is_err());
    }

    #[test]
    fn several_read_at_once() {
        let mut scratch = Scratch::create().unwrap();
        let rows: Vec<Vec<u8>> =
            (0..400_u32).map(|n| n.to_le_bytes().repeat(if n % 50 == 0 { BLOCK } else { 200 })).collect();
        let places: Vec<u64> = rows.iter().map(|row| scratch.push(row).unwrap()).collect();
        let reader = scratch.read().unwrap();
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let (rows, places, reader) = (&rows, &places, &reader);
                scope.spawn(move || {
                    for (row, place) in rows.iter().zip(places).skip(thread) {
                        let length = u32::try_from(row.len()).unwrap();
                        assert!(reader.at(*place, length).unwrap() == *row);
                    }
                });
            }
        });
    }
}
