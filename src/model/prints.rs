//! What each message of an example says, as fingerprints: rows are compared by them, and the text is looked at once.

use serde_json::Value;

use super::{Body, Content, Message};
use crate::text::hash::fingerprint;
use crate::text::normalize::normalize_into;

/// One fingerprint a message, of its content and its calls; who says it and whether it is learned are not in it.
///
/// Texts count in their normal form (see [`normalize_into`]). Identifiers of calls are left out: every service makes
/// them anew.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prints {
    /// Of the messages of an example, or of the prompt of a preference.
    pub messages: Vec<u128>,
    /// Of the preferred answer of a preference.
    pub chosen: Vec<u128>,
    /// Of its other answer.
    pub rejected: Vec<u128>,
}

impl Prints {
    /// Looks at every message; `scratch` is room for their texts.
    pub fn of(body: &Body, scratch: &mut Vec<u8>) -> Self {
        let mut list =
            |messages: &[Message]| messages.iter().map(|message| print(message, scratch)).collect();
        match body {
            Body::Example(example) => Self { messages: list(&example.messages), ..Self::default() },
            Body::Preference(preference) => Self {
                messages: list(&preference.prompt),
                chosen: list(&preference.chosen),
                rejected: list(&preference.rejected),
            },
        }
    }
}

fn print(message: &Message, scratch: &mut Vec<u8>) -> u128 {
    scratch.clear();
    match &message.content {
        Content::Text(text) => normal(text, scratch),
        Content::Parts(parts) => {
            for part in parts {
                match part.get("text").and_then(Value::as_str) {
                    Some(text) => normal(text, scratch),
                    // Pictures are part of what is said.
                    None => verbatim(&part.to_string(), scratch),
                }
            }
        }
        Content::Absent | Content::Null => {}
    }
    for call in &message.tool_calls {
        verbatim(&call.name, scratch);
        verbatim(&call.arguments, scratch);
    }
    // What the rest holds (calls that cannot be read, functions) may be what differs.
    let said = |key: &str| key.contains("call") || key == "content";
    for (key, value) in message.extra.iter().filter(|(key, _)| said(key)) {
        verbatim(key, scratch);
        verbatim(&value.to_string(), scratch);
    }
    fingerprint(scratch)
}

// Behind each text stands its length, so that no two lists of texts look alike.

fn normal(text: &str, out: &mut Vec<u8>) {
    let start = out.len();
    normalize_into(text, out);
    let length = (out.len() - start) as u64;
    out.extend_from_slice(&length.to_le_bytes());
}

fn verbatim(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(text.as_bytes());
    out.extend_from_slice(&(text.len() as u64).to_le_bytes());
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Example, Extra, Role, ToolCall};

    fn of(messages: Vec<Message>) -> Vec<u128> {
        let body = Body::Example(Example { messages, ..Example::default() });
        Prints::of(&body, &mut b"left over".to_vec()).messages
    }

    fn said(text: &str) -> u128 {
        of(vec![Message::text(Role::User, text)])[0]
    }

    #[test]
    fn case_and_white_space_do_not_matter_and_everything_else_does() {
        assert_eq!(said("Where is it?"), said(" where  IS\nit?"));
        assert_ne!(said("Where is it?"), said("Where is it"));
        assert_eq!(
            of(vec![Message::text(Role::Assistant, "Yes")]),
            of(vec![Message::text(Role::User, "Yes")])
        );
    }

    #[test]
    fn parts_calls_and_what_is_not_understood_are_said_too() {
        let with = |change: &dyn Fn(&mut Message)| {
            let mut message = Message::text(Role::Assistant, "");
            change(&mut message);
            of(vec![message])[0]
        };
        let parts = |list: Vec<Value>| with(&|message| message.content = Content::Parts(list.clone()));
        let call = |id: &str, arguments: &str| {
            with(&|message| {
                message.tool_calls = vec![ToolCall {
                    id: Some(id.to_owned()),
                    name: "find".to_owned(),
                    arguments: arguments.to_owned(),
                    extra: Extra::new(),
                }];
            })
        };
        let all = [
            with(&|_| {}),
            parts(vec![json!({"type": "text", "text": "ab"})]),
            parts(vec![json!({"type": "text", "text": "a"}), json!({"type": "text", "text": "b"})]),
            parts(vec![json!({"type": "image_url", "image_url": {"url": "a.png"}})]),
            call("1", "{}"),
            call("1", "{\"a\":1}"),
            with(&|message| _ = message.extra.insert("function_call".to_owned(), json!("find"))),
        ];
        for (index, one) in all.iter().enumerate() {
            assert!(!all[..index].contains(one), "{index}");
        }
        assert_eq!(call("1", "{}"), call("2", "{}"));
    }
}
