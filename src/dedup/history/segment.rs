//! One run in an index: who it was, and its rows.
//!
//! ```text
//! head   number, what it replaces, sizes, digest of the run's manifest, BLAKE3 of each part and of the head
//! sets   the shingles of all rows, eight bytes each, sorted within a row
//! table  a row: fingerprint, source, line, how many shingles
//! names  folder as it was given, folder seen from the index, sources
//! ```
//!
//! Rows of the table have one length, so that a row is found by its number. Shingles are hashes: the steps between sorted ones
//! are nearly as long as they are, and packing them gains a tenth.

use std::fs::File;

use super::fault::Fault;
use crate::disk::{Packed, packed, read_at};

/// A BLAKE3 digest.
pub type Digest = [u8; 32];

/// The first bytes of every run.
pub(super) const MAGIC: [u8; 4] = *b"run\n";

/// Bytes that are read at once.
const BLOCK: u64 = 256 << 10;

/// Most bytes of names: some million files.
pub(super) const NAMES_MOST: u64 = 256 << 20;

/// What comes first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    pub magic: [u8; 4],
    /// Runs are numbered from 1.
    pub number: u32,
    /// This run was made again, and all that came behind it; 0: none.
    pub replaces: u32,
    pub rows: u64,
    pub shingles: u64,
    /// Bytes of the names.
    pub names: u64,
    /// The digest of the manifest in the run's folder: without it the run does not count.
    pub manifest: Digest,
    pub sets_sum: Digest,
    pub table_sum: Digest,
    pub names_sum: Digest,
    /// The digest of everything before it.
    pub check: Digest,
}
packed!(Head {
    magic: [u8; 4],
    number: u32,
    replaces: u32,
    rows: u64,
    shingles: u64,
    names: u64,
    manifest: Digest,
    sets_sum: Digest,
    table_sum: Digest,
    names_sum: Digest,
    check: Digest,
});

impl Head {
    pub fn sum(self) -> Digest {
        let mut bytes = Vec::with_capacity(Self::BYTES);
        self.append(&mut bytes);
        bytes.truncate(Self::BYTES - size_of::<Digest>());
        *blake3::hash(&bytes).as_bytes()
    }

    /// Bytes of its parts: sets, table, names.
    fn parts(&self) -> Option<[u64; 3]> {
        Some([self.shingles.checked_mul(8)?, self.rows.checked_mul(Row::BYTES as u64)?, self.names])
    }
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub fingerprint: u128,
    pub source: u32,
    pub line: u32,
    pub shingles: u32,
}
packed!(Row { fingerprint: u128, source: u32, line: u32, shingles: u32 });

/// A run as its head and its names tell it.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub head: Head,
    /// Where its sets, its table and its names begin, and where it ends.
    pub at: [u64; 4],
    pub names: Names,
}

/// Who the run was.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Names {
    /// Its folder, as it was given.
    pub folder: String,
    /// The way to it from the folder of the index.
    pub place: String,
    /// What it read.
    pub sources: Vec<String>,
}

impl Names {
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let all = [&self.folder, &self.place].into_iter().chain(&self.sources);
        for name in all {
            // Files have no names of four gigabytes.
            u32::try_from(name.len()).unwrap_or(u32::MAX).append(&mut bytes);
            bytes.extend_from_slice(name.as_bytes());
        }
        bytes
    }

    fn decode(mut bytes: &[u8]) -> Option<Self> {
        let mut names = Vec::new();
        while !bytes.is_empty() {
            let length = usize::try_from(u32::unpack(bytes)?).ok()?;
            let (name, rest) = bytes.get(u32::BYTES..)?.split_at_checked(length)?;
            names.push(String::from_utf8(name.to_vec()).ok()?);
            bytes = rest;
        }
        let mut names = names.into_iter();
        Some(Self { folder: names.next()?, place: names.next()?, sources: names.collect() })
    }
}

impl Run {
    /// The run that begins at `at` and does not reach beyond `end`, without its rows.
    pub fn read(file: &File, at: u64, end: u64) -> Result<Self, Fault> {
        let damaged = || Fault::Damaged("the head of a run");
        let start = at.checked_add(Head::BYTES as u64).filter(|start| *start <= end).ok_or_else(damaged)?;
        let mut bytes = vec![0; Head::BYTES];
        read_at(file, &mut bytes, at)?;
        let head = Head::unpack(&bytes);
        let head = head.filter(|head| head.magic == MAGIC && head.check == head.sum()).ok_or_else(damaged)?;
        let mut places = [start; 4];
        for (part, length) in head.parts().ok_or_else(damaged)?.into_iter().enumerate() {
            let next = places[part].checked_add(length).filter(|next| *next <= end).ok_or_else(damaged)?;
            places[part + 1] = next;
        }
        if head.names > NAMES_MOST {
            return Err(damaged());
        }
        let mut names = Stream::new(file, places[2], places[3]);
        let text = names.take(head.names)?.to_vec();
        names.finish(&head.names_sum)?;
        let names = Names::decode(&text).ok_or(Fault::Damaged("the names of a run"))?;
        Ok(Self { head, at: places, names })
    }

    /// Gives the rows in order, each with its set; what was given counts only when this ends well.
    pub fn rows<E: From<Fault>>(
        &self,
        file: &File,
        mut each: impl FnMut(Row, &[u64]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut sets = Stream::new(file, self.at[0], self.at[1]);
        let mut table = Stream::new(file, self.at[1], self.at[2]);
        let mut set: Vec<u64> = Vec::new();
        for _ in 0..self.head.rows {
            let row = Row::unpack(table.take(Row::BYTES as u64)?);
            let row = row.ok_or(Fault::Damaged("a row of a run"))?;
            let shingles = sets.take(u64::from(row.shingles) * 8)?;
            set.clear();
            set.extend(shingles.as_chunks().0.iter().map(|bytes| u64::from_le_bytes(*bytes)));
            // Whoever compares sets takes that for granted.
            if !set.is_sorted_by(|a, b| a < b) {
                return Err(Fault::Damaged("the set of a row").into());
            }
            each(row, &set)?;
        }
        sets.finish(&self.head.sets_sum)?;
        table.finish(&self.head.table_sum)?;
        Ok(())
    }

    /// One row, by its number from 0.
    pub fn row(&self, file: &File, number: u64) -> Result<Row, Fault> {
        let mut bytes = vec![0; Row::BYTES];
        read_at(file, &mut bytes, self.at[1] + number * Row::BYTES as u64)?;
        Row::unpack(&bytes).ok_or(Fault::Damaged("a row of a run"))
    }
}

/// A part of the file, read from its beginning to its end and held against its digest.
struct Stream<'a> {
    file: &'a File,
    at: u64,
    end: u64,
    bytes: Vec<u8>,
    start: usize,
    hasher: blake3::Hasher,
}

impl<'a> Stream<'a> {
    fn new(file: &'a File, at: u64, end: u64) -> Self {
        Self { file, at, end, bytes: Vec::new(), start: 0, hasher: blake3::Hasher::new() }
    }

    /// The next `count` bytes. What is not there is not made room for.
    fn take(&mut self, count: u64) -> Result<&[u8], Fault> {
        let held = (self.bytes.len() - self.start) as u64;
        if count > held {
            if count - held > self.end - self.at {
                return Err(Fault::Damaged("the length of a row"));
            }
            self.bytes.drain(..self.start);
            self.start = 0;
            let more = BLOCK.max(count - held).min(self.end - self.at);
            let old = self.bytes.len();
            self.bytes
                .resize(old + usize::try_from(more).map_err(|_| Fault::Damaged("the length of a row"))?, 0);
            let fresh = self.bytes.get_mut(old..).unwrap_or_default();
            read_at(self.file, fresh, self.at)?;
            self.hasher.update(fresh);
            self.at += more;
        }
        let count = usize::try_from(count).map_err(|_| Fault::Damaged("the length of a row"))?;
        let taken = self.bytes.get(self.start..self.start + count);
        self.start += count;
        taken.ok_or(Fault::Damaged("the length of a row"))
    }

    /// Everything was taken, and it is what was written.
    fn finish(self, wanted: &Digest) -> Result<(), Fault> {
        let taken = self.at == self.end && self.start == self.bytes.len();
        if taken && self.hasher.finalize().as_bytes() == wanted {
            return Ok(());
        }
        Err(Fault::Damaged("what a run recorded"))
    }
}
