//! The framing: one frame a conversation, found in a stream line by line.
//!
//! A mark closes the conversation at hand when that has turns; before its first turn, marks and fields are its header
//! block. What is too long is passed over to the next mark, keeping its beginning only.

use std::sync::Arc;

use memchr::memchr;

use super::Rules;
use super::boundary::{LONGEST_BLOCK, Mark, field};
use super::grammars::Line;
use super::words;
use crate::error::Result;
use crate::model::Origin;
use crate::read::frame::{Batch, Feed, FrameFault, Frames, KEPT_OF_TOO_LONG};
use crate::text::encoding::to_text;

/// A line longer than this is somebody's text and no mark.
const LONGEST_MARK: usize = 4 << 10;

/// Frames at the marks of conversations.
pub(super) struct Conversations {
    feed: Feed,
    source: u32,
    limit: usize,
    rules: Arc<Rules>,
    /// Where the next line begins in the window; the conversation at hand begins at 0.
    at: usize,
    /// How far the window has been searched for the end of that line.
    searched: usize,
    /// Number of the next line.
    line: u64,
    record: u64,
    /// First line of the conversation at hand.
    first_line: u64,
    /// End of its last line that is not blank.
    solid_end: usize,
    progress: Progress,
    passing: Option<Passing>,
}

/// A conversation being passed over.
struct Passing {
    offset: u64,
    head: Vec<u8>,
    /// Length up to the last line that is not blank.
    length: u64,
}

/// What has been seen of the conversation at hand.
#[derive(Default)]
struct Progress {
    /// Lines that are not blank.
    solid: usize,
    /// … and no rules.
    said: usize,
    has_turn: bool,
    sorts: Vec<String>,
    blanks: usize,
    after_mark: bool,
    /// A title or a field stands before what could be turns in the first run of lines.
    run_led: bool,
    /// A field stands in that run.
    run_has_field: bool,
    run_ended: bool,
    /// Lines of that run that could be turns.
    run_labels: usize,
}

impl Conversations {
    pub(super) fn new(feed: Feed, source: u32, limit: usize, rules: Arc<Rules>) -> Self {
        Self {
            feed,
            source,
            limit,
            rules,
            at: 0,
            searched: 0,
            line: 1,
            record: 0,
            first_line: 1,
            solid_end: 0,
            progress: Progress::default(),
            passing: None,
        }
    }

    /// Takes the line `at..end` of the window; the next one begins at `next`.
    fn step(&mut self, batch: &mut Batch, end: usize, next: usize) {
        let rules = Arc::clone(&self.rules);
        let bytes = self.feed.bytes().get(self.at..end).unwrap_or_default();
        if bytes.iter().all(u8::is_ascii_whitespace) {
            self.progress.blanks += 1;
            self.at = next;
        } else {
            let long = bytes.len() > LONGEST_MARK;
            let (text, _) = to_text(if long { bytes.get(..LONGEST_MARK).unwrap_or(bytes) } else { bytes });
            let text = text.strip_suffix('\r').unwrap_or(&text);
            let apart = self.progress.solid == 0 || self.progress.blanks > 0 || self.progress.after_mark;
            let mark = rules.boundaries.mark(text, self.progress.blanks, apart);
            let closes =
                mark.as_ref().is_some_and(|mark| rules.boundaries.parts(mark) && self.progress.closes(mark));
            // Within a conversation most lines need no second look; the others are copied to end the borrow.
            let seen = (closes || mark.is_some() || !self.progress.has_turn).then(|| {
                let mark = mark.map(|mark| (mark == Mark::Rule, sort(&mark), mark == Mark::Opening));
                (text.to_owned(), mark)
            });
            if closes {
                let length = next - self.at;
                let end = end - self.at;
                self.finish(batch);
                self.solid_end = end;
                self.at = length;
            } else {
                self.solid_end = end;
                self.at = next;
            }
            if self.progress.solid == 0 {
                self.first_line = self.line;
            }
            match seen {
                Some((text, mark)) => self.progress.take(&text, mark, &rules),
                None => self.progress.pass_over(),
            }
        }
        self.line += 1;
        if self.progress.solid == 0 && self.passing.is_none() {
            // Blank lines before a conversation belong to none.
            self.feed.consume(self.at);
            self.at = 0;
        } else if self.passing.is_some() || self.solid_end > self.limit {
            self.pass(self.at);
        }
        self.searched = self.at;
    }

    /// Passes over `count` bytes of the window, the conversation at hand being too long.
    fn pass(&mut self, count: usize) {
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
        self.feed.consume(count);
        self.solid_end = 0;
        self.at = 0;
        // Whatever it was: the next mark is the next conversation.
        self.progress.has_turn = true;
    }

    /// Hands on the conversation at hand, which ends where the line at `at` begins.
    fn finish(&mut self, batch: &mut Batch) {
        let mut origin = Origin {
            source: self.source,
            offset: 0,
            length: 0,
            line: self.first_line,
            record: self.record + 1,
        };
        if let Some(passing) = self.passing.take() {
            self.record += 1;
            (origin.offset, origin.length) = (passing.offset, passing.length);
            batch.push(origin, &passing.head, Some(FrameFault::TooLong { limit: self.limit }));
        } else if self.progress.said > 0 {
            self.record += 1;
            let bytes = self.feed.bytes().get(..self.solid_end).unwrap_or_default().trim_ascii_end();
            (origin.offset, origin.length) = (self.feed.offset(), bytes.len() as u64);
            batch.push(origin, bytes, None);
        }
        self.feed.consume(self.at);
        self.at = 0;
        self.solid_end = 0;
        self.progress = Progress::default();
    }
}

fn sort(mark: &Mark<'_>) -> Option<String> {
    match mark {
        Mark::Rule => None,
        Mark::Title { sort, .. } => Some(sort.clone()),
        Mark::Asked { .. } => Some(String::from("asked")),
        Mark::Opening => Some(String::from("opening")),
    }
}

impl Progress {
    /// Whether `mark` ends this conversation, rather than being part of its header block.
    fn closes(&self, mark: &Mark<'_>) -> bool {
        self.has_turn
            || (self.run_labels > 0 && !self.run_has_field)
            || self.solid > LONGEST_BLOCK
            || sort(mark).is_some_and(|sort| self.sorts.contains(&sort))
    }

    /// Takes note of a line in the middle of a conversation.
    fn pass_over(&mut self) {
        self.solid += 1;
        self.said += 1;
        self.blanks = 0;
        self.after_mark = false;
    }

    /// Takes note of a line that is not blank; `mark`: whether it is a rule, its sort, whether it is a field too.
    fn take(&mut self, text: &str, mark: Option<(bool, Option<String>, bool)>, rules: &Rules) {
        let line = Line::new(text, self.blanks > 0 || self.solid == 0);
        self.solid += 1;
        let blanks = std::mem::take(&mut self.blanks);
        self.after_mark = mark.is_some();
        if let Some((rule, sort, opening)) = mark {
            self.said += usize::from(!rule);
            self.run_ended |= rule && self.run_has_field;
            self.run_has_field |= opening;
            self.run_led |= !rule;
            // A caller's pattern may match a line that somebody says.
            self.has_turn |= sort.as_deref() == Some("asked") && rules.opens(&line);
            self.sorts.extend(sort);
            return;
        }
        self.said += 1;
        if self.has_turn {
            return;
        }
        self.run_ended |= blanks > 0 && self.said > 1;
        if rules.opens(&line) {
            // `Agent: Ana` among the fields of a header block is no turn; many such lines are.
            self.run_labels += 1;
            self.has_turn = self.run_ended || !self.run_led || self.run_labels >= 3;
        } else if field(text).is_some_and(|(key, _)| words::is_field(key)) {
            self.run_has_field |= !self.run_ended;
            self.run_led |= !self.run_ended;
        }
    }
}

impl Frames for Conversations {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool> {
        let end = self.rules.line_end;
        while !batch.is_full() {
            if let Some(skip) = memchr(end, self.feed.bytes().get(self.searched..).unwrap_or_default()) {
                let end = self.searched + skip;
                self.step(batch, end, end + 1);
                continue;
            }
            self.searched = self.feed.bytes().len();
            if self.feed.more()? {
                continue;
            }
            if self.at < self.searched {
                self.step(batch, self.searched, self.searched);
            }
            self.at = self.feed.bytes().len();
            self.finish(batch);
            return Ok(false);
        }
        Ok(true)
    }
}
