//! Rows wait on the disk until the judge has spoken.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;
use std::thread::JoinHandle;

use super::{append, full, packed, temporary_file};
use crate::error::{Error, Result};

/// Bytes of the spool that are read at once.
const WINDOW: usize = 256 << 10;

/// A temporary file of rows; it has no name and vanishes with the process.
pub struct Spool(File);

/// Lengths of the two things an entry holds, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// Bytes of the row.
    pub row: u32,
    /// Bytes of its provenance.
    pub provenance: u32,
}
packed!(Slice { row: u32, provenance: u32 });

impl Slice {
    /// The lengths of an entry; an error for what is longer than any record may be.
    pub fn of(row: usize, provenance: usize) -> Result<Self> {
        let length =
            |bytes: usize| u32::try_from(bytes).map_err(|_| Error::internal("a row is longer than 4 GiB"));
        Ok(Self { row: length(row)?, provenance: length(provenance)? })
    }
}

impl Spool {
    /// A spool on the disk of `folder`.
    pub fn create(folder: &Path) -> Result<Self> {
        temporary_file(folder).map(Self)
    }

    /// Appends entries, each a row and its provenance; best many at once.
    pub fn push(&mut self, entries: &[u8]) -> Result<()> {
        append(&self.0, entries)
    }

    /// Ends writing; entries are read in the order they were written.
    pub fn read(mut self) -> Result<SpoolReader> {
        self.0.rewind().map_err(|error| full(&error))?;
        Ok(SpoolReader { file: self.0, window: Vec::new(), start: 0 })
    }
}

/// Reads a spool from its beginning.
pub struct SpoolReader {
    file: File,
    /// What is read and not handed out yet, from `start` on.
    window: Vec<u8>,
    start: usize,
}

/// A spool that is given back to the system: it takes its time with what a large one held.
pub struct Freeing(Option<JoinHandle<()>>);

impl Drop for Freeing {
    fn drop(&mut self) {
        let _ = self.0.take().map(JoinHandle::join);
    }
}

impl SpoolReader {
    /// Gives the spool back beside what goes on; dropping waits for that.
    pub fn free(self) -> Freeing {
        // Without a thread it is given back at once.
        Freeing(std::thread::Builder::new().name("free".to_owned()).spawn(move || drop(self)).ok())
    }

    /// The next entry: row and provenance.
    pub fn next(&mut self, slice: Slice) -> Result<(&[u8], &[u8])> {
        let (row, provenance) = (slice.row as usize, slice.provenance as usize);
        let length = row + provenance;
        if self.window.len() - self.start < length {
            self.fill(length)?;
        }
        let entry = self.window.get(self.start..self.start + length).unwrap_or_default();
        self.start += length;
        entry
            .split_at_checked(row)
            .ok_or_else(|| Error::internal("a temporary file is shorter than was written"))
    }

    /// Reads on until at least `length` bytes are held, if there are so many.
    fn fill(&mut self, length: usize) -> Result<()> {
        self.window.drain(..self.start);
        self.start = 0;
        let wanted = length.max(WINDOW) - self.window.len();
        (&mut self.file)
            .take(wanted as u64)
            .read_to_end(&mut self.window)
            .map(|_| ())
            .map_err(|error| Error::internal(format!("cannot read back a temporary file: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_whatever_their_length() {
        let folder = tempfile::tempdir().unwrap();
        let mut spool = Spool::create(folder.path()).unwrap();
        let entries: Vec<(Vec<u8>, Vec<u8>)> = [0, 1, 7, WINDOW - 9, 3, 3 * WINDOW, 0, 12]
            .into_iter()
            .map(|length| (vec![b'r'; length], vec![b'p'; length % 5]))
            .collect();
        for (row, provenance) in &entries {
            spool.push(&[row.as_slice(), provenance].concat()).unwrap();
        }
        let mut reader = spool.read().unwrap();
        for (row, provenance) in &entries {
            let slice = Slice::of(row.len(), provenance.len()).unwrap();
            assert!(reader.next(slice).unwrap() == (row, provenance));
        }
        assert!(reader.next(Slice { row: 1, provenance: 0 }).is_err());
    }
}
