//! `WGT002`: a weight on a message that is never trained.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{messages, whose};
use crate::lint::{Check, Fix, Item, Marks, Needs, RuleDef, Safety};
use crate::model::Role;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "WGT002",
        name: "weight-beside-other-role",
        severity: Severity::Warning,
        summary: "a `weight` stands on a message that is not the assistant's",
        why: "only the assistant's messages are trained, so it does nothing; the schema has it for the \
              assistant alone",
        remedy: "remove the key, or put it on the answer that was meant",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today.","weight":0},{"role":"user","content":"And today?"},{"role":"assistant","content":"It is with you."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?","weight":0},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Safe,
        does: "leave the weight out",
        apply: |body, _| {
            let others = body.messages_mut().filter(|message| never_trained(&message.role));
            others.filter_map(|message| message.weight.take()).count() as u64
        },
    }),
    source: "https://github.com/openai/openai-openapi/pull/465 (schema FineTuneChatRequestInput, 2025-07-04)",
    build: |spec, _| {
        spec.message_keys
            .contains(&"weight")
            .then(|| Check::row(RULE.def.severity, check).only_with(Marks::MESSAGE_KEY))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body) {
        if never_trained(&message.role) && message.weight.is_some() {
            let what = format!("the message with `weight` is {}", whose(&message.role));
            report.push(place.finding_at(&RULE.def, "weight", what));
        }
    }
}

/// An unknown role may be the assistant's, which its own rule says.
fn never_trained(role: &Role) -> bool {
    !matches!(role, Role::Assistant | Role::Other(_))
}
