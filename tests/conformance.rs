//! What providers' checkers said of damaged files, against what `check` says of them: `fixtures/conformance/README.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use base64::Engine as _;
use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

use crate::support::{root, run};

/// One recorded answer.
#[derive(Deserialize)]
struct Case {
    name: String,
    file: Option<String>,
    base64: Option<String>,
    accepts: bool,
    says: String,
    checker: String,
}

/// One reason for being stricter, as `tests/agreement/checkers.py` reads it.
#[derive(Deserialize)]
struct Stricter {
    code: String,
    targets: Option<Vec<String>>,
    r#where: Option<String>,
    reason: String,
}

#[derive(Deserialize)]
struct Reasons {
    stricter: Vec<Stricter>,
}

/// A reason made ready.
struct Reason {
    code: String,
    targets: Option<Vec<String>>,
    holds: Option<regex::bytes::Regex>,
}

impl Reason {
    fn explains(&self, target: &str, data: &[u8]) -> bool {
        let here = self.targets.as_ref().is_none_or(|targets| targets.iter().any(|one| one == target));
        here && self.holds.as_ref().is_none_or(|holds| holds.is_match(data))
    }
}

/// What `check` said of one file.
#[derive(Default)]
struct Said {
    errors: BTreeSet<String>,
    quoted: BTreeSet<(String, String)>,
}

/// Sentences of other programs than those that were asked: the target, our code, whose they are.
const ELSEWHERE: &[(&str, &str, &str)] = &[("mistral", "SYS002", "mistral-finetune, `tokenize.py`")];

/// Findings about how many rows there are say nothing of files this small.
const NOT_ASKED: &str = "SET";

fn folder() -> std::path::PathBuf {
    root().join("fixtures/conformance")
}

fn reasons() -> Vec<Reason> {
    let text = std::fs::read_to_string(folder().join("stricter.toml")).unwrap();
    let reasons: Reasons = toml::from_str(&text).unwrap();
    let ready = |one: Stricter| {
        assert!(!one.reason.trim().is_empty(), "{} has no reason", one.code);
        let holds = one.r#where.map(|pattern| regex::bytes::Regex::new(&pattern).unwrap());
        Reason { code: one.code, targets: one.targets, holds }
    };
    reasons.stricter.into_iter().map(ready).collect()
}

fn cases(target: &Path) -> Vec<(Case, Vec<u8>)> {
    let text = std::fs::read_to_string(target.join("cases.jsonl")).unwrap();
    let read = |line: &str| {
        let case: Case = serde_json::from_str(line).unwrap();
        let data = match (&case.file, &case.base64) {
            (Some(text), None) => text.clone().into_bytes(),
            (None, Some(bytes)) => base64::prelude::BASE64_STANDARD.decode(bytes).unwrap(),
            _ => panic!("{}: `file` or `base64`", case.name),
        };
        (case, data)
    };
    text.lines().map(read).collect()
}

/// All files of a target in one run: what was said of each, in their order.
fn check(target: &str, cases: &[(Case, Vec<u8>)]) -> Vec<Said> {
    let home = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..cases.len()).map(|number| format!("{number:05}.jsonl")).collect();
    for (name, (_, data)) in names.iter().zip(cases) {
        std::fs::write(home.path().join(name), data).unwrap();
    }
    let paths = names.iter().map(|name| home.path().join(name).into_os_string());
    let options = ["check", "--target", target, "--format", "json"].map(Into::into);
    let ran = run(options.into_iter().chain(paths));
    assert!(matches!(ran.code, 0 | 1), "{}", ran.stderr);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let mut said: BTreeMap<String, Said> = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        if text("severity") != "error" || text("code").starts_with(NOT_ASKED) {
            continue;
        }
        let name = Path::new(&text("path")).file_name().unwrap().to_string_lossy().into_owned();
        let said = said.entry(name).or_default();
        said.errors.insert(text("code"));
        if finding["says"].is_string() {
            said.quoted.insert((text("code"), text("says")));
        }
    }
    names.iter().map(|name| said.remove(name).unwrap_or_default()).collect()
}

/// A sentence with its placeholders as a pattern, to be found in what a provider said.
fn pattern(sentence: &str) -> Regex {
    let placeholder = Regex::new(r"\b(N|M|KEY|TOKEN|TYPE|ROLE|X)\b|…|TYPE").unwrap();
    let (mut pattern, mut end) = (String::from("(?s)"), 0);
    for found in placeholder.find_iter(sentence) {
        pattern += &regex::escape(&sentence[end..found.start()]);
        pattern += ".*";
        end = found.end();
    }
    Regex::new(&(pattern + &regex::escape(&sentence[end..]))).unwrap()
}

fn targets() -> Vec<(String, std::path::PathBuf)> {
    let entries = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut targets: Vec<_> = entries
        .filter(|path| path.is_dir())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path))
        .collect();
    targets.sort();
    assert!(targets.len() >= 5, "{targets:?}");
    targets
}

#[test]
fn verdicts_agree_with_providers_checkers() {
    let reasons = reasons();
    let mut wrong = Vec::new();
    for (target, path) in targets() {
        let cases = cases(&path);
        for ((case, data), said) in cases.iter().zip(check(&target, &cases)) {
            if !case.accepts && said.errors.is_empty() {
                wrong.push(format!("{target}: {}: they say `{}`, and we accept it", case.name, case.says));
            }
            let unknown: Vec<&String> = said
                .errors
                .iter()
                .filter(|code| !reasons.iter().any(|one| one.code == **code && one.explains(&target, data)))
                .collect();
            if case.accepts && !unknown.is_empty() {
                wrong.push(format!("{target}: {}: they accept it, and we say {unknown:?}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Whoever searches for a sentence of their provider must find our finding by it.
#[test]
fn quoted_sentences_are_said() {
    let mut wrong = BTreeSet::new();
    // What a checker says of one of its formats it says of another, and not all of it is on record for each.
    let all: Vec<_> = targets().into_iter().map(|(target, path)| (target, cases(&path))).collect();
    let every = || all.iter().flat_map(|(_, cases)| cases);
    for (target, cases) in &all {
        let checker = cases.first().map(|(case, _)| &case.checker);
        let really: Vec<&str> = every()
            .filter(|(case, _)| Some(&case.checker) == checker)
            .map(|(case, _)| case.says.as_str())
            .collect();
        let mut quoted = BTreeMap::new();
        for ((case, _), said) in cases.iter().zip(check(target, cases)) {
            for (code, says) in said.quoted.into_iter().filter(|_| !case.accepts) {
                quoted.entry((code, says)).or_insert_with(|| case.name.clone());
            }
        }
        for ((code, says), name) in quoted {
            let elsewhere = ELSEWHERE.iter().any(|(of, known, _)| (*of, *known) == (target, &code));
            let pattern = pattern(&says);
            if !elsewhere && !really.iter().any(|one| pattern.is_match(one)) {
                wrong.insert(format!("{target}: {code}: {says} ({name})"));
            }
        }
    }
    assert!(wrong.is_empty(), "nobody says:\n{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn placeholders_stand_for_anything() {
    let pattern = pattern("Found extra column \"KEY\" in the line N.");
    assert!(pattern.is_match("Found extra column \"ticket\" in the line 12."));
    assert!(!pattern.is_match("Found extra columns in the line 12."));
}
