//! The plain-text export: a heading between lines of `=`, then messages, each behind a line `[date] author`.

use memchr::memchr;

use super::plain::{Written, time_of};
use crate::error::Result;
use crate::model::Origin;
use crate::read::frame::{Batch, Feed, FrameFault, Frames, KEPT_OF_TOO_LONG};

/// `=` in a line of the heading.
const RULE: usize = 62;
/// Messages whose dates are looked at.
const LOOKED_AT: usize = 200;
/// Longest date in a header; the longest forms met have some 30 characters.
const LONGEST_DATE: usize = 60;

/// Whether a file begins with the heading.
pub(super) fn is_text(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines.next().is_some_and(is_rule) && lines.next().is_some_and(|line| line.starts_with(b"Guild:"))
}

fn is_rule(line: &[u8]) -> bool {
    line.len() == RULE && line.iter().all(|byte| *byte == b'=')
}

/// Date and author, and whether the message is pinned, of a line `[date] author`.
fn header(line: &str) -> Option<(&str, &str)> {
    let (date, author) = line.strip_prefix('[')?.split_once("] ")?;
    let author = author.trim_end();
    let author = author.strip_suffix(" (pinned)").unwrap_or(author);
    let is_date =
        date.len() <= LONGEST_DATE && (time_of(date, false).or_else(|| time_of(date, true))).is_some();
    (is_date && !author.is_empty()).then_some((date, author))
}

fn is_header(line: &[u8]) -> bool {
    line.starts_with(b"[") && std::str::from_utf8(line).is_ok_and(|line| header(line).is_some())
}

/// The messages of a text, one after another.
pub(super) struct Texts {
    feed: Feed,
    source: u32,
    limit: usize,
    line: u64,
    record: u64,
    /// Whether a message is being read, rather than what stands before, behind or between exports.
    inside: bool,
    /// Bytes of the message that have been looked at, which end with a line.
    scanned: usize,
    lines: u64,
    /// Whether the line before is blank: only then the next one may begin a message.
    blank: bool,
}

impl Texts {
    /// The messages of `feed`, each of at most `limit` bytes.
    pub fn new(feed: Feed, source: u32, limit: usize) -> Self {
        Self { feed, source, limit, line: 1, record: 0, inside: false, scanned: 0, lines: 0, blank: true }
    }

    /// Adds the message that has been looked at, or passes over what is none.
    fn finish(&mut self, batch: &mut Batch, too_long: bool) {
        let bytes = &self.feed.bytes()[..self.scanned];
        if self.inside {
            self.record += 1;
            let kept =
                if too_long { &bytes[..bytes.len().min(KEPT_OF_TOO_LONG)] } else { bytes.trim_ascii_end() };
            let length = if too_long { bytes.len() } else { kept.len() } as u64;
            let (offset, line, record) = (self.feed.offset(), self.line, self.record);
            let origin = Origin { source: self.source, offset, length, line, record };
            batch.push(origin, kept, too_long.then_some(FrameFault::TooLong { limit: self.limit }));
        }
        self.feed.consume(self.scanned);
        self.line += self.lines;
        (self.scanned, self.lines) = (0, 0);
    }
}

impl Frames for Texts {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool> {
        let mut searched = self.scanned;
        while !batch.is_full() {
            let bytes = self.feed.bytes();
            let Some(skip) = memchr(b'\n', &bytes[searched..]) else {
                searched = bytes.len();
                if searched > self.limit {
                    self.scanned = searched;
                    self.finish(batch, true);
                    (self.inside, self.blank, searched) = (false, false, 0);
                } else if !self.feed.more()? {
                    self.scanned = searched;
                    self.finish(batch, false);
                    return Ok(false);
                }
                continue;
            };
            let end = searched + skip;
            let line = bytes[self.scanned..end].trim_ascii_end();
            let (rule, starts, empty) = (is_rule(line), is_header(line), line.is_empty());
            if starts && (self.blank || !self.inside) || rule && self.blank && self.inside {
                let line_length = end + 1 - self.scanned;
                self.finish(batch, false);
                self.inside = starts;
                self.scanned = line_length;
            } else {
                self.scanned = end + 1;
            }
            self.lines += 1;
            self.blank = empty;
            searched = self.scanned;
            if !self.inside {
                self.finish(batch, false);
                searched = 0;
            } else if self.scanned > self.limit {
                self.finish(batch, true);
                (self.inside, searched) = (false, 0);
            }
        }
        Ok(true)
    }
}

/// A message as it stands.
pub(super) fn read(message: &str) -> Written {
    let mut lines = message.lines();
    let first = lines.next().unwrap_or_default();
    let mut written = Written::default();
    match header(first) {
        Some((date, author)) => (written.date, written.author) = (date.to_owned(), author.to_owned()),
        None => written.content.push_str(first),
    }
    let mut section = "";
    for line in lines {
        match line.trim_end() {
            mark @ ("{Attachments}" | "{Embed}" | "{Stickers}" | "{Reactions}") => {
                section = match mark {
                    "{Attachments}" | "{Stickers}" => "media",
                    "{Embed}" => "embed",
                    _ => "reactions",
                }
            }
            line if section.is_empty() => add_line(&mut written.content, line),
            "" => {}
            line if section == "media" => written.media.push(line.to_owned()),
            line if section == "embed" => add_line(&mut written.embedded, line),
            line => written.reactions.push(line.to_owned()),
        }
    }
    written.content.truncate(written.content.trim_end().len());
    written
}

fn add_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

/// The dates at the beginning of a file.
pub(super) fn dates(head: &str) -> Vec<String> {
    head.lines().filter_map(header).map(|(date, _)| date.to_owned()).take(LOOKED_AT).collect()
}
