//! `TOOL031`: parameters that are no JSON Schema.

use serde_json::Value;

use super::draft7;
use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{tools, tools_path};
use crate::lint::{Check, Item, Marks, Needs, RuleDef};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL031",
        name: "invalid-parameters",
        severity: Severity::Error,
        summary: "the parameters of a tool are no valid JSON Schema",
        why: "the validator of Mistral checks them against Draft 7 and refuses the row; models read nonsense in them",
        remedy: "correct the keyword that is named; `required` is a list of names beside `properties`, not a mark in them",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":null,"tool_calls":[{"id":"a1B2c3D4e","type":"function","function":{"name":"track","arguments":"{}"}}]},{"role":"tool","content":"On its way","tool_call_id":"a1B2c3D4e"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"track","description":"Where it is","parameters":{"type":"object","properties":{}}}}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":null,"tool_calls":[{"id":"a1B2c3D4e","type":"function","function":{"name":"track","arguments":"{}"}}]},{"role":"tool","content":"On its way","tool_call_id":"a1B2c3D4e"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"track","description":"Where it is","parameters":{"type":"object","properties":{"id":{"type":"integer","required":true}}}}}]}"#,
    target: "mistral",
    needs: Needs::NOTHING,
    fix: None,
    source: "mistralai/mistral-common 1.13.1, `protocol/instruct/validator.py` (read 2026-11-21); https://json-schema.org/draft-07/schema (read 2026-11-21)",
    build: |spec, _| spec.checks_tools.then(|| Check::row(RULE.def.severity, check).only_with(Marks::TOOLS)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (index, tool) in tools(item.body).unwrap_or_default().iter().enumerate() {
        // What is no object at all has a rule of its own.
        let parameters = tool.get("function").and_then(|function| function.get("parameters"));
        let Some(schema) = parameters.filter(|schema| Value::is_object(schema)) else { continue };
        if let Some((step, what)) = draft7::fault(schema) {
            let path = format!("{}[{index}].function.parameters{step}", tools_path(item.body));
            report.push(Finding::new(&RULE.def, path, what));
        }
    }
}
