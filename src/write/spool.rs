//! Rows wait on the disk until the judge has spoken.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;

use super::file::write_error;
use crate::error::{Error, Result};

/// Buffer for writing and reading the spool.
const BUFFER: usize = 256 << 10;

/// A temporary file of rows; it has no name and vanishes with the process.
pub struct Spool {
    writer: BufWriter<File>,
    place: std::path::PathBuf,
}

/// Lengths of the two things an entry holds, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// Bytes of the row.
    pub row: u32,
    /// Bytes of its provenance.
    pub provenance: u32,
}

impl Spool {
    /// A spool on the disk of `folder`.
    pub fn create(folder: &Path) -> Result<Self> {
        let file = tempfile::tempfile_in(folder).map_err(|error| write_error(folder, &error))?;
        Ok(Self { writer: BufWriter::with_capacity(BUFFER, file), place: folder.to_owned() })
    }

    /// Appends an entry.
    pub fn push(&mut self, row: &[u8], provenance: &[u8]) -> Result<Slice> {
        let length = |bytes: &[u8]| {
            u32::try_from(bytes.len()).map_err(|_| Error::internal("a row is longer than 4 GiB"))
        };
        let slice = Slice { row: length(row)?, provenance: length(provenance)? };
        self.writer
            .write_all(row)
            .and_then(|()| self.writer.write_all(provenance))
            .map_err(|error| write_error(&self.place, &error))?;
        Ok(slice)
    }

    /// Ends writing; entries are read in the order they were written.
    pub fn read(self) -> Result<SpoolReader> {
        let place = self.place;
        let mut file = self.writer.into_inner().map_err(|error| write_error(&place, error.error()))?;
        file.rewind().map_err(|error| write_error(&place, &error))?;
        Ok(SpoolReader {
            reader: BufReader::with_capacity(BUFFER, file),
            row: Vec::new(),
            provenance: Vec::new(),
        })
    }
}

/// Reads a spool from its beginning.
pub struct SpoolReader {
    reader: BufReader<File>,
    row: Vec<u8>,
    provenance: Vec<u8>,
}

impl SpoolReader {
    /// The next entry: row and provenance.
    pub fn next(&mut self, slice: Slice) -> Result<(&[u8], &[u8])> {
        let mut read = |buffer: &mut Vec<u8>, length: u32| {
            buffer.resize(length as usize, 0);
            self.reader
                .read_exact(buffer)
                .map_err(|error| Error::internal(format!("cannot read back a temporary file: {error}")))
        };
        read(&mut self.row, slice.row)?;
        read(&mut self.provenance, slice.provenance)?;
        Ok((&self.row, &self.provenance))
    }
}
