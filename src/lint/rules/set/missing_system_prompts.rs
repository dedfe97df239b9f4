//! `SET005`: a system prompt in some examples and not in others.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::{Check, DatasetFacts, Needs, RuleDef};
use crate::model::Role;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "SET005",
        name: "missing-system-prompts",
        severity: Severity::Warning,
        summary: "some examples have a system prompt and others have none",
        why: "the model learns to behave in the same way without the prompt, or in another way than it \
              will be used",
        remedy: "give every example the system prompt that will be used later (`--system`)",
    },
    good: r#"{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is order 1?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is order 2?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is order 3?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is order 1?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is order 2?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is order 3?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"user","content":"Where is order 1?"},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "openai/openai-cookbook, `examples/Chat_finetuning_data_prep.ipynb` (read 2026-11-21)",
    build: |spec, _| spec.accepts_role(&Role::System).then(|| Check::dataset(RULE.def.severity, check)),
};

fn check(facts: &DatasetFacts, report: &mut Vec<Finding>) {
    let without = facts.without_system();
    if without > 0 && facts.with_system > 0 {
        let what = format!("{without} of {} examples have no system prompt", facts.examples);
        report.push(Finding::new(&RULE.def, "", what));
    }
}
