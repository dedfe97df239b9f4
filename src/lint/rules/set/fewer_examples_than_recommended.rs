//! `SET002`: enough examples for a job and too few for a good one.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::{Check, DatasetFacts, Needs, RuleDef};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "SET002",
        name: "fewer-examples-than-recommended",
        severity: Severity::Warning,
        summary: "the file has fewer examples than the target recommends to begin with",
        why: "the tuned model will hardly differ from the model it came from",
        remedy: "add good examples; a few dozen show whether tuning helps at all",
    },
    good: "",
    bad: r#"{"messages":[{"role":"user","content":"Where is order 1?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 2?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 3?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 4?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 5?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 6?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 7?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 8?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 9?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 10?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 11?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 12?"},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "https://platform.openai.com/docs/guides/supervised-fine-tuning (read in a copy, 2026-11-21)",
    build: |spec, _| {
        let (least, good) = (spec.limits.examples_min.unwrap_or(1), spec.limits.examples_recommended?);
        let rule = move |facts: &DatasetFacts, report: &mut Vec<Finding>| check(least, good, facts, report);
        Some(Check::dataset(RULE.def.severity, rule))
    },
};

fn check(least: u64, good: u64, facts: &DatasetFacts, report: &mut Vec<Finding>) {
    // Below the least, `too-few-examples` says the harder thing.
    if (least..good).contains(&facts.examples) && !facts.held {
        let what = format!("{} examples, and {good} are recommended to begin with", facts.examples);
        report.push(Finding::new(&RULE.def, "", what));
    }
}
