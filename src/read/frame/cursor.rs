//! A place in a stream of records: what is ahead, its line, its record, and how far a JSON value reaches.

use super::lines::count_newlines;
use super::{Feed, KEPT_OF_TOO_LONG};
use crate::error::Result;
use crate::model::Origin;
use crate::text::json::{Bounds, Scanner};

/// A feed that counts the lines it passes and the records it gives.
pub struct Cursor {
    feed: Feed,
    source: u32,
    line: u64,
    records: u64,
}

/// How far a value reaches, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Its whole length.
    Whole(usize),
    /// As much as there is before the stream ends.
    Cut(usize),
    /// Further than the limit.
    TooLong,
}

impl Extent {
    /// The length of what there is; `None` when it passes the limit.
    pub fn length(self) -> Option<usize> {
        match self {
            Self::Whole(length) | Self::Cut(length) => Some(length),
            Self::TooLong => None,
        }
    }
}

impl Cursor {
    /// The beginning of `feed`; `source` is the index that origins bear.
    pub fn new(feed: Feed, source: u32) -> Self {
        Self { feed, source, line: 1, records: 0 }
    }

    /// The bytes ahead that are read.
    pub fn bytes(&self) -> &[u8] {
        self.feed.bytes()
    }

    /// Reads on; `false` when the stream has ended.
    pub fn more(&mut self) -> Result<bool> {
        self.feed.more()
    }

    /// Records given so far.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// The origin of a record that begins here, without its length.
    pub fn next_record(&mut self) -> Origin {
        self.records += 1;
        Origin {
            source: self.source,
            offset: self.feed.offset(),
            length: 0,
            line: self.line,
            record: self.records,
        }
    }

    /// Passes over the next `count` bytes, or as many as are read.
    pub fn consume(&mut self, count: usize) {
        let bytes = self.feed.bytes();
        let count = count.min(bytes.len());
        self.line += count_newlines(bytes.get(..count).unwrap_or_default());
        self.feed.consume(count);
    }

    /// What is kept of a record that begins here and is too long.
    pub fn head(&self) -> Vec<u8> {
        let bytes = self.feed.bytes();
        bytes.get(..KEPT_OF_TOO_LONG).unwrap_or(bytes).to_vec()
    }

    /// Goes to the next byte that is not white space.
    pub fn next_solid(&mut self) -> Result<Option<u8>> {
        while self.feed.peek()?.is_some() {
            let bytes = self.feed.bytes();
            let skip = bytes.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(bytes.len());
            self.consume(skip);
            if let Some(byte) = self.feed.bytes().first() {
                return Ok(Some(*byte));
            }
        }
        Ok(None)
    }

    /// How far the value reaches that begins `from` bytes ahead, counted from here, reading on as far as needed. Whatever
    /// stands there is a value of one byte at least: a bracket too many as much as anything.
    pub fn measure(&mut self, from: usize, limit: usize) -> Result<Extent> {
        let mut scanner = Scanner::default();
        let mut fed = from;
        loop {
            let bytes = self.feed.bytes();
            if let Bounds::End(end) = scanner.feed(bytes.get(fed..).unwrap_or_default()) {
                return Ok(if fed + end <= limit { Extent::Whole(fed + end) } else { Extent::TooLong });
            }
            fed = fed.max(bytes.len());
            if fed > limit {
                return Ok(Extent::TooLong);
            }
            if !self.feed.more()? {
                return Ok(Extent::Cut(fed));
            }
        }
    }

    /// Passes over the value that begins here without keeping it; its length.
    pub fn pass(&mut self) -> Result<u64> {
        let mut scanner = Scanner::default();
        let mut length = 0u64;
        loop {
            let bytes = self.feed.bytes();
            match scanner.feed(bytes) {
                Bounds::End(end) => {
                    self.consume(end);
                    return Ok(length + end as u64);
                }
                Bounds::Open => {
                    let held = bytes.len();
                    self.consume(held);
                    length += held as u64;
                    if !self.feed.more()? {
                        return Ok(length);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor(text: &str) -> Cursor {
        Cursor::new(Feed::new(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())), "test"), 0)
    }

    #[test]
    fn values_reach_as_far_as_they_are_whole() {
        let extent = |text: &str, from| cursor(text).measure(from, 8).unwrap();
        assert_eq!(extent("{\"a\":1} 2", 0), Extent::Whole(7));
        assert_eq!(extent("\"a\":[1]", 4), Extent::Whole(7));
        assert_eq!(extent("{\"a\":", 0), Extent::Cut(5));
        assert_eq!(extent("[1, 2, 3]", 0), Extent::TooLong);
        assert_eq!(extent("[1, 2, 3, 4", 0), Extent::TooLong);
        assert_eq!((extent("] ", 0), extent("", 0)), (Extent::Whole(1), Extent::Cut(0)));
    }

    #[test]
    fn what_is_passed_is_counted() {
        let mut cursor = cursor(" \n[1,\n2]\n\n x");
        assert_eq!(cursor.next_solid().unwrap(), Some(b'['));
        let origin = cursor.next_record();
        assert_eq!((origin.line, origin.offset, origin.record), (2, 2, 1));
        assert_eq!(cursor.pass().unwrap(), 6);
        assert_eq!(cursor.next_solid().unwrap(), Some(b'x'));
        let origin = cursor.next_record();
        assert_eq!((origin.line, origin.offset, origin.record), (5, 11, 2));
        cursor.consume(7);
        assert_eq!((cursor.next_solid().unwrap(), cursor.records()), (None, 2));
    }
}
