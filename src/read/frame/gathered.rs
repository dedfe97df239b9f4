//! One frame a conversation, from messages that lie scattered over one file or over several.
//!
//! A first walk copies every message, unpacked, to memory or, where they are many, to a temporary file, and keeps where
//! it stands and to which conversation it belongs; then the conversations come in the order of their first messages.
//! Some 100 bytes stay in memory for each message, beside what the copy holds there.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};

use super::groups::Groups;
use super::talk::{Moment, Rooms};
use super::{Batch, Frame, FrameFault, Frames, KEPT_OF_TOO_LONG};
use crate::error::{Error, Result};
use crate::model::Origin;
use crate::text::hash::fingerprint;

/// Copies up to this size stay in memory.
const IN_MEMORY: usize = 32 << 20;
/// How much of a copy in a file is read or written at once.
const CHUNK: usize = 256 << 10;

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

/// Which conversation a message belongs to, where time decides too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// What the message itself says. What it joins need not be there: a reply to a message that is missing is talk.
    pub belongs: Belongs,
    /// Its place in the talk of a room; `None` for a message of which [`Place::belongs`] says everything.
    pub talk: Option<Talk>,
}

/// A message in the talk of a room, where a pause ends a conversation and nothing else does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Talk {
    /// Which room, as a fingerprint; 0 where there is one.
    pub room: u128,
    /// When, in milliseconds since 1970.
    pub time: i64,
    /// Whether somebody said something. What merely happened belongs to the talk before it, and bridges no pause.
    pub said: bool,
}

/// Says of each message, in the order of the source, where it belongs.
pub type Placer = Box<dyn FnMut(&Frame<'_>) -> Place + Send>;

/// Frames of conversations; [`Frame::rows`] gives the messages.
pub struct Gathered {
    messages: Vec<Box<dyn Frames>>,
    placer: Placer,
    gap_ms: i64,
    limit: usize,
    index: Option<Index>,
    /// The next entry, and the number of the conversation that it begins.
    at: usize,
    record: u64,
    ends: Vec<usize>,
}

/// Where a message stands.
struct Entry {
    origin: Origin,
    /// Its place in the copy; what is kept of a message that is too long is shorter than the message.
    start: u64,
    kept: u32,
    group: u32,
}

struct Index {
    entries: Vec<Entry>,
    copy: Store,
}

impl Gathered {
    /// The conversations that `sorter` makes of the messages of all parts, each of at most `limit` bytes.
    pub fn new(messages: Vec<Box<dyn Frames>>, limit: usize, mut sorter: Sorter) -> Self {
        let placer = move |frame: &Frame<'_>| Place { belongs: sorter(frame), talk: None };
        Self::with_talk(messages, limit, 0, Box::new(placer))
    }

    /// The conversations that `placer` makes of the messages of all parts; talk is cut at pauses longer than `gap_ms`.
    pub fn with_talk(messages: Vec<Box<dyn Frames>>, limit: usize, gap_ms: i64, placer: Placer) -> Self {
        Self { messages, placer, gap_ms, limit, index: None, at: 0, record: 1, ends: Vec::new() }
    }

    fn index(&mut self) -> Result<Index> {
        let mut copy = Store::default();
        let (mut entries, mut groups, mut rooms) = (Vec::new(), Groups::default(), Rooms::default());
        let mut batch = Batch::default();
        for mut part in std::mem::take(&mut self.messages) {
            loop {
                let more = part.fill(&mut batch)?;
                for frame in batch.frames() {
                    let start = copy.add(frame.bytes).map_err(|error| no_copy(&error))?;
                    let kept = u32::try_from(frame.bytes.len())
                        .map_err(|_| Error::input("a message is longer than 4 GiB"))?;
                    let place = match frame.fault {
                        Some(_) => Place::default(),
                        None => (self.placer)(&frame),
                    };
                    let Place { mut belongs, talk } = place;
                    let joins = talk.and_then(|_| belongs.joins.pop());
                    let group = group_of(&belongs, &mut groups)?;
                    if let Some(talk) = talk {
                        let joins = joins.map(|key| fingerprint(key.as_bytes()));
                        rooms.add(talk.room, Moment { time: talk.time, group, said: talk.said, joins })?;
                    }
                    entries.push(Entry { origin: frame.origin, start, kept, group });
                }
                batch.clear();
                if !more {
                    break;
                }
            }
        }
        rooms.settle(self.gap_ms, &mut groups);
        for entry in &mut entries {
            entry.group = groups.root(entry.group);
        }
        // The smallest group of a joined set is that of its first message; stable, so within it the order stays.
        entries.sort_by_key(|entry| entry.group);
        copy.flush().map_err(|error| no_copy(&error))?;
        Ok(Index { entries, copy })
    }
}

/// The group of a message, joined with those it refers to.
fn group_of(belongs: &Belongs, groups: &mut Groups) -> Result<u32> {
    let key = |key: &String| Some(fingerprint(key.as_bytes()));
    let group = groups.of(belongs.key.as_ref().and_then(key))?;
    for joined in &belongs.joins {
        let other = groups.of(key(joined))?;
        groups.join(group, other);
    }
    Ok(group)
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
        while !batch.is_full() {
            let rest = index.entries.get(self.at..).unwrap_or_default();
            let Some(first) = rest.first() else { return Ok(false) };
            let count = rest.iter().take_while(|entry| entry.group == first.group).count();
            let messages = &rest[..count];
            push(messages, &mut index.copy, self.limit, self.record, &mut self.ends, batch)
                .map_err(|error| no_copy(&error))?;
            self.at += count;
            self.record += 1;
        }
        Ok(true)
    }
}

/// Adds one conversation.
fn push(
    messages: &[Entry],
    copy: &mut Store,
    limit: usize,
    record: u64,
    ends: &mut Vec<usize>,
    batch: &mut Batch,
) -> std::io::Result<()> {
    let Some(first) = messages.first() else { return Ok(()) };
    let length = messages.iter().map(|entry| entry.origin.length + 1).sum::<u64>() - 1;
    let origin = Origin { length, record, ..first.origin };
    let whole = messages.iter().all(|entry| u64::from(entry.kept) == entry.origin.length);
    if length > limit as u64 || !whole {
        let mut bytes = Vec::new();
        for entry in messages.iter().take_while(|entry| entry.start - first.start < KEPT_OF_TOO_LONG as u64) {
            copy.read(entry.start, entry.kept as usize + 1, &mut bytes)?;
        }
        bytes.truncate(KEPT_OF_TOO_LONG.min(bytes.len().saturating_sub(1)));
        batch.push(origin, &bytes, Some(FrameFault::TooLong { limit }));
        return Ok(());
    }
    ends.clear();
    let mut end = 0;
    ends.extend(messages.iter().map(|entry| {
        end += entry.kept as usize + 1;
        end - 1
    }));
    batch.push_rows_with(origin, ends, |bytes| {
        // Messages that stand beside one another in the copy are read at once.
        for run in messages.chunk_by(|one, next| one.start + u64::from(one.kept) + 1 == next.start) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            let length = last.start + u64::from(last.kept) + 1 - first.start;
            copy.read(first.start, usize::try_from(length).unwrap_or(usize::MAX), bytes)?;
        }
        // The line end behind the last message.
        bytes.pop();
        Ok(())
    })
}

/// The messages one after another, each with a line end behind it; in memory up to a bound, then in a file.
#[derive(Default)]
struct Store {
    /// All of it, or what is not yet in the file.
    bytes: Vec<u8>,
    file: Option<File>,
    /// Bytes in the file.
    filed: u64,
}

impl Store {
    /// Adds a message; where it begins.
    fn add(&mut self, message: &[u8]) -> std::io::Result<u64> {
        let start = self.filed + self.bytes.len() as u64;
        self.bytes.extend_from_slice(message);
        self.bytes.push(b'\n');
        let bound = if self.file.is_some() { CHUNK } else { IN_MEMORY };
        if self.bytes.len() > bound {
            if self.file.is_none() {
                self.file = Some(tempfile::tempfile()?);
            }
            self.flush()?;
        }
        Ok(start)
    }

    /// Writes to the file, if there is one.
    fn flush(&mut self) -> std::io::Result<()> {
        if let Some(file) = &mut self.file {
            file.write_all(&self.bytes)?;
            self.filed += self.bytes.len() as u64;
            self.bytes = Vec::new();
        }
        Ok(())
    }

    /// Appends `length` bytes from `start` to `out`. Everything is in memory or, after the last flush, in the file.
    fn read(&mut self, start: u64, length: usize, out: &mut Vec<u8>) -> std::io::Result<()> {
        match &mut self.file {
            None => {
                let start = usize::try_from(start).unwrap_or(usize::MAX);
                let range = start..start.saturating_add(length);
                out.extend_from_slice(self.bytes.get(range).unwrap_or_default());
            }
            Some(file) => {
                file.seek(SeekFrom::Start(start))?;
                let read = file.take(length as u64).read_to_end(out)?;
                if read < length {
                    return Err(std::io::ErrorKind::UnexpectedEof.into());
                }
            }
        }
        Ok(())
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
