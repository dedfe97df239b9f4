//! `KEY003`: a known key whose value is of the wrong kind.

use serde_json::Value;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{messages, row_extra};
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
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
    fix: None,
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
            crate::model::Body::Example(_) => "parallel_tool_calls",
            crate::model::Body::Preference(_) => "input.parallel_tool_calls",
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
