//! `SET006`: a large share of refusals.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::{Check, DatasetFacts, Needs, RuleDef};
use crate::target::Shape;
use crate::text::number::thousands;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "SET006",
        name: "many-refusals",
        severity: Severity::Warning,
        summary: "many examples end with a refusal",
        why: "a model refuses as often as it was shown to: data of which 60 % refuse gives a model that refuses what it \
              should answer",
        remedy: "keep about the share of refusals that the model is to have in use; `refusal` (ANS001) names the rows",
    },
    good: r#"{"messages":[{"role":"user","content":"Where is order 1?"},{"role":"assistant","content":"It is in the shop."}]}
{"messages":[{"role":"user","content":"Where is order 2?"},{"role":"assistant","content":"It left our house today."}]}"#,
    bad: "",
    target: "openai-chat",
    needs: Needs::ANSWERS,
    fix: None,
    source: "https://platform.openai.com/docs/guides/supervised-fine-tuning (5 % in use against 60 % in the data; read in \
             a copy, 2026-11-21)",
    build: |spec, _| (spec.shape == Shape::Example).then(|| Check::dataset(RULE.def.severity, check)),
};

/// Fewest refusals that are a pattern, and the share in percent from which on they are many: twice what OpenAI's guide
/// names as usual.
const LEAST: u64 = 5;
const PERCENT: u64 = 10;

fn check(facts: &DatasetFacts, report: &mut Vec<Finding>) {
    if facts.refusals >= LEAST && facts.refusals * 100 > facts.examples * PERCENT {
        let percent = facts.refusals * 100 / facts.examples.max(1);
        let (some, all) = (thousands(facts.refusals), thousands(facts.examples));
        let what = format!("{some} of {all} examples ({percent} %) end with a refusal");
        report.push(Finding::new(&RULE.def, "", what));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_is_many() {
        let said = |refusals, examples| {
            let mut report = Vec::new();
            let mut facts = DatasetFacts::default();
            (facts.refusals, facts.examples) = (refusals, examples);
            check(&facts, &mut report);
            report.pop().map(|finding| finding.message)
        };
        assert_eq!(said(4, 4), None);
        assert_eq!(said(5, 50), None);
        assert_eq!(said(6, 50).unwrap(), "6 of 50 examples (12 %) end with a refusal");
    }
}
