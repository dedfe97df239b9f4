//! `TOOL001`: a call that is not written as calls are.

use serde_json::Value;

use super::name;
use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{messages, whose};
use crate::lint::{Check, Fix, Item, Marks, Needs, RuleDef, Safety};
use crate::model::{Body, Message, Role, ToolCall};
use crate::target::TargetSpec;
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
    fix: Some(Fix {
        safety: Safety::Safe,
        does: "write arguments as JSON in a string, identifiers as strings, name and arguments inside `function`",
        apply: write,
    }),
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

fn write(body: &mut Body, _: &'static TargetSpec) -> u64 {
    body.messages_mut().filter(|message| message.extra.contains_key("tool_calls")).filter_map(rewrite).count()
        as u64
}

/// Takes the calls over as calls, where all of them can be read.
fn rewrite(message: &mut Message) -> Option<()> {
    let calls = match message.extra.get("tool_calls")? {
        Value::Array(calls) => calls.iter().map(read).collect::<Option<Vec<ToolCall>>>()?,
        _ => return None,
    };
    message.extra.shift_remove("tool_calls");
    message.tool_calls = calls;
    Some(())
}

/// A call that is written a little otherwise; nothing of it is lost.
fn read(call: &Value) -> Option<ToolCall> {
    let call = call.as_object()?;
    let mut extra = call.clone();
    let id = match extra.shift_remove("id") {
        Some(Value::String(id)) => Some(id),
        Some(Value::Number(id)) => Some(id.to_string()),
        None | Some(Value::Null) => None,
        Some(_) => return None,
    };
    let mut function = match extra.shift_remove("function") {
        Some(Value::Object(function)) => function,
        Some(_) => return None,
        None => {
            let keys = ["name", "arguments"];
            keys.iter().filter_map(|key| Some(((*key).to_owned(), extra.shift_remove(*key)?))).collect()
        }
    };
    let Some(Value::String(name)) = function.shift_remove("name") else { return None };
    let arguments = match function.shift_remove("arguments")? {
        Value::String(arguments) => arguments,
        object @ Value::Object(_) => object.to_string(),
        _ => return None,
    };
    if extra.get("type").and_then(Value::as_str) == Some("function") {
        extra.shift_remove("type");
    }
    function.is_empty().then_some(ToolCall { id, name, arguments, extra })
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
    fn reads_what_is_written_a_little_otherwise() {
        let call = read(&json!({"id": 7, "type": "function", "name": "f", "arguments": {"a": [1]}})).unwrap();
        assert_eq!(
            (call.id.as_deref(), call.name.as_str(), call.arguments.as_str()),
            (Some("7"), "f", r#"{"a":[1]}"#)
        );
        assert!(call.extra.is_empty());
        for odd in [
            json!("f"),
            json!({"function": {"name": "f"}}),
            json!({"function": {"name": "f", "arguments": [1]}}),
            json!({"function": {"name": "f", "arguments": "{}", "result": 7}}),
            json!({"id": [], "function": {"name": "f", "arguments": "{}"}}),
        ] {
            assert_eq!(read(&odd), None, "{odd}");
        }
    }

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
