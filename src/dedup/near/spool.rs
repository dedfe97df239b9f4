//! Numbers that wait outside memory: sets beyond some megabytes lie in a temporary file.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::disk::{read_at, write_at};
use crate::error::{Error, Result};

/// Numbers in a row: in memory while they are few, otherwise in a file without a name.
pub(super) struct Spool {
    folder: PathBuf,
    /// Numbers that may stay in memory.
    most: usize,
    /// What is not yet in the file; everything when there is none.
    tail: Vec<u64>,
    /// The file and how many numbers it holds.
    file: Option<(File, u64)>,
}

impl Spool {
    /// A spool whose file would lie in `folder`; up to `most` numbers need none.
    pub(super) fn new(folder: &Path, most: usize) -> Self {
        Self { folder: folder.to_owned(), most, tail: Vec::new(), file: None }
    }

    /// How many numbers it holds.
    pub(super) fn len(&self) -> u64 {
        self.file.as_ref().map_or(0, |(_, length)| *length) + self.tail.len() as u64
    }

    /// Appends numbers.
    pub(super) fn push(&mut self, numbers: &[u64]) -> Result<()> {
        self.tail.extend_from_slice(numbers);
        let most = if self.file.is_some() { BUFFER } else { self.most };
        if self.tail.len() > most { self.flush() } else { Ok(()) }
    }

    /// Brings everything into the file, when there is one.
    pub(super) fn finish(&mut self) -> Result<()> {
        if self.file.is_some() { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        let failed = |error| {
            Error::output(format!("cannot write a temporary file in `{}`: {error}", self.folder.display()))
                .with_hint("make room there or give another folder for the output")
        };
        let (file, length) = match &mut self.file {
            Some(open) => open,
            none => none.insert((tempfile::tempfile_in(&self.folder).map_err(failed)?, 0)),
        };
        for part in self.tail.chunks(BUFFER) {
            write_at(file, &bytes_of(part), *length * 8).map_err(failed)?;
            *length += part.len() as u64;
        }
        self.tail = Vec::with_capacity(BUFFER + BUFFER / 8);
        Ok(())
    }

    /// The numbers of a range, in place when they are in memory, otherwise read into `room`. Any thread may ask.
    pub(super) fn read<'a>(&'a self, range: std::ops::Range<u64>, room: &'a mut Room) -> Result<&'a [u64]> {
        let outside = || Error::internal("a set lies outside its temporary file");
        let Some((file, _)) = &self.file else {
            let place = |at: u64| usize::try_from(at).map_err(|_| outside());
            return self.tail.get(place(range.start)?..place(range.end)?).ok_or_else(outside);
        };
        let count = usize::try_from(range.end.saturating_sub(range.start)).map_err(|_| outside())?;
        room.bytes.resize(count * 8, 0);
        read_at(file, &mut room.bytes, range.start * 8)
            .map_err(|error| Error::internal(format!("cannot read back a temporary file: {error}")))?;
        room.numbers.clear();
        room.numbers.extend(room.bytes.as_chunks().0.iter().map(|bytes| u64::from_le_bytes(*bytes)));
        Ok(&room.numbers)
    }

    /// Puts other numbers in the place of those from `start` on; there are as many.
    pub(super) fn replace(&mut self, start: u64, numbers: &[u64]) -> Result<()> {
        if let Some((file, _)) = &self.file {
            return write_at(file, &bytes_of(numbers), start * 8)
                .map_err(|error| Error::output(format!("cannot write a temporary file: {error}")));
        }
        let place =
            usize::try_from(start).ok().and_then(|start| self.tail.get_mut(start..start + numbers.len()));
        place.ok_or_else(|| Error::internal("a set lies outside its memory"))?.copy_from_slice(numbers);
        Ok(())
    }
}

/// Room to read numbers into, kept from one reading to the next.
#[derive(Default)]
pub(super) struct Room {
    bytes: Vec<u8>,
    numbers: Vec<u64>,
}

/// Numbers written at once: half a megabyte.
const BUFFER: usize = 1 << 16;

fn bytes_of(numbers: &[u64]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_and_file_hold_the_same() {
        let folder = tempfile::tempdir().unwrap();
        for most in [usize::MAX, 10] {
            let mut spool = Spool::new(folder.path(), most);
            for start in (0..200_000).step_by(20) {
                spool.push(&(start..start + 20).collect::<Vec<u64>>()).unwrap();
            }
            spool.finish().unwrap();
            assert_eq!(spool.len(), 200_000);
            spool.replace(70_000, &[1, 2]).unwrap();
            let mut room = Room::default();
            assert_eq!(spool.read(69_999..70_003, &mut room).unwrap(), [69_999, 1, 2, 70_002]);
            assert!(spool.read(199_999..200_001, &mut room).is_err());
        }
    }
}
