//! `SET007`: one prompt, several answers.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::{Check, DatasetFacts, Needs, RuleDef};
use crate::target::Shape;
use crate::text::number::{count, thousands};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "SET007",
        name: "conflicting-answers",
        severity: Severity::Warning,
        summary: "the same prompt stands in several examples with different answers",
        why: "the model can only learn to choose between them by chance, and the loss never falls below that choice; what \
              told the cases apart is missing from the prompt",
        remedy: "see with `chatmill conflicts` what they disagree about; put what told them apart into the prompt, or keep \
                 the best answer",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is order 1?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 2?"},{"role":"assistant","content":"It is in the shop."}]}"#,
    bad: r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"where is my order? "},{"role":"assistant","content":"It is in the shop."}]}"#,
    target: "openai-chat",
    needs: Needs::ANSWERS,
    fix: None,
    source: "follows from maximum likelihood: the best a model can do is the share of each answer",
    build: |spec, _| (spec.shape == Shape::Example).then(|| Check::dataset(RULE.def.severity, check)),
};

fn check(facts: &DatasetFacts, report: &mut Vec<Finding>) {
    let compared = &facts.compared;
    if let Some((one, other)) = compared.first_conflict {
        let what = format!(
            "{} in {} {} different answers; the first are lines {} and {}",
            count(compared.conflicts, "prompt"),
            count(compared.conflicting, "example"),
            if compared.conflicts == 1 { "has" } else { "have" },
            thousands(u64::from(one)),
            thousands(u64::from(other))
        );
        report.push(Finding::new(&RULE.def, "", what));
    }
}
