//! What of two examples is compared to call them twins.

use std::str::FromStr;

use crate::error::{Error, Result};
use crate::model::{Body, Message, Prints, Role};
use crate::text::hash::Fingerprinter;
use crate::text::similar::suggestion;

/// What is compared; more than one part is compared together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compare {
    /// All messages: role, text, tool calls, whether they are trained.
    pub conversation: bool,
    /// The messages before the last one of the assistant.
    pub prompt: bool,
    /// What the assistant says, over all messages.
    pub answer: bool,
    /// The definitions of the tools.
    pub tools: bool,
}

/// The parts by name, as the user writes them.
const PARTS: &[&str] = &["conversation", "prompt", "answer", "tools"];

impl Default for Compare {
    fn default() -> Self {
        Self { conversation: true, prompt: false, answer: false, tools: false }
    }
}

impl FromStr for Compare {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut compare = Self { conversation: false, prompt: false, answer: false, tools: false };
        for part in text.split(',').map(str::trim) {
            match part {
                "conversation" => compare.conversation = true,
                "prompt" => compare.prompt = true,
                "answer" => compare.answer = true,
                "tools" => compare.tools = true,
                other => {
                    return Err(Error::usage(format!("twins cannot be found on `{other}`"))
                        .with_hint(suggestion(other, PARTS.iter().copied())));
                }
            }
        }
        Ok(compare)
    }
}

impl std::fmt::Display for Compare {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = [self.conversation, self.prompt, self.answer, self.tools];
        let names: Vec<&str> = PARTS.iter().zip(parts).filter(|(_, on)| *on).map(|(name, _)| *name).collect();
        formatter.write_str(&names.join(","))
    }
}

/// The fingerprint of what is compared; `prints` are those of the body's messages.
pub fn fingerprint(body: &Body, prints: &Prints, compare: Compare) -> u128 {
    let mut key = Key::default();
    match body {
        Body::Example(example) => {
            if compare.conversation {
                key.messages(&example.messages, &prints.messages);
                key.part(&[example.label.map_or(2, u8::from)]);
            }
            if compare.prompt {
                key.messages(prompt_of(&example.messages), &prints.messages);
            }
            if compare.answer {
                key.answers(&example.messages, &prints.messages);
            }
            if compare.tools {
                key.tools(example.tools.as_deref());
            }
        }
        Body::Preference(preference) => {
            if compare.conversation || compare.prompt {
                key.messages(&preference.prompt, &prints.messages);
            }
            if compare.conversation || compare.answer {
                key.messages(&preference.chosen, &prints.chosen);
                key.messages(&preference.rejected, &prints.rejected);
            }
            if compare.tools {
                key.tools(preference.tools.as_deref());
            }
        }
    }
    key.0.finish()
}

/// The messages before the last one of the assistant.
pub(super) fn prompt_of(messages: &[Message]) -> &[Message] {
    let last = messages.iter().rposition(|message| message.role == Role::Assistant);
    &messages[..last.unwrap_or(messages.len())]
}

#[derive(Default)]
struct Key(Fingerprinter);

impl Key {
    /// Adds bytes with their length before them, so that no two lists of parts look alike.
    fn part(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    /// Adds messages: of each who speaks, whether it is learned, and its print.
    fn messages(&mut self, messages: &[Message], prints: &[u128]) {
        self.part(&(messages.len() as u64).to_le_bytes());
        for (message, print) in messages.iter().zip(prints) {
            match (&message.role, &message.name) {
                // Nearly all messages: the two parts at once, with their lengths, and without asking how long they are.
                (Role::User, None) => self.0.update(b"\x04\0\0\0\0\0\0\0user\0\0\0\0\0\0\0\0"),
                (Role::Assistant, None) => {
                    self.0.update(b"\x09\0\0\0\0\0\0\0assistant\0\0\0\0\0\0\0\0");
                }
                (role, name) => {
                    self.part(role.name().as_bytes());
                    self.part(name.as_deref().unwrap_or_default().as_bytes());
                }
            }
            // Absent and 1 both mean trained; only a mask makes a difference.
            let masked = u8::from(message.weight == Some(0));
            // The part of the mask and that of the print, added at once.
            let mut both = [0; 8 + 1 + 8 + 16];
            (both[0], both[8], both[9]) = (1, masked, 16);
            both[17..].copy_from_slice(&print.to_le_bytes());
            self.0.update(&both);
        }
    }

    fn answers(&mut self, messages: &[Message], prints: &[u128]) {
        let answers = messages.iter().zip(prints).filter(|(message, _)| message.role == Role::Assistant);
        answers.for_each(|(_, print)| self.part(&print.to_le_bytes()));
    }

    fn tools(&mut self, tools: Option<&[serde_json::Value]>) {
        for tool in tools.unwrap_or_default() {
            self.part(tool.to_string().as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Example;

    fn example(messages: &[(&str, &str)]) -> Body {
        Body::Example(Example {
            messages: messages
                .iter()
                .map(|(role, text)| Message::text(Role::from_name(role), *text))
                .collect(),
            ..Example::default()
        })
    }

    fn print(body: &Body, compare: Compare) -> u128 {
        fingerprint(body, &Prints::of(body, &mut Vec::new()), compare)
    }

    fn twins(on: &str, a: &Body, b: &Body) -> bool {
        let compare = on.parse().unwrap();
        print(a, compare) == print(b, compare)
    }

    #[test]
    fn what_is_compared_decides() {
        let one = example(&[("user", "Where is it?"), ("assistant", "On its way.")]);
        let spaced = example(&[("user", " where  IS it?"), ("assistant", "on its way.\n")]);
        let other_answer = example(&[("user", "Where is it?"), ("assistant", "No idea.")]);
        let other_prompt = example(&[("user", "Where?"), ("assistant", "On its way.")]);
        assert!(twins("conversation", &one, &spaced));
        assert!(!twins("conversation", &one, &other_answer));
        assert!(twins("prompt", &one, &other_answer));
        assert!(twins("answer", &one, &other_prompt));
        assert!(!twins("answer", &one, &other_answer));
    }

    #[test]
    fn parts_cannot_run_together() {
        let joined = example(&[("user", "a"), ("assistant", "b c")]);
        let split = example(&[("user", "a b"), ("assistant", "c")]);
        assert!(!twins("conversation", &joined, &split));
        assert!(!twins("answer", &joined, &split));
    }

    #[test]
    fn speakers_masks_and_tools_count() {
        let one = example(&[("user", "a"), ("assistant", "b")]);
        assert!(!twins("conversation", &one, &example(&[("assistant", "a"), ("user", "b")])));
        let mut named = one.clone();
        let mut masked = one.clone();
        let mut tooled = one.clone();
        if let Body::Example(example) = &mut named {
            example.messages[0].name = Some("Kim".to_owned());
        }
        if let Body::Example(example) = &mut masked {
            example.messages[1].weight = Some(0);
        }
        if let Body::Example(example) = &mut tooled {
            example.tools = Some(vec![serde_json::json!({"type": "function"})]);
        }
        assert!(!twins("conversation", &one, &named));
        assert!(!twins("conversation", &one, &masked));
        assert!(twins("conversation", &one, &tooled));
        assert!(!twins("conversation,tools", &one, &tooled));
    }

    #[test]
    fn unknown_parts_are_named() {
        assert!("promt".parse::<Compare>().unwrap_err().hint().unwrap().contains("prompt"));
    }
}
