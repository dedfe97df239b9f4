//! `TURN022`: an answer that is to be continued.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::messages;
use crate::lint::{Check, Item, Marks, Needs, RuleDef};
use crate::model::Role;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "TURN022",
        name: "continued-answer",
        severity: Severity::Error,
        summary: "an answer is marked as one to be continued",
        why: "`prefix` asks for the rest of an answer when the model is used; in training data the validator refuses it",
        remedy: "leave `prefix` out",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today.","prefix":true}]}"#,
    target: "mistral",
    needs: Needs::NOTHING,
    fix: None,
    source: "mistralai/mistral-common 1.13.1, `protocol/instruct/validator.py` (read 2026-11-21)",
    build: |spec, _| {
        (!spec.continued_answers)
            .then(|| Check::row(RULE.def.severity, check).only_with(Marks::MESSAGE_EXTRA))
    },
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    for (place, message) in messages(item.body).filter(|(_, message)| message.role == Role::Assistant) {
        let prefix = message.extra.get("prefix");
        if let Some(prefix) = prefix.filter(|prefix| prefix.as_bool() != Some(false)) {
            let what = format!("`prefix` is `{}`", excerpt(&prefix.to_string(), 40));
            report.push(place.finding_at(&RULE.def, "prefix", what));
        }
    }
}
