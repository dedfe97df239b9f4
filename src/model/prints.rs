//! What the messages of an example say, as fingerprints: rows are compared by them, and texts are looked at once.

use serde_json::Value;

use super::{Body, Content, Message};
use crate::text::hash::fingerprint;
use crate::text::normalize::normalize_into;

/// What the messages of an example say; texts are looked at once, and whatever compares rows goes by this.
///
/// Texts count in their normal form (case and white space folded). Identifiers of calls are left out: every service makes
/// them anew.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prints {
    /// Of the messages of an example, or of the prompt of a preference.
    pub messages: Said,
    /// Of the preferred answer of a preference.
    pub chosen: Said,
    /// Of its other answer.
    pub rejected: Said,
}

impl Prints {
    /// Looks at every message; `scratch` is room for their texts.
    pub fn of(body: &Body, scratch: &mut Vec<u8>) -> Self {
        let mut said = |messages: &[Message]| Said::of(messages, scratch);
        match body {
            Body::Example(example) => Self { messages: said(&example.messages), ..Self::default() },
            Body::Preference(preference) => Self {
                messages: said(&preference.prompt),
                chosen: said(&preference.chosen),
                rejected: said(&preference.rejected),
            },
        }
    }
}

/// Some messages as bytes that other messages do not have: of each who speaks, whether it is learned, and the fingerprint
/// of its content and its calls.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    bytes: Vec<u8>,
    /// Where the bytes of each message end.
    ends: Vec<usize>,
}

/// Bytes of a fingerprint, which stands last of a message's bytes.
const PRINT: usize = size_of::<u128>();

/// Bytes of most messages: four lengths, a role, no name, the mask and the fingerprint.
const USUAL: usize = 64;

impl Said {
    fn of(messages: &[Message], scratch: &mut Vec<u8>) -> Self {
        let mut bytes = Vec::with_capacity(USUAL * messages.len());
        let mut ends = Vec::with_capacity(messages.len());
        for message in messages {
            // With the length before each, no two lists of parts look alike.
            for part in [message.role.name(), message.name.as_deref().unwrap_or_default()] {
                bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
                bytes.extend_from_slice(part.as_bytes());
            }
            bytes.extend_from_slice(&1u64.to_le_bytes());
            // Absent and 1 both mean trained; only a mask makes a difference.
            bytes.push(u8::from(message.weight == Some(0)));
            bytes.extend_from_slice(&(PRINT as u64).to_le_bytes());
            bytes.extend_from_slice(&print(message, scratch).to_le_bytes());
            ends.push(bytes.len());
        }
        Self { bytes, ends }
    }

    /// How many messages.
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// The bytes of the first so many messages.
    pub fn bytes(&self, count: usize) -> &[u8] {
        let end = match count {
            0 => 0,
            _ => self.ends.get(count - 1).copied().unwrap_or(self.bytes.len()),
        };
        self.bytes.get(..end).unwrap_or_default()
    }

    /// The fingerprint of each message's content and calls; who says it and whether it is learned are not in it.
    pub fn prints(&self) -> impl Iterator<Item = &[u8]> {
        self.ends.iter().filter_map(|end| self.bytes.get(end - PRINT..*end))
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

    fn of(messages: Vec<Message>) -> Vec<Vec<u8>> {
        let body = Body::Example(Example { messages, ..Example::default() });
        Prints::of(&body, &mut b"left over".to_vec()).messages.prints().map(<[u8]>::to_vec).collect()
    }

    fn said(text: &str) -> Vec<u8> {
        of(vec![Message::text(Role::User, text)]).remove(0)
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
    fn bytes_of_messages_stand_side_by_side() {
        let mut named = Message::text(Role::User, "a");
        named.name = Some("Kim".to_owned());
        let mut masked = Message::text(Role::User, "a");
        masked.weight = Some(0);
        let messages =
            vec![Message::text(Role::User, "a"), Message::text(Role::Assistant, "a"), named, masked];
        let body = Body::Example(Example { messages, ..Example::default() });
        let said = Prints::of(&body, &mut Vec::new()).messages;
        let each: Vec<&[u8]> =
            (0..said.count()).map(|at| said.bytes(at + 1).strip_prefix(said.bytes(at)).unwrap()).collect();
        assert_eq!(each.concat(), said.bytes(4));
        for (index, one) in each.iter().enumerate() {
            assert!(!each[..index].contains(one), "{index}");
        }
        assert!(said.prints().all(|print| Some(print) == said.prints().next()));
        assert_eq!((said.bytes(0), said.bytes(9)), (&[][..], said.bytes(4)));
    }

    #[test]
    fn parts_calls_and_what_is_not_understood_are_said_too() {
        let with = |change: &dyn Fn(&mut Message)| {
            let mut message = Message::text(Role::Assistant, "");
            change(&mut message);
            of(vec![message]).remove(0)
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
