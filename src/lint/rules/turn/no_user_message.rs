//! `TURN005`: no message of the user.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::conversation;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::Role;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TURN005",
        name: "no-user-message",
        severity: Severity::Warning,
        summary: "the example has no message of the user",
        why: "the model learns to speak without being asked; several targets refuse it",
        remedy: "add what the user wrote, or leave the example out",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"system","content":"Be brief."},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "openai/openai-cookbook, `examples/Chat_finetuning_data_prep.ipynb` (read 2026-11-21)",
    build: |spec, _| {
        let severity = if spec.user_first { Severity::Error } else { RULE.def.severity };
        spec.needs_user.then(|| Check::row(severity, check).only_with(Marks::TURNS))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    // With an unknown role nobody can say who speaks; that is named by its own rule.
    let found = messages.iter().any(|message| matches!(message.role, Role::User | Role::Other(_)));
    if !found {
        report.push(Finding::new(&RULE.def, part.path(), "no message has the role `user`"));
    }
}
