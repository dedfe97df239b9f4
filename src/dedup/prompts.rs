//! What is asked in a row: before its last answer, and on the way to it.
//!
//! A row whose prompt is the beginning of another row is answered there, too. So a row has the keys of its own prompt, and
//! those of each beginning after which the assistant speaks. All are made in one pass: the key of a beginning comes from
//! the one before it and one message more.
//!
//! Instructions are set aside: a day or a name in them makes no other question of what is asked. What is too short to say
//! what is asked, such as "Go on", is one question where the instructions before it, or the answer to it, are the same.

use super::compare::prompt_of;
use crate::model::{Body, Message, Prints, Role};
use crate::text::hash::Fingerprinter;

/// What rows have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SharedKey {
    /// The key.
    pub key: u128,
    /// The instructions that the key sets aside; 0 where there are none, or it does not.
    pub under: u64,
}

impl From<u128> for SharedKey {
    fn from(key: u128) -> Self {
        Self { key, under: 0 }
    }
}

/// Keys of what is asked in a row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PromptKeys {
    /// Of what stands before the last answer; none where nobody asks anything, since what all rows share says nothing.
    pub own: Vec<SharedKey>,
    /// Of what stands before each earlier answer, from the first that somebody has asked something for.
    pub inner: Vec<SharedKey>,
}

/// The key of all that stands before the last answer, instructions too; `None` where nobody asks anything.
pub fn prompt(body: &Body, prints: &Prints) -> Option<u128> {
    let before = match body {
        Body::Example(example) => prompt_of(&example.messages),
        Body::Preference(preference) => &preference.prompt,
    };
    let (mut walk, mut room) = (Walk::default(), Fingerprinter::default());
    before.iter().zip(&prints.messages).for_each(|(message, print)| walk.add(message, *print, &mut room));
    walk.asks.then(|| walk.all())
}

/// The questions of a row: who speaks, and what is said. Names and masks make no other question.
pub fn questions(body: &Body, prints: &Prints) -> PromptKeys {
    let mut walk = Walk::default();
    let mut room = Fingerprinter::default();
    let mut inner = Vec::new();
    let mut go = |walk: &mut Walk, messages: &[Message], prints: &[u128], room: &mut Fingerprinter| {
        for (message, print) in messages.iter().zip(prints) {
            if message.role == Role::Assistant {
                walk.keys(Some((message, *print)), room, &mut inner);
            }
            walk.add(message, *print, room);
        }
    };
    let last = match body {
        Body::Example(example) => {
            let before = prompt_of(&example.messages);
            go(&mut walk, before, &prints.messages, &mut room);
            example.messages.get(before.len()).zip(prints.messages.get(before.len()))
        }
        Body::Preference(preference) => {
            go(&mut walk, &preference.prompt, &prints.messages, &mut room);
            // An answer of several messages, with calls of tools, goes on after the first.
            go(&mut walk.clone(), &preference.chosen, &prints.chosen, &mut room);
            go(&mut walk.clone(), &preference.rejected, &prints.rejected, &mut room);
            preference.chosen.first().zip(prints.chosen.first())
        }
    };
    let mut own = Vec::new();
    walk.keys(last.map(|(message, print)| (message, *print)), &mut room, &mut own);
    inner.retain(|key| !own.contains(key));
    PromptKeys { own, inner }
}

/// From so many words, or so many bytes, a question says what is asked.
const QUESTION_WORDS: usize = 5;
const QUESTION_BYTES: usize = 36;

/// The beginning of a row, message by message.
#[derive(Clone, Default)]
struct Walk {
    /// The key of all messages so far but instructions.
    aside: u128,
    /// The key of the instructions so far, and that of all messages, once there are instructions.
    instructed: Option<(u128, u128)>,
    /// Whether a user has spoken.
    asks: bool,
    /// What users have said: words, as far as they are counted, and bytes.
    words: usize,
    bytes: usize,
}

impl Walk {
    fn add(&mut self, message: &Message, print: u128, room: &mut Fingerprinter) {
        let mut and = |key: u128| goes_on(key, message, print, room);
        if message.role.is_instruction() {
            let (instructions, all) = self.instructed.unwrap_or((0, self.aside));
            self.instructed = Some((and(instructions), and(all)));
            return;
        }
        if let Some((_, all)) = &mut self.instructed {
            *all = and(*all);
        }
        self.aside = and(self.aside);
        if message.role == Role::User {
            self.asks = true;
            for text in message.texts() {
                self.words += text.split_whitespace().take(QUESTION_WORDS - self.words).count();
                self.bytes += text.len();
            }
        }
    }

    /// The key of all messages.
    fn all(&self) -> u128 {
        self.instructed.map_or(self.aside, |(_, all)| all)
    }

    /// The keys of what has been asked so far, with the message that comes then.
    fn keys(&self, next: Option<(&Message, u128)>, room: &mut Fingerprinter, keys: &mut Vec<SharedKey>) {
        let under = self.instructed.map_or(0, |(instructions, _)| (instructions >> 64) as u64);
        if !self.asks {
            return;
        }
        // Scripts without spaces between words say as much in as many bytes.
        if self.words == QUESTION_WORDS || self.bytes >= QUESTION_BYTES {
            keys.push(SharedKey { key: self.aside, under });
            return;
        }
        keys.push(self.all().into());
        if let Some((message, print)) = next {
            keys.push(SharedKey { key: goes_on(self.aside, message, print, room), under });
        }
    }
}

/// The key of messages with one more.
fn goes_on(key: u128, message: &Message, print: u128, room: &mut Fingerprinter) -> u128 {
    room.clear();
    room.update(&key.to_le_bytes());
    room.update(&print.to_le_bytes());
    room.update(message.role.name().as_bytes());
    room.finish()
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

    fn keys(body: &Body) -> PromptKeys {
        questions(body, &Prints::of(body, &mut Vec::new()))
    }

    const LONG: (&str, &str) = ("user", "Where is the parcel I ordered?");
    const ANSWER: (&str, &str) = ("assistant", "On its way.");
    const MORE: (&str, &str) = ("user", "Since when?");

    #[test]
    fn the_question_of_a_row_stands_inside_the_rows_that_go_on_from_it() {
        let first = keys(&example(&[LONG, ANSWER]));
        let second = keys(&example(&[LONG, ANSWER, MORE, ANSWER]));
        let third = keys(&example(&[LONG, ANSWER, MORE, ANSWER, MORE, ("assistant", "Monday.")]));
        assert_eq!((first.inner.len(), &second.inner), (0, &first.own));
        assert_eq!(third.inner, [first.own, second.own.clone()].concat());
        let other = keys(&example(&[LONG, ("assistant", "No idea."), MORE, ANSWER]));
        assert_eq!(other.inner, second.inner);
        assert_ne!(other.own, second.own);
    }

    #[test]
    fn names_masks_and_instructions_make_no_other_question_and_roles_do() {
        let plain = example(&[LONG, ANSWER, MORE, ANSWER]);
        let mut marked = plain.clone();
        if let Body::Example(example) = &mut marked {
            example.messages[0].name = Some("Kim".to_owned());
            example.messages[1].weight = Some(0);
        }
        assert_eq!(keys(&plain), keys(&marked));
        let turned = example(&[LONG, ("user", ANSWER.1), MORE, ANSWER]);
        assert_ne!(keys(&plain).own, keys(&turned).own);
        let instructed = |says: &str| example(&[("system", says), LONG, ANSWER, MORE, ANSWER]);
        let of = |body: &Body| keys(body).own.iter().map(|shared| shared.key).collect::<Vec<_>>();
        assert_eq!(of(&plain), of(&instructed("Be kind.")));
        let under = |body: &Body| keys(body).own[0].under;
        let [kind, brief] = ["Be kind.", "Be brief."].map(|says| under(&instructed(says)));
        assert!(under(&plain) == 0 && kind != 0 && kind != brief);
        let prompt = |body: &Body| prompt(body, &Prints::of(body, &mut Vec::new()));
        assert_ne!(prompt(&plain), prompt(&instructed("Be kind.")));
        assert_eq!(prompt(&plain), prompt(&marked));
    }

    #[test]
    fn a_short_question_is_one_where_its_instructions_or_its_answer_are() {
        let short = |system: &str, answer: &str| {
            let all = [("system", system), ("user", "Go on"), ("assistant", answer)];
            let skipped = usize::from(system.is_empty());
            keys(&example(&all[skipped..])).own.into_iter().map(|shared| shared.key).collect::<Vec<_>>()
        };
        let together = |a: &[u128], b: &[u128]| a.iter().any(|key| b.contains(key));
        let first = short("Be kind.", "Gladly.");
        assert_eq!(first.len(), 2);
        assert!(
            together(&first, &short("Be kind.", "No.")) && together(&first, &short("Be brief.", "Gladly."))
        );
        assert!(
            together(&first, &short("", "Gladly.")) && together(&short("", "No."), &short("", "Gladly."))
        );
        assert!(!together(&first, &short("Be brief.", "No.")) && !together(&first, &short("", "No.")));
    }

    #[test]
    fn what_nobody_asks_has_no_key() {
        let greeting = [("system", "Be kind."), ("assistant", "Hello?")];
        assert_eq!(keys(&example(&greeting)), PromptKeys::default());
        let greeted = keys(&example(&[&greeting[..], &[LONG, ANSWER]].concat()));
        assert!(greeted.own.len() == 1 && greeted.inner.is_empty());
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
        let pair = keys(&pair);
        let row = keys(&example(&[LONG, ANSWER, MORE, call, found, ANSWER]));
        assert_eq!(pair.inner, [&row.inner[..1], &row.own].concat());
        assert_eq!(pair.own, row.inner[1..]);
        // A short one is known by what is preferred.
        let short = |chosen: &str| {
            let chosen = vec![Message::text(Role::Assistant, chosen)];
            keys(&Body::Preference(Preference {
                prompt: vec![Message::text(Role::User, "Go on")],
                chosen,
                ..Preference::default()
            }))
        };
        assert_eq!(short("Gladly.").own, keys(&example(&[("user", "Go on"), ("assistant", "Gladly.")])).own);
        assert_ne!(short("Gladly.").own, short("No.").own);
    }
}
