//! `TOOL001`: a call that is not written as calls are.

use serde_json::Value;

use super::name;
use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{messages, whose};
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::Role;
use crate::text::json::kind;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TOOL001",
        name: "malformed-tool-call",
        severity: Severity::Error,
        summary: "a call of a tool is not written as the format wants it",
        why: "services refuse the file; arguments as an object instead of a string are the usual cause",
        remedy: "write `{\"id\", \"type\": \"function\", \"function\": {\"name\", \"arguments\"}}` with \
                 the arguments as JSON in a string",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"Sent today"},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order"}}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find_order","arguments":{"id":7}}}]},{"role":"assistant","content":"It left our house today."}],"tools":[{"type":"function","function":{"name":"find_order"}}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "https://github.com/openai/openai-openapi/pull/465 (schema FineTuneChatRequestInput, 2025-07-04)",
    build: |_, _| Some(Check::row(RULE.def.severity, check).only_with(Marks::TOOLS)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        // Decoding leaves the list among the unknown keys when one call in it is no call.
        let misfit = message.extra.get("tool_calls");
        if let Some((step, what)) = misfit.and_then(list_fault) {
            report.push(place.finding_at(&RULE.def, format_args!("tool_calls{step}"), what));
        }
        let calls = misfit.is_some() || !message.tool_calls.is_empty();
        if calls && !matches!(message.role, Role::Assistant | Role::Other(_)) {
            let what = format!("the message with calls is {}", whose(&message.role));
            report.push(place.finding_at(&RULE.def, "tool_calls", what));
        }
        for (index, call) in message.tool_calls.iter().enumerate() {
            let fault = match (&call.id, call.extra.get("type")) {
                (None, _) => ("", "the call has no `id`".to_owned()),
                (Some(id), _) if id.is_empty() => (".id", "the `id` of the call is empty".to_owned()),
                (_, Some(other)) => (
                    ".type",
                    format!("`type` is `{}` instead of `function`", excerpt(&other.to_string(), 40)),
                ),
                _ => match name::fault(&call.name) {
                    Some(what) => (".function.name", what),
                    None => continue,
                },
            };
            let (step, what) = fault;
            report.push(place.finding_at(&RULE.def, format_args!("tool_calls[{index}]{step}"), what));
        }
    }
}

/// What is wrong with `tool_calls`, and where in it.
fn list_fault(calls: &Value) -> Option<(String, String)> {
    let Value::Array(calls) = calls else {
        return Some((String::new(), format!("`tool_calls` is {}", kind(calls))));
    };
    if calls.is_empty() {
        return Some((String::new(), "`tool_calls` is empty".to_owned()));
    }
    calls
        .iter()
        .enumerate()
        .find_map(|(index, call)| call_fault(call).map(|(step, what)| (format!("[{index}]{step}"), what)))
}

fn call_fault(call: &Value) -> Option<(&'static str, String)> {
    let Value::Object(call) = call else { return Some(("", format!("the call is {}", kind(call)))) };
    if let Some(id) = call.get("id").filter(|id| !id.is_string()) {
        return Some((".id", format!("the `id` of the call is {}", kind(id))));
    }
    let function = match call.get("function") {
        Some(Value::Object(function)) => function,
        Some(other) => return Some((".function", format!("`function` is {}", kind(other)))),
        None if call.contains_key("name") => {
            return Some(("", "`name` and `arguments` of the call are not inside `function`".to_owned()));
        }
        None => return Some(("", "the call has no `function`".to_owned())),
    };
    match (function.get("name"), function.get("arguments")) {
        (None, _) => Some((".function", "the call has no `name`".to_owned())),
        (Some(Value::String(_)), None) => Some((".function", "the call has no `arguments`".to_owned())),
        (Some(Value::String(_)), Some(Value::String(_))) => function
            .keys()
            .find(|key| !matches!(key.as_str(), "name" | "arguments"))
            .map(|key| (".function", format!("`function` has the unknown key `{}`", excerpt(key, 40)))),
        (Some(Value::String(_)), Some(other)) => Some((
            ".function.arguments",
            format!("the arguments are {} and must be JSON in a string", kind(other)),
        )),
        (Some(other), _) => Some((".function.name", format!("`name` is {}", kind(other)))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_the_first_fault() {
        let said = |calls: Value| list_fault(&calls).map(|(step, what)| format!("{step} {what}")).unwrap();
        assert_eq!(said(json!({})), " `tool_calls` is an object");
        assert_eq!(said(json!([])), " `tool_calls` is empty");
        assert_eq!(said(json!(["x"])), "[0] the call is a string");
        assert_eq!(
            said(json!([{"name": "f", "arguments": "{}"}])),
            "[0] `name` and `arguments` of the call are not inside `function`"
        );
        let good = json!({"function": {"name": "f", "arguments": "{}"}});
        assert_eq!(
            said(json!([good, {"function": {"name": "f", "arguments": {}}}])),
            "[1].function.arguments the arguments are an object and must be JSON in a string"
        );
        assert_eq!(said(json!([{"id": 1, "function": {}}])), "[0].id the `id` of the call is a number");
    }
}
