//! The framing: one frame for each stretch of talk between two pauses, found in a stream line by line.
//!
//! A line that begins an utterance says when; all others belong to the one before.

use crate::error::Result;
use crate::read::frame::{Ahead, Batch, Block, Feed, Frames};

/// Bytes of a line in which its time must stand.
const HEAD: usize = 512;

/// Says of a line when the utterance that it begins was made.
pub(in crate::read) trait Times: Send {
    /// Milliseconds since 1970; `None` for a line that goes on. `line` may be cut and may be of any encoding.
    fn time(&mut self, line: &[u8]) -> Option<i64>;
}

/// Frames of stretches without a pause longer than the gap.
pub(in crate::read) struct Stretches<T> {
    block: Block,
    limit: usize,
    gap_ms: i64,
    times: T,
    last: Option<i64>,
}

impl<T: Times> Stretches<T> {
    /// Stretches of `feed`, parted by pauses of more than `gap_ms`, of at most `limit` bytes each.
    pub(in crate::read) fn new(feed: Feed, source: u32, limit: usize, gap_ms: i64, times: T) -> Self {
        Self { block: Block::new(feed, source, limit), limit, gap_ms, times, last: None }
    }

    fn step(&mut self, batch: &mut Batch, line: Ahead) {
        let bytes = self.block.bytes(line);
        let is_blank = bytes.iter().all(u8::is_ascii_whitespace);
        let time = if is_blank { None } else { self.times.time(bytes.get(..HEAD).unwrap_or(bytes)) };
        if let (Some(now), Some(last)) = (time, self.last)
            // Back by as much is the beginning of another log in the same file.
            && (now.saturating_sub(last) > self.gap_ms || last.saturating_sub(now) > self.gap_ms)
        {
            self.block.finish(batch, true);
        }
        self.last = time.or(self.last);
        self.block.take(line, is_blank);
    }
}

impl<T: Times> Frames for Stretches<T> {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool> {
        while !batch.is_full() {
            // Of one line beyond the limit goes what of it is here, and its rest is a line that goes on.
            let Some(line) = self.block.next_line(b'\n', self.limit)? else {
                self.block.finish(batch, true);
                return Ok(false);
            };
            self.step(batch, line);
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::frame::KEPT_OF_TOO_LONG;

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
