//! `WGT001`: a weight that is neither 0 nor 1.

use serde_json::Value;

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::messages;
use crate::lint::{Check, Fix, Item, Marks, Needs, RuleDef, Safety};
use crate::model::Body;
use crate::target::TargetSpec;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "WGT001",
        name: "weight-not-0-or-1",
        severity: Severity::Error,
        summary: "a `weight` is neither 0 nor 1",
        why: "the schema knows these two integers only: 0 masks a message, 1 trains it",
        remedy: "write 0 or 1 as an integer, or leave the key out to train the message",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today.","weight":1}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today.","weight":1.0}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Safe,
        does: "write 0 or 1 where the value says it (`1.0`, `\"1\"`, `true`)",
        apply: write,
    }),
    source: "https://github.com/openai/openai-openapi/pull/465 (schema FineTuneChatRequestInput, 2025-07-04)",
    build: |spec, _| {
        spec.message_keys
            .contains(&"weight")
            .then(|| Check::row(RULE.def.severity, check).only_with(Marks::MESSAGE_EXTRA))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        // Decoding leaves a weight among the unknown keys exactly when it is not 0 or 1.
        if let Some(weight) = message.extra.get("weight") {
            let shown = excerpt(&weight.to_string(), 40);
            report.push(place.finding_at(&RULE.def, "weight", format!("`weight` is `{shown}`")));
        }
    }
}

fn write(body: &mut Body, _: &'static TargetSpec) -> u64 {
    let mut written = 0;
    for message in body.messages_mut() {
        if let Some(weight) = message.extra.get("weight").and_then(plain) {
            message.weight = Some(weight);
            message.extra.shift_remove("weight");
            written += 1;
        }
    }
    written
}

/// The weight that a value says in another way.
fn plain(value: &Value) -> Option<u8> {
    match value {
        Value::Bool(weight) => Some(u8::from(*weight)),
        Value::String(text) => match text.trim() {
            "0" | "0.0" | "false" => Some(0),
            "1" | "1.0" | "true" => Some(1),
            _ => None,
        },
        Value::Number(number) => match number.as_f64()? {
            0.0 => Some(0),
            1.0 => Some(1),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_plain() {
        for (value, weight) in [(json!(1.0), 1), (json!("0"), 0), (json!(true), 1), (json!(0.0), 0)] {
            assert_eq!(plain(&value), Some(weight), "{value}");
        }
        for value in [json!(0.5), json!("yes"), json!(null), json!(-1), json!([1])] {
            assert_eq!(plain(&value), None, "{value}");
        }
    }
}
