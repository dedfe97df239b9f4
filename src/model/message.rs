//! One message as a model sees it.

use serde_json::Value;

use super::{Extra, Role, ToolCall};

/// What a message says.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// The key is not there.
    Absent,
    /// The key is there and `null`, usual beside tool calls.
    Null,
    /// Plain text.
    Text(String),
    /// Typed parts (`{"type":"text","text":…}`, images), as written.
    Parts(Vec<Value>),
}

/// Role and content, with what else a chat format knows.
///
/// A known key whose value has the wrong type is kept in `extra` under its own name, so that nothing is lost and
/// a rule can point at it.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: Content,
    /// The speaker's name, where the format has one.
    pub name: Option<String>,
    /// 1: trained, 0: masked; `None`: the target's default.
    pub weight: Option<u8>,
    /// Calls of tools, in order; empty when there are none.
    pub tool_calls: Vec<ToolCall>,
    /// For a tool's result: the call it answers.
    pub tool_call_id: Option<String>,
    /// Everything else, in order.
    pub extra: Extra,
}

impl Message {
    /// A message of plain text.
    pub fn text(role: Role, text: impl Into<String>) -> Self {
        Self {
            role,
            content: Content::Text(text.into()),
            name: None,
            weight: None,
            tool_calls: Vec::new(),
            tool_call_id: None,
            extra: Extra::new(),
        }
    }

    /// Whether it is an answer that is learned from, where all are.
    pub fn is_trained_answer(&self) -> bool {
        self.role == Role::Assistant && self.weight != Some(0)
    }

    /// The texts of the content: the text itself, or the text of every text part, in order.
    pub fn texts(&self) -> Texts<'_> {
        let (text, parts) = match &self.content {
            Content::Text(text) => (Some(text.as_str()), [].as_slice()),
            Content::Parts(parts) => (None, parts.as_slice()),
            Content::Absent | Content::Null => (None, [].as_slice()),
        };
        Texts { text, parts: parts.iter() }
    }

    /// The texts of [`Message::texts`], to be changed.
    pub fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let (text, parts) = match &mut self.content {
            Content::Text(text) => (Some(text), [].as_mut_slice()),
            Content::Parts(parts) => (None, parts.as_mut_slice()),
            Content::Absent | Content::Null => (None, [].as_mut_slice()),
        };
        let texts = parts.iter_mut().filter_map(|part| match part.get_mut("text") {
            Some(Value::String(text)) => Some(text),
            _ => None,
        });
        text.into_iter().chain(texts)
    }

    /// Whether there is no text but white space, and no part that is not text.
    pub fn is_blank(&self) -> bool {
        match &self.content {
            Content::Absent | Content::Null => true,
            Content::Text(text) => text.trim().is_empty(),
            Content::Parts(parts) => parts.iter().all(|part| {
                part.get("type").and_then(Value::as_str) == Some("text")
                    && part.get("text").and_then(Value::as_str).is_none_or(|text| text.trim().is_empty())
            }),
        }
    }
}

/// The texts of a message, see [`Message::texts`].
///
/// Rules ask for them many times a row, and nearly always there is one: a chain of iterators would be asked four things for
/// each.
#[derive(Debug, Clone)]
pub struct Texts<'a> {
    text: Option<&'a str>,
    parts: std::slice::Iter<'a, Value>,
}

impl<'a> Iterator for Texts<'a> {
    type Item = &'a str;

    #[inline]
    fn next(&mut self) -> Option<&'a str> {
        if let Some(text) = self.text.take() {
            return Some(text);
        }
        self.parts.find_map(|part| part.get("text").and_then(Value::as_str))
    }
}
