//! The framing: one frame a conversation, found in a stream line by line.
//!
//! A mark closes the conversation at hand when that has turns; before its first turn, marks and fields are its header
//! block.

use std::sync::Arc;

use super::Rules;
use super::boundary::{LONGEST_BLOCK, Mark, field};
use super::grammars::Line;
use super::words;
use crate::error::Result;
use crate::read::frame::{Ahead, Batch, Block, Feed, Frames};
use crate::text::encoding::to_text;

/// A line longer than this is somebody's text and no mark.
const LONGEST_MARK: usize = 4 << 10;

/// Frames at the marks of conversations.
pub(super) struct Conversations {
    block: Block,
    rules: Arc<Rules>,
    progress: Progress,
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
        Self { block: Block::new(feed, source, limit), rules, progress: Progress::default() }
    }

    fn step(&mut self, batch: &mut Batch, line: Ahead) {
        let rules = Arc::clone(&self.rules);
        let bytes = self.block.bytes(line);
        let is_blank = bytes.iter().all(u8::is_ascii_whitespace);
        if is_blank {
            self.progress.blanks += 1;
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
                self.finish(batch);
            }
            match seen {
                Some((text, mark)) => self.progress.take(&text, mark, &rules),
                None => self.progress.pass_over(),
            }
        }
        self.block.take(line, is_blank);
        // Whatever is being passed over: the next mark is the next conversation.
        self.progress.has_turn |= self.block.is_passing();
    }

    /// Hands on the conversation at hand, unless it is nothing but rules.
    fn finish(&mut self, batch: &mut Batch) {
        self.block.finish(batch, self.progress.said > 0);
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
        while !batch.is_full() {
            let Some(line) = self.block.next_line(self.rules.line_end, usize::MAX)? else {
                self.finish(batch);
                return Ok(false);
            };
            self.step(batch, line);
        }
        Ok(true)
    }
}
