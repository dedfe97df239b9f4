//! `SET004`: a few system prompts, each used again and again.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::{Check, DatasetFacts, Needs, RuleDef};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "SET004",
        name: "several-system-prompts",
        severity: Severity::Warning,
        summary: "the examples share several different system prompts",
        why: "the model learns one behaviour under each of them, and is used under one; often they are \
              versions of one text",
        remedy: "give every example the system prompt that will be used later; if each prompt is meant, \
                 ignore this rule",
    },
    good: r#"{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is order 1?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is order 2?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is order 3?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: r#"{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is order 1?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is order 2?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is order 3?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"system","content":"Be brief!"},{"role":"user","content":"Where is order 1?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"system","content":"Be brief!"},{"role":"user","content":"Where is order 2?"},{"role":"assistant","content":"It left our house today."}]}
{"messages":[{"role":"system","content":"Be brief!"},{"role":"user","content":"Where is order 3?"},{"role":"assistant","content":"It left our house today."}]}"#,
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "https://platform.openai.com/docs/guides/supervised-fine-tuning (read in a copy, 2026-11-21)",
    build: |_, _| Some(Check::dataset(RULE.def.severity, check)),
};

fn check(facts: &DatasetFacts, report: &mut Vec<Finding>) {
    let Some(prompts) = facts.system_prompts() else { return };
    // Prompts that hardly repeat carry something of the conversation (the customer, the order): they are made from one
    // template, and meant.
    if prompts > 1 && prompts <= facts.with_system / 2 {
        let (most, all) = (facts.commonest_system_prompt(), facts.with_system);
        let what =
            format!("{prompts} different system prompts; the commonest stands in {most} of {all} examples");
        report.push(Finding::new(&RULE.def, "", what));
    }
}
