//! What must hold for any input: same bytes for any number of threads, rows conserved, splits stable.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use chatmill::read::{Batch, Opened, READERS, ReadSettings, Sample};
use proptest::prelude::*;

use crate::support::{assert_sums, contents, files_below, report, root, run};

fn rows(count: u32) -> String {
    let mut text = String::new();
    for number in 0..count {
        // Every seventh row is a twin, every eleventh is broken.
        let order = if number % 7 == 0 { 0 } else { number };
        if number % 11 == 5 {
            let _ = writeln!(text, "{{\"messages\":[{number}");
        } else {
            let _ = writeln!(
                text,
                "{{\"messages\":[{{\"role\":\"user\",\"content\":\"Where is order {order}?\"}},{{\"role\":\"assistant\",\"content\":\"It left on day {order}.\"}}],\"customer\":\"c{}\"}}",
                number % 13
            );
        }
    }
    text
}

fn prepared(input: &Path, out: &Path, arguments: &[&str]) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut all = vec!["prepare", "--quiet", input.to_str().unwrap(), "-o", out.to_str().unwrap()];
    all.extend(arguments);
    let ran = run(all);
    assert!(ran.code < 2, "{}", ran.all());
    assert_sums(&report(out));
    contents(out)
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let home = tempfile::tempdir().unwrap();
    let input = home.path().join("chats.jsonl");
    std::fs::write(&input, rows(20_000)).unwrap();
    let outputs: Vec<_> = ["1", "2", "8"]
        .map(|threads| prepared(&input, &home.path().join(threads), &["--no-tokens", "--threads", threads]))
        .into();
    assert!(outputs[0] == outputs[1] && outputs[1] == outputs[2]);
}

/// Side of every row, by the row itself.
fn sides(folder: &Path) -> BTreeMap<String, &'static str> {
    let mut sides = BTreeMap::new();
    for side in ["train", "valid", "test"] {
        let path = folder.join(format!("{side}.jsonl"));
        for line in std::fs::read_to_string(path).unwrap_or_default().lines() {
            assert_eq!(sides.insert(line.to_owned(), side), None, "a row stands twice: {line}");
        }
    }
    sides
}

#[test]
fn adding_data_moves_no_old_example() {
    let home = tempfile::tempdir().unwrap();
    let (few, many) = (home.path().join("few.jsonl"), home.path().join("many.jsonl"));
    std::fs::write(&few, rows(500)).unwrap();
    // The new rows stand before the old ones, so that only the content can decide.
    let all = rows(2_000);
    std::fs::write(&many, all.lines().rev().collect::<Vec<_>>().join("\n")).unwrap();
    for arguments in [
        vec!["--no-tokens", "--test", "0.2", "--tolerance", "1"],
        vec!["--no-tokens", "--group-by", "customer", "--valid", "0.3", "--tolerance", "1"],
    ] {
        let name = arguments.len().to_string();
        let (a, b) = (home.path().join(format!("a{name}")), home.path().join(format!("b{name}")));
        prepared(&few, &a, &arguments);
        prepared(&many, &b, &arguments);
        let (old, new) = (sides(&a), sides(&b));
        // Of twins the first is kept: with a group field, the one that is kept may belong to another customer.
        let moved: Vec<_> = old
            .iter()
            .filter(|(row, side)| !row.contains("order 0?") && new.get(*row).is_some_and(|now| now != *side))
            .collect();
        assert!(moved.is_empty(), "{moved:?}");
        assert!(old.values().any(|side| *side == "valid"));
    }
}

#[test]
fn a_group_stands_on_one_side() {
    let home = tempfile::tempdir().unwrap();
    let input = home.path().join("chats.jsonl");
    std::fs::write(&input, rows(2_000)).unwrap();
    let out = home.path().join("out");
    prepared(&input, &out, &["--no-tokens", "--group-by", "customer", "--valid", "0.3", "--test", "0.2"]);
    let source: Vec<String> = std::fs::read_to_string(&input).unwrap().lines().map(str::to_owned).collect();
    let mut side_of: BTreeMap<String, String> = BTreeMap::new();
    for line in std::fs::read_to_string(out.join("provenance.jsonl")).unwrap().lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let at = usize::try_from(line["origin"]["line"].as_u64().unwrap()).unwrap();
        let row: serde_json::Value = serde_json::from_str(&source[at - 1]).unwrap();
        let (customer, file) = (row["customer"].to_string(), line["file"].to_string());
        let known = side_of.entry(customer.clone()).or_insert_with(|| file.clone());
        assert_eq!(*known, file, "customer {customer} stands on two sides");
    }
    assert!(side_of.values().collect::<std::collections::BTreeSet<_>>().len() > 1);
}

#[test]
fn a_slip_in_the_name_of_the_group_field_is_named() {
    let home = tempfile::tempdir().unwrap();
    let input = home.path().join("chats.jsonl");
    std::fs::write(&input, rows(50)).unwrap();
    let out = home.path().join("out");
    prepared(&input, &out, &["--no-tokens", "--group-by", "custommer"]);
    let report = report(&out);
    let tally =
        report["findings"].as_array().unwrap().iter().find(|tally| tally["code"] == "SPLIT002").unwrap();
    assert_eq!(
        tally["count"],
        report["ledger"]["records"].as_u64().unwrap() - report["ledger"]["rejected"].as_u64().unwrap()
    );
}

#[test]
fn twins_that_are_kept_stand_on_one_side() {
    let home = tempfile::tempdir().unwrap();
    let input = home.path().join("chats.jsonl");
    std::fs::write(&input, rows(1_000)).unwrap();
    let out = home.path().join("out");
    let arguments = ["--no-tokens", "--keep-twins", "--group-by", "customer", "--valid", "0.5"];
    prepared(&input, &out, &arguments);
    let of = |side: &str| {
        let text = std::fs::read_to_string(out.join(format!("{side}.jsonl"))).unwrap();
        text.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>()
    };
    assert!(of("train").is_disjoint(&of("valid")));
    assert_eq!(report(&out)["ledger"]["duplicates_exact"], 0);
}

/// Walks a source with one reader; what it says does not matter, only that it ends without a panic.
fn survive(reader: &'static dyn chatmill::read::Reader, bytes: &[u8], name: &str) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let settings = ReadSettings::default();
    let Ok(found) = chatmill::read::source::discover(&[path.to_str().unwrap().to_owned()], &settings) else {
        return;
    };
    for source in &found.sources {
        let Ok(sample) = Sample::of(source, &settings) else { continue };
        let _ = reader.sniff(&sample);
        let Ok(Opened { mut frames, decoder, .. }) = reader.open(source, &sample, &settings) else {
            continue;
        };
        loop {
            let mut batch = Batch::default();
            let Ok(more) = frames.fill(&mut batch) else { break };
            for frame in batch.frames() {
                let _ = decoder.decode(&frame);
            }
            if !more {
                break;
            }
        }
    }
}

/// Every input of the readers' fixtures.
fn fixture_inputs() -> Vec<(String, Vec<u8>)> {
    let folder = root().join("fixtures/read");
    files_below(&folder)
        .into_iter()
        // A case of several files is a folder of that name.
        .filter(|path| path.iter().any(|part| part.to_string_lossy().starts_with("input")))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(folder.join(path)).unwrap())
        })
        .collect()
}

#[test]
fn every_reader_survives_every_fixture() {
    for (name, bytes) in fixture_inputs() {
        for reader in READERS {
            survive(*reader, &bytes, &name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_reader_survives_damaged_fixtures(
        which in any::<prop::sample::Index>(),
        reader in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let inputs = fixture_inputs();
        let (name, bytes) = which.get(&inputs);
        let mut bytes = bytes.clone();
        if !bytes.is_empty() {
            for (at, value) in flips {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            bytes.truncate(cut.index(bytes.len() + 1).max(bytes.len() / 2));
        }
        survive(READERS[reader.index(READERS.len())], &bytes, name);
    }
}
