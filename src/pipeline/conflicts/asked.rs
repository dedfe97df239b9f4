//! Which question each answer of a conversation answers.

use crate::lint::claims::Question;
use crate::model::{Body, Message, Role};
use crate::text::cut::head;
use crate::text::hash::{Fingerprinter, fingerprint};
use crate::text::masks::without_identifiers;
use crate::text::normalize::normalize_into;

/// Longest question that is compared, in bytes: a longer one is a letter or a document, and no two are asked alike.
const LONGEST_QUESTION: usize = 2_000;
/// What of an answer is compared, in bytes from its beginning.
pub(super) const LONGEST_ANSWER: usize = 32_000;

/// An answer and what it answers.
#[derive(Debug)]
pub(super) struct Asked {
    /// What the user said right before, all of it.
    pub(super) question: String,
    /// The answer.
    pub(super) answer: String,
    /// The words of the question that are compared.
    pub(super) words: String,
    /// Whether all of the words must be equal.
    pub(super) as_one: bool,
    /// What must be equal in questions that are near the same.
    pub(super) key: u64,
    /// Where the answer stands in the row.
    pub(super) at: String,
}

/// The answers of a body that are trained on, and how many there are, also to what is no question.
///
/// What stood before the question counts: instructions, and everything from the first question of the user's on, must be the same
/// but for identifiers and white space. Greetings before that do not count, on neither side. So "how much is it?" is
/// compared with itself where the same was talked about before, and nowhere else. With `anywhere`, what stood before a question that
/// stands alone does not count, apart from instructions.
pub(super) fn asked(body: &Body, anywhere: bool) -> (Vec<Asked>, u64) {
    let (before, answers, list): (&[Message], &[Message], &str) = match body {
        Body::Example(example) if example.label == Some(false) => return (Vec::new(), 0),
        Body::Example(example) => (&[], &example.messages, "messages"),
        Body::Preference(preference) => (&preference.prompt, &preference.chosen, "chosen"),
    };
    let (mut found, mut count) = (Vec::new(), 0);
    let (mut context, mut instructions) = (0, 0);
    let mut said = String::new();
    let mut opened = false;
    let messages = before.iter().map(|message| (message, None)).chain(answers.iter().zip((0..).map(Some)));
    for (message, number) in messages {
        let text = message.texts().collect::<Vec<_>>().join("\n");
        match (&message.role, number) {
            (Role::User, _) => {
                if !said.is_empty() {
                    said.push('\n');
                }
                said.push_str(&text);
                continue;
            }
            (Role::Assistant, Some(number)) if is_answer(message, &text) => {
                count += 1;
                let free = anywhere.then_some(instructions);
                found.extend(one(&said, text.as_str(), (context, free), || {
                    format!("{list}[{number}].content")
                }));
            }
            _ => {}
        }
        // What was said is now what stood before.
        let question = std::mem::take(&mut said);
        if !opened && !question.is_empty() {
            opened = question.len() > LONGEST_QUESTION || Question::of(&question).asks();
        }
        if message.role.is_instruction() {
            add(&mut instructions, message.role.name(), &text);
        }
        if opened || message.role.is_instruction() {
            if !question.is_empty() {
                add(&mut context, "user", &question);
            }
            add(&mut context, message.role.name(), &text);
            message.tool_calls.iter().for_each(|call| add(&mut context, "call", &format!("{call:?}")));
        }
    }
    (found, count)
}

/// Whether a message is an answer in words that is trained on.
fn is_answer(message: &Message, text: &str) -> bool {
    message.weight != Some(0) && message.tool_calls.is_empty() && !text.trim().is_empty()
}

fn one(
    question: &str,
    answer: &str,
    (context, free): (u128, Option<u128>),
    at: impl FnOnce() -> String,
) -> Option<Asked> {
    if question.len() > LONGEST_QUESTION {
        return None;
    }
    let read = Question::of(question);
    if !read.asks() {
        return None;
    }
    let mut key = Fingerprinter::default();
    let context = free.filter(|_| read.stands_alone()).unwrap_or(context);
    key.update(&context.to_le_bytes());
    read.key(&mut key);
    Some(Asked {
        question: question.to_owned(),
        answer: head(answer, LONGEST_ANSWER).to_owned(),
        words: read.text(),
        as_one: read.is_long(),
        key: half(key.finish()),
        at: at(),
    })
}

/// Adds what somebody said to what stood before: a hash of the one before, so that a long talk is not hashed again and again.
fn add(context: &mut u128, role: &str, text: &str) {
    let mut print = Fingerprinter::default();
    print.update(&context.to_le_bytes());
    print.update(role.as_bytes());
    print.update(b"\x1f");
    let mut normal = Vec::new();
    normalize_into(&without_identifiers(text, "\u{fffc}"), &mut normal);
    print.update(&normal);
    *context = print.finish();
}

/// Half of a fingerprint: enough to tell a million things apart.
pub(super) fn half(print: u128) -> u64 {
    u64::try_from(print >> 64).unwrap_or_default()
}

/// What an answer is known by: its text in the normal form.
pub(super) fn print_of(answer: &str) -> u64 {
    let mut normal = Vec::new();
    normalize_into(answer, &mut normal);
    half(fingerprint(&normal))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Example;

    fn body(turns: &[(Role, &str)]) -> Body {
        let messages = turns.iter().map(|(role, text)| Message::text(role.clone(), *text)).collect();
        Body::Example(Example { messages, ..Example::default() })
    }

    const ASKS: &str = "How long may I return a bike?";

    #[test]
    fn what_asks_nothing_is_no_question() {
        use Role::{Assistant, User};
        let talk = body(&[
            (User, "hi"),
            (Assistant, "Hello!"),
            (User, ASKS),
            (Assistant, "30 days."),
            (User, "ok thanks"),
            (Assistant, "Bye!"),
        ]);
        let (found, count) = asked(&talk, false);
        assert_eq!(count, 3);
        assert_eq!(found.iter().map(|one| one.at.as_str()).collect::<Vec<_>>(), ["messages[3].content"]);
        // The greeting does not count, in any wording; instructions do.
        let key = |turns: &[(Role, &str)]| asked(&body(turns), false).0.last().map(|one| one.key);
        let plain = key(&[(User, ASKS), (Assistant, "30 days.")]);
        assert_eq!(Some(found[0].key), plain);
        assert_ne!(key(&[(Role::System, "You are Ana."), (User, ASKS), (Assistant, "30 days.")]), plain);
    }

    #[test]
    fn what_stood_before_counts_but_for_identifiers() {
        use Role::{Assistant, User};
        let key = |first: &str, order: &str| {
            let order = format!("Order {order} is a bike.");
            let talk = [
                (User, first),
                (Assistant, order.as_str()),
                (User, "How long may I keep that one?"),
                (Assistant, "30 days."),
            ];
            asked(&body(&talk), false).0.last().unwrap().key
        };
        assert_eq!(key("Where is my red bike?", "471100"), key("where is my  red bike?", "581100"));
        assert_ne!(key("Where is my red bike?", "471100"), key("Where is my blue bike?", "471100"));
    }

    #[test]
    fn what_stands_alone_may_stand_anywhere() {
        use Role::{Assistant, User};
        let key = |first: &str, question: &str, anywhere: bool| {
            let talk =
                [(User, first), (Assistant, "Good choice."), (User, question), (Assistant, "30 days.")];
            asked(&body(&talk), anywhere).0.last().unwrap().key
        };
        let alone = "How long may customers keep bikes?";
        let (one, other) = ("I want a red bike.", "I want a blue bike.");
        assert_eq!(key(one, alone, true), key(other, alone, true));
        assert_eq!(
            Some(key(one, alone, true)),
            asked(&body(&[(User, alone), (Assistant, "Yes")]), false).0.last().map(|one| one.key)
        );
        assert_ne!(key(one, alone, false), key(other, alone, false));
        let leans = "How long may customers keep that bike?";
        assert_ne!(key(one, leans, true), key(other, leans, true));
    }

    #[test]
    fn bursts_are_one_question_and_masked_answers_none() {
        use Role::{Assistant, User};
        let talk = [(User, "Hi there"), (User, ASKS), (Assistant, "30 days.")];
        assert_eq!(asked(&body(&talk), false).0[0].question, format!("Hi there\n{ASKS}"));
        let mut masked = body(&talk);
        if let Body::Example(example) = &mut masked {
            example.messages[2].weight = Some(0);
        }
        assert_eq!(asked(&masked, false).1, 0);
    }
}
