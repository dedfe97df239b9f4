//! Chat rows: `{"messages": [{"role", "content"}, …]}` with tools, weights, names and content parts.

use std::sync::Arc;

use serde_json::Value;

use super::json::{self, chat};
use super::reader::{Decode, Decoded, Guess, Opened, Reader, ReaderSpec};
use super::{Frame, ReadSettings, Sample, Source};
use crate::diagnostic::Rejection;
use crate::model::{Body, Content, Example, Extra, Raw};
use crate::target::openai_chat::TARGET;
use crate::target::rows::decode_example;
use crate::target::{RowBuffer, Target};

static SPEC: ReaderSpec = ReaderSpec {
    name: "openai-chat",
    title: "OpenAI chat rows (`messages` with `role` and `content`), JSON Lines or an array",
    notes: "Roles are taken as they are. Tools, tool calls and results, content parts, `weight`, `name` and unknown \
            keys are kept. Batch requests (`custom_id`, `body.messages`) are unwrapped; `tools` may be JSON in a \
            string. LLaMA-Factory's parts with `value` become text, image parts, tool calls and `reasoning_content`, \
            its `loss_weight` becomes `weight`, and so does Axolotl's `train`.",
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

    fn open(
        &self,
        source: &Source,
        sample: &Sample,
        settings: &ReadSettings,
    ) -> crate::error::Result<Opened> {
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

/// A row of texts, as nearly all are, read straight; `None` for whatever needs a closer look.
fn plain(bytes: &[u8], room: &mut RowBuffer) -> Option<Example> {
    let Body::Example(mut example) = TARGET.read_line(bytes, room).then(|| room.take())? else {
        return None;
    };
    let parted = example.messages.iter().any(|message| matches!(message.content, Content::Parts(_)));
    let special = ["tools", "images", "videos", "audios"].iter().any(|key| example.extra.contains_key(*key));
    if parted || special {
        return None;
    }
    example.messages.iter_mut().for_each(chat::read_train);
    Some(example)
}

impl Decode for Decoder {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        self.decode_into(frame, &mut RowBuffer::default())
    }

    fn decode_into(&self, frame: &Frame<'_>, room: &mut RowBuffer) -> Result<Decoded, Rejection> {
        if let Some(example) = plain(frame.bytes, room) {
            return Ok(Decoded { raw: Raw::Example(example), findings: Vec::new() });
        }
        let mut findings = Vec::new();
        let example = example(json::value(frame, &mut findings)?).map_err(|misfit| misfit.reject(frame))?;
        Ok(Decoded { raw: Raw::Example(example), findings })
    }
}

fn example(row: Value) -> Result<Example, json::Misfit> {
    match row {
        Value::Object(row) => chat::example(row),
        // What is no object is named in the target's own words.
        other => decode_example(other).map_err(json::Misfit::first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::json::parse;

    #[test]
    fn rows_read_straight_are_what_the_tree_gives() {
        let message = r#"{"role":"user","content":"Wo?"}"#;
        let mut straight = 0;
        let mut room = RowBuffer::default();
        for row in [
            r#"{"messages":[M,{"role":"assistant","content":"Da.","weight":0,"name":"a"}],"id":7}"#,
            r#"{"messages":[M,{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]}],"tools":[{"name":"f"}]}"#,
            r#"{"messages":[M,{"role":"assistant","content":"Da.","loss_weight":1}],"label":true}"#,
            r#"{"messages":[M,{"role":"assistant","content":"Da.","train":false}]}"#,
            r#"{"messages":[M],"tools":"[{\"name\":\"f\"}]"}"#,
            r#"{"messages":[{"role":"user","content":[{"type":"text","value":"Wo?"}]}]}"#,
            r#"{"messages":[{"role":"user","content":"<image>Wo?"}],"images":["a.png"]}"#,
            r#"{"custom_id":"a","body":{"messages":[M]}}"#,
            r#"{"messages":[M],"body":{"messages":[M]}}"#,
            r#"{"messages":[{"content":"Wo?"}]}"#,
            r#"{"messages":[M,M],"messages":[M]}"#,
            "[1]",
        ] {
            let row = row.replace('M', message);
            let Some(read) = plain(row.as_bytes(), &mut room) else { continue };
            straight += 1;
            let tree = example(parse(row.as_bytes()).unwrap().value);
            assert_eq!(Some(&read), tree.as_ref().ok(), "{row}");
            room.give_back(Body::Example(read));
        }
        assert_eq!(straight, 5);
    }
}
