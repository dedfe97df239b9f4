//! `TOOL021`: one message calls several tools.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::messages;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL021",
        name: "parallel-tool-calls",
        severity: Severity::Warning,
        summary: "one message calls several tools",
        why: "the service does not take parallel calls, and the templates of Llama 3.1 and 3.2 stop at them",
        remedy: "leave the example out, or write the calls one after the other, each with its result",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where are my orders?"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"track","arguments":"{\"id\":1}"}},{"id":"c2","type":"function","function":{"name":"track","arguments":"{\"id\":2}"}}]},{"role":"tool","content":"On its way","tool_call_id":"c1"},{"role":"tool","content":"Here","tool_call_id":"c2"},{"role":"assistant","content":"One left our house today, one is here."}],"tools":[{"type":"function","function":{"name":"track","parameters":{"type":"object","properties":{"id":{"type":"integer"}}}}}]}"#,
    target: "together-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "tensorzero/tensorzero, its provider for Together (2026); huggingface/trl f2cd577, templates of Llama 3.1 and 3.2 (2026-07)",
    build: |spec, _| {
        (!spec.parallel_calls).then(|| Check::row(RULE.def.severity, check).only_with(Marks::TOOLS))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        let calls = message.tool_calls.len();
        if calls > 1 {
            report.push(place.finding_at(
                &RULE.def,
                "tool_calls",
                format!("the message calls {calls} tools at once"),
            ));
        }
    }
}
