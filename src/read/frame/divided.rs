//! One frame for each element of a list inside each record: the threads of a chat, each a conversation of its own.
//!
//! Such a frame has two rows: the record with the list emptied, which says who is who, and the element. Its place is
//! that of the element.

use memchr::memchr_iter;

use super::{Batch, Frame, Frames};
use crate::error::Result;
use crate::model::Origin;
use crate::text::json::{Bounds, Scanner};

/// Most bytes that one record may make when what stands beside its list is repeated with each element: a few kilobytes
/// of people beside hundreds of threads stay far below it. Beyond it the record stays whole.
const MOST_REPEATED: usize = 64 << 20;

/// Frames of the elements of a list that stands in each record.
pub struct Divided {
    records: Box<dyn Frames>,
    key: &'static str,
    held: Batch,
    /// Whether more records may follow those held.
    more: bool,
    /// The held record that is being divided, and its next element.
    at: usize,
    next: usize,
    parts: Option<Parts>,
    record: u64,
}

/// Where the list and its elements stand in a record.
struct Parts {
    inside: (usize, usize),
    elements: Vec<(usize, usize)>,
}

impl Divided {
    /// Divides `records` at the elements of the list under `key`; a record without such a list, or with an empty one,
    /// stays whole.
    pub fn new(records: Box<dyn Frames>, key: &'static str) -> Self {
        Self { records, key, held: Batch::default(), more: true, at: 0, next: 0, parts: None, record: 0 }
    }
}

impl Frames for Divided {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool> {
        loop {
            for frame in self.held.frames().skip(self.at) {
                if batch.is_full() {
                    return Ok(true);
                }
                let whole = frame.fault.is_some() || !frame.row_ends.is_empty();
                let parts = match self.parts.take() {
                    Some(parts) => Some(parts),
                    None if whole => None,
                    None => parts(frame.bytes, self.key),
                };
                if let Some(parts) = parts {
                    while let Some(element) = parts.elements.get(self.next) {
                        if batch.is_full() {
                            self.parts = Some(parts);
                            return Ok(true);
                        }
                        self.record += 1;
                        push(&frame, parts.inside, *element, self.record, batch);
                        self.next += 1;
                    }
                } else {
                    self.record += 1;
                    batch.push(Origin { record: self.record, ..frame.origin }, frame.bytes, frame.fault);
                }
                (self.at, self.next) = (self.at + 1, 0);
            }
            self.held.clear();
            self.at = 0;
            if !self.more {
                return Ok(false);
            }
            self.more = self.records.fill(&mut self.held)?;
        }
    }
}

fn push(frame: &Frame<'_>, list: (usize, usize), element: (usize, usize), record: u64, batch: &mut Batch) {
    let bytes = frame.bytes;
    let (before, after) = (bytes.get(..list.0).unwrap_or_default(), bytes.get(list.1..).unwrap_or_default());
    let own = bytes.get(element.0..element.1).unwrap_or_default();
    let head = before.len() + after.len();
    let rows = [before, after, b"\n", own].concat();
    let lines = memchr_iter(b'\n', bytes.get(..element.0).unwrap_or_default()).count() as u64;
    let origin = Origin {
        offset: frame.origin.offset + element.0 as u64,
        length: own.len() as u64,
        line: frame.origin.line + lines,
        record,
        ..frame.origin
    };
    batch.push_rows(origin, &rows, &[head, rows.len()]);
}

/// The list under `key` in the object that `record` is; `None` where there is nothing to divide.
fn parts(record: &[u8], key: &str) -> Option<Parts> {
    let mut at = solid(record, 0);
    if record.get(at) != Some(&b'{') {
        return None;
    }
    at = solid(record, at + 1);
    while record.get(at) == Some(&b'"') {
        let key_end = value_end(record, at)?;
        let found = record.get(at + 1..key_end.checked_sub(1)?)? == key.as_bytes();
        at = solid(record, key_end);
        if record.get(at) != Some(&b':') {
            return None;
        }
        at = solid(record, at + 1);
        if found {
            let elements = elements(record, at)?;
            let inside = (at + 1, elements.last().map(|(_, end)| solid(record, *end))?);
            let beside = record.len() - (inside.1 - inside.0);
            let bearable = beside.saturating_mul(elements.len()) <= MOST_REPEATED;
            return bearable.then_some(Parts { inside, elements });
        }
        at = solid(record, value_end(record, at)?);
        if record.get(at) == Some(&b',') {
            at = solid(record, at + 1);
        }
    }
    None
}

/// The elements of the list that begins at `at`, each with its end; `None` where it is no list, is empty or is broken.
fn elements(record: &[u8], at: usize) -> Option<Vec<(usize, usize)>> {
    if record.get(at) != Some(&b'[') {
        return None;
    }
    let mut found = Vec::new();
    let mut at = solid(record, at + 1);
    loop {
        let end = value_end(record, at).filter(|end| *end > at)?;
        found.push((at, end));
        at = solid(record, end);
        match record.get(at)? {
            b',' => at = solid(record, at + 1),
            b']' => return Some(found),
            _ => return None,
        }
    }
}

fn value_end(bytes: &[u8], at: usize) -> Option<usize> {
    match Scanner::default().feed(bytes.get(at..)?) {
        Bounds::End(end) => Some(at + end),
        Bounds::Open => None,
    }
}

/// The first byte from `at` on that is no white space.
fn solid(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::super::{Elements, Feed};
    use super::*;

    fn divided(text: &str) -> Vec<(u64, u64, Vec<String>)> {
        let feed = Feed::new(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())), "x");
        let records = Elements::new(feed, "x", 0, 1 << 20, Vec::new());
        let mut frames = Divided::new(Box::new(records), "t");
        let mut found = Vec::new();
        loop {
            let mut batch = Batch::default();
            let more = frames.fill(&mut batch).unwrap();
            for frame in batch.frames() {
                let rows = frame.rows().map(|row| String::from_utf8_lossy(row).into_owned()).collect();
                found.push((frame.origin.record, frame.origin.line, rows));
            }
            if !more {
                return found;
            }
        }
    }

    #[test]
    fn each_element_stands_with_what_is_beside_the_list() {
        let found =
            divided("[{\"id\":1,\"t\":[ {\"a\":[1]},\n{\"a\":2} ],\"u\":\"t\"},\n{\"t\":3},{\"t\":[]},7]");
        let rows: Vec<String> = found.iter().map(|(_, _, rows)| rows.join("|")).collect();
        assert_eq!(
            rows,
            [
                "{\"id\":1,\"t\":[],\"u\":\"t\"}|{\"a\":[1]}",
                "{\"id\":1,\"t\":[],\"u\":\"t\"}|{\"a\":2}",
                "{\"t\":3}",
                "{\"t\":[]}",
                "7"
            ]
        );
        let places: Vec<(u64, u64)> = found.iter().map(|(record, line, _)| (*record, *line)).collect();
        assert_eq!(places, [(1, 1), (2, 2), (3, 3), (4, 3), (5, 3)]);
    }

    #[test]
    fn what_is_broken_or_would_grow_without_bound_stays_whole() {
        for text in ["[{\"t\":[1 2]}]", "[{\"t\":[,]}]", "[{\"t\" 1}]", "[{t:[1]}]"] {
            assert_eq!(divided(text).len(), 1, "{text}");
        }
        let text = format!("[{{\"x\":\"{}\",\"t\":[{}0]}}]", "x".repeat(400_000), "0,".repeat(1_000));
        assert_eq!(divided(&text).len(), 1);
        let text = format!("[{{\"x\":\"{}\",\"t\":[{}0]}}]", "x".repeat(40_000), "0,".repeat(1_000));
        assert_eq!(divided(&text).len(), 1_001);
    }
}
