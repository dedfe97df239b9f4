//! Content in parts, and calls without identifiers: what Gemini's and Bedrock's rows have in common.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::super::TargetSpec;
use super::turns::cannot;
use crate::diagnostic::Rejection;
use crate::model::{Content, Message, Role};

/// The text parts of a message; none where it says nothing beside its calls.
pub(super) fn texts(message: &Message, spec: &TargetSpec) -> Result<Vec<Value>, Rejection> {
    match &message.content {
        Content::Parts(parts) => parts
            .iter()
            .map(|part| match part.get("text") {
                Some(Value::String(text)) => Ok(json!({ "text": text })),
                _ => Err(cannot(spec, "a part that is no text")),
            })
            .collect(),
        Content::Text(text) if text.is_empty() && !message.tool_calls.is_empty() => Ok(Vec::new()),
        Content::Text(text) => Ok(vec![json!({ "text": text })]),
        Content::Absent | Content::Null => Ok(Vec::new()),
    }
}

/// The content that such parts are: one text, or parts as the chat format writes them.
pub(super) fn content(parts: Vec<Value>) -> Content {
    let text = match parts.as_slice() {
        [Value::Object(part)] if part.len() == 1 => {
            part.get("text").and_then(Value::as_str).map(str::to_owned)
        }
        [] => return Content::Absent,
        _ => None,
    };
    match text {
        Some(text) => Content::Text(text),
        None => Content::Parts(parts.into_iter().map(typed).collect()),
    }
}

fn typed(part: Value) -> Value {
    match part.get("text") {
        Some(text) => json!({"type": "text", "text": text}),
        None => part,
    }
}

/// Gives calls and results identifiers by their order, for formats that have none.
pub(super) fn link_by_order(messages: &mut [Message]) {
    let mut calls = 0;
    let mut open = VecDeque::new();
    for message in messages {
        for call in &mut message.tool_calls {
            calls += 1;
            let id = format!("call_{calls}");
            open.push_back(id.clone());
            call.id = Some(id);
        }
        if message.role == Role::Tool {
            message.tool_call_id = open.pop_front();
        }
    }
}
