//! Adding a run to an index.

use std::path::Path;

use super::History;
use super::header::count_up_to;
use super::place::{between, home};
use super::segment::{Digest, Head, MAGIC, NAMES_MOST, Names, Row};
use crate::disk::{Log, Packed, write_at};
use crate::error::{Error, Result};
use crate::text::number::thousands;

/// Bytes that are written at once.
const BLOCK: usize = 256 << 10;

/// The rows of a run on their way into the index. Dropped before [`Addition::seal`], it leaves the index as it was.
pub struct Addition<'a> {
    history: &'a History,
    /// Where the next bytes go.
    at: u64,
    bytes: Vec<u8>,
    sum: blake3::Hasher,
    /// None once it is written.
    table: Option<Log<Row>>,
    rows: u64,
    shingles: u64,
    sealed: bool,
}

impl<'a> Addition<'a> {
    /// Begins a run behind what counts; what stands there is cut off. `folder` has room for a temporary file.
    pub fn begin(history: &'a History, folder: &Path) -> Result<Self> {
        let table = Some(Log::create(folder)?);
        history.still_has(history.length)?;
        history.file.set_len(history.end).map_err(|error| history.not_written(&error))?;
        Ok(Self {
            history,
            at: history.end + Head::BYTES as u64,
            bytes: Vec::new(),
            sum: blake3::Hasher::new(),
            table,
            rows: 0,
            shingles: 0,
            sealed: false,
        })
    }

    /// Adds a row that the run keeps: where it came from, and its set of shingles, sorted and without repeats.
    pub fn add(&mut self, fingerprint: u128, source: u32, line: u32, set: &[u64]) -> Result<()> {
        let shingles =
            u32::try_from(set.len()).map_err(|_| Error::internal("a set has too many shingles"))?;
        let table = self.table.as_mut().ok_or_else(ended)?;
        table.push(Row { fingerprint, source, line, shingles })?;
        self.rows += 1;
        self.shingles += u64::from(shingles);
        self.bytes.extend(set.iter().flat_map(|shingle| shingle.to_le_bytes()));
        self.flush_from(BLOCK)
    }

    /// Rows added.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Writes the rest and who the run was, and has everything synced. The run counts as soon as its folder, `output`, holds the
    /// manifest with this digest.
    pub fn seal(&mut self, output: &Path, sources: Vec<String>, manifest: Digest) -> Result<()> {
        let names = Names {
            folder: output.to_string_lossy().into_owned(),
            place: between(&home(&self.history.path), output),
            sources,
        };
        let names = names.encode();
        if names.len() as u64 > NAMES_MOST {
            return Err(Error::input(format!(
                "the names of all sources have {} bytes, more than an index takes",
                thousands(names.len() as u64)
            ))
            .with_hint("prepare the inputs in several runs, or put small files together"));
        }
        let sets_sum = self.end_part()?;
        let table = self.table.take().ok_or_else(ended)?.finish()?;
        for row in table.iter() {
            row?.append(&mut self.bytes);
            self.flush_from(BLOCK)?;
        }
        let table_sum = self.end_part()?;
        self.bytes.extend_from_slice(&names);
        let names_sum = self.end_part()?;
        let mut head = Head {
            magic: MAGIC,
            number: self.history.next_run(),
            replaces: self.history.replaces,
            rows: self.rows,
            shingles: self.shingles,
            names: names.len() as u64,
            manifest,
            sets_sum,
            table_sum,
            names_sum,
            check: [0; 32],
        };
        head.check = head.sum();
        self.history.still_has(self.at)?;
        let mut bytes = Vec::with_capacity(Head::BYTES);
        head.append(&mut bytes);
        let written = write_at(&self.history.file, &bytes, self.history.end);
        written
            .and_then(|()| self.history.file.sync_all())
            .map_err(|error| self.history.not_written(&error))?;
        self.sealed = true;
        Ok(())
    }

    /// Has the run count, now that its folder is whole.
    pub fn confirm(self) -> Result<()> {
        count_up_to(&self.history.file, self.at).map_err(|error| {
            Error::output(format!(
                "cannot write to the index `{}` that this run counts: {error}",
                self.history.path.display()
            ))
            .with_hint("the output folder is whole, and the next run with the index finds it there")
        })
    }

    /// Ends a part of the run, and gives its digest.
    fn end_part(&mut self) -> Result<Digest> {
        self.flush_from(1)?;
        Ok(*std::mem::take(&mut self.sum).finalize().as_bytes())
    }

    /// Writes what waits, when it is so much.
    fn flush_from(&mut self, least: usize) -> Result<()> {
        if self.bytes.len() < least {
            return Ok(());
        }
        self.sum.update(&self.bytes);
        write_at(&self.history.file, &self.bytes, self.at)
            .map_err(|error| self.history.not_written(&error))?;
        self.at += self.bytes.len() as u64;
        self.bytes.clear();
        Ok(())
    }
}

fn ended() -> Error {
    Error::internal("a run was recorded twice")
}

impl Drop for Addition<'_> {
    fn drop(&mut self) {
        // What stays, because it cannot be cut off now, is known by the next run for what it is.
        if !self.sealed {
            let _ = self.history.file.set_len(self.history.end);
        }
    }
}
