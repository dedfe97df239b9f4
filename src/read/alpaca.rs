//! Instruction rows: `{"instruction", "input", "output"}`, with the variants of Dolly, `GPTeacher` and LLaMA-Factory.

use std::sync::Arc;

use super::json::{self, instruction, label};
use super::reader::{Decode, Decoded, Guess, Opened, Reader, ReaderSpec};
use super::{Frame, ReadSettings, Sample, Source};
use crate::diagnostic::Rejection;
use crate::error::Result;
use crate::model::Raw;

static SPEC: ReaderSpec = ReaderSpec {
    name: "alpaca",
    title: "Alpaca rows (`instruction`, `input`, `output`), also Dolly's (`context`, `response`)",
    notes: "The user's message is the instruction and, on the next line, the `input` or `context`, unless that is \
            empty, `null`, `<noinput>` or `N/A`. The answer is `output`, `response` or `answer`; two of them that \
            differ are rejected. `system` and `history` (a list of `[question, answer]`) come first.",
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
        Ok(Opened {
            frames: json::frames(source, sample, settings)?,
            decoder: Arc::new(Decoder),
            notes: Vec::new(),
        })
    }
}

struct Decoder;

impl Decode for Decoder {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        let mut findings = Vec::new();
        let row = json::object(frame, &mut findings)?;
        let example = instruction::example(row).map_err(|misfit| misfit.reject(frame))?;
        Ok(Decoded { raw: Raw::Example(example), findings })
    }
}
