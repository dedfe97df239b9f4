//! `split`, `dedup` and `verify`: nothing that belongs together stands on two sides, and a folder that was changed does not
//! pass for one that was not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{Ran, assert_sums, report, run};

/// A row whose question and answer share little with those of other numbers.
pub fn row(number: u32, customer: Option<u32>) -> String {
    let words =
        ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "haven", "inlet", "jetty", "knoll"];
    let word = |salt: u32| {
        let mixed =
            (number.wrapping_mul(2_654_435_761) ^ salt.wrapping_mul(40_503)).wrapping_mul(2_246_822_519);
        format!("{}{}", words[(mixed >> 8) as usize % words.len()], mixed % 9_973)
    };
    let said = |from: u32| (from..from + 9).map(word).collect::<Vec<_>>().join(" ");
    let mut row = json!({"messages": [
        {"role": "user", "content": format!("Where is {}?", said(1))},
        {"role": "assistant", "content": format!("It went to {}.", said(20))},
    ]});
    if let Some(customer) = customer {
        row["customer_id"] = json!(format!("c{customer}"));
    }
    row.to_string()
}

pub fn write(folder: &Path, name: &str, rows: impl IntoIterator<Item = String>) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, rows.into_iter().map(|row| row + "\n").collect::<String>()).unwrap();
    path
}

pub fn chatmill(command: &str, inputs: &[&Path], out: &Path, flags: &[&str]) -> Ran {
    let mut arguments =
        vec![command.to_owned(), "--quiet".to_owned(), "-o".to_owned(), out.display().to_string()];
    arguments.extend(inputs.iter().map(|path| path.display().to_string()));
    arguments.extend(flags.iter().map(|flag| (*flag).to_owned()));
    let ran = run(&arguments);
    if ran.code < 2 {
        assert_sums(&report(out));
    }
    ran
}

pub fn split(input: &Path, out: &Path, flags: &[&str]) {
    let ran = chatmill("split", &[input], out, flags);
    assert!(ran.code < 2, "{}", ran.all());
    let proof = verify(out);
    assert_eq!(proof.code, 0, "{}", proof.all());
}

pub fn verify(folder: &Path) -> Ran {
    run(["verify", folder.to_str().unwrap()])
}

pub fn lines(folder: &Path, name: &str) -> Vec<String> {
    fs::read_to_string(folder.join(name)).unwrap_or_default().lines().map(str::to_owned).collect()
}

/// The side of every row.
fn sides(folder: &Path) -> BTreeMap<String, &'static str> {
    let names = ["train", "valid", "test"];
    let each = names
        .iter()
        .flat_map(|side| lines(folder, &format!("{side}.jsonl")).into_iter().map(move |row| (row, *side)));
    each.collect()
}

#[test]
fn rows_stay_as_they_stand() {
    let home = tempfile::tempdir().unwrap();
    let odd = r#"{ "messages":[{"role":"user","content":"é?"},{"role":"assistant","content":"\u00e9 1.50"}], "n": 1.500, "n2":1e2 }"#;
    let pretty = format!("[{}\n, {}]", row(1, None).replace("\"messages\":", "\"messages\":\n "), odd);
    let array = home.path().join("rows.json");
    fs::write(&array, pretty).unwrap();
    let out = home.path().join("out");
    split(&array, &out, &["--valid", "0"]);
    assert_eq!(lines(&out, "train.jsonl"), [row(1, None), odd.to_owned()]);
}

#[test]
fn what_is_no_row_is_rejected_with_a_way_out() {
    let home = tempfile::tempdir().unwrap();
    let table = home.path().join("a.csv");
    fs::write(&table, "question,answer\nWhere is it?,Here.\nAnd that?,There.\n").unwrap();
    let out = home.path().join("out");
    let ran = chatmill("split", &[&table], &out, &[]);
    assert_eq!(ran.code, 1, "{}", ran.all());
    assert_eq!(report(&out)["rejections"][0]["name"], "not-a-row");
    assert_eq!(lines(&out, "rejected.jsonl").len(), 2);

    let chats = write(home.path(), "b.jsonl", [row(1, None)]);
    let other = home.path().join("c.jsonl");
    fs::write(&other, "{\"instruction\":\"Say it.\",\"input\":\"\",\"output\":\"It.\"}\n").unwrap();
    let ran = chatmill("dedup", &[&chats, &other], &home.path().join("two"), &[]);
    assert_eq!(ran.code, 2, "{}", ran.all());
    assert!(ran.stderr.contains("convert"), "{}", ran.stderr);
}

#[test]
fn customers_stand_on_one_side_without_being_asked_for() {
    let home = tempfile::tempdir().unwrap();
    let input = write(home.path(), "chats.jsonl", (0..600).map(|number| row(number, Some(number % 40))));
    let out = home.path().join("out");
    split(&input, &out, &["--valid", "0.2", "--test", "10%"]);
    let mut side_of: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (row, side) in sides(&out) {
        let row: Value = serde_json::from_str(&row).unwrap();
        side_of.entry(row["customer_id"].to_string()).or_default().insert(side);
    }
    assert!(side_of.values().all(|sides| sides.len() == 1), "{side_of:?}");
    // Forty groups of fifteen: amounts are met as nearly as whole customers can.
    let report = report(&out);
    assert_eq!(
        (report["ledger"]["valid"].as_u64(), report["ledger"]["test"].as_u64()),
        (Some(120), Some(60))
    );
    assert_eq!(report["split"]["groups"], json!({"train": 28, "valid": 8, "test": 4}));
    let free = home.path().join("free");
    split(&input, &free, &["--valid", "0.2", "--no-known-groups", "--tolerance", "0"]);
    assert_eq!(crate::support::report(&free)["split"]["groups"]["train"], 480);
}

#[test]
fn near_twins_stand_on_one_side_and_are_named_when_they_go() {
    let home = tempfile::tempdir().unwrap();
    let near = |number: u32| row(number, None).replace("It went to", "It has gone to");
    let rows = (0..300).flat_map(|number| [row(number, None), near(number)]);
    let input = write(home.path(), "chats.jsonl", rows);
    let out = home.path().join("split");
    split(&input, &out, &["--valid", "0.5", "--near", "0.7"]);
    let sides = sides(&out);
    for number in 0..300 {
        assert_eq!(sides[&row(number, None)], sides[&near(number)], "{number}");
    }
    let out = home.path().join("dedup");
    let ran = chatmill("dedup", &[&input], &out, &["--near", "0.7"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    assert_eq!(report(&out)["ledger"]["duplicates_near"], 300);
    assert_eq!(lines(&out, "kept.jsonl"), (0..300).map(|number| row(number, None)).collect::<Vec<_>>());
    let twin: Value = serde_json::from_str(&lines(&out, "duplicates.jsonl")[7]).unwrap();
    assert_eq!((twin["twin_of"]["line"].as_u64(), twin["origin"]["line"].as_u64()), (Some(15), Some(16)));
    let similarity = twin["similarity"].as_f64().unwrap();
    assert!((0.7..1.0).contains(&similarity), "{similarity}");
    let off = home.path().join("off");
    chatmill("dedup", &[&input], &off, &["--near", "off"]);
    assert_eq!(report(&off)["ledger"]["duplicates_near"], 0);
}

#[test]
fn time_cuts_where_it_is_told() {
    let home = tempfile::tempdir().unwrap();
    let at = |number: u32| {
        let mut row: Value = serde_json::from_str(&row(number, None)).unwrap();
        row["created_at"] = json!(format!("2026-{:02}-01T10:00:00Z", number % 12 + 1));
        row.to_string()
    };
    let input = write(home.path(), "chats.jsonl", (0..120).map(at).chain([row(500, None)]));
    let out = home.path().join("out");
    split(&input, &out, &["--after", "2026-10-01", "--test-after", "2026-12-01"]);
    let report = report(&out);
    let ledger = &report["ledger"];
    assert_eq!(
        ["train", "valid", "test"].map(|side| ledger[side].as_u64().unwrap()),
        [91, 20, 10],
        "nine months and the row without time, two months, one"
    );
    assert!(report["findings"].as_array().unwrap().iter().any(|tally| tally["code"] == "SPLIT006"));
}

#[test]
fn each_label_gives_its_share() {
    let home = tempfile::tempdir().unwrap();
    let labelled = |number: u32| {
        let mut row: Value = serde_json::from_str(&row(number, None)).unwrap();
        row["topic"] = json!(["billing", "shipping", "returns"][(number % 10 / 4) as usize]);
        row.to_string()
    };
    let input = write(home.path(), "chats.jsonl", (0..500).map(labelled));
    let out = home.path().join("out");
    split(&input, &out, &["--valid", "0.1", "--stratify", "topic"]);
    let report = report(&out);
    assert_eq!(
        report["split"]["strata"],
        json!([
            {"value": "billing", "rows": {"train": 180, "valid": 20, "test": 0}},
            {"value": "shipping", "rows": {"train": 180, "valid": 20, "test": 0}},
            {"value": "returns", "rows": {"train": 90, "valid": 10, "test": 0}},
        ])
    );
}

#[test]
fn what_an_earlier_run_put_somewhere_stays() {
    let home = tempfile::tempdir().unwrap();
    let old = write(home.path(), "old.jsonl", (0..200).map(|number| row(number, Some(number % 50))));
    let first = home.path().join("first");
    split(&old, &first, &["--valid", "0.2"]);
    let before = sides(&first);
    // The new file has none of the first fifty rows, new rows of old and of new customers, and one customer who turns out
    // to be two.
    let train = before.iter().find(|(_, side)| **side == "train").unwrap().0.clone();
    let valid = before.iter().find(|(_, side)| **side == "valid").unwrap().0.clone();
    let customer = |row: &str| serde_json::from_str::<Value>(row).unwrap()["customer_id"].clone();
    let mut link: Value = serde_json::from_str(&row(999, None)).unwrap();
    link["customer_id"] = customer(&train);
    link["requester_id"] = customer(&valid);
    let mut same: Value = serde_json::from_str(&valid).unwrap();
    same["requester_id"] = customer(&valid);
    let rows = (50..200)
        .map(|number| row(number, Some(number % 50)))
        .chain((200..260).map(|number| row(number, Some(number % 75))))
        .chain([link.to_string()]);
    let new = write(home.path(), "new.jsonl", rows.collect::<Vec<_>>().into_iter().rev());
    let second = home.path().join("second");
    split(&new, &second, &["--valid", "0.2", "--previous", first.to_str().unwrap()]);
    let after = sides(&second);
    for (row, side) in &before {
        assert!(after.get(row).is_none_or(|now| now == side), "{row} moved");
    }
    let of_customer: BTreeMap<String, &str> =
        before.iter().map(|(row, side)| (customer(row).to_string(), *side)).collect();
    for (row, side) in &after {
        if let Some(known) = of_customer.get(&customer(row).to_string()) {
            assert_eq!(known, side, "{row}");
        }
    }
    assert_eq!(report(&second)["split"]["as_before"], 150);
    // Another seed and other amounts move nothing either.
    let third = home.path().join("third");
    split(&new, &third, &["--valid", "0.4", "--seed", "9", "--previous", second.to_str().unwrap()]);
    let last = sides(&third);
    assert!(after.iter().all(|(row, side)| last[row] == *side));
}

#[test]
fn an_earlier_run_of_other_data_is_said() {
    let home = tempfile::tempdir().unwrap();
    let earlier = home.path().join("earlier");
    split(&write(home.path(), "old.jsonl", (0..60).map(|number| row(number, None))), &earlier, &[]);
    let out = home.path().join("out");
    let known = |from: u32, folder: &str| {
        let rows = (from..from + 60).map(|number| row(number, None));
        let input = write(home.path(), "new.jsonl", rows);
        let out = out.join(folder);
        split(&input, &out, &["--previous", earlier.to_str().unwrap()]);
        !report(&out).to_string().contains("SPLIT008")
    };
    assert!(known(59, "grown") && !known(60, "other"));
}

#[test]
fn a_row_that_belongs_to_two_sides_is_set_aside() {
    let home = tempfile::tempdir().unwrap();
    let old = write(home.path(), "old.jsonl", (0..60).map(|number| row(number, Some(number))));
    let first = home.path().join("first");
    split(&old, &first, &["--valid", "0.3"]);
    let side = |wanted: &str| {
        let sides = sides(&first);
        let row = sides.iter().find(|(_, side)| **side == wanted).unwrap().0.clone();
        serde_json::from_str::<Value>(&row).unwrap()
    };
    let mut link: Value = serde_json::from_str(&row(999, None)).unwrap();
    link["customer_id"] = side("train")["customer_id"].clone();
    link["messages"][0] = side("valid")["messages"][0].clone();
    let rows = (0..60).map(|number| row(number, Some(number))).chain([link.to_string()]);
    let new = write(home.path(), "new.jsonl", rows.collect::<Vec<_>>());
    let second = home.path().join("second");
    split(&new, &second, &["--previous", first.to_str().unwrap()]);
    assert_eq!(sides(&first), sides(&second));
    let rejected: Value = serde_json::from_str(&lines(&second, "rejected.jsonl")[0]).unwrap();
    assert_eq!(
        (rejected["code"].as_str(), rejected["origin"]["line"].as_u64()),
        (Some("SPLIT004"), Some(61))
    );
    assert_eq!(report(&second)["ledger"]["rejected"], 1);
}

/// A split with near twins, customers and a test side, to be spoiled.
fn proved(home: &Path) -> PathBuf {
    let near = |number: u32| row(number, Some(number % 60)).replace("It went to", "It has gone to");
    let rows = (0..240).map(|number| row(number, Some(number % 60))).chain((0..20).map(near));
    let input = write(home, "chats.jsonl", rows);
    let out = home.join("out");
    split(&input, &out, &["--valid", "0.2", "--test", "0.1", "--near", "0.7"]);
    out
}

/// Writes a file again, and the digests that manifest and certificate hold of it: what somebody does who means it.
fn rewrite(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
    let digest = blake3::hash(text.as_bytes()).to_hex().to_string();
    let (bytes, rows) = (text.len(), text.lines().count());
    if name != "split.cert.json" && name != "manifest.json" {
        let mut certificate = json_of(folder, "split.cert.json");
        let proofs = certificate["sides"].as_array_mut().unwrap();
        if let Some(proof) = proofs.iter_mut().find(|proof| proof["file"] == name) {
            (proof["blake3"], proof["bytes"], proof["rows"]) = (json!(digest), json!(bytes), json!(rows));
        }
        if certificate["provenance"]["file"] == name {
            (certificate["provenance"]["blake3"], certificate["provenance"]["bytes"]) =
                (json!(digest), json!(bytes));
        }
        rewrite(folder, "split.cert.json", &certificate.to_string());
    }
    if name != "manifest.json" {
        let mut manifest = json_of(folder, "manifest.json");
        let outputs = manifest["outputs"].as_array_mut().unwrap();
        let output = outputs.iter_mut().find(|output| output["path"] == name).unwrap();
        (output["blake3"], output["bytes"], output["examples"]) = (json!(digest), json!(bytes), json!(rows));
        fs::write(folder.join("manifest.json"), manifest.to_string()).unwrap();
    }
}

fn json_of(folder: &Path, name: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap()
}

/// What is done to a folder, in words; the check that must notice; the deed.
type Spoil<'a> = (&'a str, &'a str, &'a dyn Fn(&Path));

#[test]
fn a_folder_that_was_changed_is_refused() {
    let text = |folder: &Path, name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let without_first = |text: &str| text.split_once('\n').unwrap().1.to_owned();
    let spoils: &[Spoil<'_>] = &[
        ("a changed letter", "files", &|folder| {
            let spoiled = text(folder, "train.jsonl").replacen("Where", "There", 1);
            fs::write(folder.join("train.jsonl"), spoiled).unwrap();
        }),
        ("a missing row", "files", &|folder| {
            fs::write(folder.join("valid.jsonl"), without_first(&text(folder, "valid.jsonl"))).unwrap();
        }),
        ("a missing file", "files", &|folder| fs::remove_file(folder.join("test.jsonl")).unwrap()),
        ("a changed provenance", "files", &|folder| {
            fs::write(folder.join("provenance.jsonl"), without_first(&text(folder, "provenance.jsonl")))
                .unwrap();
        }),
        ("a changed report", "files", &|folder| {
            fs::write(
                folder.join("report.json"),
                text(folder, "report.json").replace("\"valid\"", "\"walid\""),
            )
            .unwrap();
        }),
        ("a softer certificate", "files", &|folder| {
            let spoiled = text(folder, "split.cert.json").replace("\"threshold\": 0.7", "\"threshold\": 0.9");
            fs::write(folder.join("split.cert.json"), spoiled).unwrap();
        }),
        ("sums that do not agree", "sums", &|folder| {
            let mut manifest = json_of(folder, "manifest.json");
            manifest["ledger"]["train"] = json!(manifest["ledger"]["train"].as_u64().unwrap() + 1);
            fs::write(folder.join("manifest.json"), manifest.to_string()).unwrap();
        }),
        ("a row that was put in, digests and all", "rows", &|folder| {
            rewrite(folder, "train.jsonl", &(text(folder, "train.jsonl") + &row(7_777, None) + "\n"));
        }),
        ("a row that was exchanged, digests and all", "rows", &|folder| {
            rewrite(
                folder,
                "valid.jsonl",
                &format!("{}\n{}", row(7_777, None), without_first(&text(folder, "valid.jsonl"))),
            );
        }),
        ("a validation row copied into training, digests and all", "twins", &|folder| {
            let valid = text(folder, "valid.jsonl");
            rewrite(
                folder,
                "train.jsonl",
                &(text(folder, "train.jsonl") + valid.lines().next().unwrap() + "\n"),
            );
        }),
        ("a near twin of a validation row in training, digests and all", "near-twins", &|folder| {
            let valid = text(folder, "valid.jsonl");
            let near = valid.lines().next().unwrap().replace("It went to", "It really went to");
            rewrite(folder, "train.jsonl", &(text(folder, "train.jsonl") + &near + "\n"));
        }),
        ("a training row that goes on from a validation row, digests and all", "prompts", &|folder| {
            let mut longer: Value =
                serde_json::from_str(text(folder, "valid.jsonl").lines().next().unwrap()).unwrap();
            let messages = longer["messages"].as_array_mut().unwrap();
            messages.push(json!({"role": "user", "content": "And who pays the way back?"}));
            messages.push(json!({"role": "assistant", "content": "We do."}));
            rewrite(folder, "train.jsonl", &(text(folder, "train.jsonl") + &longer.to_string() + "\n"));
        }),
        ("a group on two sides, digests and all", "groups", &|folder| {
            let provenance = text(folder, "provenance.jsonl");
            let group = |file: &str| {
                let line = provenance.lines().find(|line| line.contains(file)).unwrap();
                serde_json::from_str::<Value>(line).unwrap()["group"].as_str().unwrap().to_owned()
            };
            let (train, valid) = (group("train.jsonl"), group("valid.jsonl"));
            rewrite(folder, "provenance.jsonl", &provenance.replace(&valid, &train));
        }),
        ("a side beside the others", "files", &|folder| {
            let mut manifest = json_of(folder, "manifest.json");
            let outputs = manifest["outputs"].as_array_mut().unwrap();
            outputs.retain(|output| output["path"] != "test.jsonl");
            fs::write(folder.join("manifest.json"), manifest.to_string()).unwrap();
        }),
        ("another closest pair", "closest", &|folder| {
            let mut certificate = json_of(folder, "split.cert.json");
            certificate["closest"]["pair"] = Value::Null;
            certificate["closest"]["searched_from"] = json!(0.01);
            rewrite(folder, "split.cert.json", &certificate.to_string());
        }),
    ];
    let home = tempfile::tempdir().unwrap();
    let whole = proved(home.path());
    for (number, (what, check, spoil)) in spoils.iter().enumerate() {
        let folder = home.path().join(number.to_string());
        fs::create_dir(&folder).unwrap();
        for (name, bytes) in crate::support::contents(&whole) {
            fs::write(folder.join(name), bytes).unwrap();
        }
        assert_eq!(verify(&folder).code, 0, "a copy is as good");
        spoil(&folder);
        let ran = run(["verify", "--json", folder.to_str().unwrap()]);
        assert_eq!(ran.code, 1, "{what}: {}", ran.all());
        let proof: Value = serde_json::from_str(&ran.stdout).unwrap();
        let broken: Vec<&str> = proof["checks"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|check| check["holds"] == false)
            .map(|check| check["name"].as_str().unwrap())
            .collect();
        assert!(broken.contains(check), "{what}: {broken:?}");
    }
    let ran = verify(home.path());
    assert!(ran.code == 2 && ran.stderr.contains("manifest.json"), "{}", ran.all());
    fs::remove_file(whole.join("split.cert.json")).unwrap();
    assert_eq!(verify(&whole).code, 2);
}

#[test]
fn prepare_is_proved_for_every_target() {
    let home = tempfile::tempdir().unwrap();
    let input = write(home.path(), "chats.jsonl", (0..60).map(|number| row(number, Some(number % 30))));
    for target in chatmill::target::TARGETS {
        let name = target.spec().name;
        let out = home.path().join(name);
        let ran = chatmill("prepare", &[&input], &out, &["--no-tokens", "--to", name, "--valid", "0.2"]);
        assert!(ran.code < 2, "{name}: {}", ran.all());
        let proof = verify(&out);
        assert_eq!(proof.code, 0, "{name}: {}", proof.all());
    }
}

#[test]
fn any_number_of_threads_splits_alike() {
    let home = tempfile::tempdir().unwrap();
    let near = |number: u32| row(number, None).replace("It went to", "It has gone to");
    let rows = (0..4_000).flat_map(|number| [row(number, Some(number % 999)), near(number / 2)]);
    let input = write(home.path(), "chats.jsonl", rows);
    let outputs = ["1", "2", "7"].map(|threads| {
        let out = home.path().join(threads);
        split(&input, &out, &["--near", "0.7", "--threads", threads]);
        crate::support::contents(&out)
    });
    assert!(outputs[0] == outputs[1] && outputs[1] == outputs[2]);
}

#[test]
fn nothing_to_split_is_said() {
    let home = tempfile::tempdir().unwrap();
    let one = write(home.path(), "one.jsonl", [row(1, None)]);
    let ran = chatmill("split", &[&one], &home.path().join("one"), &[]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    let same = write(home.path(), "same.jsonl", (0..200).map(|_| row(1, None)));
    let out = home.path().join("same");
    let ran = chatmill("split", &[&same], &out, &["--valid", "0.5"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    let codes: Vec<String> =
        report(&out)["findings"].as_array().unwrap().iter().map(|tally| tally["code"].to_string()).collect();
    assert_eq!(codes, ["\"SPLIT001\"", "\"SPLIT003\""], "one group cannot stand on two sides");
    for (flags, says) in [
        (vec!["--valid", "0.7", "--test", "0.3"], "less than 1"),
        (vec!["--near", "0"], "0.8"),
        (vec!["--near", "1.5"], "0.8"),
        (vec!["--near", "off", "--shingle", "words:3"], "--near off"),
        (vec!["--valid", "many"], "10%"),
        (vec!["--after", "soon"], "2026-03-01"),
        (vec!["--previous", "nowhere"], "provenance.jsonl"),
    ] {
        let ran = chatmill("split", &[&one], &home.path().join("x"), &flags);
        assert!(ran.code == 2 && ran.stderr.contains(says), "{flags:?}: {}", ran.all());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Rows come and go, and nothing ever moves; every split is proved.
    #[test]
    fn sticky_splits_hold(
        runs in proptest::collection::vec(proptest::collection::vec((0u32..150, 0u32..25, any::<bool>()), 10..80), 2..5),
        seed in 0u64..9,
    ) {
        let home = tempfile::tempdir().unwrap();
        let mut known: BTreeMap<String, &'static str> = BTreeMap::new();
        for (number, rows) in runs.iter().enumerate() {
            let rows: BTreeSet<String> = rows.iter().map(|(row_number, customer, near)| {
                let row = row(*row_number, Some(*customer));
                if *near { row.replace("It went to", "It has gone to") } else { row }
            }).collect();
            let input = write(home.path(), &format!("{number}.jsonl"), rows);
            let out = home.path().join(number.to_string());
            let before = home.path().join((number.max(1) - 1).to_string());
            let seed = (seed + number as u64).to_string();
            let mut flags = vec!["--near", "0.7", "--valid", "0.3", "--seed", &seed];
            if number > 0 {
                flags.extend(["--previous", before.to_str().unwrap()]);
                known.retain(|row, _| lines(&before, "train.jsonl").contains(row) || lines(&before, "valid.jsonl").contains(row));
            }
            split(&input, &out, &flags);
            for (row, side) in sides(&out) {
                if let Some(old) = known.get(&row) {
                    prop_assert_eq!(*old, side);
                }
                known.insert(row, side);
            }
        }
    }
}
