//! `SET003`: a file larger than the target takes.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::{Check, DatasetFacts, Needs, RuleDef};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "SET003",
        name: "too-large-file",
        severity: Severity::Error,
        summary: "the file is larger than the target takes",
        why: "the upload is refused",
        remedy: "leave examples out, or split the work into several jobs",
    },
    good: "",
    bad: "",
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "https://platform.openai.com/docs/api-reference/files (512 MB; openai/openai-openapi, 2026-08)",
    build: |spec, _| {
        let most = spec.limits.file_bytes?;
        let rule = move |facts: &DatasetFacts, report: &mut Vec<Finding>| check(most, facts, report);
        Some(Check::dataset(RULE.def.severity, rule))
    },
};

fn check(most: u64, facts: &DatasetFacts, report: &mut Vec<Finding>) {
    if facts.bytes > most {
        let what = format!("the file has {} bytes, and at most {most} are accepted", facts.bytes);
        report.push(Finding::new(&RULE.def, "", what));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_itself_is_accepted() {
        let said = |bytes| {
            let mut report = Vec::new();
            let mut facts = DatasetFacts::default();
            facts.bytes = bytes;
            check(512, &facts, &mut report);
            report.len()
        };
        assert_eq!((said(512), said(513)), (0, 1));
    }
}
