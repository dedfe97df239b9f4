//! `SET010`: more examples than the target takes.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::{Check, DatasetFacts, Needs, RuleDef};
use crate::text::number::thousands;

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "SET010",
        name: "too-many-examples",
        severity: Severity::Error,
        summary: "the file has more examples than the target takes",
        why: "the job is refused before it starts",
        remedy: "leave examples out: twins first (`chatmill prepare` finds them), then the least like your tickets of \
                 today",
    },
    good: "",
    bad: "",
    target: "bedrock-claude",
    needs: Needs::NOTHING,
    fix: None,
    source: "the quotas of Amazon Bedrock, Vertex AI and Fireworks (read 2026-11)",
    build: |spec, _| {
        let most = spec.limits.examples_max?;
        let rule = move |facts: &DatasetFacts, report: &mut Vec<Finding>| check(most, facts, report);
        Some(Check::dataset(RULE.def.severity, rule))
    },
};

fn check(most: u64, facts: &DatasetFacts, report: &mut Vec<Finding>) {
    if facts.examples > most {
        let what =
            format!("{} examples, and at most {} are taken", thousands(facts.examples), thousands(most));
        report.push(Finding::new(&RULE.def, "", what));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_itself_is_accepted() {
        let said = |examples: u64| {
            let mut report = Vec::new();
            let mut facts = DatasetFacts::default();
            facts.examples = examples;
            check(10_000, &facts, &mut report);
            report.pop().map(|finding| finding.message)
        };
        assert_eq!(said(10_000), None);
        assert_eq!(said(10_001).unwrap(), "10,001 examples, and at most 10,000 are taken");
    }
}
