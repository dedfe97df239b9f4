//! `TOOL010`: two results of one call.

use std::collections::BTreeSet;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::conversation;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::Role;
use crate::target::ToolResults;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL010",
        name: "repeated-tool-result",
        severity: Severity::Warning,
        summary: "a call is answered more than once",
        why: "targets that count calls and results refuse the example",
        remedy: "join the results, or leave all but one out",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order"}}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"Sent today"},{"role":"tool","tool_call_id":"c1","content":"Sent on Monday"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order"}}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "mistralai/mistral-common bc022b9, `validator.py` (counts must agree, 2026-07)",
    build: |spec, _| {
        let once = spec.tool_results != ToolResults::Answered;
        Some(
            Check::row(if once { Severity::Error } else { RULE.def.severity }, check).only_with(Marks::TOOLS),
        )
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let (part, messages) = conversation(item.body);
    let mut answered = BTreeSet::new();
    for (at, message) in messages.iter().enumerate() {
        // Identifiers may come again with later calls, which has a rule of its own.
        for call in &message.tool_calls {
            if let Some(id) = call.id.as_deref() {
                answered.remove(id);
            }
        }
        let id = message.tool_call_id.as_deref().filter(|_| message.role == Role::Tool);
        if let Some(id) = id.filter(|id| !answered.insert(*id)) {
            let what = format!("the call `{}` has a result already", excerpt(id, 40));
            report.push(part.at(at).finding_at(&RULE.def, "tool_call_id", what));
        }
    }
}
