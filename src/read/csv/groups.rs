//! One frame a conversation, from a table whose rows are messages in any order.
//!
//! A first walk over the source keeps where each row stands and which conversation it belongs to, and no
//! text. Where the rows of each conversation stand together, a second walk streams them; where they do not,
//! the source is copied, unpacked, to a temporary file and rows are read from it by place. Conversations come
//! in the order of their first rows.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use rustc_hash::FxHashMap;

use super::order;
use super::records::{Layout, Records};
use super::row::{Fit, Table};
use super::split::{count, nth};
use super::turns::Key;
use super::value::identifier;
use crate::error::{Error, Result};
use crate::model::Origin;
use crate::read::frame::{Batch, Feed, FrameFault, Frames, Groups, KEPT_OF_TOO_LONG};
use crate::read::settings::ReadSettings;
use crate::read::source::Source;
use crate::text::encoding::to_text;
use crate::text::hash::fingerprint;

/// Frames of conversations.
pub(super) struct Grouped {
    source: Source,
    settings: ReadSettings,
    layout: Layout,
    table: Table,
    key: Key,
    state: State,
}

enum State {
    Fresh,
    Streaming { index: Index, records: Records, row: usize },
    Scattered { index: Index, rows: Vec<u32>, copy: File, at: usize },
}

/// Where a row stands. 24 bytes: the memory that a table of messages takes for each of its rows, besides 4
/// where rows are scattered.
struct Entry {
    offset: u64,
    line: u64,
    length: u32,
    group: u32,
}

struct Index {
    entries: Vec<Entry>,
    /// Rows longer than the limit, with their length, sorted.
    too_long: Vec<(usize, u64)>,
    contiguous: bool,
}

impl Index {
    /// Numbers the groups by their first rows.
    fn number(&mut self, groups: &mut Groups) {
        let mut numbers: Vec<u32> = vec![u32::MAX; groups.made()];
        let (mut next, mut current) = (0, u32::MAX);
        for entry in &mut self.entries {
            let root = groups.root(entry.group) as usize;
            if numbers[root] == u32::MAX {
                numbers[root] = next;
                next += 1;
            } else if numbers[root] != current {
                self.contiguous = false;
            }
            current = numbers[root];
            entry.group = current;
        }
    }
}

impl Grouped {
    pub(super) fn new(
        source: &Source,
        settings: &ReadSettings,
        layout: Layout,
        table: Table,
        key: Key,
    ) -> Self {
        let (source, settings) = (source.clone(), settings.clone());
        Self { source, settings, layout, table, key, state: State::Fresh }
    }

    fn records(&self) -> Result<Records> {
        let feed = Feed::new(self.source.open(&self.settings)?, self.source.name.clone());
        Ok(Records::new(feed, self.source.index, self.settings.limits.record_bytes, self.layout))
    }

    fn index(&self) -> Result<Index> {
        let mut records = self.records()?;
        let mut index = Index { entries: Vec::new(), too_long: Vec::new(), contiguous: true };
        let mut groups = Groups::default();
        let mut stretches = Stretches::new(self.key);
        while let Some(row) = records.next_row()? {
            let bytes = records.bytes();
            let alone = row.fault.is_some() || self.table.repeats_header(bytes);
            let cell = |column: usize| {
                let text = self.cell(bytes, column);
                let id = identifier(&text);
                (!alone && !id.is_empty()).then(|| fingerprint(id.as_bytes()))
            };
            let group = match self.key {
                Key::Id(column) => groups.of(cell(column))?,
                Key::Replies { message, parent } => {
                    let group = groups.of(cell(message))?;
                    if let Some(parent) = cell(parent) {
                        let parent = groups.of(Some(parent))?;
                        groups.join(group, parent);
                    }
                    group
                }
                Key::Pair { from, to, time, day_first, .. } => match (cell(from), cell(to)) {
                    (Some(from), Some(to)) => {
                        let now = time.and_then(|time| order::moment(&self.cell(bytes, time), day_first));
                        groups.of(Some(stretches.of(from, to, now)))?
                    }
                    _ => groups.of(None)?,
                },
            };
            if row.fault.is_some() {
                index.too_long.push((index.entries.len(), row.origin.length));
            }
            let length =
                u32::try_from(bytes.len()).map_err(|_| Error::input("a row is longer than 4 GiB"))?;
            index.entries.push(Entry { offset: row.origin.offset, line: row.origin.line, length, group });
        }
        index.number(&mut groups);
        Ok(index)
    }

    /// The text of a cell; empty where separators in a text may have moved it.
    fn cell<'a>(&self, row: &'a [u8], column: usize) -> Cow<'a, str> {
        let dialect = self.layout.dialect;
        let moved = self.table.prose.iter().any(|prose| *prose < column)
            && count(row, dialect) > self.table.header.width();
        if !moved {
            return to_text(nth(row, dialect, column).unwrap_or_default()).0;
        }
        let text = to_text(row).0;
        let cells = self.table.split(&text);
        match cells.fit {
            Fit::Surplus => Cow::Borrowed(""),
            Fit::Right | Fit::Joined => Cow::Owned(cells.text(column).trim().to_owned()),
        }
    }

    fn start(&mut self) -> Result<()> {
        let index = self.index()?;
        self.state = if index.contiguous {
            State::Streaming { index, records: self.records()?, row: 0 }
        } else {
            let mut copy = tempfile::tempfile().map_err(|error| self.no_copy(&error))?;
            let mut stream = self.source.open(&self.settings)?;
            std::io::copy(&mut stream, &mut copy).map_err(|error| self.no_copy(&error))?;
            let count = u32::try_from(index.entries.len())
                .map_err(|_| Error::input("a table of more than 4,294,967,295 rows"))?;
            let mut rows: Vec<u32> = (0..count).collect();
            // Stable: within a conversation the order of the file stays.
            rows.sort_by_key(|row| index.entries[*row as usize].group);
            State::Scattered { index, rows, copy, at: 0 }
        };
        Ok(())
    }

    fn no_copy(&self, error: &std::io::Error) -> Error {
        Error::output(format!("cannot copy `{}` to a temporary file: {error}", self.source.name)).with_hint(
            "its conversations are scattered over the file; sort it by conversation, or give the \
             temporary folder (`TMPDIR`) room",
        )
    }
}

/// The frame of one conversation, from its rows.
struct Building {
    origin: Origin,
    bytes: Vec<u8>,
    row_ends: Vec<usize>,
    length: u64,
    fault: Option<FrameFault>,
}

impl Building {
    fn new(source: u32, entry: &Entry) -> Self {
        let record = u64::from(entry.group) + 1;
        let origin = Origin { source, offset: entry.offset, length: 0, line: entry.line, record };
        Self { origin, bytes: Vec::new(), row_ends: Vec::new(), length: 0, fault: None }
    }

    fn add(&mut self, row: &[u8], real_length: u64, limit: usize, line_end: u8) {
        if self.length > 0 {
            self.bytes.push(line_end);
            self.length += 1;
        }
        self.length += real_length;
        if self.length > limit as u64 {
            self.fault = Some(FrameFault::TooLong { limit });
        }
        if self.fault.is_none() || self.bytes.len() < KEPT_OF_TOO_LONG {
            self.bytes.extend_from_slice(row);
            self.row_ends.push(self.bytes.len());
        }
        if self.fault.is_some() {
            self.bytes.truncate(KEPT_OF_TOO_LONG);
        }
    }

    fn push(mut self, batch: &mut Batch) {
        self.origin.length = self.length;
        match self.fault {
            Some(_) => batch.push(self.origin, &self.bytes, self.fault),
            None => batch.push_rows(self.origin, &self.bytes, &self.row_ends),
        }
    }
}

impl Index {
    fn real_length(&self, row: usize) -> u64 {
        match self.too_long.binary_search_by_key(&row, |(row, _)| *row) {
            Ok(at) => self.too_long[at].1,
            Err(_) => u64::from(self.entries[row].length),
        }
    }
}

impl Frames for Grouped {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool> {
        if matches!(self.state, State::Fresh) {
            self.start()?;
        }
        let limit = self.settings.limits.record_bytes;
        let line_end = self.layout.dialect.end;
        let changed = || {
            Error::input(format!("`{}` changed while it was read", self.source.name))
                .with_hint("wait until it is written, or copy it first")
        };
        match &mut self.state {
            State::Fresh => Ok(false),
            State::Streaming { index, records, row } => {
                while !batch.is_full() {
                    let Some(first) = index.entries.get(*row) else { return Ok(false) };
                    let mut building = Building::new(self.source.index, first);
                    while index.entries.get(*row).is_some_and(|entry| entry.group == first.group) {
                        let found = records.next_row()?;
                        if found.is_none_or(|found| found.origin.offset != index.entries[*row].offset) {
                            return Err(changed());
                        }
                        building.add(records.bytes(), index.real_length(*row), limit, line_end);
                        *row += 1;
                    }
                    building.push(batch);
                }
                Ok(true)
            }
            State::Scattered { index, rows, copy, at } => {
                let mut buffer = Vec::new();
                while !batch.is_full() {
                    let Some(first) = rows.get(*at).map(|row| &index.entries[*row as usize]) else {
                        return Ok(false);
                    };
                    let mut building = Building::new(self.source.index, first);
                    while let Some(row) = rows.get(*at).map(|row| *row as usize) {
                        let entry = &index.entries[row];
                        if entry.group != first.group {
                            break;
                        }
                        buffer.resize(entry.length as usize, 0);
                        copy.seek(SeekFrom::Start(entry.offset))
                            .and_then(|_| copy.read_exact(&mut buffer))
                            .map_err(|_| changed())?;
                        building.add(&buffer, index.real_length(row), limit, line_end);
                        *at += 1;
                    }
                    building.push(batch);
                }
                Ok(true)
            }
        }
    }
}

/// Messages between the same two without a long pause.
struct Stretches {
    gap_ms: i64,
    /// For each pair the time of its last row and the pauses so far.
    pairs: FxHashMap<u128, (Option<i64>, u64)>,
}

impl Stretches {
    fn new(key: Key) -> Self {
        let gap_ms = if let Key::Pair { gap_ms, .. } = key { gap_ms } else { 0 };
        Self { gap_ms, pairs: FxHashMap::default() }
    }

    /// What the rows of one stretch have in common, of which the next is from `now`. Files run forwards or backwards: a pause
    /// is a pause.
    fn of(&mut self, from: u128, to: u128, now: Option<i64>) -> u128 {
        let mut common = [from.min(to).to_le_bytes(), from.max(to).to_le_bytes()].concat();
        let (last, stretch) = self.pairs.entry(fingerprint(&common)).or_default();
        if let (Some(last), Some(now)) = (*last, now)
            && now.abs_diff(last) > self.gap_ms.unsigned_abs()
        {
            *stretch += 1;
        }
        *last = now.or(*last);
        common.extend(stretch.to_le_bytes());
        fingerprint(&common)
    }
}
