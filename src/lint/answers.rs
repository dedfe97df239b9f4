//! What was asked and answered in each row, as fingerprints: enough to find rows that say the same or contradict one
//! another, in one small entry a row.

use super::place::tools;
use super::refusal;
use crate::model::{Body, Content, Message, Role};
use crate::text::hash::Fingerprinter;
use crate::text::normalize::normalize_into;

/// Words of an answer from which on giving it to everybody is a habit and no label: classes and numbers are shorter.
const WORDY: usize = 6;

/// Prompt and answer of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answered {
    /// Fingerprint of everything before the last answer, case and white space aside; 0 where no user speaks in it.
    pub prompt: u64,
    /// Fingerprint of the last answer and what follows it; of both answers of a preference.
    pub answer: u64,
    /// The line of the row in its file, counted from 1.
    pub line: u32,
    /// Whether the answer is more than a label.
    pub wordy: bool,
    /// Whether the answer refuses.
    pub refuses: bool,
    /// Whether the row says of its answer that it is wanted or not: then one prompt has several by design.
    pub labelled: bool,
}

impl Answered {
    /// Looks at one row.
    pub(super) fn of(body: &Body) -> Self {
        let mut prompt = Print::default();
        let mut answer = Print::default();
        let (before, after, rejected) = match body {
            Body::Example(example) => {
                let messages = example.messages.as_slice();
                let last = messages.iter().rposition(|message| message.role == Role::Assistant);
                let (before, after) = messages.split_at(last.unwrap_or(messages.len()));
                (before, after, [].as_slice())
            }
            Body::Preference(preference) => {
                (preference.prompt.as_slice(), preference.chosen.as_slice(), preference.rejected.as_slice())
            }
        };
        // What can be called is part of what is asked.
        tools(body).into_iter().flatten().for_each(|tool| prompt.text(&tool.to_string()));
        before.iter().for_each(|message| prompt.message(message));
        after.iter().chain(rejected).for_each(|message| answer.message(message));
        let label = match body {
            Body::Example(example) => example.label,
            Body::Preference(_) => None,
        };
        answer.print.update(&[label.map_or(2, u8::from)]);
        let asked = before.iter().any(|message| message.role == Role::User);
        let words = after
            .first()
            .map_or(0, |first| first.texts().flat_map(str::split_whitespace).take(WORDY).count());
        Self {
            prompt: if asked { prompt.finish() } else { 0 },
            answer: answer.finish(),
            line: 0,
            wordy: words == WORDY,
            refuses: refusal::ends_with_one(after),
            labelled: label.is_some(),
        }
    }
}

#[derive(Default)]
struct Print {
    print: Fingerprinter,
    scratch: Vec<u8>,
}

impl Print {
    fn message(&mut self, message: &Message) {
        self.text(message.role.name());
        // The same conversation with another answer trained is another example.
        self.print.update(&[message.weight.unwrap_or(2)]);
        match &message.content {
            Content::Parts(parts) => {
                // Pictures are part of what is asked.
                for part in parts {
                    match part.get("text").and_then(serde_json::Value::as_str) {
                        Some(text) => self.text(text),
                        None => self.text(&part.to_string()),
                    }
                }
            }
            _ => message.texts().for_each(|text| self.text(text)),
        }
        for call in &message.tool_calls {
            self.text(&call.name);
            self.text(&call.arguments);
        }
        // What the rest holds (calls that cannot be read, functions) may be what differs.
        for (key, value) in message.extra.iter().filter(|(key, _)| key.contains("call") || *key == "content")
        {
            self.text(key);
            self.text(&value.to_string());
        }
    }

    /// Adds a text in its normal form, its length before it, so that no two lists of texts look alike.
    fn text(&mut self, text: &str) {
        self.scratch.clear();
        normalize_into(text, &mut self.scratch);
        self.print.update(&(self.scratch.len() as u64).to_le_bytes());
        self.print.update(&self.scratch);
    }

    fn finish(&self) -> u64 {
        // Half of the fingerprint: among a million rows the chance of one wrong twin is 3 in 10⁸. Never 0.
        u64::try_from(self.print.finish() >> 64).unwrap_or_default().max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Example;

    fn answered(asked: &str, said: &str, weight: Option<u8>, label: Option<bool>) -> Answered {
        let mut answer = Message::text(Role::Assistant, said);
        answer.weight = weight;
        let messages = vec![Message::text(Role::User, asked), answer];
        Answered::of(&Body::Example(Example { messages, label, ..Example::default() }))
    }

    #[test]
    fn case_and_space_do_not_matter_and_everything_else_does() {
        let one = answered("Where is it?", "On its way.", None, None);
        assert_eq!(one, answered(" where  is it?", "on its way.", None, None));
        for other in [
            answered("Where is it?", "Lost.", None, None),
            answered("Where is it?", "On its way.", Some(0), None),
            answered("Where is it?", "On its way.", None, Some(true)),
        ] {
            assert_eq!(other.prompt, one.prompt);
            assert_ne!(other.answer, one.answer);
        }
        assert_ne!(answered("Where?", "On its way.", None, None).prompt, one.prompt);
        assert!(answered("a", "b", None, Some(false)).labelled && !one.labelled);
    }

    #[test]
    fn where_nobody_asks_there_is_no_prompt() {
        let body = Body::Example(Example {
            messages: vec![Message::text(Role::Assistant, "Hi")],
            ..Example::default()
        });
        assert_eq!(Answered::of(&body).prompt, 0);
    }
}
