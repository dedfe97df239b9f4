//! `TURN021`: a row of one message.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{conversation, whose};
use crate::lint::{Check, Item, Marks, Needs, RuleDef};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TURN021",
        name: "lone-message",
        severity: Severity::Error,
        summary: "the row is one message",
        why: "the trainer of Mistral wants a conversation: a question and its answer at least",
        remedy: "put the question before the answer, or leave the example out",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"assistant","content":"It left our house today."}]}"#,
    target: "mistral",
    needs: Needs::NOTHING,
    fix: None,
    source: "mistralai/mistral-common 1.13.1, `protocol/instruct/validator.py` (read 2026-11-21)",
    build: |spec, _| {
        (!spec.lone_message).then(|| Check::row(RULE.def.severity, check).only_with(Marks::TURNS))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    if let [only] = messages {
        let what = format!("the only message is {}", whose(&only.role));
        report.push(part.at(0).finding(&RULE.def, what));
    }
}
