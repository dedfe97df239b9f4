//! `PREF003`: a prompt that ends with an answer.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::conversation;
use crate::lint::{Check, Item, Needs, RuleDef};
use crate::model::Role;
use crate::target::Last;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "PREF003",
        name: "answered-prompt",
        severity: Severity::Error,
        summary: "the prompt of a preference ends with the assistant",
        why: "the outputs are answers to the prompt; after an answer there is nothing to answer",
        remedy: "cut the prompt after the last message of the user",
    },
    good: r#"{"input":{"messages":[{"role":"user","content":"Where is my order?"}]},"preferred_output":[{"role":"assistant","content":"It left our house today."}],"non_preferred_output":[{"role":"assistant","content":"No idea."}]}"#,
    bad: r#"{"input":{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"One moment."}]},"preferred_output":[{"role":"assistant","content":"It left our house today."}],"non_preferred_output":[{"role":"assistant","content":"No idea."}]}"#,
    target: "openai-dpo",
    needs: Needs::NOTHING,
    fix: None,
    source: "togethercomputer/together-python `files.py` (2025-12); follows from the meaning of the outputs",
    build: |spec, _| (spec.last == Last::NotAssistant).then(|| Check::row(RULE.def.severity, check)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    if messages.last().is_some_and(|last| last.role == Role::Assistant) {
        let place = part.at(messages.len() - 1);
        report.push(place.finding(&RULE.def, "the last message of the prompt is the assistant's"));
    }
}
