//! `SET012`: a field that most rows have and some have not, where graders read it.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::{Check, DatasetFacts, Needs, RuleDef};
use crate::text::number::{count, thousands};
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "SET012",
        name: "uneven-fields",
        severity: Severity::Warning,
        summary: "some rows lack a field that most have beside their messages, or it is empty",
        why: "such fields are what a grader compares an answer with; where one is missing, it stops or grades against nothing",
        remedy: "fill the field in, or leave the rows out; `check --grader FILE` looks for what the grader really reads",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is order 1?"}],"reference":"It left today."}
{"messages":[{"role":"user","content":"Where is order 2?"}],"reference":"It left today.","note":"asked twice"}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is order 1?"}],"reference":"It left today."}
{"messages":[{"role":"user","content":"Where is order 2?"}],"reference":"It left today."}
{"messages":[{"role":"user","content":"Where is order 3?"}],"reference":""}"#,
    target: "azure-rft",
    needs: Needs::COLUMNS,
    fix: None,
    source: "https://github.com/openai/openai-openapi/pull/465 (schema FineTuneReinforcementRequestInput: other keys are \
             the grader's, as `{{item.KEY}}`; 2025-07-04)",
    build: |spec, settings| {
        // Where the grader is known, each row is held to what it reads.
        let unknown = spec.keeps_other_keys && settings.grader_fields.is_empty();
        unknown.then(|| Check::dataset(RULE.def.severity, check))
    },
};

fn check(facts: &DatasetFacts, report: &mut Vec<Finding>) {
    let rows = facts.columns.rows();
    for (name, field) in facts.columns.fields() {
        let gaps = rows.saturating_sub(field.filled);
        if let (Some(first), true) = (field.first_gap, gaps > 0 && gaps < field.filled) {
            let (name, first) = (excerpt(name, 60), thousands(first));
            let what = format!(
                "`{name}` is missing or empty in {gaps} of {}; the first is row {first}",
                count(rows, "row")
            );
            report.push(Finding::new(&RULE.def, "", what));
        }
    }
}
