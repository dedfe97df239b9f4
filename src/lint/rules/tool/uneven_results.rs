//! `TOOL030`: as many results as calls.

use serde_json::Value;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::conversation;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::{Message, Role};
use crate::target::ToolResults;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL030",
        name: "uneven-results",
        severity: Severity::Error,
        summary: "before an answer there are not as many tool results as calls",
        why: "the validator of Mistral counts both, and does not count calls of the first message",
        remedy: "put the result of every call right behind it, and begin with what the user wrote",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":null,"tool_calls":[{"id":"a1B2c3D4e","type":"function","function":{"name":"track","arguments":"{}"}}]},{"role":"tool","content":"On its way","tool_call_id":"a1B2c3D4e"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"track","description":"Where it is","parameters":{"type":"object","properties":{}}}}]}"#,
    bad: r#"{"messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"a1B2c3D4e","type":"function","function":{"name":"track","arguments":"{}"}}]},{"role":"tool","content":"On its way","tool_call_id":"a1B2c3D4e"},{"role":"assistant","content":"It left our house today."},{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"track","description":"Where it is","parameters":{"type":"object","properties":{}}}}]}"#,
    target: "mistral",
    needs: Needs::NOTHING,
    fix: None,
    source: "mistralai/mistral-common 1.13.1, `protocol/instruct/validator.py` (read 2026-11-21)",
    build: |spec, _| {
        (spec.tool_results == ToolResults::Counted)
            .then(|| Check::row(RULE.def.severity, check).only_with(Marks::TOOLS))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    let (mut calls, mut results) = (0, 0);
    for (index, message) in messages.iter().enumerate().skip(1) {
        match message.role {
            Role::Tool => results += 1,
            Role::Assistant => {
                // Calls without results, and results of no call, have rules of their own.
                if results > 0 && calls != results {
                    let what =
                        format!("{} before this answer, {}", count(calls, "call"), count(results, "result"));
                    report.push(part.at(index).finding(&RULE.def, what));
                }
                (calls, results) = (calls_of(message), 0);
            }
            _ => {}
        }
    }
}

/// Calls of a message, whether they can be read or not.
fn calls_of(message: &Message) -> usize {
    let unread = message.extra.get("tool_calls").and_then(Value::as_array).map_or(0, Vec::len);
    message.tool_calls.len() + unread
}

fn count(number: usize, of: &str) -> String {
    format!("{number} {of}{}", if number == 1 { "" } else { "s" })
}
