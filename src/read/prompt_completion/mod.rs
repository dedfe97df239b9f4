//! Rows of a prompt and its completion, with the separators and stop suffixes of the old completion format taken away
//! where the whole file has them, and conversations packed into prompts unpacked.
//!
//! What a file's habits are is found by [`survey`] over all of its rows; here each row is read by them.

mod affixes;
mod survey;

use std::sync::Arc;

use affixes::Affixes;
use survey::{Packed, Survey};

use super::json::{self, Misfit, pair};
use super::reader::{Decode, Decoded, Guess, Opened, Reader, ReaderSpec};
use super::transcript::talk;
use super::{Frame, ReadSettings, Sample, Source};
use crate::diagnostic::Rejection;
use crate::error::Result;
use crate::model::{Conversation, Extra, Raw, Role};
use crate::text::sanitize::excerpt;

static SPEC: ReaderSpec = ReaderSpec {
    name: "prompt-completion",
    title: "Rows of `prompt` and `completion` (or `question` and `answer`): texts or lists of messages",
    notes: "A separator at the end of the prompts, a space before the completions and a stop suffix after them are \
            taken away when 95 % of the rows share them (`--keep-affixes` keeps them). Where as many prompts end in \
            a speaker's label (`Agent:`), the prompt is a conversation and the completion its last turn.",
    how_to_get: "",
    recognised_by: "`prompt` and `completion`",
};

/// The reader of prompts and completions.
pub struct PromptCompletion;

impl Reader for PromptCompletion {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        let head = sample.json()?;
        let fits = json::majority(head, |row| {
            pair::keys(row).is_some() && !row.contains_key("chosen") && json::label::of(row).is_none()
        })?;
        let (prompt, completion) = head
            .records
            .iter()
            .find_map(|row| pair::keys(row.as_object()?))
            .unwrap_or(("prompt", "completion"));
        Some(Guess {
            confidence: if completion == "completion" { 90 } else { 80 },
            why: format!("`{prompt}` and `{completion}` in {fits} of {} rows looked at", head.records.len()),
        })
    }

    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        let survey = Survey::of(json::frames(source, sample, settings)?)?;
        let affixes = if settings.keep_affixes { Affixes::default() } else { survey.affixes() };
        let packed = survey.packed();
        let mut notes = survey.notes(&affixes);
        if let Some(packed) = &packed {
            notes.push(format!(
                "prompts hold conversations and end in `{}:`, which the completion answers; speakers {}",
                excerpt(&packed.answering, 40),
                packed.names()
            ));
        }
        Ok(Opened {
            frames: json::frames(source, sample, settings)?,
            decoder: Arc::new(Decoder { affixes, packed }),
            notes,
        })
    }
}

struct Decoder {
    affixes: Affixes,
    packed: Option<Packed>,
}

impl Decode for Decoder {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        let mut findings = Vec::new();
        let mut row = json::object(frame, &mut findings)?;
        findings.extend(self.affixes.strip(&mut row));
        let raw = match self.packed.as_ref().and_then(|packed| unpack(&mut row, packed)) {
            Some(conversation) => Raw::Conversation(conversation),
            None => Raw::Example(pair::example(row).map_err(|misfit: Misfit| misfit.reject(frame))?),
        };
        Ok(Decoded { raw, findings })
    }
}

/// The conversation packed into a row's prompt; `None`, with the row untouched, when this prompt holds none.
fn unpack(row: &mut Extra, packed: &Packed) -> Option<Conversation> {
    let (prompt_key, completion_key) = pair::keys(row)?;
    let (prompt, completion) = pair::texts(row)?;
    if completion.trim().is_empty() || !packed.answers(talk::trailing_label(prompt)?) {
        return None;
    }
    let speakers = packed.speakers.iter().map(String::as_str);
    let (head, mut turns) = talk::parted(talk::turns_of(prompt, speakers));
    for turn in turns.iter_mut().filter(|turn| packed.answers(&turn.speaker)) {
        turn.role = Some(Role::Assistant);
    }
    completion.trim().clone_into(&mut turns.last_mut()?.text);
    let head = head.unwrap_or_default();
    let head = affixes::without_separator(&head);
    let mut system = (!head.is_empty()).then(|| head.to_owned());
    row.shift_remove(prompt_key);
    row.shift_remove(completion_key);
    if system.is_none() {
        system = json::take_solid_text(row, "system");
    }
    Some(Conversation { system, turns, extra: std::mem::take(row), ..Conversation::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn agent() -> Packed {
        Packed { answering: "Agent".into(), speakers: vec!["Agent".into(), "Customer".into()] }
    }

    fn unpacked(row: Value) -> Option<Conversation> {
        let Value::Object(mut row) = row else { panic!("not an object") };
        unpack(&mut row, &agent())
    }

    #[test]
    fn the_completion_is_the_last_turn() {
        let row = json!({"prompt": "Summary: a parcel\n\n###\n\nCustomer: Where?\nAgent: Here.\nCustomer: Thanks\nAgent:",
            "completion": " Welcome.\n", "n": 1});
        let found = unpacked(row).unwrap();
        assert_eq!(found.system.as_deref(), Some("Summary: a parcel"));
        let turns: Vec<(&str, bool, &str)> = found
            .turns
            .iter()
            .map(|turn| (turn.speaker.as_str(), turn.role.is_some(), turn.text.as_str()))
            .collect();
        assert_eq!(
            turns,
            [
                ("Customer", false, "Where?"),
                ("Agent", true, "Here."),
                ("Customer", false, "Thanks"),
                ("Agent", true, "Welcome.")
            ]
        );
        assert_eq!(Value::Object(found.extra), json!({"n": 1}));
    }

    #[test]
    fn other_prompts_are_left_alone() {
        assert_eq!(unpacked(json!({"prompt": "Where is it?", "completion": "Here"})), None);
        assert_eq!(unpacked(json!({"prompt": "Customer: a\nAgent:", "completion": " "})), None);
    }
}
