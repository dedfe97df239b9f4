//! `JOB003`: a model that goes out of service, or whose provider starts no jobs any more.

use crate::diagnostic::{Def, Finding, Severity};
use crate::lint::{About, Check, JobFacts, Needs, RuleDef};

pub(in crate::lint::rules) static RULE: RuleDef = RuleDef {
    def: Def {
        code: "JOB003",
        name: "retiring-model",
        severity: Severity::Warning,
        summary: "the model goes out of service soon, or its provider starts no jobs any more",
        why: "tuned versions go with the model they were made of: what is paid for now is gone then; said where a target or \
              a model is named, from half a year before the model goes and a month before the last job",
        remedy: "choose a model that stays (`chatmill list models`), or move the rows: `chatmill migrate` writes them for \
                 another target, and `chatmill cost --compare` says what that costs",
    },
    good: "",
    bad: "",
    target: "openai-chat",
    needs: Needs::NOTHING,
    fix: None,
    source: "https://developers.openai.com/api/docs/deprecations (read 2026-11-21)",
    build: |_, settings| {
        let says = settings.retiring.clone()?;
        let rule = move |_: &JobFacts, report: &mut Vec<(About, Finding)>| {
            report.push((About::Training, Finding::new(&RULE.def, "", says.as_str())));
        };
        Some(Check::job(RULE.def.severity, rule))
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{LintSettings, Rules};

    #[test]
    fn what_is_known_is_said_and_nothing_else() {
        let said = |retiring: Option<&str>| {
            let settings = LintSettings { retiring: retiring.map(str::to_owned), ..LintSettings::default() };
            let spec = crate::target::by_name("strict").unwrap().spec();
            Rules::select(spec, &settings).unwrap().check_job(&JobFacts::default())
        };
        assert_eq!(said(None), []);
        let found = said(Some("`m` is out of service since 2026-10-23"));
        assert_eq!(found[0].1.message, "`m` is out of service since 2026-10-23");
    }
}
