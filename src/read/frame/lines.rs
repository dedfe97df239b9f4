//! One record a line.

use memchr::{memchr, memchr_iter};

use super::{Batch, Feed, FrameFault, Frames, KEPT_OF_TOO_LONG};
use crate::error::Result;
use crate::model::Origin;

/// Frames at line feeds; a carriage return before one belongs to the line end.
pub struct Lines {
    feed: Feed,
    source: u32,
    limit: usize,
    line: u64,
    record: u64,
    keep_blank: bool,
}

impl Lines {
    /// Lines of `feed`, at most `limit` bytes each; blank lines are passed over.
    pub fn new(feed: Feed, source: u32, limit: usize) -> Self {
        Self { feed, source, limit, line: 0, record: 0, keep_blank: false }
    }

    /// Blank lines become frames too, for checks of the file as it stands.
    #[must_use]
    pub fn keeping_blank_lines(mut self) -> Self {
        self.keep_blank = true;
        self
    }

    fn push(&mut self, batch: &mut Batch, length: usize, kept: usize, fault: Option<FrameFault>) {
        self.line += 1;
        let bytes = &self.feed.bytes()[..kept];
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        if fault.is_none() && !self.keep_blank && bytes.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        self.record += 1;
        let origin = Origin {
            source: self.source,
            offset: self.feed.offset(),
            length: if fault.is_none() { bytes.len() } else { length } as u64,
            line: self.line,
            record: self.record,
        };
        batch.push(origin, bytes, fault);
    }

    /// The rest of a line that is too long, without keeping it; its whole length.
    fn skip_line(&mut self, batch: &mut Batch) -> Result<()> {
        let head = self.feed.bytes()[..KEPT_OF_TOO_LONG.min(self.feed.bytes().len())].to_vec();
        let offset = self.feed.offset();
        let mut length = 0u64;
        loop {
            if let Some(end) = memchr(b'\n', self.feed.bytes()) {
                length += end as u64;
                self.feed.consume(end + 1);
                break;
            }
            let held = self.feed.bytes().len();
            length += held as u64;
            self.feed.consume(held);
            if !self.feed.more()? {
                break;
            }
        }
        self.line += 1;
        self.record += 1;
        let origin = Origin { source: self.source, offset, length, line: self.line, record: self.record };
        batch.push(origin, &head, Some(FrameFault::TooLong { limit: self.limit }));
        Ok(())
    }
}

impl Frames for Lines {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool> {
        let mut searched = 0;
        while !batch.is_full() {
            match memchr(b'\n', &self.feed.bytes()[searched..]) {
                Some(skip) if searched + skip <= self.limit => {
                    let end = searched + skip;
                    self.push(batch, end, end, None);
                    self.feed.consume(end + 1);
                    searched = 0;
                }
                Some(_) => {
                    self.skip_line(batch)?;
                    searched = 0;
                }
                None => {
                    searched = self.feed.bytes().len();
                    if searched > self.limit {
                        self.skip_line(batch)?;
                        searched = 0;
                    } else if !self.feed.more()? {
                        if searched > 0 {
                            self.push(batch, searched, searched, None);
                            self.feed.consume(searched);
                        }
                        return Ok(false);
                    }
                }
            }
        }
        Ok(true)
    }
}

/// Line feeds in `bytes`.
pub(super) fn count_newlines(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(text: &[u8], limit: usize) -> Vec<(u64, u64, Vec<u8>, bool)> {
        let feed = Feed::new(Box::new(std::io::Cursor::new(text.to_vec())), "test");
        let mut lines = Lines::new(feed, 0, limit);
        let mut found = Vec::new();
        loop {
            let mut batch = Batch::default();
            let more = lines.fill(&mut batch).unwrap();
            found.extend(batch.frames().map(|frame| {
                (frame.origin.line, frame.origin.offset, frame.bytes.to_vec(), frame.fault.is_some())
            }));
            if !more {
                return found;
            }
        }
    }

    #[test]
    fn line_ends_of_all_kinds() {
        let found = frames(b"a\r\n\n  \nbc\nd", 100);
        assert_eq!(
            found,
            [(1, 0, b"a".to_vec(), false), (4, 7, b"bc".to_vec(), false), (5, 10, b"d".to_vec(), false)]
        );
        assert!(frames(b"", 100).is_empty());
    }

    #[test]
    fn long_lines_are_named_and_passed() {
        let mut text = b"ok\n".to_vec();
        text.extend(vec![b'x'; 1 << 20]);
        text.extend(b"\nend\n");
        let found = frames(&text, 1000);
        assert_eq!(found.len(), 3);
        assert!(found[1].3 && found[1].2.len() == KEPT_OF_TOO_LONG);
        assert_eq!(
            (found[2].0, found[2].1, found[2].2.as_slice()),
            (3, 3 + (1 << 20) + 1, b"end".as_slice())
        );
    }
}
