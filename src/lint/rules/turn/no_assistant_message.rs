//! `TURN004`: no message of the assistant.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::conversation;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::Role;
use crate::target::{Last, Shape};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TURN004",
        name: "no-assistant-message",
        severity: Severity::Error,
        summary: "the example has no message of the assistant",
        why: "only what the assistant says is learned: this example teaches nothing and is refused",
        remedy: "add the answer, or leave the example out",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "openai/openai-cookbook, `examples/Chat_finetuning_data_prep.ipynb` (read 2026-11-21)",
    build: |spec, _| {
        let answered = spec.shape == Shape::Example && spec.last != Last::NotAssistant;
        answered.then(|| Check::row(RULE.def.severity, check).only_with(Marks::TURNS))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    // With an unknown role nobody can say who speaks; that is named by its own rule.
    let found = messages.iter().any(|message| matches!(message.role, Role::Assistant | Role::Other(_)));
    if !found {
        report.push(Finding::new(&RULE.def, part.path(), "no message has the role `assistant`"));
    }
}
