//! `--index`: what earlier runs kept is known, and the months of a year are one dataset.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{Ran, assert_sums, contents, report, run};

/// A row of a topic, in one of several wordings: of one topic some are near twins, and some are not.
fn row(topic: u32, wording: u32) -> String {
    let word = |at: u32| format!("w{}", (topic * 31 + at).wrapping_mul(2_654_435_761) % 50_021);
    let mut said: Vec<String> = (0..20).map(word).collect();
    for at in 0..wording % 4 {
        said[(at * 7 + wording) as usize % 20] = format!("x{wording}");
    }
    if wording >= 8 {
        said[0] = said[0].to_uppercase();
    }
    json!({"messages": [
        {"role": "user", "content": said[..10].join(" ")},
        {"role": "assistant", "content": said[10..].join(" ")},
    ]})
    .to_string()
}

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, rows: &[String]) -> PathBuf {
        let path = self.at(name);
        fs::write(&path, rows.iter().map(|row| row.clone() + "\n").collect::<String>()).unwrap();
        path
    }

    /// Runs `command` over the file of rows with this name.
    fn run(&self, command: &str, input: &str, out: &str, flags: &[&str]) -> Ran {
        let paths =
            [self.at(input), self.at(out), self.at("known.index")].map(|path| path.display().to_string());
        let mut arguments = vec![command, &paths[0], "-o", &paths[1], "--index", &paths[2], "--quiet"];
        arguments.extend(flags);
        run(arguments)
    }

    /// The same, and it must go well.
    fn dedup(&self, input: &str, out: &str, flags: &[&str]) -> Value {
        let ran = self.run("dedup", input, out, flags);
        assert_eq!(ran.code, 0, "{}", ran.all());
        let report = report(&self.at(out));
        assert_sums(&report);
        report
    }

    fn verify(&self, out: &str) {
        let ran = run(["verify", self.at(out).to_str().unwrap()]);
        assert_eq!(ran.code, 0, "{}", ran.all());
    }
}

fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn next_month_is_compared_with_all_that_was_kept() {
    let home = Home::new();
    home.write("march.jsonl", &[row(1, 0), row(2, 0), row(2, 0), row(3, 0)]);
    home.write("april.jsonl", &[row(4, 0), row(2, 1), row(3, 8), row(5, 0)]);
    let march = home.dedup("march.jsonl", "march", &[]);
    assert_eq!(march["index"]["rows_after"], 3);
    let april = home.dedup("april.jsonl", "april", &[]);
    let index = &april["index"];
    assert_eq!(
        (&index["run"], &index["runs_before"], &index["rows_before"], &index["rows_after"]),
        (&json!(2), &json!(1), &json!(3), &json!(5))
    );
    assert_eq!((&index["duplicates_exact"], &index["duplicates_near"]), (&json!(1), &json!(1)));
    assert_eq!(april["ledger"]["duplicates_near"], 1);
    assert_eq!(lines(&home.at("april/kept.jsonl")), [row(4, 0), row(5, 0)]);
    let twins: Vec<Value> = lines(&home.at("april/duplicates.jsonl"))
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let (near, exact) = (&twins[0], &twins[1]);
    assert_eq!((&near["kind"], &near["twin_of"]["line"]), (&json!("near"), &json!(2)));
    assert!(near["shared"].as_u64().unwrap() < near["union"].as_u64().unwrap());
    let of = &exact["twin_of"];
    assert_eq!((&exact["kind"], &of["run"], &of["line"]), (&json!("exact"), &json!(1), &json!(4)));
    assert_eq!(of["folder"], home.at("march").display().to_string());
    assert!(of["path"].as_str().unwrap().ends_with("march.jsonl"), "{of}");
    let manifest: Value = serde_json::from_slice(&fs::read(home.at("april/manifest.json")).unwrap()).unwrap();
    assert_eq!(&manifest["index"], index);
    home.verify("march");
    home.verify("april");
    // Once more: everything is known.
    let again = home.dedup("april.jsonl", "again", &[]);
    assert_eq!((&again["ledger"]["train"], &again["index"]["rows_after"]), (&json!(0), &json!(5)));
    // In its own place it comes out as it did, though the rows it recorded are there.
    let before = contents(&home.at("again"));
    home.dedup("april.jsonl", "again", &["--force"]);
    assert_eq!(contents(&home.at("again")).len(), before.len());
    assert_eq!(fs::read(home.at("again/kept.jsonl")).unwrap(), b"");
}

#[test]
fn the_last_run_may_be_made_again_and_earlier_ones_not() {
    let home = Home::new();
    home.write("march.jsonl", &[row(1, 0), row(2, 0)]);
    home.write("april.jsonl", &[row(2, 0), row(3, 0)]);
    home.dedup("march.jsonl", "march", &[]);
    home.dedup("april.jsonl", "april", &[]);
    let kept = fs::read(home.at("april/kept.jsonl")).unwrap();
    for _ in 0..2 {
        let again = home.dedup("april.jsonl", "april", &["--force"]);
        assert_eq!((&again["index"]["runs_before"], &again["index"]["rows_after"]), (&json!(1), &json!(3)));
        assert_eq!(fs::read(home.at("april/kept.jsonl")).unwrap(), kept);
    }
    let ran = home.run("dedup", "march.jsonl", "march", &["--force"]);
    assert!(ran.code == 2 && ran.stderr.contains("holds run 1 of the index"), "{}", ran.all());
    home.verify("march");
}

#[test]
fn a_run_that_was_killed_before_the_index_was_told_is_found_by_its_folder() {
    let home = Home::new();
    home.write("march.jsonl", &[row(1, 0), row(2, 0)]);
    home.write("april.jsonl", &[row(3, 0), row(4, 0)]);
    home.dedup("march.jsonl", "march", &[]);
    let known = fs::read(home.at("known.index")).unwrap();
    home.dedup("april.jsonl", "april", &[]);
    // The state between the last file of the folder and the word to the index.
    let mut killed = fs::read(home.at("known.index")).unwrap();
    killed[..1_536].copy_from_slice(&known[..1_536]);
    fs::write(home.at("known.index"), &killed).unwrap();
    let found = home.dedup("april.jsonl", "found", &[]);
    assert_eq!(
        (&found["index"]["rows_before"], &found["ledger"]["duplicates_exact"]),
        (&json!(4), &json!(2))
    );
    // And between the rows in the index and the first file of the folder.
    fs::write(home.at("known.index"), &killed).unwrap();
    fs::remove_dir_all(home.at("april")).unwrap();
    let lost = home.dedup("april.jsonl", "lost", &[]);
    assert_eq!((&lost["index"]["rows_before"], &lost["ledger"]["train"]), (&json!(2), &json!(2)));
    let codes: Vec<&Value> =
        lost["findings"].as_array().unwrap().iter().map(|finding| &finding["code"]).collect();
    assert_eq!(codes, ["HIST001"]);
}

#[test]
fn what_cannot_be_done_is_said_with_the_way_out() {
    let home = Home::new();
    home.write("march.jsonl", &[row(1, 0), row(2, 0)]);
    home.dedup("march.jsonl", "march", &[]);
    let refused = |command: &str, out: &str, flags: &[&str], wanted: &str| {
        let ran = home.run(command, "march.jsonl", out, flags);
        assert!(
            ran.code == 2 && ran.stderr.contains(wanted) && ran.stderr.contains("hint:"),
            "{}",
            ran.all()
        );
        assert!(!home.at(out).exists() || out == "march", "{out}");
    };
    refused("split", "kept", &[], "--drop-twins");
    refused("prepare", "kept", &["--keep-twins"], "--keep-twins");
    for flags in [["--near", "off"], ["--shingle", "words:3"], ["--mask", "dates"], ["--twins-on", "answer"]]
    {
        refused("dedup", "other", &flags, "other terms");
    }
    refused("dedup", "march", &[], "not empty");
    let ran = run([
        "split",
        home.at("march.jsonl").to_str().unwrap(),
        "-o",
        home.at("off").to_str().unwrap(),
        "--index",
        "off",
    ]);
    assert!(ran.code < 2 && report(&home.at("off"))["index"].is_null(), "{}", ran.all());
    let inside = home.at("inside/known.index");
    let ran = run([
        "dedup",
        home.at("march.jsonl").to_str().unwrap(),
        "-o",
        home.at("inside").to_str().unwrap(),
        "--index",
        inside.to_str().unwrap(),
    ]);
    assert!(ran.code == 2 && ran.stderr.contains("lies in the output folder"), "{}", ran.all());
    // Nothing of that touched the index.
    assert_eq!(home.dedup("march.jsonl", "again", &[])["index"]["runs_before"], 1);
}

#[test]
fn rows_that_are_rejected_are_not_known() {
    let home = Home::new();
    let unanswered = json!({"messages": [{"role": "user", "content": "Is anybody there?"}]}).to_string();
    home.write("march.jsonl", &[row(1, 0), unanswered]);
    let ran = home.run("prepare", "march.jsonl", "march", &["--no-tokens", "--valid", "0"]);
    assert!(ran.code < 2, "{}", ran.all());
    let march = report(&home.at("march"));
    assert_eq!((&march["ledger"]["rejected"], &march["index"]["rows_after"]), (&json!(1), &json!(1)));
    home.write("april.jsonl", &[row(2, 0), row(1, 0)]);
    let ran = home.run("prepare", "april.jsonl", "april", &["--no-tokens", "--valid", "0"]);
    assert!(ran.code < 2, "{}", ran.all());
    assert_eq!(report(&home.at("april"))["examples"]["train"], 1);
    home.verify("april");
}

#[test]
fn with_an_earlier_split_new_rows_join_their_customers() {
    let home = Home::new();
    let with = |topic: u32, customer: u32| {
        let mut row: Value = serde_json::from_str(&row(topic, 0)).unwrap();
        row["customer_id"] = json!(format!("c{customer}"));
        row.to_string()
    };
    let march: Vec<String> = (0..60).map(|topic| with(topic, topic % 20)).collect();
    home.write("march.jsonl", &march);
    let ran = home.run("split", "march.jsonl", "march", &["--drop-twins", "--valid", "0.3"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    let april: Vec<String> = (40..100).map(|topic| with(topic, topic % 20)).collect();
    home.write("april.jsonl", &april);
    let previous = home.at("march").display().to_string();
    let flags = ["--drop-twins", "--valid", "0.3", "--previous", &previous];
    let ran = home.run("split", "april.jsonl", "april", &flags);
    assert!(ran.code < 2, "{}", ran.all());
    let report = report(&home.at("april"));
    assert_sums(&report);
    assert_eq!(
        (&report["index"]["duplicates_exact"], &report["index"]["rows_after"]),
        (&json!(20), &json!(100))
    );
    let customers = |out: &str, side: &str| {
        let rows = lines(&home.at(out).join(side)).into_iter();
        rows.map(|row| serde_json::from_str::<Value>(&row).unwrap()["customer_id"].to_string())
            .collect::<std::collections::BTreeSet<_>>()
    };
    for side in ["train.jsonl", "valid.jsonl"] {
        assert_eq!(customers("march", side), customers("april", side), "{side}");
    }
    home.verify("april");
}

#[test]
fn threads_and_settings_change_no_byte() {
    let rows: Vec<String> = (0..300).map(|number| row(number % 70, number / 70 % 9)).collect();
    let months: Vec<&[String]> = rows.chunks(100).collect();
    let mut first: Option<Vec<(PathBuf, Vec<u8>)>> = None;
    for threads in ["1", "2", "8"] {
        // The same names in another place: where it lies changes nothing either.
        let home = Home::new();
        fs::write(home.at("chatmill.toml"), "[twins]\nindex = \"known.index\"\nwhich = \"longest\"\n")
            .unwrap();
        for (number, month) in months.iter().enumerate() {
            home.write(&format!("{number}.jsonl"), month);
            let ran = crate::support::program()
                .current_dir(home.0.path())
                .args([
                    "dedup",
                    &format!("{number}.jsonl"),
                    "-o",
                    &format!("out{number}"),
                    "--threads",
                    threads,
                ])
                .output()
                .unwrap();
            assert!(ran.status.success(), "{}", Ran::from(ran).all());
        }
        let found = contents(home.0.path());
        let first = first.get_or_insert_with(|| found.clone());
        for (a, b) in first.iter().zip(&found) {
            assert!(a == b, "{} differs with {threads} threads", a.0.display());
        }
        assert_eq!(first.len(), found.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Month by month with an index keeps what one run over all months keeps.
    #[test]
    fn months_are_one_dataset(
        made in prop::collection::vec((0_u32..12, 0_u32..12), 1..60),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
        near in prop::sample::select(vec!["0.5", "0.8", "1", "off"]),
    ) {
        let home = Home::new();
        let rows: Vec<String> = made.iter().map(|(topic, wording)| row(*topic, *wording)).collect();
        let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(rows.len() + 1)).collect();
        ends.extend([0, rows.len()]);
        ends.sort_unstable();
        let mut kept = Vec::new();
        for (number, pair) in ends.windows(2).enumerate().filter(|(_, pair)| pair[0] < pair[1]) {
            let (input, out) = (format!("{number}.jsonl"), format!("out{number}"));
            home.write(&input, &rows[pair[0]..pair[1]]);
            let report = home.dedup(&input, &out, &["--near", near]);
            kept.extend(lines(&home.at(&out).join("kept.jsonl")));
            prop_assert_eq!(&report["index"]["rows_after"], kept.len());
        }
        let all = home.write("all.jsonl", &rows);
        let ran = run(["dedup", all.to_str().unwrap(), "-o", home.at("all").to_str().unwrap(), "--near", near]);
        prop_assert_eq!(ran.code, 0, "{}", ran.all());
        prop_assert_eq!(kept, lines(&home.at("all/kept.jsonl")));
    }
}
