//! `TURN003`: two messages of one role side by side.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::conversation;
use crate::lint::{Check, Fix, Item, Marks, Needs, RuleDef, Safety};
use crate::model::{Body, Content, Message, Role};
use crate::target::{Adjacent, SystemPlace};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TURN003",
        name: "repeated-role",
        severity: Severity::Error,
        summary: "two messages of one role stand side by side",
        why: "several services refuse the file and LLaMA-Factory drops the example without a word",
        remedy: "join neighbours of one role into one message; `chatmill prepare` does it",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Hello"},{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "strict",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Safe,
        does: "join neighbours of one role, a blank line between them",
        apply: |body, _| match body {
            Body::Example(example) => join(&mut example.messages),
            Body::Preference(preference) => join(&mut preference.prompt),
        },
    }),
    source: "togethercomputer/together-python `files.py` (2025-12), Bedrock's dataset validators, \
             hiyouga/LLaMA-Factory ff6d4d1 `converter.py` (2026-08)",
    build: |spec, _| {
        // Where it is accepted there is nothing to say: people write twice before they are answered, and `fate` tells
        // what other targets make of it.
        // Where one system message is all that is taken, a second has a rule of its own.
        let system = spec.system == SystemPlace::Anywhere;
        let rule = move |item: &Item<'_>, report: &mut Vec<Finding>| check(system, item, report);
        (spec.adjacent == Adjacent::Refused)
            .then(|| Check::row(RULE.def.severity, rule).only_with(Marks::TURNS))
    },
};

/// `system`: whether system messages are looked at, too.
fn check(system: bool, item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    let mut run = false;
    for (index, pair) in messages.windows(2).enumerate() {
        let [one, next] = pair else { continue };
        // Results of parallel calls stand side by side by nature. Of a run only the beginning is named.
        let talk = matches!(one.role, Role::User | Role::Assistant) || (system && one.role == Role::System);
        let repeated = one.role == next.role && talk;
        if repeated && !run {
            let what = format!("two messages of the {} stand side by side", one.role);
            report.push(part.at(index + 1).finding(&RULE.def, what));
        }
        run = repeated;
    }
}

/// Joins neighbours of one role where nothing but their texts differs; how many were joined to the one before.
fn join(messages: &mut Vec<Message>) -> u64 {
    let before = messages.len();
    let mut joined: Vec<Message> = Vec::with_capacity(before);
    for message in messages.drain(..) {
        match joined.last_mut() {
            Some(last) if may_join(last, &message) => append(last, message.content),
            _ => joined.push(message),
        }
    }
    *messages = joined;
    (before - messages.len()) as u64
}

/// Calls, names, weights and keys that nobody knows belong to one message.
fn may_join(one: &Message, next: &Message) -> bool {
    let talk = matches!(one.role, Role::User | Role::Assistant) && one.role == next.role;
    let plain = |message: &Message| message.tool_calls.is_empty() && message.tool_call_id.is_none();
    let same = one.name == next.name && one.weight == next.weight && one.extra == next.extra;
    let text = |message: &Message| matches!(message.content, Content::Text(_));
    talk && same && plain(one) && plain(next) && text(one) && text(next)
}

fn append(message: &mut Message, more: Content) {
    let (Content::Text(text), Content::Text(more)) = (&mut message.content, more) else { return };
    if !text.is_empty() && !more.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(&more);
}
