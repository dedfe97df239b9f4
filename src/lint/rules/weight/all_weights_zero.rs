//! `WGT003`: every answer is masked.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::conversation;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::Role;
use crate::target::Shape;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "WGT003",
        name: "all-weights-zero",
        severity: Severity::Warning,
        summary: "every message of the assistant has weight 0",
        why: "nothing in the example is learned, and its tokens are paid for",
        remedy: "give one answer weight 1, or leave the example out",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today.","weight":1}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today.","weight":0}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "follows from the meaning of `weight`: \
             https://platform.openai.com/docs/guides/supervised-fine-tuning (read in a copy, 2026-11-21)",
    build: |spec, _| {
        let weighed = spec.shape == Shape::Example && spec.message_keys.contains(&"weight");
        weighed.then(|| Check::row(RULE.def.severity, check).only_with(Marks::MESSAGE_KEY))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    let mut answers = messages.iter().filter(|message| message.role == Role::Assistant).peekable();
    // A weight of a wrong kind is named by its own rule and means nothing here.
    let masked = |message: &crate::model::Message| message.weight == Some(0);
    if answers.peek().is_some() && answers.all(masked) {
        report.push(Finding::new(&RULE.def, part.path(), "every answer has `weight` 0"));
    }
}
