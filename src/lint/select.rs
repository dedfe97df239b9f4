//! Choosing rules: selectors to the rules that run, and running them.

use super::def::{Check, DatasetRule, Item, JobRule, Needs, Rule, RuleDef};
use super::{About, DatasetFacts, JobFacts, LintSettings, Marks, RULES};
use crate::diagnostic::{Def, Finding, Severity, keep_few};
use crate::error::{Error, Result};
use crate::target::{TargetSpec, codes};
use crate::text::sanitize::excerpt;
use crate::text::similar;

/// How narrow a selector is: 0 for `all`, the length of a prefix, [`EXACT`] for a code or a name.
type Width = usize;
const EXACT: Width = usize::MAX;

/// What the user selected, ignored and re-weighed, for findings of rules and of any other stage.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    select: Vec<String>,
    ignore: Vec<String>,
    no_fix: Vec<String>,
    severity: Vec<(String, Severity)>,
}

impl Selection {
    /// Takes the selectors of `settings`; one that names nothing is an error that names what is near.
    pub fn new(settings: &LintSettings) -> Result<Self> {
        let weighed = settings.severity.iter().map(|(selector, _)| selector);
        for selector in settings.select.iter().chain(&settings.ignore).chain(&settings.no_fix).chain(weighed)
        {
            if !nameable(settings).any(|def| width(selector, def).is_some()) {
                let names = nameable(settings).flat_map(|def| [def.code, def.name]);
                let hint = match similar::nearest(selector, names) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => "`chatmill list rules` shows codes and names".to_owned(),
                };
                let shown = excerpt(selector, 40);
                return Err(Error::usage(format!("no rule is called `{shown}`")).with_hint(hint));
            }
        }
        Ok(Self {
            select: settings.select.clone(),
            ignore: settings.ignore.clone(),
            no_fix: settings.no_fix.clone(),
            severity: settings.severity.clone(),
        })
    }

    /// How bad a finding of `def` is that is `usual`ly so bad; `None` when it is not wanted.
    pub fn severity(&self, def: &Def, usual: Severity) -> Option<Severity> {
        let widest = |selectors: &[String]| selectors.iter().filter_map(|one| width(one, def)).max();
        let selected = if self.select.is_empty() { Some(0) } else { widest(&self.select) };
        if selected.is_none() || widest(&self.ignore) >= selected {
            return None;
        }
        // Of equally narrow ones the last given wins, as on any command line.
        let chosen = self
            .severity
            .iter()
            .filter_map(|(selector, severity)| Some((width(selector, def)?, *severity)))
            .max_by_key(|(width, _)| *width);
        Some(chosen.map_or(usual, |(_, severity)| severity))
    }

    /// Whether findings of `def` are wanted and may be fixed.
    pub fn may_fix(&self, def: &Def) -> bool {
        self.severity(def, def.severity).is_some()
            && !self.no_fix.iter().any(|selector| width(selector, def).is_some())
    }
}

/// Everything a selector may name.
fn nameable(settings: &LintSettings) -> impl Iterator<Item = &'static Def> {
    let rules = RULES.iter().map(|rule| &rule.def);
    rules.chain(codes::ALL.iter().copied()).chain(settings.others.iter().copied())
}

fn width(selector: &str, def: &Def) -> Option<Width> {
    if selector.eq_ignore_ascii_case("all") {
        return Some(0);
    }
    if selector.eq_ignore_ascii_case(def.code) || selector.eq_ignore_ascii_case(def.name) {
        return Some(EXACT);
    }
    let head = def.code.get(..selector.len())?;
    (!selector.is_empty() && head.eq_ignore_ascii_case(selector)).then_some(selector.len())
}

struct Active<R: ?Sized> {
    def: &'static RuleDef,
    severity: Severity,
    rule: Box<R>,
    only_with: Marks,
}

/// The rules that run, in the order of their codes.
pub struct Rules {
    spec: &'static TargetSpec,
    rows: Vec<Active<dyn Rule>>,
    dataset: Vec<Active<dyn DatasetRule>>,
    job: Vec<Active<dyn JobRule>>,
    needs: Needs,
}

impl Rules {
    /// No rules.
    pub fn none(spec: &'static TargetSpec) -> Self {
        Self { spec, rows: Vec::new(), dataset: Vec::new(), job: Vec::new(), needs: Needs::NOTHING }
    }

    /// The rules that `spec` has and `settings` wants.
    pub fn select(spec: &'static TargetSpec, settings: &LintSettings) -> Result<Self> {
        let selection = Selection::new(settings)?;
        let mut rules = Self::none(spec);
        for &def in RULES {
            let Some(check) = (def.build)(spec, settings) else { continue };
            let usual = check.severity(&def.def, spec);
            let Some(severity) = selection.severity(&def.def, usual) else { continue };
            rules.needs = rules.needs.and(def.needs);
            match check {
                Check::Row { rule, only_with, .. } => {
                    rules.rows.push(Active { def, severity, rule, only_with });
                }
                Check::Dataset { rule, .. } => {
                    rules.dataset.push(Active { def, severity, rule, only_with: Marks::ALL });
                }
                Check::Job { rule, .. } => {
                    rules.job.push(Active { def, severity, rule, only_with: Marks::ALL });
                }
            }
        }
        Ok(rules)
    }

    /// Leaves out the rules whose findings are milder: for who wants to know which rows are refused, and nothing else.
    pub fn keep(&mut self, least: Severity) {
        self.rows.retain(|active| active.severity >= least);
        self.dataset.retain(|active| active.severity >= least);
        self.job.retain(|active| active.severity >= least);
        self.needs = self.active().fold(Needs::NOTHING, |all, (rule, _)| all.and(rule.needs));
    }

    /// What must be measured before these rules can speak.
    pub fn needs(&self) -> Needs {
        self.needs
    }

    /// The rules and how bad their findings are.
    pub fn active(&self) -> impl Iterator<Item = (&'static RuleDef, Severity)> {
        let dataset = self.dataset.iter().map(|active| (active.def, active.severity));
        let job = self.job.iter().map(|active| (active.def, active.severity));
        self.rows.iter().map(|active| (active.def, active.severity)).chain(dataset).chain(job)
    }

    /// What is wrong with one item, by code and place. Nothing is allocated while all rules are silent.
    pub fn check_row(&self, item: &Item<'_>) -> Vec<Finding> {
        let mut report = Vec::new();
        for active in self.rows.iter().filter(|active| item.marks.has_any(active.only_with)) {
            let before = report.len();
            active.rule.check(item, &mut report);
            if report.len() > before {
                self.finish(active.severity, before, &mut report);
            }
        }
        report
    }

    /// What is wrong with the dataset as a whole.
    pub fn check_dataset(&self, facts: &DatasetFacts) -> Vec<Finding> {
        let mut report = Vec::new();
        for active in &self.dataset {
            let before = report.len();
            active.rule.check(facts, &mut report);
            self.finish(active.severity, before, &mut report);
        }
        report
    }

    /// What is wrong with a job that is given these files, and which of them that is about.
    pub fn check_job(&self, facts: &JobFacts) -> Vec<(About, Finding)> {
        let mut report = Vec::new();
        for active in &self.job {
            let before = report.len();
            active.rule.check(facts, &mut report);
            for (_, finding) in report.iter_mut().skip(before) {
                // A rule may say of one finding that it is milder.
                finding.severity = if finding.severity == finding.def.severity {
                    active.severity
                } else {
                    finding.severity.min(active.severity)
                };
                self.spec.quote(std::slice::from_mut(finding));
            }
        }
        report
    }

    /// Bounds the findings from `before` on, and gives them severity and the target's sentence.
    fn finish(&self, severity: Severity, before: usize, report: &mut Vec<Finding>) {
        keep_few(report, before);
        let Some(new) = report.get_mut(before..) else { return };
        for finding in &mut *new {
            finding.severity = severity;
        }
        self.spec.quote(new);
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::diagnostic::FINDINGS_KEPT;
    use crate::error::ErrorKind;
    use crate::target::by_name;

    fn codes(target: &str, settings: &LintSettings) -> Vec<&'static str> {
        let rules = Rules::select(by_name(target).unwrap().spec(), settings).unwrap();
        rules.active().map(|(rule, _)| rule.def.code).collect()
    }

    fn list(selectors: &[&str]) -> Vec<String> {
        selectors.iter().map(|&selector| selector.to_owned()).collect()
    }

    #[test]
    fn the_narrowest_selector_wins() {
        let chosen = |select: &[&str], ignore: &[&str]| {
            let settings =
                LintSettings { select: list(select), ignore: list(ignore), ..LintSettings::default() };
            codes("strict", &settings)
        };
        assert_eq!(chosen(&["sys"], &[]), ["SYS001", "SYS002"]);
        assert_eq!(chosen(&["SYS", "repeated-role"], &["SYS002"]), ["SYS001", "TURN003"]);
        assert_eq!(chosen(&["TURN002"], &["TURN"]), ["TURN002"]);
        assert_eq!(chosen(&["TURN00"], &["TURN00"]), [""; 0]);
        assert_eq!(chosen(&["all"], &["all"]), [""; 0]);
        let turns = chosen(&[], &["all"]);
        assert_eq!(turns, [""; 0]);
        let most = chosen(&[], &["TURN"]);
        assert!(most.contains(&"SYS001") && !most.iter().any(|code| code.starts_with("TURN")), "{most:?}");
    }

    #[test]
    fn targets_and_users_decide_how_bad_it_is() {
        let severity = |target: &str, wish: &[(&str, Severity)]| {
            let severity =
                wish.iter().map(|(selector, severity)| ((*selector).to_owned(), *severity)).collect();
            let settings =
                LintSettings { select: list(&["ROLE002", "SYS001"]), severity, ..LintSettings::default() };
            let rules = Rules::select(by_name(target).unwrap().spec(), &settings).unwrap();
            rules.active().map(|(_, severity)| severity).collect::<Vec<_>>()
        };
        assert_eq!(severity("openai-chat", &[]), [Severity::Warning, Severity::Warning]);
        assert_eq!(severity("strict", &[]), [Severity::Error, Severity::Error]);
        let wish = [("developer-role", Severity::Info), ("all", Severity::Warning)];
        assert_eq!(severity("strict", &wish), [Severity::Info, Severity::Warning]);
    }

    #[test]
    fn unknown_selectors_are_mistakes_with_a_way_out() {
        let said = |selector: &str| {
            let settings = LintSettings { ignore: list(&[selector]), ..LintSettings::default() };
            let error = Selection::new(&settings).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::Usage);
            (error.to_string(), error.hint().unwrap().to_owned())
        };
        let hint = "did you mean `last-turn-not-assistant`?".to_owned();
        assert_eq!(
            said("last-turn-not-asistant"),
            ("no rule is called `last-turn-not-asistant`".to_owned(), hint)
        );
        assert_eq!(said("TRUN002").1, "did you mean `TURN002`?");
        assert_eq!(said("").1, "`chatmill list rules` shows codes and names");
        assert_eq!(said("ä").1, "`chatmill list rules` shows codes and names");
        // Codes of decoding can be named, and those of other stages where they are given.
        for known in ["SHAPE001", "missing-messages", "SHAPE"] {
            let settings = LintSettings { ignore: list(&[known]), ..LintSettings::default() };
            assert!(Selection::new(&settings).is_ok());
        }
    }

    #[test]
    fn what_needs_tokens_says_so() {
        let spec = by_name("openai-chat").unwrap().spec();
        let needs = |settings: &LintSettings| Rules::select(spec, settings).unwrap().needs().tokens;
        let mut settings = LintSettings::default();
        assert!(!needs(&settings), "without a limit nothing can be too long");
        settings.example_tokens = Some(65_536);
        assert!(needs(&settings));
        settings.ignore = list(&["LEN"]);
        assert!(!needs(&settings));
    }

    #[test]
    fn mild_rules_can_be_left_out() {
        let mut rules =
            Rules::select(by_name("openai-chat").unwrap().spec(), &LintSettings::default()).unwrap();
        assert!(rules.needs().answers);
        rules.keep(Severity::Error);
        assert!(
            rules.active().count() > 10 && rules.active().all(|(_, severity)| severity == Severity::Error)
        );
        assert_eq!(rules.needs(), Needs::NOTHING);
    }

    #[test]
    fn rules_have_nothing_to_say_without_their_marks() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lint");
        let cases =
            walkdir::WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
        let mut texts: Vec<String> =
            cases.filter_map(|case| std::fs::read_to_string(case.path()).ok()).collect();
        texts.extend(RULES.iter().flat_map(|rule| [rule.good, rule.bad]).map(str::to_owned));
        texts.push(made_up_rows());
        texts.extend(
            (1..0x100).filter_map(char::from_u32).chain(['\u{2028}', '\u{200b}', '\u{feff}']).map(row_with),
        );
        let settings = LintSettings { example_tokens: Some(1), ..LintSettings::default() };
        let mut asked = 0;
        for target in crate::target::TARGETS {
            let rules = Rules::select(target.spec(), &settings).unwrap();
            for line in texts.iter().flat_map(|text| text.lines()) {
                let Some(body) = serde_json::from_str(line).ok().and_then(|row| target.decode(row).ok())
                else {
                    continue;
                };
                let item = Item::new(&body, None);
                for active in rules.rows.iter().filter(|active| !item.marks.has_any(active.only_with)) {
                    let mut report = Vec::new();
                    active.rule.check(&item, &mut report);
                    assert!(report.is_empty(), "{}: {report:?} in {line}", active.def.def.code);
                    asked += 1;
                }
            }
        }
        assert!(asked > 1000);
    }

    /// A row with a character in its answer.
    fn row_with(character: char) -> String {
        let answer = serde_json::to_string(&format!("Yes{character}No")).unwrap();
        format!(
            r#"{{"messages":[{{"role":"user","content":"Is it?"}},{{"role":"assistant","content":{answer}}}]}}"#
        )
    }

    /// Rows of up to five messages, of every role and every kind of content.
    fn made_up_rows() -> String {
        const ROLES: [&str; 7] = ["system", "developer", "user", "assistant", "tool", "function", "narrator"];
        const CONTENTS: [&str; 9] = [
            "",
            r#","content":null"#,
            r#","content":"""#,
            r#","content":"\u200b""#,
            r#","content":[]"#,
            r#","content":[{"type":"text","text":" "}]"#,
            r#","content":[{"type":"refusal","refusal":"No."}]"#,
            r#","content":"Yes.","prefix":true"#,
            r#","content":"Where is it?""#,
        ];
        let mut number = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = |below: usize| {
            number = number.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            usize::try_from(number >> 33).unwrap() % below
        };
        let mut rows = String::new();
        for _ in 0..600 {
            let messages: Vec<String> = (0..next(6))
                .map(|_| format!(r#"{{"role":"{}"{}}}"#, ROLES[next(7)], CONTENTS[next(9)]))
                .collect();
            let _ = writeln!(rows, "{{\"messages\":[{}]}}", messages.join(","));
        }
        rows
    }

    #[test]
    fn floods_are_bounded_and_counted() {
        let message = r#"{"role":"user","content":""}"#;
        let row = format!(r#"{{"messages":[{}{message}]}}"#, format!("{message},").repeat(99));
        let target = by_name("openai-chat").unwrap();
        let body = target.decode(serde_json::from_str(&row).unwrap()).unwrap();
        let settings = LintSettings { select: list(&["blank-content"]), ..LintSettings::default() };
        let rules = Rules::select(target.spec(), &settings).unwrap();
        let report = rules.check_row(&Item::new(&body, None));
        assert_eq!(report.len(), FINDINGS_KEPT);
        assert_eq!(report[63].message, "the content is empty; 36 more like it in this record");
    }
}
