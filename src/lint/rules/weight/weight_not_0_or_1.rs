//! `WGT001`: a weight that is neither 0 nor 1.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::messages;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
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
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today.","weight":0.5}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
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
