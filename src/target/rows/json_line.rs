//! Writing chat rows as JSON without building a value tree.

use serde_json::Value;

use super::super::TargetSpec;
use super::turns::plain_text;
use crate::diagnostic::Rejection;
use crate::model::{Content, Extra, Message, Role};
pub(super) use crate::text::json::{
    write_key as key, write_member as member, write_string as string, write_value as value,
};

/// Appends the content of a message alone: a text, or parts where the target takes them.
pub(super) fn content(message: &Message, spec: &TargetSpec, out: &mut Vec<u8>) -> Result<(), Rejection> {
    match &message.content {
        Content::Parts(parts) if spec.content_parts => value(parts, out),
        _ => string(plain_text(message, spec)?, out),
    }
    Ok(())
}

/// Appends the definitions of tools under their key, where there are any.
pub(super) fn tools(tools: Option<&[Value]>, out: &mut Vec<u8>) {
    if let Some(tools) = tools {
        key("tools", out);
        value(tools, out);
    }
}

/// Appends what is kept without being understood.
pub(super) fn members(extra: &Extra, out: &mut Vec<u8>) {
    for (name, one) in extra {
        member(name, one, out);
    }
}

/// Appends a list of messages with everything they have.
pub(super) fn messages(messages: &[Message], out: &mut Vec<u8>) {
    written(messages, true, out);
}

/// Appends a list of messages without weights: the layout itself says what is learned.
pub(super) fn messages_unweighted(messages: &[Message], out: &mut Vec<u8>) {
    written(messages, false, out);
}

fn written(messages: &[Message], weighted: bool, out: &mut Vec<u8>) {
    out.push(b'[');
    for (index, one) in messages.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        message(one, weighted, out);
    }
    out.push(b']');
}

fn message(message: &Message, weighted: bool, out: &mut Vec<u8>) {
    match message.role {
        // Nearly all messages, at once.
        Role::User => out.extend_from_slice(br#"{"role":"user""#),
        Role::Assistant => out.extend_from_slice(br#"{"role":"assistant""#),
        ref role => {
            out.push(b'{');
            key("role", out);
            string(role.name(), out);
        }
    }
    match &message.content {
        Content::Absent => {}
        Content::Null => {
            key("content", out);
            out.extend_from_slice(b"null");
        }
        Content::Text(text) => {
            key("content", out);
            string(text, out);
        }
        Content::Parts(parts) => {
            key("content", out);
            value(parts, out);
        }
    }
    if let Some(name) = &message.name {
        key("name", out);
        string(name, out);
    }
    if !message.tool_calls.is_empty() {
        key("tool_calls", out);
        tool_calls(message, out);
    }
    if let Some(id) = &message.tool_call_id {
        key("tool_call_id", out);
        string(id, out);
    }
    if let Some(weight) = message.weight.filter(|_| weighted) {
        key("weight", out);
        out.push(b'0' + weight.min(1));
    }
    members(&message.extra, out);
    out.push(b'}');
}

fn tool_calls(message: &Message, out: &mut Vec<u8>) {
    out.push(b'[');
    for (index, call) in message.tool_calls.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.push(b'{');
        if let Some(id) = &call.id {
            key("id", out);
            string(id, out);
        }
        if !call.extra.contains_key("type") {
            key("type", out);
            string("function", out);
        }
        members(&call.extra, out);
        key("function", out);
        out.push(b'{');
        key("name", out);
        string(&call.name, out);
        key("arguments", out);
        string(&call.arguments, out);
        out.extend_from_slice(b"}}");
    }
    out.push(b']');
}
