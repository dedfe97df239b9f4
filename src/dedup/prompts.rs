//! What is asked in a row: before its last answer, and on the way to it.
//!
//! A row whose prompt is the beginning of another row is answered there, too. So a row has the key of its own prompt, and
//! one of each beginning after which the assistant speaks. All are made in one pass: the key of a beginning comes from
//! the one before it and one message more.

use super::compare::prompt_of;
use crate::model::{Body, Message, Prints, Role};
use crate::text::hash::Fingerprinter;

/// Keys of what is asked in a row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PromptKeys {
    /// Of what stands before the last answer; `None` where nobody asks anything, since what all rows share says nothing.
    pub own: Option<u128>,
    /// Of what stands before each earlier answer, from the first that somebody has asked something for.
    pub inner: Vec<u128>,
}

/// The prompts of a row: who speaks, and what is said. Names and masks make no other prompt.
pub fn prompts(body: &Body, prints: &Prints) -> PromptKeys {
    asked(body, prints, Walk::default(), |walk| walk.all)
}

/// What is asked in a row, whatever the instructions before it: one question in a set to learn and in one to judge
/// by, which seldom have the same system prompt. A question of fewer than five words, such as "Go on", says too little
/// and counts with its instructions.
pub fn questions(body: &Body, prints: &Prints) -> PromptKeys {
    let aside = Some(Aside::default());
    asked(body, prints, Walk { aside, ..Walk::default() }, |walk| {
        walk.aside.as_ref().filter(|aside| aside.says_much()).map_or(walk.all, |aside| aside.key)
    })
}

fn asked(body: &Body, prints: &Prints, mut walk: Walk, key: impl Fn(&Walk) -> u128) -> PromptKeys {
    let key = |walk: &Walk| walk.asks.then(|| key(walk));
    let mut room = Fingerprinter::default();
    let mut inner = Vec::new();
    let mut go = |walk: &mut Walk, messages: &[Message], prints: &[u128]| {
        for (message, print) in messages.iter().zip(prints) {
            if message.role == Role::Assistant {
                inner.extend(key(walk));
            }
            walk.add(message, *print, &mut room);
        }
    };
    let own = match body {
        Body::Example(example) => {
            go(&mut walk, prompt_of(&example.messages), &prints.messages);
            key(&walk)
        }
        Body::Preference(preference) => {
            go(&mut walk, &preference.prompt, &prints.messages);
            // An answer of several messages, with calls of tools, goes on after the first.
            go(&mut walk.clone(), &preference.chosen, &prints.chosen);
            go(&mut walk.clone(), &preference.rejected, &prints.rejected);
            key(&walk)
        }
    };
    inner.retain(|key| Some(*key) != own);
    PromptKeys { own, inner }
}

/// From so many words, or so many bytes, a question says what is asked.
const QUESTION_WORDS: usize = 5;
const QUESTION_BYTES: usize = 36;

/// The beginning of a row, message by message.
#[derive(Clone, Default)]
struct Walk {
    /// The key of all messages so far.
    all: u128,
    /// Whether a user has spoken.
    asks: bool,
    /// The same with instructions aside, where that is asked for.
    aside: Option<Aside>,
}

/// The beginning of a row without instructions.
#[derive(Clone, Default)]
struct Aside {
    key: u128,
    /// What users have said: words, as far as they are counted, and bytes.
    words: usize,
    bytes: usize,
}

impl Walk {
    fn add(&mut self, message: &Message, print: u128, room: &mut Fingerprinter) {
        let mut one_more = |key: &mut u128| {
            room.clear();
            room.update(&key.to_le_bytes());
            room.update(&print.to_le_bytes());
            room.update(message.role.name().as_bytes());
            *key = room.finish();
        };
        one_more(&mut self.all);
        self.asks |= message.role == Role::User;
        if let Some(aside) = self.aside.as_mut().filter(|_| !message.role.is_instruction()) {
            one_more(&mut aside.key);
            aside.hear(message);
        }
    }
}

impl Aside {
    fn hear(&mut self, message: &Message) {
        if message.role == Role::User {
            for text in message.texts() {
                self.words += text.split_whitespace().take(QUESTION_WORDS - self.words).count();
                self.bytes += text.len();
            }
        }
    }

    /// Scripts without spaces between words say as much in as many bytes.
    fn says_much(&self) -> bool {
        self.words == QUESTION_WORDS || self.bytes >= QUESTION_BYTES
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Example, Preference};

    fn message((role, text): &(&str, &str)) -> Message {
        Message::text(Role::from_name(role), *text)
    }

    fn example(messages: &[(&str, &str)]) -> Body {
        Body::Example(Example { messages: messages.iter().map(message).collect(), ..Example::default() })
    }

    fn keys(of: fn(&Body, &Prints) -> PromptKeys, body: &Body) -> PromptKeys {
        of(body, &Prints::of(body, &mut Vec::new()))
    }

    const LONG: (&str, &str) = ("user", "Where is the parcel I ordered?");
    const ANSWER: (&str, &str) = ("assistant", "On its way.");
    const MORE: (&str, &str) = ("user", "Since when?");

    #[test]
    fn the_prompt_of_a_row_stands_inside_the_rows_that_go_on_from_it() {
        let first = keys(prompts, &example(&[LONG, ANSWER]));
        let second = keys(prompts, &example(&[LONG, ANSWER, MORE, ANSWER]));
        let third = keys(prompts, &example(&[LONG, ANSWER, MORE, ANSWER, MORE, ("assistant", "Monday.")]));
        assert_eq!((first.inner.len(), &second.inner), (0, &vec![first.own.unwrap()]));
        assert_eq!(third.inner, [first.own.unwrap(), second.own.unwrap()]);
        let other = keys(prompts, &example(&[LONG, ("assistant", "No idea."), MORE, ANSWER]));
        assert_eq!(other.inner, second.inner);
        assert_ne!(other.own, second.own);
    }

    #[test]
    fn names_and_masks_make_no_other_prompt_and_roles_and_instructions_do() {
        let plain = example(&[LONG, ANSWER, MORE, ANSWER]);
        let mut marked = plain.clone();
        if let Body::Example(example) = &mut marked {
            example.messages[0].name = Some("Kim".to_owned());
            example.messages[1].weight = Some(0);
        }
        assert_eq!(keys(prompts, &plain), keys(prompts, &marked));
        let turned = example(&[LONG, ("user", ANSWER.1), MORE, ANSWER]);
        assert_ne!(keys(prompts, &plain).own, keys(prompts, &turned).own);
        let instructed = example(&[("system", "Be kind."), LONG, ANSWER, MORE, ANSWER]);
        assert_ne!(keys(prompts, &plain).own, keys(prompts, &instructed).own);
        assert_eq!(keys(questions, &plain), keys(questions, &instructed));
        // A short question is told apart by its instructions.
        let short = |system: &str| example(&[("system", system), ("user", "Go on"), ANSWER]);
        assert_ne!(keys(questions, &short("Be kind.")), keys(questions, &short("Be brief.")));
    }

    #[test]
    fn what_nobody_asks_has_no_key() {
        let greeting = [("system", "Be kind."), ("assistant", "Hello?")];
        assert_eq!(keys(prompts, &example(&greeting)), PromptKeys::default());
        let greeted = keys(prompts, &example(&[&greeting[..], &[LONG, ANSWER]].concat()));
        assert!(greeted.own.is_some() && greeted.inner.is_empty());
    }

    #[test]
    fn a_preference_asks_by_its_prompt_and_on_the_way_through_its_answers() {
        let call = ("assistant", "Let me look.");
        let found = ("tool", "Found.");
        let pair = Body::Preference(Preference {
            prompt: [LONG, ANSWER, MORE].iter().map(message).collect(),
            chosen: [call, found, ANSWER].iter().map(message).collect(),
            rejected: vec![message(&ANSWER)],
            ..Preference::default()
        });
        let pair = keys(prompts, &pair);
        let row = keys(prompts, &example(&[LONG, ANSWER, MORE, call, found, ANSWER]));
        assert_eq!(pair.inner, [row.inner[0], row.own.unwrap()]);
        assert_eq!(pair.own, Some(row.inner[1]));
    }
}
