//! The tree is as the design says: lists complete and sorted, every member with fixture and page, files of one idea.

use std::collections::BTreeSet;

use chatmill::detect::DETECTORS;
use chatmill::lint::RULES;
use chatmill::pipeline::codes;
use chatmill::read::READERS;
use chatmill::read::assemble::MENDINGS;
use chatmill::target::TARGETS;
use chatmill::tokens::MODELS;

use crate::support::{files_below, root};

/// A file longer than this is more than one thing.
const WALL: usize = 600;

#[test]
fn files_are_one_thing() {
    for folder in ["src", "tests", "benches"] {
        for path in files_below(&root().join(folder)) {
            // `benches/peers` is a package of its own, and may have been built.
            let built = path.starts_with("peers/target");
            if !built && path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(root().join(folder).join(&path)).unwrap();
                let lines = text.lines().count();
                assert!(lines <= WALL, "{folder}/{} has {lines} lines, the wall is {WALL}", path.display());
                assert!(text.starts_with("//!"), "{folder}/{} does not say what it is for", path.display());
            }
        }
    }
}

fn assert_sorted(what: &str, names: &[&str]) {
    for pair in names.windows(2) {
        assert!(pair[0] < pair[1], "{what}: `{}` must stand before `{}`", pair[1], pair[0]);
    }
}

#[test]
fn registries_are_sorted() {
    assert_sorted("readers", &READERS.iter().map(|reader| reader.spec().name).collect::<Vec<_>>());
    assert_sorted("targets", &TARGETS.iter().map(|target| target.spec().name).collect::<Vec<_>>());
    assert_sorted("rules", &RULES.iter().map(|rule| rule.def.code).collect::<Vec<_>>());
    assert_sorted("detectors", &DETECTORS.iter().map(|detector| detector.spec().name).collect::<Vec<_>>());
    assert_sorted("mendings", &MENDINGS.iter().map(|mending| mending.def.name).collect::<Vec<_>>());
    assert_sorted("models", &MODELS.iter().map(|model| model.name).collect::<Vec<_>>());
}

#[test]
fn codes_are_one_namespace() {
    let all = codes::all();
    let mut names = BTreeSet::new();
    for described in &all {
        let def = described.def;
        let (letters, digits) = def.code.split_at(def.code.len() - 3);
        assert!(
            (3..=5).contains(&letters.len())
                && letters.bytes().all(|byte| byte.is_ascii_uppercase())
                && digits.bytes().all(|byte| byte.is_ascii_digit()),
            "`{}` is no code",
            def.code
        );
        assert!(names.insert(def.code), "code `{}` twice", def.code);
        assert!(names.insert(def.name), "name `{}` twice", def.name);
        assert!(
            def.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
            "`{}` is no name",
            def.name
        );
        for text in [def.summary, def.why, def.remedy] {
            assert!(!text.is_empty() && !text.ends_with('.'), "{}: `{text}`", def.code);
        }
    }
}

#[test]
fn every_reader_has_fixtures_and_only_readers_have() {
    let known: BTreeSet<String> = READERS.iter().map(|reader| reader.spec().name.to_owned()).collect();
    let folders: BTreeSet<String> = std::fs::read_dir(root().join("fixtures/read"))
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(known, folders);
}

#[test]
fn there_is_a_page_for_everything() {
    let page = |name: &str| std::fs::read_to_string(root().join("docs/reference").join(name)).unwrap();
    let has =
        |name: &str, what: &str| assert!(page(name).contains(what), "docs/reference/{name} lacks {what}");
    READERS.iter().for_each(|reader| has("readers.md", reader.spec().name));
    TARGETS.iter().for_each(|target| has("targets.md", target.spec().name));
    codes::all().iter().for_each(|described| has("codes.md", described.def.code));
    MENDINGS.iter().for_each(|mending| has("mendings.md", mending.def.name));
    DETECTORS.iter().for_each(|detector| has("detectors.md", detector.spec().name));
    MODELS.iter().for_each(|model| has("models.md", model.name));
}

#[test]
fn exceptions_from_lints_have_reasons() {
    for path in files_below(&root().join("src")) {
        let text = std::fs::read_to_string(root().join("src").join(&path)).unwrap();
        for (number, line) in text.lines().enumerate() {
            let excepts =
                line.trim_start().starts_with("#[allow(") || line.trim_start().starts_with("#![allow(");
            assert!(!excepts || line.contains("reason"), "{}:{}: {line}", path.display(), number + 1);
        }
    }
}
