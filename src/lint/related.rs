//! Whether an answer has anything to do with what was said before it: whether they share a single word.

use super::place::conversation;
use crate::model::{Body, Message, Role};
use crate::text::cut::{head, tail};
use crate::text::shingle::is_unspaced;

/// Rows of a file that are all looked at; of those behind them every [`EACH`]th is, since a share is wanted and no list.
const FIRST: u64 = 2_000;
const EACH: u64 = 16;

/// Different words of four letters and more that each of the two must have: from eight on, 0.2 to 4 % of the pairs in public
/// instruction and support data share none (`CodeAlpaca` 0.3, `GPTeacher` 0.2, tau-bench 0.4, STAR 2.8, HH-RLHF 3.6,
/// measured on 2026-11-22), and 49 and 43 % of those of `CodeAlpaca` and `GPTeacher` when each answer is put behind the question of
/// the row before.
const WORDS: usize = 8;
/// Letters by which words are compared: their endings change.
const STEM: usize = 5;
const LEAST: usize = 4;
/// Bytes that are looked at, of an answer from its beginning and of what was said before from its end.
const ANSWER: usize = 4 << 10;
const BEFORE: usize = 16 << 10;

/// Whether the row on this line, from 1, is looked at.
pub(super) fn is_sampled(line: u64) -> bool {
    line <= FIRST || line.is_multiple_of(EACH)
}

/// Whether the last answer shares a word with what users said before; `None` where too little is said to tell.
pub(super) fn is_related(body: &Body) -> Option<bool> {
    let (_, messages) = conversation(body);
    let (last, before) = match body {
        Body::Example(_) => {
            let at = messages.iter().rposition(|message| message.role == Role::Assistant)?;
            (messages.get(at)?, messages.get(..at)?)
        }
        Body::Preference(preference) => (preference.chosen.first()?, messages),
    };
    let mut answered = Vec::new();
    for text in last.texts() {
        stems(head(text, ANSWER), |stem| {
            answered.push(stem);
            true
        });
    }
    answered.sort_unstable();
    answered.dedup();
    if answered.len() < WORDS {
        return None;
    }
    let mut asked: Vec<u64> = Vec::with_capacity(WORDS);
    let mut shared = false;
    let mut room = BEFORE;
    let said = before.iter().rev().filter(|message| !message.role.is_instruction()).flat_map(Message::texts);
    for text in said {
        let goes_on = stems(tail(text, room), |stem| {
            shared |= answered.binary_search(&stem).is_ok();
            if asked.len() < WORDS && !asked.contains(&stem) {
                asked.push(stem);
            }
            // Once both are known the rest says nothing new.
            !(shared && asked.len() == WORDS)
        });
        room = room.saturating_sub(text.len());
        if !goes_on || room == 0 {
            break;
        }
    }
    (asked.len() == WORDS).then_some(shared)
}

/// Calls `each` with a number for the beginning of every word that is long enough, until it has seen enough: then `false`.
/// Scripts without spaces have no words here.
fn stems(text: &str, mut each: impl FnMut(u64) -> bool) -> bool {
    let (mut stem, mut letters) = (0u64, 0usize);
    // A word ends with the text, too.
    for letter in text.chars().chain([' ']) {
        let is_letter = if letter.is_ascii() {
            letter.is_ascii_alphabetic()
        } else {
            letter.is_alphabetic() && !is_unspaced(letter)
        };
        if is_letter {
            if letters < STEM {
                let lower = if letter.is_ascii() {
                    letter.to_ascii_lowercase()
                } else {
                    letter.to_lowercase().next().unwrap_or(letter)
                };
                // Five characters of 12 bits each, enough to tell alphabets and their letters apart.
                stem = stem << 12 | u64::from(u32::from(lower) & 0xfff);
            }
            letters += 1;
            continue;
        }
        if letters >= LEAST && !each(stem) {
            return false;
        }
        (stem, letters) = (0, 0);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Example;

    fn related(asked: &str, answered: &str) -> Option<bool> {
        let messages = vec![
            Message::text(Role::System, "Tracking numbers stand below the address of delivery."),
            Message::text(Role::User, asked),
            Message::text(Role::Assistant, answered),
        ];
        is_related(&Body::Example(Example { messages, ..Example::default() }))
    }

    const ASKED: &str =
        "Hello, I ordered three wooden chairs last month and only the table came with the parcel.";

    #[test]
    fn one_word_is_enough_and_endings_do_not_count() {
        let other = "Please restart your router, hold both buttons until green lights blink twice, then connect again.";
        assert_eq!(related(ASKED, other), Some(false));
        assert_eq!(related(ASKED, &format!("{other} Your ORDERS wait.")), Some(true));
        // Instructions are no question.
        assert_eq!(
            related(
                ASKED,
                "Tracking numbers stand below every address, please look there for delivery dates."
            ),
            Some(false)
        );
    }

    #[test]
    fn short_texts_and_other_scripts_say_nothing() {
        assert_eq!(related(ASKED, "It left our house today."), None);
        assert_eq!(
            related(
                "Where is it?",
                "Please restart your router and hold both buttons until green lights blink."
            ),
            None
        );
        assert_eq!(related(&"你能解释一下机器学习".repeat(9), &"是的我可以在监督学习中".repeat(9)), None);
        assert_eq!(related("", ""), None);
    }

    #[test]
    fn texts_of_any_length_are_cut_between_characters() {
        let long = "дом дорога речка ".repeat(9_000);
        assert_eq!(related(&long, &"é".repeat(50_000)), None);
        assert_eq!(related(&format!("{ASKED} {long} {ASKED}"), &format!("{ASKED} {long}")), Some(true));
    }
}
