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
        let limits = [spec.limits.examples_max, spec.limits.media_examples_max];
        let rule = move |facts: &DatasetFacts, report: &mut Vec<Finding>| check(limits, facts, report);
        limits.iter().any(Option::is_some).then(|| Check::dataset(RULE.def.severity, rule))
    },
};

/// Most examples, and most of those with pictures, films or sounds.
fn check([all, media]: [Option<u64>; 2], facts: &DatasetFacts, report: &mut Vec<Finding>) {
    if facts.held {
        return;
    }
    let mut compare = |number: u64, most: Option<u64>, which: &str| {
        if let Some(most) = most.filter(|most| number > *most) {
            let what =
                format!("{} examples{which}, and at most {} are taken", thousands(number), thousands(most));
            report.push(Finding::new(&RULE.def, "", what));
        }
    };
    compare(facts.examples, all, "");
    compare(facts.with_media, media, " with pictures, films or sounds");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_itself_is_accepted() {
        let said = |examples: u64, media: u64| {
            let mut report = Vec::new();
            let mut facts = DatasetFacts::default();
            (facts.examples, facts.with_media) = (examples, media);
            check([Some(10_000), Some(100)], &facts, &mut report);
            report.pop().map(|finding| finding.message)
        };
        assert_eq!(said(10_000, 100), None);
        assert_eq!(
            said(10_000, 101).unwrap(),
            "101 examples with pictures, films or sounds, and at most 100 are taken"
        );
        assert_eq!(said(10_001, 0).unwrap(), "10,001 examples, and at most 10,000 are taken");
    }
}
