//! Lines of a stream gathered to blocks, each of which is a frame. Who gathers them says which line ends a block.
//!
//! Blank lines before and after a block belong to none. What is too long is passed over to the end of its block, keeping
//! its beginning only.

use memchr::memchr;

use super::{Batch, Feed, FrameFault, KEPT_OF_TOO_LONG};
use crate::error::Result;
use crate::model::Origin;

/// The block at hand.
pub struct Block {
    feed: Feed,
    source: u32,
    limit: usize,
    /// Where the next line begins in the window; the block at hand begins at 0.
    at: usize,
    /// How far the window has been searched for the end of that line.
    searched: usize,
    /// Number of the next line.
    line: u64,
    record: u64,
    /// First line of the block at hand.
    first_line: u64,
    /// End of its last line that is not blank; 0 when there is none.
    solid_end: usize,
    passing: Option<Passing>,
}

/// A block being passed over.
struct Passing {
    offset: u64,
    head: Vec<u8>,
    /// Length up to the last line that is not blank.
    length: u64,
}

/// The line that comes next.
#[derive(Debug, Clone, Copy)]
pub struct Ahead {
    /// Its bytes without the line end.
    length: usize,
    /// Its bytes with it.
    width: usize,
    /// It is a piece of a line, and not the last one.
    goes_on: bool,
}

impl Block {
    /// No block yet; of at most `limit` bytes each.
    pub fn new(feed: Feed, source: u32, limit: usize) -> Self {
        Self {
            feed,
            source,
            limit,
            at: 0,
            searched: 0,
            line: 1,
            record: 0,
            first_line: 1,
            solid_end: 0,
            passing: None,
        }
    }

    /// The line that comes next, which ends at `line_end`, or a piece of it when it is longer than `longest`; `None` at
    /// the end of the stream.
    pub fn next_line(&mut self, line_end: u8, longest: usize) -> Result<Option<Ahead>> {
        loop {
            if let Some(skip) = memchr(line_end, self.feed.bytes().get(self.searched..).unwrap_or_default()) {
                let length = self.searched + skip - self.at;
                return Ok(Some(Ahead { length, width: length + 1, goes_on: false }));
            }
            self.searched = self.feed.bytes().len();
            let length = self.searched - self.at;
            if length > longest {
                return Ok(Some(Ahead { length, width: length, goes_on: true }));
            }
            if !self.feed.more()? {
                return Ok((length > 0).then_some(Ahead { length, width: length, goes_on: false }));
            }
        }
    }

    /// The bytes of that line.
    pub fn bytes(&self, line: Ahead) -> &[u8] {
        self.feed.bytes().get(self.at..self.at + line.length).unwrap_or_default()
    }

    /// Whether the block at hand is too long and being passed over.
    pub fn is_passing(&self) -> bool {
        self.passing.is_some()
    }

    /// Takes that line into the block at hand.
    pub fn take(&mut self, line: Ahead, is_blank: bool) {
        let is_first = self.solid_end == 0 && self.passing.is_none();
        if !is_blank {
            if is_first {
                self.first_line = self.line;
            }
            self.solid_end = self.at + line.length;
        }
        self.at += line.width;
        self.line += u64::from(!line.goes_on);
        if is_first && is_blank {
            self.feed.consume(self.at);
            self.at = 0;
        } else if self.passing.is_some() || self.solid_end > self.limit {
            self.pass();
        }
        self.searched = self.at;
    }

    /// Passes over the lines taken, the block at hand being too long.
    fn pass(&mut self) {
        let passing = self.passing.get_or_insert_with(|| {
            let bytes = self.feed.bytes();
            Passing {
                offset: self.feed.offset(),
                head: bytes.get(..KEPT_OF_TOO_LONG).unwrap_or(bytes).to_vec(),
                length: 0,
            }
        });
        if self.solid_end > 0 {
            passing.length = self.feed.offset() - passing.offset + self.solid_end as u64;
        }
        self.feed.consume(self.at);
        self.solid_end = 0;
        self.at = 0;
    }

    /// Hands on the block at hand, unless there is nothing in it that `is_wanted`; the line that comes next is the first
    /// of another.
    pub fn finish(&mut self, batch: &mut Batch, is_wanted: bool) {
        let record = self.record + 1;
        let mut origin = Origin { source: self.source, offset: 0, length: 0, line: self.first_line, record };
        if let Some(passing) = self.passing.take() {
            (origin.offset, origin.length) = (passing.offset, passing.length);
            batch.push(origin, &passing.head, Some(FrameFault::TooLong { limit: self.limit }));
            self.record = record;
        } else if is_wanted && self.solid_end > 0 {
            let bytes = self.feed.bytes().get(..self.solid_end).unwrap_or_default().trim_ascii_end();
            (origin.offset, origin.length) = (self.feed.offset(), bytes.len() as u64);
            batch.push(origin, bytes, None);
            self.record = record;
        }
        self.feed.consume(self.at);
        self.searched -= self.at;
        self.at = 0;
        self.solid_end = 0;
    }
}
