//! `ANS003`: an answer that is the question.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::conversation;
use crate::lint::{Check, Item, Needs, RuleDef};
use crate::model::{Message, Role};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "ANS003",
        name: "echoed-question",
        severity: Severity::Warning,
        summary: "an answer repeats what the user said and nothing else",
        why: "columns that were mixed up and bots that confirm their input look so; the model learns to give questions \
              back",
        remedy: "put the answer in, or leave the example out",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"Where is your order? It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order number 17?"},{"role":"assistant","content":"where is my order number 17"}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "seen in public support data with swapped columns (2026-11)",
    build: |_, _| Some(Check::row(RULE.def.severity, check)),
};

/// Fewest letters and digits of a text that is taken for a repetition: "Thanks!" is answered with "Thanks!".
const LEAST: usize = 16;

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    for (index, pair) in messages.windows(2).enumerate() {
        let [question, answer] = pair else { continue };
        let roles = question.role == Role::User && answer.role == Role::Assistant;
        if roles && answer.tool_calls.is_empty() && is_same(question, answer) {
            let what = "the answer is what the user said before it";
            report.push(part.at(index + 1).finding_at(&RULE.def, "content", what));
        }
    }
}

/// Whether two messages have the same letters and digits, whatever their case.
fn is_same(one: &Message, other: &Message) -> bool {
    // Most pairs differ in their first letter, which is most often one of ASCII.
    let first = |message: &Message| {
        let first = *message.texts().next()?.as_bytes().first()?;
        first.is_ascii_alphanumeric().then_some(first.to_ascii_lowercase())
    };
    if let (Some(one), Some(other)) = (first(one), first(other))
        && one != other
    {
        return false;
    }
    letters(one).eq(letters(other)) && letters(one).take(LEAST).count() == LEAST
}

fn letters(message: &Message) -> impl Iterator<Item = char> {
    let characters = message.texts().flat_map(str::chars);
    characters.filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase)
}
