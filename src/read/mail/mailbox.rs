//! Where messages begin and end in mailboxes (RFC 4155 and what programs make of it), file after file.
//!
//! A frame is one message with the `From ` line before it, as the file has it.

use std::borrow::Cow;

use memchr::memmem::Finder;
use memchr::{memchr, memchr_iter};

use super::headers::is_field;
use crate::error::Result;
use crate::model::Origin;
use crate::read::frame::{Batch, Feed, FrameFault, Frames, KEPT_OF_TOO_LONG};
use crate::read::settings::ReadSettings;
use crate::read::source::Source;

/// Longest `From ` line that separates messages: an address, a date and a host name take some 120 bytes.
const SEPARATOR_BYTES: usize = 512;
/// What must be seen behind a line feed to know whether a message begins there: the separator and the next field's name.
const LOOK_AHEAD: usize = SEPARATOR_BYTES + 128;

/// How many times the limit of a record a message may have while its files are still in it.
const WITH_FILES: usize = 4;
/// Files in messages from this size on are left out.
const LARGE_FILE: usize = 16 << 10;
/// Where the fields of a part are looked for, before its file.
const PART_HEAD: usize = 4 << 10;

/// Whether a mailbox begins here.
pub fn begins_mailbox(bytes: &[u8]) -> bool {
    separator(bytes, true) == Some(true)
}

/// The `From ` line at the beginning of a message, and the message.
pub fn envelope(message: &[u8]) -> (Option<&[u8]>, &[u8]) {
    if !begins_mailbox(message) {
        return (None, message);
    }
    let end = memchr(b'\n', message).map_or(message.len(), |end| end + 1);
    let (line, rest) = message.split_at(end);
    (Some(line.trim_ascii_end()), rest)
}

/// Whether a message begins here; `None` when more must be read to know.
fn separator(bytes: &[u8], ended: bool) -> Option<bool> {
    let shown = &bytes[..bytes.len().min(SEPARATOR_BYTES)];
    if !shown.starts_with(b"From ") {
        return (ended || bytes.len() >= 5).then_some(false);
    }
    let Some(end) = memchr(b'\n', shown) else {
        return (ended || bytes.len() >= SEPARATOR_BYTES).then_some(false);
    };
    if !is_separator(&shown[..end]) {
        return Some(false);
    }
    let next = &bytes[end + 1..];
    if !ended && next.len() < LOOK_AHEAD - SEPARATOR_BYTES {
        return None;
    }
    Some(is_field(next) || next.starts_with(b">From "))
}

/// `From ana@shop.example Fri Mar  1 10:00:00 2024`, with a zone before or after the year. A line of text may begin with
/// `From ` and end with a year, but not with a clock, a weekday or a month in short as well.
fn is_separator(line: &[u8]) -> bool {
    let Ok(line) = std::str::from_utf8(line) else { return false };
    let mut words: Vec<&str> = line.split_ascii_whitespace().skip(2).collect();
    // `-0500`, `+0000`, `EST`, `(CET)`, `remote from host`.
    if let [.., "remote", "from", _] = words.as_slice() {
        words.truncate(words.len() - 3);
    }
    while words.len() > 1 && words.last().is_some_and(|word| is_zone(word)) {
        words.pop();
    }
    let Some((year, before)) = words.split_last() else { return false };
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    is_year && before.iter().any(|word| is_clock(word) || is_short_name(word))
}

fn is_zone(word: &str) -> bool {
    let digits = word.strip_prefix(['+', '-']);
    let name = word.trim_matches(['(', ')']);
    digits.is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()))
        || ((2..=5).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_uppercase()))
}

fn is_clock(word: &str) -> bool {
    let mut parts = word.split(':');
    let two = |part: Option<&str>| {
        part.is_some_and(|part| {
            (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    two(parts.next()) && two(parts.next())
}

fn is_short_name(word: &str) -> bool {
    const NAMES: &[&str] = &[
        "Apr", "Aug", "Dec", "Feb", "Fri", "Jan", "Jul", "Jun", "Mar", "May", "Mon", "Nov", "Oct", "Sat",
        "Sep", "Sun", "Thu", "Tue", "Wed",
    ];
    NAMES.binary_search(&word.trim_end_matches(',')).is_ok()
}

/// The messages of several files, one after another; each file is opened when its turn comes.
pub struct Mailboxes {
    sources: std::vec::IntoIter<Source>,
    settings: ReadSettings,
    open: Option<Messages>,
}

impl Mailboxes {
    /// The messages of `sources`, each at most as long as the settings allow.
    pub fn new(sources: Vec<Source>, settings: ReadSettings) -> Self {
        Self { sources: sources.into_iter(), settings, open: None }
    }
}

impl Frames for Mailboxes {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool> {
        while !batch.is_full() {
            if let Some(open) = &mut self.open {
                if open.next(batch)? {
                    continue;
                }
                self.open = None;
            }
            let Some(source) = self.sources.next() else { return Ok(false) };
            let feed = Feed::new(source.open(&self.settings)?, source.name.clone());
            let named = source.file_name();
            let mailbox = [".mbox", ".mbx"].iter().any(|ending| named.ends_with(ending)) || named == "mbox";
            let limit = self.settings.limits.record_bytes;
            self.open = Some(Messages::new(feed, source.index, limit, mailbox));
        }
        Ok(true)
    }
}

/// The messages of one file.
struct Messages {
    feed: Feed,
    source: u32,
    limit: usize,
    line: u64,
    record: u64,
    /// Whether there may be several; `None` before the first is looked at.
    mailbox: Option<bool>,
    finder: Finder<'static>,
}

impl Messages {
    fn new(feed: Feed, source: u32, limit: usize, mailbox: bool) -> Self {
        let mailbox = mailbox.then_some(true);
        Self { feed, source, limit, line: 1, record: 0, mailbox, finder: Finder::new(b"\nFrom ") }
    }

    /// Adds the next message; `false` at the end.
    fn next(&mut self, batch: &mut Batch) -> Result<bool> {
        while self.feed.peek()?.is_some_and(|byte| byte.is_ascii_whitespace()) {
            let blank = self.feed.bytes().iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            self.pass(blank);
        }
        if self.feed.peek()?.is_none() {
            return Ok(false);
        }
        let several = match self.mailbox {
            Some(several) => several,
            None => self.looks_like_mailbox()?,
        };
        self.mailbox = Some(several);
        let (offset, line) = (self.feed.offset(), self.line);
        let (mut searched, mut ended) = (0, false);
        loop {
            match self.end(several, searched, ended) {
                End::At(end) => {
                    self.push(batch, end);
                    return Ok(true);
                }
                End::Beyond(known) if known > self.limit.saturating_mul(WITH_FILES) => {
                    return self.skip(batch, offset, line, several);
                }
                End::Beyond(known) => {
                    searched = known;
                    ended = !self.feed.more()?;
                }
            }
        }
    }

    fn looks_like_mailbox(&mut self) -> Result<bool> {
        loop {
            if let Some(known) = separator(self.feed.bytes(), false) {
                return Ok(known);
            }
            if !self.feed.more()? {
                return Ok(begins_mailbox(self.feed.bytes()));
            }
        }
    }

    /// Where the message at the beginning of the window ends; what lies before `from` is known to belong to it.
    fn end(&self, several: bool, from: usize, ended: bool) -> End {
        let bytes = self.feed.bytes();
        let mut from = from;
        let search =
            |from: usize| bytes.get(from..).filter(|_| several).and_then(|rest| self.finder.find(rest));
        while let Some(found) = search(from) {
            let at = from + found + 1;
            match bytes.get(at..).and_then(|rest| separator(rest, ended)) {
                Some(true) => return End::At(at),
                Some(false) => from = at,
                None => return End::Beyond(at - 1),
            }
        }
        if ended { End::At(bytes.len()) } else { End::Beyond(bytes.len().saturating_sub(5).max(from)) }
    }

    /// Adds the first `end` bytes of the window, large files left out.
    fn push(&mut self, batch: &mut Batch, end: usize) {
        let whole = self.feed.bytes().get(..end).unwrap_or_default().trim_ascii_end();
        let bytes = without_files(whole);
        self.record += 1;
        if bytes.len() > self.limit {
            let kept = bytes.get(..KEPT_OF_TOO_LONG).unwrap_or(&bytes);
            let fault = FrameFault::TooLong { limit: self.limit };
            batch.push(self.origin(whole.len() as u64), kept, Some(fault));
        } else {
            batch.push(self.origin(bytes.len() as u64), &bytes, None);
        }
        self.pass(end);
    }

    fn origin(&self, length: u64) -> Origin {
        let (source, line, record) = (self.source, self.line, self.record);
        Origin { source, offset: self.feed.offset(), length, line, record }
    }

    /// A message that is too long: its beginning is kept, the rest passed over.
    fn skip(&mut self, batch: &mut Batch, offset: u64, line: u64, several: bool) -> Result<bool> {
        let head = self.feed.bytes().get(..KEPT_OF_TOO_LONG).unwrap_or(self.feed.bytes()).to_vec();
        let mut ended = false;
        loop {
            match self.end(several, 0, ended) {
                End::At(end) => {
                    self.pass(end);
                    break;
                }
                End::Beyond(known) => {
                    self.pass(known);
                    ended = !self.feed.more()?;
                }
            }
        }
        self.record += 1;
        let length = self.feed.offset() - offset;
        let origin = Origin { source: self.source, offset, length, line, record: self.record };
        batch.push(origin, &head, Some(FrameFault::TooLong { limit: self.limit }));
        Ok(true)
    }

    fn pass(&mut self, count: usize) {
        let passed = self.feed.bytes().get(..count).unwrap_or_default();
        self.line += memchr_iter(b'\n', passed).count() as u64;
        self.feed.consume(count);
    }
}

/// A message without the bytes of large files: a thread with some photographs would be longer than any record may be, and
/// nothing but the names of files is read. The part and its first line stay.
fn without_files(message: &[u8]) -> Cow<'_, [u8]> {
    let mut out = Vec::new();
    let (mut copied, mut at) = (0, 0);
    while message.len() - copied > LARGE_FILE {
        let Some(blank) = blank_line(message, at) else { break };
        let body = &message[blank..];
        let first = memchr(b'\n', body).map_or(body.len(), |end| end + 1);
        let length = base64_length(body);
        if length > LARGE_FILE && holds_file(&message[blank.saturating_sub(PART_HEAD)..blank]) {
            out.extend_from_slice(&message[copied..blank + first]);
            copied = blank + length;
        }
        at = blank + length;
    }
    if copied == 0 {
        return Cow::Borrowed(message);
    }
    out.extend_from_slice(&message[copied..]);
    Cow::Owned(out)
}

/// Behind the next blank line.
fn blank_line(message: &[u8], from: usize) -> Option<usize> {
    let rest = message.get(from..)?;
    memchr_iter(b'\n', rest).find_map(|at| match rest.get(at + 1..)? {
        [b'\n', ..] => Some(from + at + 2),
        [b'\r', b'\n', ..] => Some(from + at + 3),
        _ => None,
    })
}

/// Bytes of the lines at the beginning that may be base64.
fn base64_length(body: &[u8]) -> usize {
    let is_base64 = |line: &&[u8]| {
        let line = line.trim_ascii_end();
        !line.is_empty()
            && line.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
    };
    body.split_inclusive(|byte| *byte == b'\n').take_while(is_base64).map(<[u8]>::len).sum()
}

/// Whether the fields at the end of `head` are those of a part that is written in base64 and no text.
fn holds_file(head: &[u8]) -> bool {
    let head = head.trim_ascii_end();
    let start = (0..head.len())
        .rev()
        .find(|at| matches!(&head[*at..], [b'\n', b'\n', ..] | [b'\n', b'\r', b'\n', ..]));
    let fields = head[start.unwrap_or(0)..].to_ascii_lowercase();
    let Some(at) = memchr::memmem::rfind(&fields, b"content-type:") else { return false };
    let kind = fields[at + b"content-type:".len()..].trim_ascii_start();
    let words = [&b"text/"[..], b"message/", b"multipart/"];
    !words.iter().any(|word| kind.starts_with(word)) && memchr::memmem::find(&fields, b"base64").is_some()
}

enum End {
    /// The message ends here.
    At(usize),
    /// It goes on at least up to here, as far as is read.
    Beyond(usize),
}

/// The text of a message as it was before it was put into a mailbox: one `>` less before `From ` at the beginning of a
/// line. In the older way of writing (mboxo) a line that had a `>` of its own loses it; nothing tells the two apart.
pub fn unmangled(message: &[u8]) -> Cow<'_, [u8]> {
    let mut out = Vec::new();
    let mut copied = 0;
    for at in memchr::memmem::find_iter(message, b">From ") {
        let marks = message[..at].iter().rev().take_while(|byte| **byte == b'>').count();
        let start = at - marks;
        if start == 0 || message.get(start - 1) == Some(&b'\n') {
            out.extend_from_slice(message.get(copied..start).unwrap_or_default());
            copied = start + 1;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(message);
    }
    out.extend_from_slice(message.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}
