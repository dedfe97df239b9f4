//! `TOOL007`: a definition of a tool that is not written as the format wants it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::name;
use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{row_extra, row_extra_mut, tools, tools_mut, tools_path};
use crate::lint::{Check, Fix, Item, Needs, RuleDef, Safety};
use crate::model::Body;
use crate::target::TargetSpec;
use crate::text::json::kind;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL007",
        name: "invalid-tool-definition",
        severity: Severity::Error,
        summary: "a definition in `tools` is not written as the format wants it",
        why: "services refuse the file",
        remedy: "write `{\"type\": \"function\", \"function\": {\"name\", \"description\", \
                 \"parameters\"}}` with a JSON schema as parameters",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order"}}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"tools":[{"name":"find_order","parameters":{"type":"object","properties":{}}}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Safe,
        does: "write a definition inside `function`, its `type` beside it; leave out `tools` that are null",
        apply: write,
    }),
    source: "https://github.com/openai/openai-openapi/pull/465 (schema FineTuneChatRequestInput, 2025-07-04)",
    build: |_, _| Some(Check::row(RULE.def.severity, check)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let path = tools_path(item.body);
    if let Some(misfit) = row_extra(item.body).get("tools").filter(|tools| !tools.is_array()) {
        report.push(Finding::new(&RULE.def, path, format!("`tools` is {}", kind(misfit))));
    }
    let mut names = BTreeSet::new();
    for (index, tool) in tools(item.body).into_iter().flatten().enumerate() {
        let fault = match fault(tool) {
            Ok(name) if names.insert(name) => continue,
            Ok(name) => {
                (".function.name", format!("`{}` is the name of an earlier tool, too", excerpt(name, 64)))
            }
            Err(fault) => fault,
        };
        let (step, what) = fault;
        report.push(Finding::new(&RULE.def, format!("{path}[{index}]{step}"), what));
    }
}

/// The name of the tool, or what is wrong with the definition and where in it.
fn fault(tool: &Value) -> Result<&str, (&'static str, String)> {
    let Value::Object(tool) = tool else { return Err(("", format!("the definition is {}", kind(tool)))) };
    let function = match tool.get("function") {
        Some(Value::Object(function)) => function,
        Some(other) => return Err((".function", format!("`function` is {}", kind(other)))),
        None if tool.contains_key("name") => {
            return Err(("", "the definition is not inside `function`".to_owned()));
        }
        None => return Err(("", "the definition has no `function`".to_owned())),
    };
    match tool.get("type") {
        Some(Value::String(name)) if name == "function" => {}
        Some(_) => return Err((".type", "`type` is not `function`".to_owned())),
        None => return Err(("", "the definition has no `type`".to_owned())),
    }
    let name = match function.get("name") {
        Some(Value::String(name)) => name,
        Some(other) => return Err((".function.name", format!("`name` is {}", kind(other)))),
        None => return Err((".function", "the tool has no `name`".to_owned())),
    };
    if let Some(what) = name::fault(name) {
        return Err((".function.name", what));
    }
    if let Some(other) = function.get("description").filter(|value| !value.is_string() && !value.is_null()) {
        return Err((".function.description", format!("`description` is {}", kind(other))));
    }
    match function.get("parameters") {
        None | Some(Value::Null) => Ok(name),
        // The schema of arguments describes an object; an empty one means that there are none.
        Some(Value::Object(schema)) => match schema.get("type") {
            Some(Value::String(name)) if name != "object" => Err((
                ".function.parameters.type",
                format!("the parameters are of type `{}` and must be an `object`", excerpt(name, 40)),
            )),
            _ => Ok(name),
        },
        Some(other) => Err((".function.parameters", format!("`parameters` is {}", kind(other)))),
    }
}

fn write(body: &mut Body, _: &'static TargetSpec) -> u64 {
    let mut written = 0;
    if row_extra(body).get("tools").is_some_and(Value::is_null) {
        row_extra_mut(body).shift_remove("tools");
        written += 1;
    }
    for tool in tools_mut(body).iter_mut().flatten().filter_map(Value::as_object_mut) {
        let kind = tool.get("type").is_none_or(|kind| kind == "function");
        if !kind || (tool.contains_key("function") && tool.contains_key("type")) {
            continue;
        }
        let mut definition = std::mem::take(tool);
        let function = match definition.shift_remove("function") {
            Some(function) => function,
            None if definition.contains_key("name") => {
                definition.shift_remove("type");
                Value::Object(std::mem::take(&mut definition))
            }
            None => {
                *tool = definition;
                continue;
            }
        };
        tool.insert("type".to_owned(), "function".into());
        tool.insert("function".to_owned(), function);
        tool.extend(definition);
        written += 1;
    }
    written
}
