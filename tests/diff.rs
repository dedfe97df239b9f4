//! `diff`: cases as folders, and what must hold for any two datasets.
//!
//! `fixtures/diff/<case>/` holds `old` and `new`, files or folders, and perhaps `case.toml` (`args = [...]`); `wanted.txt`
//! holds what people read and `wanted.json` what machines do. `BLESS=1 cargo test` writes them.

use std::path::{Path, PathBuf};

use chatmill::config::Settings;
use chatmill::pipeline::diff::diff;
use chatmill::pipeline::watch::Silent;
use chatmill::report::difference::{RowChange, RowFate, RowFates};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{Ran, collect_keys, compare, program, root, run};

/// The input of a case that is called `name`, whatever its ending.
fn input(folder: &Path, name: &str) -> String {
    let names = std::fs::read_dir(folder).unwrap().flatten();
    let mut names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.find(|found| found.split('.').next() == Some(name)).unwrap()
}

fn arguments(folder: &Path) -> Vec<String> {
    let case = std::fs::read_to_string(folder.join("case.toml")).unwrap_or_default();
    let case: toml::Table = toml::from_str(&case).unwrap();
    let list = case.get("args").and_then(toml::Value::as_array).cloned().unwrap_or_default();
    list.iter().map(|argument| argument.as_str().unwrap().to_owned()).collect()
}

fn ran(folder: &Path, more: &[&str]) -> Ran {
    let mut command = program();
    command.current_dir(folder).args(["diff", &input(folder, "old"), &input(folder, "new")]);
    command.args(arguments(folder)).args(more).output().unwrap().into()
}

#[test]
fn cases_say_as_wanted() {
    let mut faults = Vec::new();
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root().join("fixtures/diff"))
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    folders.sort();
    assert!(folders.len() >= 8, "only {} cases were found", folders.len());
    for folder in folders {
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
        assert_sums(&found);
        found["chatmill"] = "VERSION".into();
        let found = serde_json::to_string_pretty(&found).unwrap() + "\n";
        faults.extend(compare(&folder.join("wanted.json"), &found).err());
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Every row has a fate, and every row that differs is told.
fn assert_sums(found: &Value) {
    let rows = |fate: &str| found["rows"][fate].as_u64().unwrap();
    let both: u64 = ["same", "changed", "moved", "reformatted", "fields"].map(rows).iter().sum();
    assert_eq!(found["old"]["rows"], both + rows("removed"));
    assert_eq!(found["new"]["rows"], both + rows("added"));
    let changes = found["changes"].as_array().unwrap();
    for fate in RowFate::ALL {
        let told = changes.iter().filter(|change| change["fate"] == fate.name()).count();
        assert_eq!(told as u64, rows(fate.name()), "{}", fate.name());
    }
}

/// The page of the reference names every key that is written.
#[test]
fn every_key_is_on_its_page() {
    let page = std::fs::read_to_string(root().join("docs/reference/diff.md")).unwrap();
    let mut keys = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(root().join("fixtures/diff")).unwrap().flatten() {
        let wanted = std::fs::read_to_string(entry.path().join("wanted.json")).unwrap();
        collect_keys(&serde_json::from_str(&wanted).unwrap(), &mut keys);
    }
    for key in keys {
        assert!(page.contains(&format!("`{key}")), "docs/reference/diff.md does not say what `{key}` is");
    }
}

#[test]
fn the_exit_code_is_0_unless_asked_for() {
    let turns = root().join("fixtures/diff/turns");
    // The case of re-ordered rows has the flag already.
    assert_eq!(ran(&turns, &[]).code, 0);
    assert_eq!(ran(&turns, &["--exit-code"]).code, 1);
    assert_eq!(ran(&root().join("fixtures/diff/reordered"), &[]).code, 0);
    let nothing = run(["diff", "fixtures/diff/turns/old.jsonl", "fixtures/no-such-file.jsonl"]);
    assert_eq!(nothing.code, 2, "{}", nothing.all());
    assert_eq!(run(["diff", "-", "-"]).code, 2);
}

/// Rows of so many words each that no two are alike by chance.
fn row(seed: u64) -> Vec<String> {
    let word = |place: u64| format!("w{}", (seed * 31 + place * place * 7919 + place * seed) % 50_021);
    vec![(0..12).map(word).collect::<Vec<_>>().join(" "), (12..30).map(word).collect::<Vec<_>>().join(" ")]
}

fn write(path: &Path, rows: &[Vec<String>]) {
    let line = |row: &Vec<String>| {
        let messages: Vec<Value> = (row.iter().zip(["user", "assistant"].iter().cycle()))
            .map(|(text, role)| json!({"role": role, "content": text}))
            .collect();
        json!({"messages": messages}).to_string() + "\n"
    };
    std::fs::write(path, rows.iter().map(line).collect::<String>()).unwrap();
}

fn compared(old: &[Vec<String>], new: &[Vec<String>]) -> (RowFates, Vec<RowChange>) {
    let home = tempfile::tempdir().unwrap();
    let paths = ["old.jsonl", "new.jsonl"].map(|name| home.path().join(name));
    write(&paths[0], old);
    write(&paths[1], new);
    let settings = Settings { threads: 2, ..Settings::default() };
    let [old, new] = paths.map(|path| path.display().to_string());
    let compared = diff(&settings, &old, &new, &Silent).unwrap();
    let mut changes = Vec::new();
    compared
        .changes(usize::MAX, &Silent, |change| {
            changes.push(change);
            Ok(())
        })
        .unwrap();
    (compared.difference.rows, changes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_was_done_is_what_is_found(
        stay in 0..40_usize, changed in 1..20_usize, removed in 0..20_usize, added in 0..20_usize,
        copies in 0..5_usize, place in 0..30_usize, shuffle in any::<u64>(),
    ) {
        let mut rows = (0..).map(|seed| row(1_000 + seed * 17));
        let mut old: Vec<Vec<String>> = rows.by_ref().take(stay + changed + removed).collect();
        let mut new: Vec<Vec<String>> = old[..stay + changed].to_vec();
        for row in &mut new[stay..] {
            let text = &mut row[usize::from(place >= 12)];
            let mut words: Vec<&str> = text.split(' ').collect();
            let place = place % words.len();
            words[place] = "other";
            *text = words.join(" ");
        }
        new.extend(rows.take(added));
        let copies = copies.min(stay);
        old.extend_from_within(..copies);
        for rows in [&mut old, &mut new] {
            rows.sort_by_key(|row| chatmill::text::hash::unit_interval(
                chatmill::text::hash::fingerprint(row[0].as_bytes()), shuffle).to_bits());
        }
        let (fates, changes) = compared(&old, &new);
        let (stay, changed, removed, added, copies) =
            (stay as u64, changed as u64, removed as u64, added as u64, copies as u64);
        prop_assert_eq!(fates, RowFates {
            same: stay, changed, removed: removed + copies, added, removed_copies: copies,
            changed_by: fates.changed_by, ..RowFates::default()
        });
        let by = fates.changed_by;
        prop_assert_eq!(by.id + by.prompt + by.words, changed);
        for change in changes.iter().filter(|change| change.fate == RowFate::Changed) {
            prop_assert_eq!(change.turns.len(), 1);
            prop_assert_eq!(change.turns[0].edits.len(), 1);
            prop_assert_eq!(&change.turns[0].edits[0].words.new, "other");
        }
        let (back, _) = compared(&new, &old);
        prop_assert_eq!(back, RowFates {
            removed: fates.added, added: fates.removed, removed_copies: 0, added_copies: copies, changed_by: back.changed_by, ..fates
        });
    }
}

#[test]
fn many_equal_and_many_similar_rows_are_matched_in_time() {
    let equal = |times: usize| vec![row(5); times];
    let (fates, _) = compared(&equal(3_000), &equal(4_000));
    assert_eq!((fates.same, fates.added, fates.added_copies), (3_000, 1_000, 1_000));
    let alike = |from: usize, to: usize| -> Vec<Vec<String>> {
        let prompt =
            |number: usize| format!("Write the {number} th short and friendly note to a customer of ours");
        (from..to).map(|number| vec![prompt(number), "Dear customer, all is well.".to_owned()]).collect()
    };
    let (fates, _) = compared(&alike(0, 2_000), &alike(1_000, 5_000));
    // Those that are gone may be taken for some of the new ones, and no row for two.
    assert_eq!((fates.same, fates.changed + fates.removed), (1_000, 1_000));
    assert_eq!(fates.changed + fates.added, 3_000);
}
