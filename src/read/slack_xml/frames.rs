//! Frames at `<message …>` elements. What stands between them (the channel's name, dates) is no record.

use memchr::memmem::Finder;

use crate::error::Result;
use crate::model::Origin;
use crate::read::frame::{Batch, Cursor, Feed, FrameFault, Frames};

const OPEN: &[u8] = b"<message";
const CLOSE: &[u8] = b"</message>";

/// The messages of one file.
pub(super) struct Messages {
    cursor: Cursor,
    limit: usize,
    open: Finder<'static>,
    close: Finder<'static>,
}

impl Messages {
    /// Messages of `feed`, at most `limit` bytes each.
    pub fn new(feed: Feed, source: u32, limit: usize) -> Self {
        Self { cursor: Cursor::new(feed, source), limit, open: Finder::new(OPEN), close: Finder::new(CLOSE) }
    }

    /// Goes to the next message; whether there is one.
    fn next_open(&mut self) -> Result<bool> {
        loop {
            let bytes = self.cursor.bytes();
            let found = self.open.find(bytes);
            // `<messages>` is another element, and at the end of what was read nobody knows yet.
            let after = found.and_then(|at| bytes.get(at + OPEN.len()).copied());
            match (found, after) {
                (Some(at), Some(after)) => {
                    let is_message = after.is_ascii_whitespace() || matches!(after, b'>' | b'/');
                    self.cursor.consume(if is_message { at } else { at + OPEN.len() });
                    if is_message {
                        return Ok(true);
                    }
                }
                (found, _) => {
                    let kept = OPEN.len().min(bytes.len());
                    self.cursor.consume(found.unwrap_or(bytes.len() - kept));
                    if !self.cursor.more()? {
                        return Ok(false);
                    }
                }
            }
        }
    }

    /// Adds the message that begins here.
    fn push(&mut self, batch: &mut Batch) -> Result<()> {
        let mut origin = self.cursor.next_record();
        let mut searched = 0;
        let end = loop {
            let bytes = self.cursor.bytes();
            if let Some(at) = self.close.find(bytes.get(searched..).unwrap_or_default()) {
                break searched + at + CLOSE.len();
            }
            if bytes.len() > self.limit {
                return self.pass(origin, batch);
            }
            searched = bytes.len().saturating_sub(CLOSE.len());
            if !self.cursor.more()? {
                break self.cursor.bytes().len();
            }
        };
        if end > self.limit {
            return self.pass(origin, batch);
        }
        origin.length = end as u64;
        batch.push(origin, self.cursor.bytes().get(..end).unwrap_or_default(), None);
        self.cursor.consume(end);
        Ok(())
    }

    /// Passes over a message that is too long, keeping its beginning.
    fn pass(&mut self, mut origin: Origin, batch: &mut Batch) -> Result<()> {
        let head = self.cursor.head();
        loop {
            let bytes = self.cursor.bytes();
            if let Some(at) = self.close.find(bytes) {
                origin.length += (at + CLOSE.len()) as u64;
                self.cursor.consume(at + CLOSE.len());
                break;
            }
            let done = bytes.len() - CLOSE.len().min(bytes.len());
            origin.length += done as u64;
            self.cursor.consume(done);
            if !self.cursor.more()? {
                let rest = self.cursor.bytes().len();
                origin.length += rest as u64;
                self.cursor.consume(rest);
                break;
            }
        }
        batch.push(origin, &head, Some(FrameFault::TooLong { limit: self.limit }));
        Ok(())
    }
}

impl Frames for Messages {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool> {
        while !batch.is_full() {
            if !self.next_open()? {
                return Ok(false);
            }
            self.push(batch)?;
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(text: &str, limit: usize) -> Vec<(u64, u64, String, bool)> {
        let feed = Feed::new(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())), "test");
        let mut messages = Messages::new(feed, 0, limit);
        let mut found = Vec::new();
        loop {
            let mut batch = Batch::default();
            let more = messages.fill(&mut batch).unwrap();
            found.extend(batch.frames().map(|frame| {
                let text = String::from_utf8_lossy(frame.bytes).into_owned();
                (frame.origin.line, frame.origin.length, text, frame.fault.is_some())
            }));
            if !more {
                return found;
            }
        }
    }

    #[test]
    fn messages_and_nothing_else() {
        let found =
            frames("<slack>\n<messages/>\n<message a=\"1\">x</message>\n\n<message>y</message></slack>", 100);
        let shown: Vec<(u64, &str)> = found.iter().map(|row| (row.0, row.2.as_str())).collect();
        assert_eq!(shown, [(3, "<message a=\"1\">x</message>"), (5, "<message>y</message>")]);
        assert_eq!(frames("<message>cut", 100)[0].2, "<message>cut");
        for text in ["", "<message", "<mess", "</message>"] {
            assert!(frames(text, 100).is_empty(), "{text}");
        }
    }

    #[test]
    fn long_messages_are_passed() {
        let text = format!("<message>{}</message><message>y</message>", "x".repeat(600_000));
        let found = frames(&text, 1000);
        assert!(found[0].3 && found[0].1 == 600_019 && !found[1].3);
        assert_eq!(found[1].2, "<message>y</message>");
        assert!(frames(&format!("<message>{}", "x".repeat(2000)), 1000)[0].3);
    }
}
