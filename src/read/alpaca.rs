//! Instruction rows: `{"instruction", "input", "output"}`, with the variants of Dolly, `GPTeacher` and LLaMA-Factory.

use super::json::{self, instruction, label};
use super::reader::{Guess, Opened, Reader, ReaderSpec};
use super::{ReadSettings, Sample, Source};
use crate::error::Result;
use crate::model::Raw;

static SPEC: ReaderSpec = ReaderSpec {
    name: "alpaca",
    title: "Alpaca rows (`instruction`, `input`, `output`), also Dolly's (`context`, `response`)",
    notes: "The user's message is the instruction and, on the next line, the `input` or `context`, unless that is \
            empty, `null`, `<noinput>` or `N/A`. The answer is `output`, `response` or `answer`; two of them that \
            differ are rejected. `system` and `history` (a list of `[question, answer]`) come first.",
    how_to_get: "",
    recognised_by: "`instruction` with `output`, `response` or `answer`",
};

/// The reader of instruction rows.
pub struct Alpaca;

impl Reader for Alpaca {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        let head = sample.json()?;
        let fits = json::majority(head, |row| {
            instruction::is_answered(row) && !row.contains_key("chosen") && label::of(row).is_none()
        })?;
        Some(Guess {
            confidence: 88,
            why: format!("`instruction` with an answer in {fits} of {} rows looked at", head.records.len()),
        })
    }

    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        json::rows::open(source, sample, settings, |row| instruction::example(row).map(Raw::Example))
    }
}
