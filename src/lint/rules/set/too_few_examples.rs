//! `SET001`: fewer examples than the target takes.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::{Check, DatasetFacts, Needs, RuleDef};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "SET001",
        name: "too-few-examples",
        severity: Severity::Error,
        summary: "the file has fewer examples than the target takes",
        why: "the job is refused before it starts",
        remedy: "add examples; copies of the ones there are do not help",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is order 1?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 2?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 3?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 4?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 5?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 6?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 7?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 8?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 9?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 10?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is order 1?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 2?"},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "https://platform.openai.com/docs/guides/supervised-fine-tuning (read in a copy, 2026-11-21)",
    build: |spec, _| {
        let least = spec.limits.examples_min?;
        let rule = move |facts: &DatasetFacts, report: &mut Vec<Finding>| check(least, facts, report);
        Some(Check::dataset(RULE.def.severity, rule))
    },
};

fn check(least: u64, facts: &DatasetFacts, report: &mut Vec<Finding>) {
    if facts.examples < least && !facts.held {
        let noun = if facts.examples == 1 { "example" } else { "examples" };
        let what = format!("{} {noun}, and at least {least} are needed", facts.examples);
        report.push(Finding::new(&RULE.def, "", what));
    }
}
