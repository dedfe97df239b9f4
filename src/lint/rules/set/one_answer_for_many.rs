//! `SET009`: one answer to very many prompts.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::compared::{Habit, MANY_PERCENT};
use crate::lint::{Check, DatasetFacts, Needs, RuleDef};
use crate::target::Shape;
use crate::text::number::thousands;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "SET009",
        name: "one-answer-for-many",
        severity: Severity::Info,
        summary: "one answer is given to very many different prompts",
        why: "the model learns that this sentence is nearly always right: macros and closing phrases crowd out answers to \
              what was asked",
        remedy: "keep some of these examples, or cut them before the phrase; if it is meant, ignore this rule",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is order 1?"},{"role":"assistant","content":"It left our house today, and will be with you on Monday."}]}
{"messages":[{"role":"user","content":"Where is order 2?"},{"role":"assistant","content":"It left our house today, and will be with you on Monday."}]}"#,
    bad: "",
    target: "openai-chat",
    needs: Needs::ANSWERS,
    fix: None,
    source: "macros in public support data: one text answers hundreds of tickets (seen 2026-11)",
    build: |spec, _| (spec.shape == Shape::Example).then(|| Check::dataset(RULE.def.severity, check)),
};

fn check(facts: &DatasetFacts, report: &mut Vec<Finding>) {
    let many = |habit: &&Habit| habit.prompts * 100 >= facts.examples * MANY_PERCENT;
    let mut habits = facts.compared.habits.iter().filter(many);
    if let Some(Habit { prompts, line }) = habits.next().copied() {
        let (some, all) = (thousands(prompts), thousands(facts.examples));
        let others = match habits.count() {
            0 => String::new(),
            others => format!("; {others} more pass the bound, too"),
        };
        let what = format!(
            "one answer is given to {some} different prompts in {all} examples, first on line {}{others}",
            thousands(u64::from(line))
        );
        report.push(Finding::new(&RULE.def, "", what));
    }
}
