//! The framing: one frame for each stretch of talk between two pauses, found in a stream line by line.
//!
//! A line that begins an utterance says when; all others belong to the one before. Blank lines at the end of a stretch
//! belong to none. What is too long is passed over to the next pause, keeping its beginning only.

use memchr::memchr;

use crate::error::Result;
use crate::model::Origin;
use crate::read::frame::{Batch, Feed, FrameFault, Frames, KEPT_OF_TOO_LONG};

/// Bytes of a line in which its time must stand.
const HEAD: usize = 512;

/// Says of a line when the utterance that it begins was made.
pub(in crate::read) trait Times: Send {
    /// Milliseconds since 1970; `None` for a line that goes on. `line` may be cut and may be of any encoding.
    fn time(&mut self, line: &[u8]) -> Option<i64>;
}

/// Frames of stretches without a pause longer than the gap.
pub(in crate::read) struct Stretches<T> {
    feed: Feed,
    source: u32,
    limit: usize,
    gap_ms: i64,
    times: T,
    /// Where the next line begins in the window; the stretch at hand begins at 0.
    at: usize,
    /// How far the window has been searched for the end of that line.
    searched: usize,
    /// Number of the next line.
    line: u64,
    record: u64,
    /// First line of the stretch at hand.
    first_line: u64,
    /// End of its last line that is not blank; 0 when there is none.
    solid_end: usize,
    last: Option<i64>,
    passing: Option<Passing>,
}

/// A stretch being passed over.
struct Passing {
    offset: u64,
    head: Vec<u8>,
    /// Length up to the last line that is not blank.
    length: u64,
}

impl<T: Times> Stretches<T> {
    /// Stretches of `feed`, parted by pauses of more than `gap_ms`, of at most `limit` bytes each.
    pub(in crate::read) fn new(feed: Feed, source: u32, limit: usize, gap_ms: i64, times: T) -> Self {
        Self {
            feed,
            source,
            limit,
            gap_ms,
            times,
            at: 0,
            searched: 0,
            line: 1,
            record: 0,
            first_line: 1,
            solid_end: 0,
            last: None,
            passing: None,
        }
    }

    /// Takes the line `at..end` of the window; the next one begins at `next`.
    fn step(&mut self, batch: &mut Batch, end: usize, next: usize) {
        let line = self.feed.bytes().get(self.at..end).unwrap_or_default();
        let (width, length) = (next - self.at, end - self.at);
        let blank = line.iter().all(u8::is_ascii_whitespace);
        let time = if blank { None } else { self.times.time(line.get(..HEAD).unwrap_or(line)) };
        if let (Some(now), Some(last)) = (time, self.last)
            // Back by as much is the beginning of another log in the same file.
            && (now.saturating_sub(last) > self.gap_ms || last.saturating_sub(now) > self.gap_ms)
        {
            self.finish(batch);
        }
        self.last = time.or(self.last);
        if !blank {
            if self.solid_end == 0 && self.passing.is_none() {
                self.first_line = self.line;
            }
            self.solid_end = self.at + length;
        }
        self.at += width;
        self.line += 1;
        if self.solid_end == 0 && self.passing.is_none() {
            // Blank lines before a stretch belong to none.
            self.feed.consume(self.at);
            self.at = 0;
        } else if self.passing.is_some() || self.solid_end > self.limit {
            self.pass();
        }
        self.searched = self.at;
    }

    /// Passes over the lines taken, the stretch at hand being too long.
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

    /// Hands on the stretch at hand, which ends where the line at `at` begins.
    fn finish(&mut self, batch: &mut Batch) {
        let record = self.record + 1;
        let mut origin = Origin { source: self.source, offset: 0, length: 0, line: self.first_line, record };
        if let Some(passing) = self.passing.take() {
            (origin.offset, origin.length) = (passing.offset, passing.length);
            batch.push(origin, &passing.head, Some(FrameFault::TooLong { limit: self.limit }));
            self.record = record;
        } else if self.solid_end > 0 {
            let bytes = self.feed.bytes().get(..self.solid_end).unwrap_or_default().trim_ascii_end();
            (origin.offset, origin.length) = (self.feed.offset(), bytes.len() as u64);
            batch.push(origin, bytes, None);
            self.record = record;
        }
        self.feed.consume(self.at);
        self.at = 0;
        self.solid_end = 0;
    }
}

impl<T: Times> Frames for Stretches<T> {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool> {
        while !batch.is_full() {
            if let Some(skip) = memchr(b'\n', self.feed.bytes().get(self.searched..).unwrap_or_default()) {
                let end = self.searched + skip;
                self.step(batch, end, end + 1);
                continue;
            }
            self.searched = self.feed.bytes().len();
            if self.searched - self.at > self.limit {
                // One line beyond the limit: what of it is here goes, and its rest is a line that goes on.
                self.step_within(batch);
                continue;
            }
            if self.feed.more()? {
                continue;
            }
            if self.at < self.searched {
                self.step(batch, self.searched, self.searched);
            }
            self.finish(batch);
            return Ok(false);
        }
        Ok(true)
    }
}

impl<T: Times> Stretches<T> {
    /// Takes a piece of a line that is longer than the limit.
    fn step_within(&mut self, batch: &mut Batch) {
        let end = self.searched;
        self.step(batch, end, end);
        // The line goes on.
        self.line -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines that begin with a number begin at that time.
    struct Numbers;

    impl Times for Numbers {
        fn time(&mut self, line: &[u8]) -> Option<i64> {
            let text = std::str::from_utf8(line).ok()?;
            text.split(' ').next()?.parse().ok()
        }
    }

    fn stretches(text: &str, limit: usize) -> Vec<(u64, u64, u64, String, bool)> {
        let feed = Feed::new(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())), "x");
        let mut frames = Stretches::new(feed, 0, limit, 10, Numbers);
        let mut found = Vec::new();
        loop {
            let mut batch = Batch::default();
            let more = frames.fill(&mut batch).unwrap();
            found.extend(batch.frames().map(|frame| {
                let text = String::from_utf8_lossy(frame.bytes).into_owned();
                let origin = frame.origin;
                (origin.line, origin.offset, origin.length, text, frame.fault.is_some())
            }));
            if !more {
                return found;
            }
        }
    }

    #[test]
    fn pauses_part_and_other_lines_do_not() {
        let found = stretches("\n0 a\nmore\r\n\n5 b\n\n\n16 c\n3 back\n3 same", 1000);
        let texts: Vec<&str> = found.iter().map(|one| one.3.as_str()).collect();
        assert_eq!(texts, ["0 a\nmore\r\n\n5 b", "16 c", "3 back\n3 same"]);
        assert_eq!(found.iter().map(|one| (one.0, one.1)).collect::<Vec<_>>(), [(2, 1), (8, 18), (9, 23)]);
        assert!(stretches("", 10).is_empty() && stretches("\n \r\n", 10).is_empty());
        assert_eq!(stretches("no time\nat all", 100).len(), 1);
    }

    #[test]
    fn what_is_too_long_is_named_and_passed() {
        let long = format!("0 a\n1 {}\n2 c\n\n50 d\n", "x".repeat(600_000));
        let found = stretches(&long, 1000);
        assert_eq!(found.len(), 2);
        assert!(found[0].4 && found[0].2 == 600_010 && found[0].3.len() == KEPT_OF_TOO_LONG);
        assert_eq!((found[1].0, found[1].1, found[1].3.as_str()), (5, 600_012, "50 d"));
        let found = stretches(&"0 abcdefgh\n".repeat(20), 100);
        assert_eq!((found.len(), found[0].4, found[0].2), (1, true, 219));
    }
}
