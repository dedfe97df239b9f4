//! Rows that are laid aside and taken up again in any order.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use super::file::{BUFFER, write_error};
use crate::error::{Error, Result};

/// A temporary file of rows; it has no name and vanishes with the process.
pub struct Scratch {
    writer: BufWriter<File>,
    end: u64,
    place: PathBuf,
}

impl Scratch {
    /// An empty one, in the folder of the system for temporary files.
    pub fn create() -> Result<Self> {
        let place = std::env::temp_dir();
        let file = tempfile::tempfile_in(&place).map_err(|error| write_error(&place, &error))?;
        Ok(Self { writer: BufWriter::with_capacity(BUFFER, file), end: 0, place })
    }

    /// Appends bytes; where they begin.
    pub fn push(&mut self, bytes: &[u8]) -> Result<u64> {
        let begin = self.end;
        self.writer.write_all(bytes).map_err(|error| write_error(&self.place, &error))?;
        self.end += bytes.len() as u64;
        Ok(begin)
    }

    /// Ends writing.
    pub fn read(self) -> Result<ScratchReader> {
        let place = self.place;
        let file = self.writer.into_inner().map_err(|error| write_error(&place, error.error()))?;
        Ok(ScratchReader { file })
    }
}

/// Reads what was laid aside.
pub struct ScratchReader {
    file: File,
}

impl ScratchReader {
    /// `length` bytes from `begin` on.
    pub fn at(&self, begin: u64, length: u32) -> Result<Vec<u8>> {
        let mut file = &self.file;
        let mut bytes = vec![0; length as usize];
        file.seek(SeekFrom::Start(begin))
            .and_then(|_| file.read_exact(&mut bytes))
            .map_err(|error| Error::internal(format!("cannot read back a temporary file: {error}")))?;
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
}
