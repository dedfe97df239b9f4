//! `SET008`: an example that stands more than once.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::{Check, DatasetFacts, Needs, RuleDef};
use crate::text::number::{count, thousands};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "SET008",
        name: "repeated-example",
        severity: Severity::Warning,
        summary: "the same example stands in the file more than once",
        why: "it is paid for and learned again in every epoch, and a split puts copies on both sides, so that the \
              validation loss looks better than it is",
        remedy: "`chatmill prepare` keeps the first of each; copies that are meant are better written as more epochs",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is order 1?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 2?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our  house today."}]}"#,
    target: "openai-chat",
    needs: Needs::ANSWERS,
    fix: None,
    source: "https://arxiv.org/abs/2107.06499 (what duplicates do to a model and its validation; read 2026-11-21)",
    build: |_, _| Some(Check::dataset(RULE.def.severity, check)),
};

fn check(facts: &DatasetFacts, report: &mut Vec<Finding>) {
    let copies = facts.compared.copies;
    if let Some((one, other)) = facts.compared.first_copy {
        let what = format!(
            "{} an earlier one, case and white space aside; the first is line {}, as line {}",
            if copies == 1 {
                "1 example repeats".to_owned()
            } else {
                format!("{} repeat", count(copies, "example"))
            },
            thousands(u64::from(other)),
            thousands(u64::from(one))
        );
        report.push(Finding::new(&RULE.def, "", what));
    }
}
