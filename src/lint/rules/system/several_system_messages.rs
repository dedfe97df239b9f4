//! `SYS002`: instructions more than once.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{conversation, conversation_mut};
use crate::lint::{Check, Fix, Item, Needs, RuleDef, Safety};
use crate::model::{Content, Message};
use crate::target::SystemPlace;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "SYS002",
        name: "several-system-messages",
        severity: Severity::Warning,
        summary: "there is more than one system message",
        why: "most targets take one; trainers keep the first or the last, or drop the example",
        remedy: "join them into one system message at the beginning",
    },
    good: r#"{"messages":[{"role":"system","content":"Be brief.\nBe kind."},{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"system","content":"Be brief."},{"role":"system","content":"Be kind."},{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Safe,
        does: "join system messages that stand side by side, a blank line between them",
        apply: |body, _| {
            let messages = conversation_mut(body);
            let before = messages.len();
            messages.dedup_by(|next, one| join(one, next));
            (before - messages.len()) as u64
        },
    }),
    source: "mistralai/mistral-finetune 1943535, `tokenize.py` (one only, 2026-06); \
             togethercomputer/together-python `files.py` (none side by side, 2025-12)",
    build: |spec, _| {
        let severity = match spec.system {
            SystemPlace::Anywhere => RULE.def.severity,
            SystemPlace::FirstOnly => Severity::Error,
        };
        Some(Check::row(severity, check))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    let mut places = messages.iter().enumerate().filter(|(_, message)| message.role.is_instruction());
    if let (Some(_), Some((second, _))) = (places.next(), places.next()) {
        let what = format!("there are {} system messages; this is the second", places.count() + 2);
        report.push(part.at(second).finding(&RULE.def, what));
    }
}

/// Appends `next` to `one` where both are instructions and nothing but their texts differs.
fn join(one: &mut Message, next: &Message) -> bool {
    let same = one.role == next.role && one.name == next.name && one.extra == next.extra;
    if !(one.role.is_instruction() && same) {
        return false;
    }
    let (Content::Text(text), Content::Text(more)) = (&mut one.content, &next.content) else { return false };
    if !text.is_empty() && !more.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(more);
    true
}
