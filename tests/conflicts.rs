//! `conflicts`: cases as folders, and what must hold for any data.
//!
//! `fixtures/conflicts/<case>/` holds one input called `in`; `wanted.txt` holds what people read and `wanted.json` what machines do.
//! `BLESS=1 cargo test` writes them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{Ran, collect_keys, compare, program, root, run};

fn ran(folder: &Path, more: &[&str]) -> Ran {
    let names = std::fs::read_dir(folder).unwrap().flatten();
    let mut names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let input = names.find(|name| name.starts_with("in.")).unwrap();
    program().current_dir(folder).args(["conflicts", &input]).args(more).output().unwrap().into()
}

fn cases() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("fixtures/conflicts")).unwrap().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    folders.sort();
    assert!(folders.len() >= 4, "only {} cases were found", folders.len());
    folders
}

#[test]
fn cases_say_as_wanted() {
    let mut faults = Vec::new();
    for folder in cases() {
        let people = ran(&folder, &["--threads", "2"]);
        let said = format!("{}\nexit {}\n{}", people.stdout, people.code, people.stderr);
        faults.extend(compare(&folder.join("wanted.txt"), &said).err());
        let machines = ran(&folder, &["--json", "--threads", "1"]);
        assert_eq!(
            machines.stdout,
            ran(&folder, &["--json", "--threads", "8"]).stdout,
            "{}",
            folder.display()
        );
        let mut found: Value = serde_json::from_str(&machines.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", machines.all()));
        found["chatmill"] = "VERSION".into();
        let found = serde_json::to_string_pretty(&found).unwrap() + "\n";
        faults.extend(compare(&folder.join("wanted.json"), &found).err());
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The page of the reference names every key that is written.
#[test]
fn every_key_is_on_its_page() {
    let page = std::fs::read_to_string(root().join("docs/reference/conflicts.md")).unwrap();
    let mut keys = BTreeSet::new();
    for folder in cases() {
        let wanted = std::fs::read_to_string(folder.join("wanted.json")).unwrap();
        collect_keys(&serde_json::from_str(&wanted).unwrap(), &mut keys);
    }
    for key in keys {
        assert!(
            page.contains(&format!("`{key}")),
            "docs/reference/conflicts.md does not say what `{key}` is"
        );
    }
}

#[test]
fn the_exit_code_is_that_of_findings() {
    let policy = root().join("fixtures/conflicts/policy");
    assert_eq!(ran(&policy, &[]).code, 0);
    assert_eq!(ran(&policy, &["--fail-on", "warning"]).code, 1);
    assert_eq!(ran(&root().join("fixtures/conflicts/silent"), &["--fail-on", "info"]).code, 0);
    for (arguments, says) in [
        (vec!["--near", "0"], "no threshold"),
        (vec!["--near", "high"], "no similarity"),
        (vec!["--shingle", "word:2"], "did you mean `words`?"),
    ] {
        let ran = ran(&policy, &arguments);
        assert_eq!(ran.code, 2, "{}", ran.all());
        assert!(ran.stderr.contains(says), "{}", ran.all());
    }
    assert_eq!(run(["conflicts", "fixtures/no-such-file.jsonl"]).code, 2);
}

#[test]
fn the_rest_is_counted() {
    let kinds = root().join("fixtures/conflicts/kinds");
    let all = ran(&kinds, &["--show", "100"]).stdout.matches("\nCONF").count();
    let two = ran(&kinds, &["--show", "2"]).stdout;
    assert_eq!(two.matches("\nCONF").count(), 2);
    assert!(two.contains(&format!("… and {} more: `--show {all}`", all - 2)), "{two}");
}

fn row(question: &str, answer: &str) -> String {
    let messages = json!([{"role": "user", "content": question}, {"role": "assistant", "content": answer}]);
    json!({"messages": messages}).to_string() + "\n"
}

fn found(rows: &str) -> Value {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("rows.jsonl");
    std::fs::write(&path, rows).unwrap();
    let ran = run(["conflicts", path.to_str().unwrap(), "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    serde_json::from_str(&ran.stdout).unwrap()
}

/// One question again and again, with another answer each time: the sides are still counted, and nothing is compared with all.
#[test]
fn one_question_many_times() {
    let mut rows = String::new();
    for number in 0..6_000 {
        let days = if number % 3 == 0 { 14 } else { 30 };
        let answer = format!("Dear customer {}, you have {days} days to return it.", number % 1_500);
        let _ = write!(rows, "{}", row("How long do I have to return a lamp?", &answer));
    }
    let found = found(&rows);
    let sides = found["conflicts"][0]["sides"].as_array().unwrap();
    let told: Vec<(&str, u64)> =
        sides.iter().map(|side| (side["says"].as_str().unwrap(), side["rows"].as_u64().unwrap())).collect();
    assert_eq!(told, [("30 days", 4_000), ("14 days", 2_000)]);
}

/// What is too much to compare is counted.
#[test]
fn too_many_different_answers_are_counted() {
    let answer = |number: usize| format!("Dear customer {number}, you have {} days.", [14, 30][number % 2]);
    let rows: String =
        (0..16_436).map(|number| row("How long do I have to return a lamp?", &answer(number))).collect();
    let found = found(&rows);
    assert_eq!(
        (found["left_out"].as_u64(), found["conflicts"][0]["rows"].as_u64()),
        (Some(52), Some(16_384))
    );
}

/// What every customer is told another way is no policy.
#[test]
fn many_different_numbers_are_cases() {
    let rows: String = (0..60)
        .map(|number| row("What does the repair of a bike cost?", &format!("It costs ${number}.")))
        .collect();
    assert_eq!(found(&rows)["conflicts"].as_array().unwrap().len(), 0);
}
