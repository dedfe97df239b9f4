//! The rows of a table as a stream: framing that knows quotes, bounds and stray quotes.

use memchr::{memchr_iter, memchr2_iter};

use super::dialect::{Dialect, trimmed};
use super::scan::{Bound, Judge, QUOTE, bound};
use crate::error::Result;
use crate::model::Origin;
use crate::read::frame::{Batch, Feed, FrameFault, Frames, KEPT_OF_TOO_LONG};

/// A quoted cell this long is looked at: if what it holds are rows of this table, its quote is stray. Larger
/// than cells of people, small enough that a file full of stray quotes is read in reasonable time.
const SUSPICIOUS: usize = 64 << 10;

/// How a table is cut into rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub dialect: Dialect,
    /// Cells of the header.
    pub width: usize,
    /// Rows before the first one of data: the line `sep=`, the header.
    pub skip: usize,
}

/// Rows of data, one after another; also the frames of tables in which a row is a record.
pub(super) struct Records {
    feed: Feed,
    source: u32,
    limit: usize,
    layout: Layout,
    ended: bool,
    skip: usize,
    /// Line ends before the first unconsumed byte.
    lines: u64,
    record: u64,
    /// Bytes of the current row, line end included, not yet consumed.
    pending: usize,
    kept: usize,
    head_of_too_long: Vec<u8>,
}

/// Where the current row stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub origin: Origin,
    pub fault: Option<FrameFault>,
}

enum Found {
    Row { end: usize, next: usize },
    TooLong { in_quotes: bool },
}

impl Records {
    pub(super) fn new(feed: Feed, source: u32, limit: usize, layout: Layout) -> Self {
        Self {
            feed,
            source,
            limit,
            layout,
            ended: false,
            skip: layout.skip,
            lines: 0,
            record: 0,
            pending: 0,
            kept: 0,
            head_of_too_long: Vec::new(),
        }
    }

    /// Goes to the next row of data; its bytes are [`Records::bytes`] until the next call.
    pub(super) fn next_row(&mut self) -> Result<Option<Row>> {
        loop {
            self.pass_current();
            let offset = self.feed.offset();
            let line = self.lines + 1;
            let (length, fault) = match self.find()? {
                None => return Ok(None),
                Some(Found::Row { end, next }) => {
                    self.kept = trimmed(&self.feed.bytes()[..end], self.layout.dialect).len();
                    self.pending = next;
                    self.head_of_too_long.clear();
                    (self.kept as u64, None)
                }
                Some(Found::TooLong { in_quotes }) => {
                    let length = self.pass_too_long(in_quotes)?;
                    (length, Some(FrameFault::TooLong { limit: self.limit }))
                }
            };
            let bytes = self.bytes();
            if fault.is_none()
                && bytes.trim_ascii().is_empty()
                && !bytes.contains(&self.layout.dialect.delimiter)
            {
                continue;
            }
            if self.skip > 0 {
                self.skip -= 1;
                continue;
            }
            self.record += 1;
            let origin = Origin { source: self.source, offset, length, line, record: self.record };
            return Ok(Some(Row { origin, fault }));
        }
    }

    /// The current row; of one that is too long, its beginning.
    pub(super) fn bytes(&self) -> &[u8] {
        if self.head_of_too_long.is_empty() {
            &self.feed.bytes()[..self.kept]
        } else {
            &self.head_of_too_long
        }
    }

    fn pass_current(&mut self) {
        let end = self.layout.dialect.end;
        self.lines += memchr_iter(end, &self.feed.bytes()[..self.pending]).count() as u64;
        self.feed.consume(self.pending);
        self.pending = 0;
        self.kept = 0;
        self.head_of_too_long.clear();
    }

    fn find(&mut self) -> Result<Option<Found>> {
        let Layout { dialect, width, .. } = self.layout;
        let judge = Judge { width };
        let mut suspected = false;
        loop {
            let bytes = self.feed.bytes();
            match bound(bytes, dialect, self.ended, judge) {
                Bound::Record { end, .. } if end > self.limit => {
                    return Ok(Some(Found::TooLong { in_quotes: false }));
                }
                Bound::Record { end, next } => return Ok(Some(Found::Row { end, next })),
                Bound::Open { quoted_from } => {
                    let too_long = bytes.len() > self.limit;
                    let suspicious = bytes.len() > SUSPICIOUS && !suspected;
                    if let Some(line_end) = quoted_from.filter(|line_end| *line_end <= self.limit)
                        && (self.ended || too_long || suspicious)
                    {
                        suspected = true;
                        let percent = if self.ended || too_long { 50 } else { 80 };
                        if judge.are_rows(bytes, line_end + 1, dialect, percent) {
                            return Ok(Some(Found::Row { end: line_end, next: line_end + 1 }));
                        }
                    }
                    if too_long {
                        return Ok(Some(Found::TooLong { in_quotes: quoted_from.is_some() }));
                    }
                    if self.ended {
                        let length = bytes.len();
                        return Ok((length > 0).then_some(Found::Row { end: length, next: length }));
                    }
                }
            }
            // Twice as much each time, since the row is scanned from its beginning again.
            let wanted = self.feed.bytes().len() * 2;
            loop {
                if !self.feed.more()? {
                    self.ended = true;
                    break;
                }
                if self.feed.bytes().len() >= wanted {
                    break;
                }
            }
        }
    }

    /// Passes over a row without keeping it; its length. A quoted cell is passed up to its closing quote.
    fn pass_too_long(&mut self, mut in_quotes: bool) -> Result<u64> {
        let end = self.layout.dialect.end;
        let head = self.feed.bytes();
        let kept = head[..KEPT_OF_TOO_LONG.min(head.len())].to_vec();
        let mut length = 0;
        if in_quotes {
            // Quotes at the very end may be one half of a pair.
            let known = head.trim_ascii_end();
            let known = known.len() - known.iter().rev().take_while(|byte| **byte == QUOTE).count();
            self.lines += memchr_iter(end, &head[..known]).count() as u64;
            self.feed.consume(known);
            length += known as u64;
        }
        let quotes_matter = in_quotes;
        'chunks: loop {
            let bytes = self.feed.bytes();
            let mut lines = 0;
            for at in memchr2_iter(QUOTE, end, bytes) {
                if bytes[at] == QUOTE {
                    in_quotes ^= quotes_matter;
                } else if in_quotes {
                    lines += 1;
                } else {
                    self.lines += lines + 1;
                    length += at as u64;
                    self.feed.consume(at + 1);
                    break 'chunks;
                }
            }
            self.lines += lines;
            let all = bytes.len();
            length += all as u64;
            self.feed.consume(all);
            if !self.feed.more()? {
                self.ended = true;
                break;
            }
        }
        self.pending = 0;
        self.kept = 0;
        self.head_of_too_long = kept;
        Ok(length)
    }
}

impl Frames for Records {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool> {
        while !batch.is_full() {
            let Some(row) = self.next_row()? else { return Ok(false) };
            batch.push(row.origin, self.bytes(), row.fault);
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(text: &[u8], limit: usize) -> Vec<(u64, u64, u64, String, bool)> {
        let feed = Feed::new(Box::new(std::io::Cursor::new(text.to_vec())), "test");
        let layout = Layout { dialect: Dialect { delimiter: b',', end: b'\n' }, width: 3, skip: 1 };
        let mut records = Records::new(feed, 0, limit, layout);
        let mut found = Vec::new();
        while let Some(Row { origin, fault }) = records.next_row().unwrap() {
            let text = String::from_utf8_lossy(records.bytes()).into_owned();
            found.push((origin.record, origin.line, origin.offset, text, fault.is_some()));
        }
        found
    }

    #[test]
    fn places_are_right() {
        let text = b"a,b,c\r\n1,\"x\ny\",2\r\n\r\n3,4,5";
        assert_eq!(
            frames(text, 100),
            [(1, 2, 7, "1,\"x\ny\",2".to_owned(), false), (2, 5, 20, "3,4,5".to_owned(), false)]
        );
    }

    #[test]
    fn long_rows_are_named_and_passed() {
        let mut text = b"a,b,c\n1,".to_vec();
        text.extend(vec![b'x'; 700_000]);
        text.extend(b",2\n3,\"");
        for _ in 0..9_000 {
            text.extend(b"one long cell, with \"\"quotes\"\" and lines\n");
        }
        text.extend(b"\",4\n5,6,7\n");
        let found = frames(&text, 100_000);
        let shape: Vec<_> = found.iter().map(|row| (row.0, row.1, row.4)).collect();
        assert_eq!(shape, [(1, 2, true), (2, 3, true), (3, 9_004, false)]);
        assert_eq!(&text[usize::try_from(found[2].2).unwrap()..], b"5,6,7\n");
        assert_eq!(frames(&text, 10 << 20).len(), 3);
    }

    #[test]
    fn a_stray_quote_at_the_head_of_a_long_file_hides_nothing() {
        let mut text = b"a,b,c\n".to_vec();
        for row in 0..20_000 {
            let quote = if row % 5_000 == 0 { "\"" } else { "" };
            text.extend(format!("{row},{quote}some text,more text\n").bytes());
        }
        assert_eq!(frames(&text, 100_000).len(), 20_000);
        assert_eq!(frames(&text, 10 << 20).len(), 20_000);
    }
}
