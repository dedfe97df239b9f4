//! `TOOL032`: `strict` that is no switch.

use serde_json::Value;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{tools, tools_path};
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::text::json::kind;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL032",
        name: "strict-not-boolean",
        severity: Severity::Error,
        summary: "`strict` of a tool is neither true nor false",
        why: "the key is read as a switch, and the row is refused where it cannot be",
        remedy: "write `true` or `false`, or leave the key out",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":null,"tool_calls":[{"id":"a1B2c3D4e","type":"function","function":{"name":"track","arguments":"{}"}}]},{"role":"tool","content":"On its way","tool_call_id":"a1B2c3D4e"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"track","description":"Where it is","parameters":{"type":"object","properties":{}}}}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":null,"tool_calls":[{"id":"a1B2c3D4e","type":"function","function":{"name":"track","arguments":"{}"}}]},{"role":"tool","content":"On its way","tool_call_id":"a1B2c3D4e"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"track","strict":"maybe","description":"Where it is","parameters":{"type":"object","properties":{}}}}]}"#,
    target: "mistral",
    needs: Needs::NOTHING,
    fix: None,
    source: "mistralai/mistral-common 1.13.1, `protocol/instruct/validator.py` (read 2026-11-21)",
    build: |spec, _| spec.checks_tools.then(|| Check::row(RULE.def.severity, check).only_with(Marks::TOOLS)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (index, tool) in tools(item.body).unwrap_or_default().iter().enumerate() {
        let strict = tool.get("function").and_then(|function| function.get("strict"));
        if let Some(other) = strict.filter(|strict: &&Value| !strict.is_boolean()) {
            let path = format!("{}[{index}].function.strict", tools_path(item.body));
            report.push(Finding::new(&RULE.def, path, format!("`strict` is {}", kind(other))));
        }
    }
}
