//! `TOOL009`: functions, which tools have replaced.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{messages, row_extra};
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::Role;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL009",
        name: "legacy-functions",
        severity: Severity::Warning,
        summary: "the example uses `functions`, `function_call` or the role `function`",
        why: "they are the deprecated predecessor of tools: most targets refuse them, and models are used \
              with tools today",
        remedy: "write `tools`, `tool_calls` and the role `tool` instead",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order"}}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":null,"function_call":{"name":"find_order","arguments":"{}"}},{"role":"function","name":"find_order","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"functions":[{"name":"find_order","parameters":{"type":"object","properties":{}}}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "https://github.com/openai/openai-openapi/pull/465 (schema FineTuneChatRequestInput, \
             2025-07-04), where they are marked as deprecated",
    build: |spec, _| {
        let severity = if spec.accepts_role(&Role::Function) { RULE.def.severity } else { Severity::Error };
        Some(Check::row(severity, check).only_with(Marks::TOOLS))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    // One sign is enough: where there is one, there are all three.
    let call = messages(item.body).find_map(|(place, message)| {
        if message.extra.contains_key("function_call") {
            Some(place.finding_at(
                &RULE.def,
                "function_call",
                "`function_call` is the predecessor of `tool_calls`",
            ))
        } else if message.role == Role::Function {
            Some(place.finding_at(&RULE.def, "role", "the role `function` is the predecessor of `tool`"))
        } else {
            None
        }
    });
    let declared = || {
        let there = row_extra(item.body).contains_key("functions");
        there.then(|| Finding::new(&RULE.def, "functions", "`functions` is the predecessor of `tools`"))
    };
    report.extend(call.or_else(declared));
}
