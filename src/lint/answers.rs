//! What was asked and answered in each row, as fingerprints: enough to find rows that say the same or contradict one
//! another, in one small entry a row.

use super::place::tools;
use super::{Item, Marks, refusal};
use crate::disk::packed;
use crate::model::{Body, Message, Prints, Role};
use crate::text::hash::Fingerprinter;

/// Words of an answer from which on giving it to everybody is a habit and no label: classes and numbers are shorter.
const WORDY: usize = 6;

/// Prompt and answer of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
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
    /// Whether the answer shares a word with what was asked; `None` where that was not looked at or cannot be told.
    pub related: Option<bool>,
}
packed!(Answered {
    prompt: u64,
    answer: u64,
    line: u32,
    wordy: bool,
    refuses: bool,
    labelled: bool,
    related: Option<bool>,
});

impl Answered {
    /// Looks at one row; `prints` are those of its messages.
    pub(super) fn of(item: &Item<'_>, prints: &Prints) -> Self {
        let body = item.body;
        let mut print = Fingerprinter::default();
        let messages = match body {
            Body::Example(example) => &example.messages,
            Body::Preference(preference) => &preference.prompt,
        };
        let last = match body {
            Body::Example(_) => messages.iter().rposition(|message| message.role == Role::Assistant),
            Body::Preference(_) => None,
        };
        let (before, after) = messages.split_at(last.unwrap_or(messages.len()));
        let (prints_before, prints_after) = prints.messages.split_at(before.len().min(prints.messages.len()));
        // What can be called is part of what is asked.
        tools(body).into_iter().flatten().for_each(|tool| print.update(tool.to_string().as_bytes()));
        add(before, prints_before, &mut print);
        let asked = before.iter().any(|message| message.role == Role::User);
        let prompt = if asked { half(&print) } else { 0 };
        print.clear();
        add(after, prints_after, &mut print);
        let (label, after) = match body {
            Body::Example(example) => (example.label, after),
            Body::Preference(preference) => {
                add(&preference.chosen, &prints.chosen, &mut print);
                add(&preference.rejected, &prints.rejected, &mut print);
                (None, preference.chosen.as_slice())
            }
        };
        print.update(&[label.map_or(2, u8::from)]);
        let words = after
            .first()
            .map_or(0, |first| first.texts().flat_map(str::split_whitespace).take(WORDY).count());
        Self {
            prompt,
            answer: half(&print),
            line: 0,
            wordy: words == WORDY,
            refuses: item.marks.has_any(Marks::REFUSAL) && refusal::ends_with_one(after),
            labelled: label.is_some(),
            related: None,
        }
    }
}

/// Adds who says it, whether it is learned, and what is said: in few bytes, since of up to 240 a fingerprint takes a fraction
/// of the time.
fn add(messages: &[Message], prints: &[u128], to: &mut Fingerprinter) {
    for (message, print) in messages.iter().zip(prints) {
        match message.role {
            // Nearly all messages: without asking how long the name is.
            Role::User => to.update(b"user"),
            Role::Assistant => to.update(b"assistant"),
            ref role => to.update(role.name().as_bytes()),
        }
        // The same conversation with another answer masked is another example.
        to.update(&[u8::from(message.weight == Some(0))]);
        to.update(&print.to_le_bytes());
    }
}

/// Half of a fingerprint: among a million rows the chance of one wrong twin is 3 in 10⁸. Never 0.
fn half(print: &Fingerprinter) -> u64 {
    u64::try_from(print.finish() >> 64).unwrap_or_default().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Example;

    fn of(body: &Body) -> Answered {
        Answered::of(&Item::new(body, None), &Prints::of(body, &mut Vec::new()))
    }

    fn answered(asked: &str, said: &str, weight: Option<u8>, label: Option<bool>) -> Answered {
        let mut answer = Message::text(Role::Assistant, said);
        answer.weight = weight;
        let messages = vec![Message::text(Role::User, asked), answer];
        of(&Body::Example(Example { messages, label, ..Example::default() }))
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
        assert_eq!(of(&body).prompt, 0);
    }
}
