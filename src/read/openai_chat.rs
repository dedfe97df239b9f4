//! Chat rows: `{"messages": [{"role", "content"}, …]}` with tools, weights, names and content parts.

use std::sync::Arc;

use serde_json::Value;

use super::json::{self, chat};
use super::reader::{Decode, Decoded, Guess, Opened, Reader, ReaderSpec};
use super::{Frame, ReadSettings, Sample, Source};
use crate::diagnostic::Rejection;
use crate::error::Result;
use crate::model::{Extra, Raw};
use crate::target::rows::decode_example;

static SPEC: ReaderSpec = ReaderSpec {
    name: "openai-chat",
    title: "OpenAI chat rows (`messages` with `role` and `content`), JSON Lines or an array",
    notes: "Roles are taken as they are. Tools, tool calls and results, content parts, `weight`, `name` and unknown \
            keys are kept. Batch requests (`custom_id`, `body.messages`) are unwrapped; `tools` may be JSON in a \
            string. LLaMA-Factory's parts with `value` become text, image parts, tool calls and `reasoning_content`, \
            its `loss_weight` becomes `weight`.",
    how_to_get: "",
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
        let fits = json::majority(head, is_chat_row)?;
        Some(Guess {
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
fn is_chat_row(row: &Extra) -> bool {
    let messages = row.get("messages").or_else(|| row.get("body").and_then(|body| body.get("messages")));
    messages.is_some_and(chat::is_message_list)
        && !row.get("label").is_some_and(Value::is_boolean)
        && row.get("chosen").is_none()
}

struct Decoder;

impl Decode for Decoder {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        let mut findings = Vec::new();
        let example = match json::value(frame, &mut findings)? {
            Value::Object(row) => chat::example(row),
            // What is no object is named in the target's own words.
            other => decode_example(other).map_err(json::Misfit::first),
        };
        let example = example.map_err(|misfit| misfit.reject(frame))?;
        Ok(Decoded { raw: Raw::Example(example), findings })
    }
}
