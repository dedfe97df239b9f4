//! `SET011`: answers that have nothing to do with their questions.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::{Check, DatasetFacts, Needs, RuleDef};
use crate::text::number::{count, thousands};

/// Answers that can be compared, from which on a share means something.
const LEAST: u64 = 20;
/// Share in percent from which on it is no accident.
const MANY_PERCENT: u64 = 10;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "SET011",
        name: "unrelated-answers",
        severity: Severity::Warning,
        summary: "many answers share not one word with what was asked",
        why: "in support data one answer in thirty does; where it is one in ten, columns have slipped by a row, \
              questions and answers were joined by the wrong key, or the answers are filler, and the model learns to \
              ignore the question",
        remedy: "look at the row named: is its answer that of another row? Where answers are meant to be in another \
                 language, ignore this rule",
    },
    good: r#"{"messages":[{"role":"user","content":"Three wooden chairs ordered last month arrived without table"},{"role":"assistant","content":"Table left store yesterday, please expect that parcel Friday"}]}"#,
    bad: "",
    target: "openai-chat",
    needs: Needs::ANSWERS,
    fix: None,
    source: "measured on public sets, as they are and with each answer moved by a row; the figures stand in src/lint/related.rs",
    build: |_, _| Some(Check::dataset(RULE.def.severity, check)),
};

fn check(facts: &DatasetFacts, report: &mut Vec<Finding>) {
    let (compared, unrelated) = (facts.comparable, facts.unrelated);
    if compared < LEAST || unrelated * 100 < compared * MANY_PERCENT {
        return;
    }
    if let Some(line) = facts.first_unrelated {
        let what = format!(
            "of {} long enough to tell, {} no word with what was asked; the first is line {}",
            count(compared, "answer"),
            if unrelated == 1 { "1 shares".to_owned() } else { format!("{} share", thousands(unrelated)) },
            thousands(u64::from(line))
        );
        report.push(Finding::new(&RULE.def, "", what));
    }
}
