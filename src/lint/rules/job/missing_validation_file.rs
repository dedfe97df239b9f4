//! `JOB002`: no validation file, where no job begins without one.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::{About, Check, JobFacts, Needs, RuleDef};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "JOB002",
        name: "missing-validation-file",
        severity: Severity::Error,
        summary: "no file is held back, and the target starts no job without one",
        why: "reinforcement is steered by the grades of rows that are not learned",
        remedy: "hold rows back: `prepare --valid 0.1`, or `chatmill split` for a file that is ready; of files given to \
                 `check`, those with `valid`, `val`, `dev` or `eval` in their names are taken for it",
    },
    good: "",
    bad: "",
    target: "azure-rft",
    needs: Needs::NOTHING,
    fix: None,
    source: "MicrosoftDocs/azure-ai-docs, `reinforcement-fine-tuning.md` (read 2026-11)",
    build: |spec, _| spec.limits.validation.required.then(|| Check::job(RULE.def.severity, check)),
};

fn check(facts: &JobFacts, report: &mut Vec<(About, Finding)>) {
    if facts.training.is_some() && facts.validation.is_none_or(|file| file.examples == 0) {
        let mut finding =
            Finding::new(&RULE.def, "", "nothing is held back, and a job needs a validation file");
        if !facts.complete {
            finding.severity = Severity::Warning;
            finding.message =
                "none of the files is named as one that is held back, and a job needs one".into();
        }
        report.push((About::Training, finding));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{FileSize, LintSettings, Rules};
    use crate::target::by_name;

    #[test]
    fn one_row_that_is_held_back_is_a_file() {
        let said = |target: &str, held: Option<u64>, complete: bool| {
            let rules = Rules::select(by_name(target).unwrap().spec(), &LintSettings::default()).unwrap();
            let size = |examples| FileSize { examples, bytes: examples };
            let facts = JobFacts { training: Some(size(10)), validation: held.map(size), complete };
            let found = rules.check_job(&facts);
            found.into_iter().map(|(_, finding)| finding.severity).collect::<Vec<_>>()
        };
        assert_eq!(said("azure-rft", None, true), [Severity::Error]);
        assert_eq!(said("azure-rft", Some(0), true), [Severity::Error]);
        assert_eq!(said("azure-rft", None, false), [Severity::Warning], "the other file may be elsewhere");
        assert_eq!(said("azure-rft", Some(1), true), []);
        assert_eq!(said("openai-chat", None, true), []);
    }
}
