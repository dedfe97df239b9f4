//! One frame a conversation, from messages that lie scattered over one file or over several.
//!
//! A first walk copies every message, unpacked, to a temporary file (to memory while it is small) and keeps where it
//! stands and to which conversation it belongs; then the conversations come in the order of their first messages.

use std::io::{Read, Seek, SeekFrom, Write};

use rustc_hash::FxHashMap;
use tempfile::SpooledTempFile;

use super::{Batch, Frame, FrameFault, Frames, KEPT_OF_TOO_LONG};
use crate::error::{Error, Result};
use crate::model::Origin;
use crate::text::hash::fingerprint;

/// Copies up to this size stay in memory.
const IN_MEMORY: usize = 32 << 20;

/// Which conversation a message belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Belongs {
    /// What messages of the same conversation have in common; a message without it stands alone.
    pub key: Option<String>,
    /// Other keys whose messages belong to the same conversation (what it replies to).
    pub joins: Vec<String>,
}

/// Says of each message, in the order of the source, which conversation it belongs to.
pub type Sorter = Box<dyn FnMut(&Frame<'_>) -> Belongs + Send>;

/// Frames of conversations; [`Frame::rows`] gives the messages.
pub struct Gathered {
    messages: Vec<Box<dyn Frames>>,
    sorter: Sorter,
    limit: usize,
    index: Option<Index>,
    at: usize,
}

/// Where a message stands: 48 bytes, the memory that each message takes.
struct Entry {
    origin: Origin,
    /// Its place in the copy; what is kept of a message that is too long is shorter than the message.
    start: u64,
    kept: u32,
    group: u32,
}

struct Index {
    entries: Vec<Entry>,
    copy: SpooledTempFile,
}

impl Gathered {
    /// The conversations that `sorter` makes of the messages of all parts, each of at most `limit` bytes.
    pub fn new(messages: Vec<Box<dyn Frames>>, limit: usize, sorter: Sorter) -> Self {
        Self { messages, sorter, limit, index: None, at: 0 }
    }

    fn index(&mut self) -> Result<Index> {
        let mut copy = tempfile::spooled_tempfile(IN_MEMORY);
        let (mut entries, mut groups, mut end) = (Vec::new(), Groups::default(), 0u64);
        for part in &mut self.messages {
            let mut batch = Batch::default();
            loop {
                let more = part.fill(&mut batch)?;
                for frame in batch.frames() {
                    copy.write_all(frame.bytes).map_err(|error| no_copy(&error))?;
                    let kept = u32::try_from(frame.bytes.len())
                        .map_err(|_| Error::input("a message is longer than 4 GiB"))?;
                    let group = match frame.fault {
                        Some(_) => groups.fresh()?,
                        None => groups.of(&(self.sorter)(&frame))?,
                    };
                    entries.push(Entry { origin: frame.origin, start: end, kept, group });
                    end += u64::from(kept);
                }
                batch.clear();
                if !more {
                    break;
                }
            }
        }
        for entry in &mut entries {
            entry.group = groups.root(entry.group);
        }
        // The smallest group of a joined set is that of its first message; stable, so within it the order stays.
        entries.sort_by_key(|entry| entry.group);
        Ok(Index { entries, copy })
    }
}

fn no_copy(error: &std::io::Error) -> Error {
    Error::output(format!("cannot copy scattered messages to a temporary file: {error}"))
        .with_hint("give the temporary folder (`TMPDIR`) room")
}

impl Frames for Gathered {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool> {
        let index = match self.index.take() {
            Some(index) => index,
            None => self.index()?,
        };
        let index = self.index.insert(index);
        let mut record = batch_record(&index.entries, self.at);
        while !batch.is_full() {
            let Some(first) = index.entries.get(self.at) else { return Ok(false) };
            let group = first.group;
            let count = index.entries[self.at..].iter().take_while(|entry| entry.group == group).count();
            let messages = &index.entries[self.at..self.at + count];
            push(messages, &mut index.copy, self.limit, record, batch).map_err(|error| no_copy(&error))?;
            self.at += count;
            record += 1;
        }
        Ok(true)
    }
}

/// The number of the conversation that begins at `at`.
fn batch_record(entries: &[Entry], at: usize) -> u64 {
    1 + entries[..at].chunk_by(|one, other| one.group == other.group).count() as u64
}

/// Adds one conversation.
fn push(
    messages: &[Entry],
    copy: &mut SpooledTempFile,
    limit: usize,
    record: u64,
    batch: &mut Batch,
) -> std::io::Result<()> {
    let Some(first) = messages.first() else { return Ok(()) };
    let length = messages.iter().map(|entry| entry.origin.length + 1).sum::<u64>() - 1;
    let origin = Origin { length, record, ..first.origin };
    let whole = messages.iter().all(|entry| u64::from(entry.kept) == entry.origin.length);
    let too_long = length > limit as u64 || !whole;
    let (mut bytes, mut ends) = (Vec::new(), Vec::with_capacity(messages.len()));
    for entry in messages {
        if too_long && bytes.len() >= KEPT_OF_TOO_LONG {
            break;
        }
        if !ends.is_empty() {
            bytes.push(b'\n');
        }
        let start = bytes.len();
        bytes.resize(start + entry.kept as usize, 0);
        copy.seek(SeekFrom::Start(entry.start))?;
        copy.read_exact(&mut bytes[start..])?;
        ends.push(bytes.len());
    }
    if too_long {
        bytes.truncate(KEPT_OF_TOO_LONG);
        batch.push(origin, &bytes, Some(FrameFault::TooLong { limit }));
    } else {
        batch.push_rows(origin, &bytes, &ends);
    }
    Ok(())
}

/// Sets of messages that are joined where one refers to another (union-find with path halving).
#[derive(Default)]
struct Groups {
    by_key: FxHashMap<u128, u32>,
    parents: Vec<u32>,
}

impl Groups {
    fn fresh(&mut self) -> Result<u32> {
        let group = u32::try_from(self.parents.len())
            .map_err(|_| Error::input("an export of more than 4,294,967,295 conversations"))?;
        self.parents.push(group);
        Ok(group)
    }

    fn of(&mut self, belongs: &Belongs) -> Result<u32> {
        let group = self.keyed(belongs.key.as_deref())?;
        for joined in &belongs.joins {
            let other = self.keyed(Some(joined))?;
            let (a, b) = (self.root(group), self.root(other));
            // The smaller number leads, so that the outcome does not depend on the order of joining.
            self.parents[a.max(b) as usize] = a.min(b);
        }
        Ok(group)
    }

    fn keyed(&mut self, key: Option<&str>) -> Result<u32> {
        let Some(key) = key else { return self.fresh() };
        let key = fingerprint(key.as_bytes());
        if let Some(group) = self.by_key.get(&key) {
            return Ok(*group);
        }
        let group = self.fresh()?;
        self.by_key.insert(key, group);
        Ok(group)
    }

    fn root(&mut self, mut group: u32) -> u32 {
        while self.parents[group as usize] != group {
            let grandparent = self.parents[self.parents[group as usize] as usize];
            self.parents[group as usize] = grandparent;
            group = grandparent;
        }
        group
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Feed, Lines};
    use super::*;

    /// Lines `key text` or `key>joined>joined text`.
    fn gathered(text: &str, limit: usize) -> Vec<(u64, u64, Vec<String>)> {
        let feed = Feed::new(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())), "x");
        let sorter = |frame: &Frame<'_>| {
            let line = String::from_utf8_lossy(frame.bytes);
            let key = line.split(' ').next().unwrap_or_default();
            let mut keys = key.split('>').map(str::to_owned);
            Belongs { key: keys.next().filter(|key| key != "-"), joins: keys.collect() }
        };
        let mut frames = Gathered::new(vec![Box::new(Lines::new(feed, 0, 20))], limit, Box::new(sorter));
        let mut found = Vec::new();
        loop {
            let mut batch = Batch::default();
            let more = frames.fill(&mut batch).unwrap();
            for frame in batch.frames() {
                let rows = frame.rows().map(|row| String::from_utf8_lossy(row).into_owned()).collect();
                found.push((frame.origin.line, frame.origin.record, rows));
            }
            if !more {
                return found;
            }
        }
    }

    fn texts(text: &str) -> Vec<String> {
        gathered(text, 100).into_iter().map(|(_, _, rows)| rows.join("|")).collect()
    }

    #[test]
    fn messages_come_together_in_the_order_of_the_first() {
        assert_eq!(texts("a 1\nb 2\na 3\n- 4\n- 5\nb 6\n"), ["a 1|a 3", "b 2|b 6", "- 4", "- 5"]);
        assert_eq!(texts("a 1\nb 2\nc>a 3\nd>c 4\nx>b 5\n"), ["a 1|c>a 3|d>c 4", "b 2|x>b 5"]);
        // One message may bring several together.
        assert_eq!(texts("a 1\nb 2\nc 3\nd>c>a 4\n"), ["a 1|c 3|d>c>a 4", "b 2"]);
        // What is replied to may come later, or never.
        assert_eq!(texts("c>a 1\nq>z 2\na 3\n"), ["c>a 1|a 3", "q>z 2"]);
        assert_eq!(texts(""), Vec::<String>::new());
        let places: Vec<(u64, u64)> =
            gathered("a 1\nb 2\na 3\n", 100).iter().map(|row| (row.0, row.1)).collect();
        assert_eq!(places, [(1, 1), (2, 2)]);
    }

    #[test]
    fn what_is_too_long_is_said_and_the_rest_stays() {
        let found = gathered("a 1\nb 2222222222222222222222222\na 3\nb 4\n", 100);
        assert_eq!(found.iter().map(|row| row.2.len()).collect::<Vec<_>>(), [2, 1, 1]);
        let found = gathered("a 1\na 2\na 3\nb 4\n", 10);
        assert_eq!(found.iter().map(|row| row.2.len()).collect::<Vec<_>>(), [1, 1]);
    }
}
