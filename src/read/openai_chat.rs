//! Chat rows: `{"messages": [{"role", "content"}, …]}` with tools, weights, names and content parts.

use std::sync::Arc;

use serde_json::Value;

use super::reader::{Decode, Decoded, Guess, Opened, Reader, ReaderSpec};
use super::{Frame, ReadSettings, Sample, Source, json};
use crate::diagnostic::Rejection;
use crate::error::Result;
use crate::model::Raw;
use crate::target::openai_chat::decode_example;

static SPEC: ReaderSpec = ReaderSpec {
    name: "openai-chat",
    title: "OpenAI chat rows (`messages` with `role` and `content`), JSON Lines or an array",
    notes: "Roles are taken as they are. Tools, tool calls and results, content parts, `weight`, `name` and unknown \
            keys are kept.",
    recognised_by: "`messages[].role` and `content` with the roles of the chat format",
};

/// The reader of chat rows.
pub struct OpenAiChat;

impl Reader for OpenAiChat {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        let head = sample.json()?;
        let fits = head.records.iter().filter(|record| is_chat_row(record)).count();
        (fits * 2 > head.records.len()).then(|| Guess {
            confidence: 90,
            why: format!(
                "`messages[].role` of the chat format in {fits} of {} rows looked at",
                head.records.len()
            ),
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

/// Whether a row is a chat row without the keys of preference data.
fn is_chat_row(record: &Value) -> bool {
    record.get("messages").and_then(Value::as_array).is_some_and(|messages| {
        messages.iter().all(|message| {
            matches!(
                message.get("role").and_then(Value::as_str),
                Some("system" | "developer" | "user" | "assistant" | "tool" | "function")
            )
        })
    }) && record.get("label").is_none()
        && record.get("chosen").is_none()
}

struct Decoder;

impl Decode for Decoder {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        let mut findings = Vec::new();
        let value = json::value(frame, &mut findings)?;
        let example = decode_example(value).map_err(|mut found| {
            let first = found.swap_remove(0);
            let place = if first.path.is_empty() { String::new() } else { format!("{}: ", first.path) };
            Rejection::new(first.def, format!("{place}{}", first.message))
        })?;
        Ok(Decoded { raw: Raw::Example(example), findings })
    }
}
