//! `KEY003`: a known key whose value is of the wrong kind.

use serde_json::Value;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{messages, row_extra, row_extra_mut};
use crate::lint::{Check, Fix, Item, Marks, Needs, RuleDef, Safety};
use crate::model::Body;
use crate::target::TargetSpec;
use crate::text::json::kind;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "KEY003",
        name: "wrong-kind-of-value",
        severity: Severity::Error,
        summary: "a key that the target knows has a value of the wrong kind",
        why: "services check the kinds and refuse the file",
        remedy: "write the kind that is named",
    },
    good: r#"{"messages":[{"role":"user","name":"kim","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","name":17,"content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Safe,
        does: "write a number as a string, and a written true or false as what it says",
        apply: write,
    }),
    source: "https://github.com/openai/openai-openapi/pull/465 (schema FineTuneChatRequestInput, 2025-07-04)",
    build: |spec, _| {
        let rule = move |item: &Item<'_>, report: &mut Vec<Finding>| check(spec, item, report);
        Some(Check::row(RULE.def.severity, rule).only_with(Marks::ROW_EXTRA | Marks::MESSAGE_EXTRA))
    },
};

fn check(spec: &TargetSpec, item: &Item<'_>, report: &mut Vec<Finding>) {
    let known = |key: &str| spec.row_keys.contains(&key);
    if let Some(value) =
        row_extra(item.body).get("parallel_tool_calls").filter(|_| known("parallel_tool_calls"))
        && !value.is_boolean()
    {
        let path = match item.body {
            Body::Example(_) => "parallel_tool_calls",
            Body::Preference(_) => "input.parallel_tool_calls",
        };
        let what = format!("`parallel_tool_calls` is {} and must be true or false", kind(value));
        report.push(Finding::new(&RULE.def, path, what));
    }
    for (place, message) in messages(item.body) {
        // Decoding leaves these among the unknown keys exactly when they are no strings.
        for key in ["name", "tool_call_id", "refusal"] {
            let misfit = message.extra.get(key).filter(|value| !matches!(value, Value::String(_)));
            if let Some(value) = misfit.filter(|_| spec.message_keys.contains(&key)) {
                let what = format!("`{key}` is {} and must be a string", kind(value));
                report.push(place.finding_at(&RULE.def, key, what));
            }
        }
    }
}

fn write(body: &mut Body, spec: &'static TargetSpec) -> u64 {
    let mut written = 0;
    let key = "parallel_tool_calls";
    if spec.row_keys.contains(&key) {
        let extra = row_extra_mut(body);
        let plain = extra.get(key).and_then(truth);
        if let Some(plain) = plain {
            extra.insert(key.to_owned(), Value::Bool(plain));
            written += 1;
        } else if extra.get(key).is_some_and(Value::is_null) {
            extra.shift_remove(key);
            written += 1;
        }
    }
    for message in body.messages_mut() {
        for (key, place) in [("name", &mut message.name), ("tool_call_id", &mut message.tool_call_id)] {
            let Some(Value::Number(number)) =
                message.extra.get(key).filter(|_| spec.message_keys.contains(&key))
            else {
                continue;
            };
            *place = Some(number.to_string());
            message.extra.shift_remove(key);
            written += 1;
        }
    }
    written
}

/// A boolean written as something else.
fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        Value::Number(number) => match number.as_f64() {
            Some(1.0) => Some(true),
            Some(0.0) => Some(false),
            _ => None,
        },
        _ => None,
    }
}
