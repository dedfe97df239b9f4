//! From a body to the set that is compared.

use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::dedup::Compare;
use crate::dedup::compare::prompt_of;
use crate::model::{Body, Content, Message, Role};
use crate::text::masks::{Masked, Masks};
use crate::text::shingle::{Cutter, Shingle};

/// What of a body is compared, and how it is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cut {
    /// The parts that are compared, together.
    pub on: Compare,
    /// How texts are cut.
    pub shingle: Shingle,
    /// What is masked before.
    pub masks: Masks,
}

/// Makes sets of shingles; each thread has its own.
///
/// A shingle belongs to one message and to who speaks, so that swapped roles are not alike; messages that are masked in
/// training are apart from those that are learned, and answers that are wanted from those that are not. A system or
/// developer prompt is one shingle however long it is, and so are all definitions of tools: what all rows share says
/// nothing about any of them. The names and arguments of calls are words, their identifiers are left out.
///
/// A conversation of one short answer is a text with its label: with another label it is no twin, however long the text, so
/// that contradicting labels are found as conflicts and not taken out.
pub struct Shingler {
    on: Compare,
    cutter: Cutter,
    set: Vec<u64>,
    /// A number for the label of the body, 0 where it has none.
    label: u64,
}

/// An answer of less than so many words, in at most so many bytes, is a label.
const LABEL_WORDS: usize = 6;
const LABEL_BYTES: usize = 80;

impl Shingler {
    /// For one way of cutting.
    pub fn new(cut: Cut) -> Self {
        Self { on: cut.on, cutter: Cutter::new(cut.shingle, cut.masks), set: Vec::new(), label: 0 }
    }

    /// The set of a body: sorted, without repeats; empty when nothing is said.
    pub fn set(&mut self, body: &Body) -> &[u64] {
        self.set.clear();
        let Compare { conversation, prompt, answer, tools } = self.on;
        self.label = if conversation { self.label(body) } else { 0 };
        let definitions = match body {
            Body::Example(example) => {
                // Rows of KTO that say the same and are labelled differently are no twins.
                let part = example.label.map_or(Part::Example, Part::Labelled);
                if conversation {
                    self.messages(&example.messages, part);
                } else {
                    if prompt {
                        self.messages(prompt_of(&example.messages), part);
                    }
                    if answer {
                        let answers =
                            example.messages.iter().filter(|message| message.role == Role::Assistant);
                        answers.for_each(|message| self.message(message, part));
                    }
                }
                &example.tools
            }
            Body::Preference(preference) => {
                if conversation || prompt {
                    self.messages(&preference.prompt, Part::Example);
                }
                if conversation || answer {
                    self.messages(&preference.chosen, Part::Chosen);
                    self.messages(&preference.rejected, Part::Rejected);
                }
                &preference.tools
            }
        };
        if let Some(definitions) = definitions.as_ref().filter(|_| tools) {
            definitions.iter().for_each(|tool| self.cutter.add(&tool.to_string()));
            self.cutter.end_as_one(salt("tools", Part::Example, false), &mut self.set);
        }
        self.set.sort_unstable();
        self.set.dedup();
        &self.set
    }

    /// How many places were masked so far, in all bodies, by kind.
    pub fn masked(&self) -> Masked {
        self.cutter.masked()
    }

    /// A number for the label of a body: its only answer, when that is short.
    fn label(&mut self, body: &Body) -> u64 {
        let Body::Example(example) = body else { return 0 };
        let mut answers = example.messages.iter().filter(|message| message.role == Role::Assistant);
        let (Some(answer), None) = (answers.next(), answers.next()) else { return 0 };
        let Content::Text(text) = &answer.content else { return 0 };
        let words = text.split_whitespace().take(LABEL_WORDS).count();
        if text.len() > LABEL_BYTES || words == LABEL_WORDS || !answer.tool_calls.is_empty() {
            return 0;
        }
        self.cutter.add(text);
        self.cutter.end(0, &mut self.set);
        self.set.sort_unstable();
        self.set.drain(..).fold(0, |label, shingle| xxh3_64_with_seed(&shingle.to_le_bytes(), label))
    }

    fn messages(&mut self, messages: &[Message], part: Part) {
        messages.iter().for_each(|message| self.message(message, part));
    }

    fn message(&mut self, message: &Message, part: Part) {
        let salt = salt(message.role.name(), part, message.weight == Some(0)) ^ self.label;
        match &message.content {
            Content::Text(text) => self.cutter.add(text),
            Content::Parts(parts) => {
                for part in parts {
                    match part.get("text").and_then(Value::as_str) {
                        Some(text) => self.cutter.add(text),
                        // Pictures are part of what is said, and have no words.
                        None => self.set.push(xxh3_64_with_seed(part.to_string().as_bytes(), salt)),
                    }
                }
            }
            Content::Absent | Content::Null => {}
        }
        for call in &message.tool_calls {
            self.cutter.add(&call.name);
            self.cutter.add(&call.arguments);
        }
        // Calls that could not be read may be what differs, as for exact twins.
        for (key, value) in message.extra.iter().filter(|(key, _)| key.contains("call") || *key == "content")
        {
            self.cutter.add(key);
            self.cutter.add(&value.to_string());
        }
        if message.role.is_instruction() {
            self.cutter.end_as_one(salt, &mut self.set);
        } else {
            self.cutter.end(salt, &mut self.set);
        }
    }
}

/// Which part of a body a message is in.
#[derive(Debug, Clone, Copy)]
enum Part {
    Example,
    Labelled(bool),
    Chosen,
    Rejected,
}

/// A number for who speaks, where, and whether it is left out of training.
fn salt(speaker: &str, part: Part, masked: bool) -> u64 {
    let part = match part {
        Part::Example => 0,
        Part::Labelled(false) => 1,
        Part::Labelled(true) => 2,
        Part::Chosen => 3,
        Part::Rejected => 4,
    };
    xxh3_64_with_seed(speaker.as_bytes(), part << 1 | u64::from(masked))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Example, Extra, Preference, ToolCall};

    fn example(messages: &[(&str, &str)]) -> Example {
        let said = messages.iter().map(|(role, text)| Message::text(Role::from_name(role), *text));
        Example { messages: said.collect(), ..Example::default() }
    }

    fn set(on: &str, body: &Body) -> Vec<u64> {
        let cut = Cut { on: on.parse().unwrap(), shingle: "words:2".parse().unwrap(), ..Cut::default() };
        Shingler::new(cut).set(body).to_vec()
    }

    fn shared(on: &str, a: &Example, b: &Example) -> usize {
        let (a, b) = (set(on, &Body::Example(a.clone())), set(on, &Body::Example(b.clone())));
        a.iter().filter(|one| b.contains(one)).count()
    }

    #[test]
    fn shingles_stay_within_a_message_and_its_speaker() {
        let one = example(&[("user", "where is it"), ("assistant", "on its way")]);
        assert_eq!(set("conversation", &Body::Example(one.clone())).len(), 4);
        let swapped = example(&[("assistant", "where is it"), ("user", "on its way")]);
        assert_eq!(shared("conversation", &one, &swapped), 0);
        let mut unlearned = one.clone();
        unlearned.messages[1].weight = Some(0);
        assert_eq!(shared("conversation", &one, &unlearned), 2);
        assert_eq!(shared("prompt", &one, &unlearned), 2);
        assert_eq!(shared("answer", &one, &unlearned), 0);
        let mut labelled = one.clone();
        labelled.label = Some(false);
        assert_eq!(shared("conversation", &one, &labelled), 0);
    }

    #[test]
    fn texts_with_different_labels_are_not_alike() {
        let text = "the card that I ordered two weeks ago did not come so far";
        let labelled = |label: &str| example(&[("user", text), ("assistant", label)]);
        assert_eq!(shared("conversation", &labelled("card arrival"), &labelled("lost card")), 0);
        assert_eq!(shared("prompt", &labelled("card arrival"), &labelled("lost card")), 12);
        assert_eq!(shared("conversation", &labelled("card arrival"), &labelled("Card arrival.")), 13);
        // A longer answer is compared as any other text, and so are several.
        let long = labelled("it comes at the latest by next week");
        assert_eq!(
            shared("conversation", &long, &labelled("it comes at the latest by Monday next week")),
            18
        );
        let several = |last: &str| {
            example(&[
                ("user", text),
                ("assistant", "which card is it"),
                ("user", "mine"),
                ("assistant", last),
            ])
        };
        assert_eq!(shared("conversation", &several("lost card"), &several("card arrival")), 16);
    }

    #[test]
    fn a_prompt_for_the_system_is_one_shingle() {
        let long = "be kind and short and never say no ".repeat(50);
        let one = example(&[("system", &long), ("user", "where is it")]);
        assert_eq!(set("conversation", &Body::Example(one)).len(), 3);
        assert!(set("conversation", &Body::Example(example(&[("system", " "), ("user", "")]))).is_empty());
    }

    #[test]
    fn calls_are_compared_without_their_identifiers_and_tools_when_asked_for() {
        let called = |id: &str, arguments: &str| {
            let mut example = example(&[("assistant", "")]);
            example.messages[0].tool_calls = vec![ToolCall {
                id: Some(id.to_owned()),
                name: "find_order".to_owned(),
                arguments: arguments.to_owned(),
                extra: Extra::new(),
            }];
            example
        };
        // find order, order id, id 1
        assert_eq!(shared("conversation", &called("a", "{\"id\":1}"), &called("b", "{\"id\": 1}")), 3);
        assert_eq!(shared("conversation", &called("a", "{\"id\":1}"), &called("a", "{\"id\":2}")), 2);
        let mut tooled = called("a", "{}");
        tooled.tools = Some(vec![json!({"type": "function"}), json!({"type": "other"})]);
        assert_eq!(set("tools", &Body::Example(tooled.clone())).len(), 1);
        assert_eq!(shared("tools", &tooled, &called("a", "{}")), 0);
    }

    #[test]
    fn chosen_and_rejected_answers_are_apart() {
        let said = |text: &str| vec![Message::text(Role::Assistant, text)];
        let preference = |chosen: &str, rejected: &str| {
            Body::Preference(Preference {
                prompt: vec![Message::text(Role::User, "where is it")],
                chosen: said(chosen),
                rejected: said(rejected),
                ..Preference::default()
            })
        };
        let (one, other) = (preference("it left today", "no idea"), preference("no idea", "it left today"));
        let both = set("conversation", &other);
        assert_eq!(set("conversation", &one).iter().filter(|key| both.contains(key)).count(), 2);
        assert_eq!(set("prompt", &one), set("prompt", &other));
        assert_eq!(set("answer", &one).len(), 3);
    }
}
