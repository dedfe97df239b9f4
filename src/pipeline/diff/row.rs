//! A row as it is compared: what a model sees of it, and beside that what only people and programs read.
//!
//! Identifiers of tool calls are left out, since every service makes them anew; which call a result answers is kept.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::dedup::{Compare, fingerprint, prompt};
use crate::model::{Body, Content, Example, Extra, Message, Prints};
use crate::read::assemble::id_of;
use crate::text::hash;

/// What a model sees.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Row<'a> {
    /// All messages; of a preference the prompt, then both answers.
    #[serde(borrow)]
    pub(super) turns: Vec<Turn<'a>>,
    /// Definitions of tools, as JSON.
    pub(super) tools: Vec<String>,
    /// For unpaired preferences: whether the answer is wanted.
    pub(super) label: Option<bool>,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Turn<'a> {
    /// Of a preference: `prompt`, `chosen`, `rejected`; otherwise empty.
    #[serde(borrow)]
    pub(super) list: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) role: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) name: Option<Cow<'a, str>>,
    /// Not trained (weight 0).
    pub(super) masked: bool,
    /// All texts, a line each; of parts that are no text, their JSON.
    #[serde(borrow)]
    pub(super) text: Cow<'a, str>,
    /// Of how many parts the text is put together.
    pub(super) parts: usize,
    /// Calls of tools as `name(arguments)`, and calls in a form that is not understood.
    pub(super) calls: Vec<String>,
    /// Of a tool's result: the call it answers, as message and call from 1; `?` when there is no such call.
    pub(super) answers: Option<String>,
}

/// What stands beside what a model sees.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Beside {
    /// The conversation's own identifier.
    pub(super) id: Option<String>,
    /// Other fields of the row and of its messages (`messages[2].date`), in order.
    pub(super) fields: Extra,
}

/// A row ready to be laid aside, with what it is known by.
pub(super) struct Packed {
    pub(super) row: Vec<u8>,
    pub(super) beside: Vec<u8>,
    pub(super) keys: Keys,
}

/// What rows are matched by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Keys {
    /// Equal for rows that a model sees as equal to the letter.
    pub(super) exact: u128,
    /// Equal also where letters differ in case, white space, or the layout of JSON.
    pub(super) normal: u128,
    /// Of the messages before the last answer; 0 where there are none but instructions, which many rows share.
    pub(super) prompt: u64,
    /// Of the conversation's identifier; 0 where there is none.
    pub(super) id: u64,
    /// Of the other fields.
    pub(super) fields: u64,
}

/// Packs a body; `id` is what its record is called, `part` which example of the record it is, from 0.
pub(super) fn pack(body: &Body, id: Option<String>, part: usize, scratch: &mut Vec<u8>) -> Packed {
    let row = Row::of(body);
    let beside = Beside { id: id.or_else(|| id_of(extra(body))), fields: fields(body) };
    let bytes = json(&row);
    let settled = settled(body);
    let body = settled.as_ref().unwrap_or(body);
    let prints = Prints::of(body, scratch);
    let compare = Compare { tools: true, ..Compare::default() };
    let links: Vec<&str> = row.turns.iter().filter_map(|turn| turn.answers.as_deref()).collect();
    let normal = fingerprint(body, &prints, compare);
    let normal =
        if links.is_empty() { normal } else { normal ^ hash::fingerprint(links.join(",").as_bytes()) };
    let mut sorted = Value::Object(beside.fields.clone());
    sorted.sort_all_objects();
    let fields = json(&sorted);
    let keys = Keys {
        exact: hash::fingerprint(&bytes),
        normal,
        prompt: prompt(body, &prints).map_or(0, half),
        id: beside
            .id
            .as_ref()
            .map_or(0, |id| half(hash::fingerprint(format!("{part}\u{1f}{id}").as_bytes()))),
        fields: half(hash::fingerprint(&fields)),
    };
    Packed { row: bytes, beside: json(&beside), keys }
}

/// Half of a fingerprint: among some million rows two collide with a chance of one in a million, and what is matched
/// by it is looked at again.
fn half(print: u128) -> u64 {
    u64::try_from(print >> 64).unwrap_or_default().max(1)
}

fn json(value: &impl Serialize) -> Vec<u8> {
    // Our own types always serialise: keys are strings and numbers are finite.
    serde_json::to_vec(value).unwrap_or_default()
}

impl<'a> Row<'a> {
    fn of(body: &'a Body) -> Self {
        let texts = |tools: &Option<Vec<Value>>| {
            tools.iter().flatten().map(Value::to_string).collect::<Vec<String>>()
        };
        match body {
            Body::Example(example) => Self {
                turns: turns("", &example.messages).collect(),
                tools: texts(&example.tools),
                label: example.label,
            },
            Body::Preference(preference) => {
                let lists = [
                    ("prompt", &preference.prompt),
                    ("chosen", &preference.chosen),
                    ("rejected", &preference.rejected),
                ];
                Self {
                    turns: lists.iter().flat_map(|(name, list)| turns(name, list)).collect(),
                    tools: texts(&preference.tools),
                    label: None,
                }
            }
        }
    }

    /// All that is said, a text a message, calls of tools with it; instructions, which many rows share, only where
    /// there is nothing else.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let only_instructions = self.turns.iter().all(Turn::is_instruction);
        let turns = self.turns.iter().filter(move |turn| only_instructions || !turn.is_instruction());
        turns.flat_map(Turn::texts)
    }
}

impl Turn<'_> {
    fn is_instruction(&self) -> bool {
        matches!(self.role.as_ref(), "system" | "developer")
    }

    /// What it says, and its calls.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.text.as_ref()).chain(self.calls.iter().map(String::as_str))
    }
}

fn turns<'a>(list: &'a str, messages: &'a [Message]) -> impl Iterator<Item = Turn<'a>> {
    messages.iter().enumerate().map(move |(index, message)| {
        let calls = message.tool_calls.iter().map(|call| format!("{}({})", call.name, call.arguments));
        let odd = message.extra.iter().filter(|(key, _)| is_said(key));
        let pieces: Vec<Cow<'a, str>> = match &message.content {
            Content::Parts(parts) => parts
                .iter()
                .map(|part| match part.get("text").and_then(Value::as_str) {
                    Some(text) => Cow::Borrowed(text),
                    None => Cow::Owned(part.to_string()),
                })
                .collect(),
            Content::Text(text) => vec![Cow::Borrowed(text.as_str())],
            Content::Absent | Content::Null => Vec::new(),
        };
        let parts = pieces.len();
        let mut pieces = pieces.into_iter();
        let first = pieces.next().unwrap_or_default();
        let text = pieces.fold(first, |text, piece| text + "\n" + piece);
        Turn {
            list: list.into(),
            role: message.role.name().into(),
            name: message.name.as_deref().map(Cow::Borrowed),
            masked: message.weight == Some(0),
            // An empty text and none are the same to a model.
            parts: if text.is_empty() { 0 } else { parts },
            text,
            calls: calls.chain(odd.map(|(key, value)| format!("{key}: {value}"))).collect(),
            answers: message.tool_call_id.as_deref().map(|id| answered(&messages[..index], id)),
        }
    })
}

/// The call that an identifier means, as message and call.
fn answered(before: &[Message], id: &str) -> String {
    let place = before.iter().enumerate().rev().find_map(|(message, said)| {
        let call = said.tool_calls.iter().position(|call| call.id.as_deref() == Some(id))?;
        Some(format!("{}.{}", message + 1, call + 1))
    });
    place.unwrap_or_else(|| "?".to_owned())
}

/// Keys that are not understood and yet may hold what is said: the fingerprints of twins count them, too.
fn is_said(key: &str) -> bool {
    key.contains("call") || key == "content"
}

fn extra(body: &Body) -> &Extra {
    match body {
        Body::Example(example) => &example.extra,
        Body::Preference(preference) => &preference.extra,
    }
}

fn fields(body: &Body) -> Extra {
    let mut fields = extra(body).clone();
    let lists: &[(&str, &[Message])] = match body {
        Body::Example(example) => &[("messages", &example.messages)],
        Body::Preference(preference) => &[
            ("prompt", &preference.prompt),
            ("chosen", &preference.chosen),
            ("rejected", &preference.rejected),
        ],
    };
    for (list, messages) in lists {
        for (index, message) in messages.iter().enumerate() {
            let others = message.extra.iter().filter(|(key, _)| !is_said(key));
            fields.extend(others.map(|(key, value)| (format!("{list}[{index}].{key}"), value.clone())));
        }
    }
    // What is `null` in one format is not there in another.
    fields.retain(|_, value| !value.is_null());
    fields
}

/// The body with its JSON in one layout, where it has any: arguments of calls and tools without spaces, keys sorted.
fn settled(body: &Body) -> Option<Body> {
    let Body::Example(example) = body else { return None };
    let calls = example.messages.iter().any(|message| !message.tool_calls.is_empty());
    (calls || example.tools.is_some()).then(|| {
        let mut example: Example = example.clone();
        for call in example.messages.iter_mut().flat_map(|message| &mut message.tool_calls) {
            if let Ok(mut arguments) = serde_json::from_str::<Value>(&call.arguments) {
                arguments.sort_all_objects();
                call.arguments = arguments.to_string();
            }
        }
        example.tools.iter_mut().flatten().for_each(Value::sort_all_objects);
        Body::Example(example)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Role, ToolCall};

    fn keys(messages: Vec<Message>, extra: Value) -> Keys {
        let Value::Object(extra) = extra else { panic!("{extra}") };
        let body = Body::Example(Example { messages, extra, ..Example::default() });
        let packed = pack(&body, None, 0, &mut Vec::new());
        let back: Row<'_> = serde_json::from_slice(&packed.row).unwrap();
        assert_eq!(back, Row::of(&body));
        packed.keys
    }

    fn said(text: &str) -> Vec<Message> {
        vec![Message::text(Role::User, text), Message::text(Role::Assistant, "Yes.")]
    }

    #[test]
    fn what_a_model_sees_is_told_from_what_it_does_not() {
        let one = keys(said("Is it \"there\"?\n"), json!({"id": 1, "topic": "a"}));
        let spaced = keys(said("is it  \"there\"?"), json!({"id": 1, "topic": "a"}));
        let other = keys(said("Is it \"there\"?\n"), json!({"id": 2}));
        assert!(one.normal == spaced.normal && one.exact != spaced.exact && one.fields == spaced.fields);
        assert!(one.exact == other.exact && one.fields != other.fields && one.id != other.id);
    }

    #[test]
    fn identifiers_and_layout_of_calls_do_not_matter_and_what_they_answer_does() {
        let talk = |ids: [&str; 2], arguments: &str, answered: &str| {
            let call = |id: &str| ToolCall {
                id: Some(id.into()),
                name: "find".into(),
                arguments: arguments.into(),
                extra: Extra::new(),
            };
            let calls = Message { tool_calls: ids.map(call).to_vec(), ..Message::text(Role::Assistant, "") };
            let result = Message { tool_call_id: Some(answered.into()), ..Message::text(Role::Tool, "4") };
            keys(vec![Message::text(Role::User, "Find it"), calls, result], json!({}))
        };
        let one = talk(["a", "b"], r#"{"x":1,"y":2}"#, "a");
        assert_eq!(one, talk(["call_1", "call_2"], r#"{"x":1,"y":2}"#, "call_1"));
        let laid_out = talk(["a", "b"], r#"{ "y": 2, "x": 1 }"#, "a");
        assert!(one.normal == laid_out.normal && one.exact != laid_out.exact);
        assert_ne!(one.normal, talk(["a", "b"], r#"{"x":1,"y":2}"#, "b").normal);
    }
}
