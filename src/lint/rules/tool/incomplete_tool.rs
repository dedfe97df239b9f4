//! `TOOL023`: a tool has no description or no parameters.

use serde_json::Value;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{tools, tools_path};
use crate::lint::{Check, Item, Marks, Needs, RuleDef};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL023",
        name: "incomplete-tool",
        severity: Severity::Error,
        summary: "a tool has no description or no parameters",
        why: "mistral-finetune refuses the row: it wants name, description and parameters, `{}` where there are none",
        remedy: "describe the tool, and give `\"parameters\": {}` where it has none",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"a1b2c3d4e","type":"function","function":{"name":"track","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a1b2c3d4e","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"track","description":"Where it is","parameters":{}}}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"track","parameters":{}}}]}"#,
    target: "mistral",
    needs: Needs::NOTHING,
    fix: None,
    source: "mistralai/mistral-finetune 1943535, `finetune/data/tokenize.py` (2026-06-12)",
    build: |spec, _| {
        spec.complete_tools.then(|| Check::row(RULE.def.severity, check).only_with(Marks::TOOLS))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (index, tool) in tools(item.body).unwrap_or_default().iter().enumerate() {
        let Some(function) = tool.get("function").and_then(Value::as_object) else { continue };
        for key in ["description", "parameters"] {
            if function.get(key).is_none_or(Value::is_null) {
                let path = format!("{}[{index}].function", tools_path(item.body));
                report.push(Finding::new(&RULE.def, path, format!("the tool has no `{key}`")));
            }
        }
    }
}
