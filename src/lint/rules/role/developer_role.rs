//! `ROLE002`: instructions under the role `developer`.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::messages;
use crate::lint::{Check, Fix, Item, Marks, Needs, RuleDef, Safety};
use crate::model::Role;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "ROLE002",
        name: "developer-role",
        severity: Severity::Error,
        summary: "a message has the role `developer`, which the target's schema does not list",
        why: "only the schema for reinforcement fine-tuning knows it; others refuse the role or drop the \
              example",
        remedy: "write `system` instead",
    },
    good: r#"{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: Some(Fix {
        safety: Safety::Safe,
        does: "write `system` instead",
        apply: |body, spec| {
            let developers = body.messages_mut().filter(|message| message.role == Role::Developer);
            // Where `system` is not taken either there is no name for it.
            developers
                .filter(|_| spec.accepts_role(&Role::System))
                .map(|message| message.role = Role::System)
                .count() as u64
        },
    }),
    source: "https://github.com/openai/openai-openapi/pull/465 (schema FineTuneChatRequestInput, 2025-07-04)",
    build: |spec, _| {
        (!spec.accepts_role(&Role::Developer))
            .then(|| Check::row(RULE.def.severity, check).only_with(Marks::ODD_ROLE))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let developer = |role: &Role| *role == Role::Developer;
    if let Some((place, _)) = messages(item.body).find(|(_, message)| developer(&message.role)) {
        report.push(place.finding_at(
            &RULE.def,
            "role",
            "the role is `developer`; `system` is its name here",
        ));
    }
}
