//! `TOOL033`: the name of a tool result.

use super::name;
use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::messages;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::Role;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL033",
        name: "result-name",
        severity: Severity::Error,
        summary: "the name of a tool result is none that a tool can have",
        why: "the validator of Mistral checks it as it checks the names of calls",
        remedy: "write the name of the called tool, or leave it out",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":null,"tool_calls":[{"id":"a1B2c3D4e","type":"function","function":{"name":"track","arguments":"{}"}}]},{"role":"tool","content":"On its way","tool_call_id":"a1B2c3D4e"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"track","description":"Where it is","parameters":{"type":"object","properties":{}}}}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":null,"tool_calls":[{"id":"a1B2c3D4e","type":"function","function":{"name":"track","arguments":"{}"}}]},{"role":"tool","content":"On its way","name":"track it","tool_call_id":"a1B2c3D4e"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"track","description":"Where it is","parameters":{"type":"object","properties":{}}}}]}"#,
    target: "mistral",
    needs: Needs::NOTHING,
    fix: None,
    source: "mistralai/mistral-common 1.13.1, `protocol/instruct/validator.py` (read 2026-11-21)",
    build: |spec, _| spec.checks_tools.then(|| Check::row(RULE.def.severity, check).only_with(Marks::TOOLS)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body).filter(|(_, message)| message.role == Role::Tool) {
        if let Some(what) = message.name.as_deref().and_then(name::fault) {
            report.push(place.finding_at(&RULE.def, "name", what));
        }
    }
}
