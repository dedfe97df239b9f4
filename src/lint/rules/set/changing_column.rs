//! `SET013`: a value that is of one kind in some rows and of another in others, where all rows are one table.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::{Check, DatasetFacts, Needs, RuleDef};
use crate::text::number::thousands;
use crate::text::sanitize::excerpt;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "SET013",
        name: "changing-column",
        severity: Severity::Warning,
        summary: "a value is of one kind in some rows and of another in others",
        why: "the loader of Hugging Face makes one table of all rows, with one kind for each column, and stops at the first \
              row that does not fit",
        remedy: "write one kind everywhere: numbers as strings, arguments and parameters as JSON in a string, content as a \
                 list of parts in all rows or in none; columns that nobody reads can be left out",
    },
    good: r#"{"messages":[{"role":"user","content":[{"type":"text","text":"Where is order 1?"}]},{"role":"assistant","content":[{"type":"text","text":"It left our house today."}]}]}
{"messages":[{"role":"user","content":[{"type":"text","text":"Where is order 2?"}]},{"role":"assistant","content":[{"type":"text","text":"It left our house today."}]}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is order 1?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":[{"type":"text","text":"Where is order 2?"}]},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "axolotl",
    needs: Needs::COLUMNS,
    fix: None,
    source: "https://github.com/huggingface/datasets/issues/6460 (2023-11: `Column(…) changed from number to string`); \
             axolotl-ai-cloud/axolotl, `docs/dataset-formats/conversation.qmd` (arguments as a JSON string; 2026-07)",
    build: |spec, _| spec.one_table.then(|| Check::dataset(RULE.def.severity, check)),
};

fn check(facts: &DatasetFacts, report: &mut Vec<Finding>) {
    for (path, [(one, first), (other, second)]) in facts.columns.changing() {
        let path = excerpt(path, 120);
        let what = if first == second {
            format!(
                "`{path}` is {} and {} in one row, {}",
                of(one.name()),
                of(other.name()),
                thousands(first)
            )
        } else {
            let (first, second) = (thousands(first), thousands(second));
            format!("`{path}` is {} in row {first} and {} in row {second}", of(one.name()), of(other.name()))
        };
        report.push(Finding::new(&RULE.def, "", what));
    }
}

/// A kind with its article.
fn of(kind: &str) -> String {
    let vowel = kind.starts_with(['a', 'o']);
    format!("{} {kind}", if vowel { "an" } else { "a" })
}
