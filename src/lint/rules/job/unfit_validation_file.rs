//! `JOB001`: a validation file of a size that the target does not take.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::{About, Check, JobFacts, Needs, RuleDef};
use crate::target::Validation;
use crate::text::number::{count, thousands};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "JOB001",
        name: "unfit-validation-file",
        severity: Severity::Error,
        summary: "the validation file holds more or less than the target takes",
        why: "the job is refused before it starts, although nothing is wrong with what is learned",
        remedy: "hold back another number of rows: `prepare` and `split` take one for `--valid` (`--valid 500`)",
    },
    good: "",
    bad: "",
    target: "bedrock-claude",
    needs: Needs::NOTHING,
    fix: None,
    source: "the quotas of Amazon Bedrock and Vertex AI (read 2026-11); mistralai/platform-docs-public \
             `resources/deprecated/finetuning.md` (2026-08)",
    build: |spec, _| {
        let limits = spec.limits.validation;
        let rule = move |facts: &JobFacts, report: &mut Vec<_>| check(&limits, facts, report);
        limits.is_limited().then(|| Check::job(RULE.def.severity, rule))
    },
};

fn check(limits: &Validation, facts: &JobFacts, report: &mut Vec<(About, Finding)>) {
    let Some(file) = facts.validation else { return };
    let mut say = |what: String| report.push((About::Validation, Finding::new(&RULE.def, "", what)));
    let rows = count(file.examples, "row");
    if let Some(least) = limits.examples_min.filter(|least| file.examples < *least) {
        say(format!("{rows}, and a validation file needs at least {}", thousands(least)));
    }
    if let Some(most) = limits.examples_max.filter(|most| file.examples > *most) {
        say(format!("{rows}, and a validation file takes at most {}", thousands(most)));
    }
    let both = facts.training.map(|training| training.and(file).examples);
    if let Some((most, both)) = limits.examples_of_both.zip(both).filter(|(most, both)| both > most) {
        let (both, most) = (count(both, "row"), thousands(most));
        say(format!("{both} with those of the training file, and at most {most} are taken together"));
    }
    let bytes = thousands(file.bytes);
    if let Some(most) = limits.bytes.filter(|most| file.bytes > *most) {
        say(format!("{bytes} bytes, and a validation file takes at most {}", thousands(most)));
    }
    if let (Some(percent), Some(training)) = (limits.percent_of_training, facts.training)
        && u128::from(file.bytes) * 100 > u128::from(training.bytes) * u128::from(percent)
    {
        let most = u128::from(training.bytes) * u128::from(percent) / 100;
        let most = thousands(u64::try_from(most).unwrap_or(u64::MAX));
        say(format!("{bytes} bytes, and {percent} % of the training file, which is {most}, is the most"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{FileSize, LintSettings, Rules};
    use crate::target::by_name;

    fn said(target: &str, training: Option<(u64, u64)>, (examples, bytes): (u64, u64)) -> Vec<String> {
        let rules = Rules::select(by_name(target).unwrap().spec(), &LintSettings::default()).unwrap();
        let training = training.map(|(examples, bytes)| FileSize { examples, bytes });
        let facts = JobFacts { training, validation: Some(FileSize { examples, bytes }), complete: true };
        let found = rules.check_job(&facts).into_iter().map(|(about, finding)| {
            assert_eq!((about, finding.def.code), (About::Validation, "JOB001"));
            format!("{}: {}", finding.severity, finding.message)
        });
        found.collect()
    }

    #[test]
    fn the_limits_themselves_are_taken() {
        for fine in [(32, 1), (1_000, 1 << 30)] {
            assert_eq!(said("bedrock-claude", Some((9_000, 1 << 30)), fine), [""; 0]);
        }
        assert_eq!(
            said("bedrock-claude", None, (31, 1)),
            ["error: 31 rows, and a validation file needs at least 32"]
        );
        assert_eq!(
            said("bedrock-claude", Some((9_500, 9)), (1_001, 1)),
            [
                "error: 1,001 rows, and a validation file takes at most 1,000",
                "error: 10,501 rows with those of the training file, and at most 10,000 are taken together",
            ]
        );
        assert_eq!(said("bedrock-llama", None, (1_000, 1)), [""; 0]);
        assert_eq!(said("bedrock-llama", None, (1, 1)), [""; 0]);
        assert_eq!(
            said("vertex", None, (5_001, 1)),
            ["error: 5,001 rows, and a validation file takes at most 5,000"]
        );
        assert_eq!(said("openai-chat", Some((10, 1)), (100_000, 1 << 40)), [""; 0]);
    }

    #[test]
    fn shares_are_of_the_training_file() {
        assert_eq!(said("mistral", Some((1_000, 1_000_000)), (50, 50_000)), [""; 0]);
        assert_eq!(
            said("mistral", Some((1_000, 1_000_000)), (50, 50_001)),
            ["warning: 50,001 bytes, and 5 % of the training file, which is 50,000, is the most"]
        );
        assert_eq!(
            said("mistral", None, (50, (1 << 20) + 1)),
            ["warning: 1,048,577 bytes, and a validation file takes at most 1,048,576"]
        );
    }
}
