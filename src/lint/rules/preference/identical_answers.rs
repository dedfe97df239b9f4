//! `PREF002`: a chosen answer that is the rejected one.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::place::Part;
use crate::lint::{Check, Item, Needs, RuleDef};
use crate::model::Body;
use crate::target::Shape;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "PREF002",
        name: "identical-answers",
        severity: Severity::Warning,
        summary: "the preferred and the other answer are the same",
        why: "nothing is preferred to anything: the row teaches nothing and is paid for",
        remedy: "leave the pair out, or put in what was really rejected",
    },
    good: r#"{"input":{"messages":[{"role":"user","content":"Where is my order?"}]},"preferred_output":[{"role":"assistant","content":"It left our house today."}],"non_preferred_output":[{"role":"assistant","content":"No idea."}]}"#,
    bad: r#"{"input":{"messages":[{"role":"user","content":"Where is my order?"}]},"preferred_output":[{"role":"assistant","content":"It left our house today."}],"non_preferred_output":[{"role":"assistant","content":"It left our house today. "}]}"#,
    target: "openai-dpo",
    needs: Needs::NOTHING,
    fix: None,
    source: "refused by Bedrock's `nova_ft_dataset_validator.py` (aws-samples/amazon-nova-samples) (read \
             2026-11-21)",
    build: |spec, _| (spec.shape == Shape::Preference).then(|| Check::row(RULE.def.severity, check)),
};

fn check(item: &Item<'_>, report: &mut Vec<Finding>) {
    let Body::Preference(preference) = item.body else { return };
    let (chosen, rejected) = (&preference.chosen, &preference.rejected);
    let same = chosen.len() == rejected.len()
        && chosen.iter().zip(rejected).all(|(one, other)| {
            // White space at the ends is no preference.
            one.role == other.role
                && one.tool_calls == other.tool_calls
                && one.texts().map(str::trim).eq(other.texts().map(str::trim))
                && (one.content == other.content || one.texts().next().is_some())
        });
    if same && !chosen.is_empty() {
        report.push(Finding::new(&RULE.def, Part::Rejected.path(), "the answer is the preferred one"));
    }
}
