//! `TOOL011`: arguments that the tool's own schema does not allow.

use std::collections::BTreeMap;

use serde_json::Value;

use super::schema;
use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{messages, tools};
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL011",
        name: "arguments-against-schema",
        severity: Severity::Warning,
        summary: "the arguments of a call do not fit the parameters that the row declares for the tool",
        why: "the model learns calls that the program behind the tool refuses",
        remedy: "correct the arguments or the schema. Checked are `type`, `enum`, `const`, `required`, `properties`, \
                 `additionalProperties: false` and `items`; what stands below `anyOf`, `$ref` and the like is not",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{\"order\":17}"}}]},{"role":"tool","tool_call_id":"c1","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order","parameters":{"type":"object","properties":{"order":{"type":"integer"}},"required":["order"]}}}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{\"order\":\"17\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order","parameters":{"type":"object","properties":{"order":{"type":"integer"}},"required":["order"]}}}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "OpenPipe's importer made this check (2024) and dropped its result; \
             https://json-schema.org/draft/2020-12/json-schema-validation (read 2026-11-21)",
    build: |_, _| Some(Check::row(RULE.def.severity, check).only_with(Marks::TOOLS)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let Some(declared) = tools(item.body).filter(|tools| !tools.is_empty()) else { return };
    let mut schemas: Option<BTreeMap<&str, &Value>> = None;
    for (place, message) in messages(item.body) {
        for (index, call) in message.tool_calls.iter().enumerate() {
            let schemas = schemas.get_or_insert_with(|| declared.iter().filter_map(parameters).collect());
            let Some(schema) = schemas.get(call.name.as_str()) else { continue };
            // Arguments that are no object have a rule of their own.
            let Ok(arguments @ Value::Object(_)) = serde_json::from_str(&call.arguments) else { continue };
            if let Some(what) = schema::fault(schema, &arguments) {
                let key = format_args!("tool_calls[{index}].function.arguments");
                let what = format!("the call of `{}`: {what}", excerpt(&call.name, 40));
                report.push(place.finding_at(&RULE.def, key, what));
            }
        }
    }
}

/// Name and schema of a tool.
fn parameters(tool: &Value) -> Option<(&str, &Value)> {
    let function = tool.get("function").unwrap_or(tool);
    Some((function.get("name")?.as_str()?, function.get("parameters")?))
}
