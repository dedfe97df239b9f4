//! `PREF001`: an output that is not one message of the assistant.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::{Part, whose};
use crate::lint::{Check, Item, Needs, RuleDef};
use crate::model::{Body, Role};
use crate::target::Shape;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "PREF001",
        name: "not-one-answer",
        severity: Severity::Error,
        summary: "an output of a preference is not exactly one message of the assistant",
        why: "the two outputs stand for the last answer; services refuse anything else",
        remedy: "move what comes before the answer into the prompt, and cut what comes after it",
    },
    good: r#"{"input":{"messages":[{"role":"user","content":"Where is my order?"}]},"preferred_output":[{"role":"assistant","content":"It left our house today."}],"non_preferred_output":[{"role":"assistant","content":"No idea."}]}"#,
    bad: r#"{"input":{"messages":[{"role":"user","content":"Where is my order?"}]},"preferred_output":[{"role":"assistant","content":"It left our house today."},{"role":"user","content":"Thanks"}],"non_preferred_output":[{"role":"assistant","content":"No idea."}]}"#,
    target: "openai-dpo",
    needs: Needs::NOTHING,
    fix: None,
    source: "https://github.com/openai/openai-openapi/pull/465 (schema FineTunePreferenceRequestInput, \
             2025-07-04)",
    build: |spec, _| (spec.shape == Shape::Preference).then(|| Check::row(RULE.def.severity, check)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let Body::Preference(preference) = item.body else { return };
    for (part, list) in [(Part::Chosen, &preference.chosen), (Part::Rejected, &preference.rejected)] {
        match list.as_slice() {
            // An unknown role is named by its own rule.
            [one] if matches!(one.role, Role::Assistant | Role::Other(_)) => {}
            [one] => {
                let what = format!("the output is {}", whose(&one.role));
                report.push(part.at(0).finding_at(&RULE.def, "role", what));
            }
            list => {
                let what = format!("the output has {} messages", list.len());
                report.push(Finding::new(&RULE.def, part.path(), what));
            }
        }
    }
}
