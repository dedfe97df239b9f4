//! For which targets the findings of a rule are how bad.

use std::collections::BTreeMap;

use super::LintSettings;
use super::def::RuleDef;
use crate::diagnostic::Severity;
use crate::target::TARGETS;

/// The targets for which the findings of a rule are equally bad, by name and sorted; `None` for those that do not have
/// the rule. Rules that need to be told something (a limit of tokens, the fields of a grader, a model that ends) are
/// taken as if they were told.
pub fn severities(rule: &RuleDef) -> BTreeMap<Option<Severity>, Vec<&'static str>> {
    let settings = LintSettings {
        example_tokens: Some(1),
        retiring: Some(String::new()),
        grader_fields: vec![String::new()],
        ..LintSettings::default()
    };
    let mut severities: BTreeMap<_, Vec<&'static str>> = BTreeMap::new();
    for spec in TARGETS.iter().map(|target| target.spec()) {
        let severity = (rule.build)(spec, &settings).map(|check| check.severity(&rule.def, spec));
        severities.entry(severity).or_default().push(spec.name);
    }
    severities
}

/// The same as a sentence, the worst first and most targets last: `error for azure, openai-chat; not looked for by
/// trl-text; warning for all others`.
pub fn severities_in_words(rule: &RuleDef) -> String {
    let severities = severities(rule);
    let most = severities.iter().max_by_key(|(_, targets)| targets.len()).map(|(severity, _)| *severity);
    let said = |severity: Option<Severity>| match severity {
        Some(severity) => format!("{severity} for"),
        None => "not looked for by".to_owned(),
    };
    let few = severities.iter().rev().filter(|(severity, _)| Some(**severity) != most);
    let mut parts: Vec<String> =
        few.map(|(severity, targets)| format!("{} {}", said(*severity), targets.join(", "))).collect();
    let others = if parts.is_empty() { "all targets" } else { "all others" };
    parts.push(format!("{} {others}", said(most.flatten())));
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::RULES;

    fn words(code: &str) -> String {
        severities_in_words(RULES.iter().find(|rule| rule.def.code == code).unwrap())
    }

    #[test]
    fn targets_stand_by_how_bad_it_is_for_them() {
        assert_eq!(words("PII001"), "warning for all targets");
        assert_eq!(
            words("CONT040"),
            "error for together-chat, together-preference; not looked for by all others"
        );
        assert!(
            words("ROLE002").starts_with("warning for azure, ")
                && words("ROLE002").ends_with("error for all others")
        );
        // What needs to be told something is there.
        for code in ["LEN001", "KEY004", "JOB003"] {
            assert!(!words(code).ends_with("by all targets"), "{code}: {}", words(code));
        }
    }

    #[test]
    fn every_target_stands_once() {
        for rule in RULES {
            let all: usize = severities(rule).values().map(Vec::len).sum();
            assert_eq!(all, TARGETS.len(), "{}", rule.def.code);
        }
    }
}
