//! `dedup` and near twins: what goes, what stays, and what is said of it.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::sides::{chatmill, lines, row, verify, write};
use crate::support::{report, run};

#[test]
fn without_a_folder_dedup_is_a_filter() {
    let home = tempfile::tempdir().unwrap();
    let rows = [row(1, None), row(2, None), row(1, None), "{\"messages\": 7}".to_owned(), row(3, None)];
    let input = write(home.path(), "chats.jsonl", rows);
    let (twins, rejected) = (home.path().join("twins.jsonl"), home.path().join("rejected.jsonl"));
    let [input, twins, rejected] = [&input, &twins, &rejected].map(|path| path.to_str().unwrap());
    let ran = run(["dedup", input, "--duplicates", twins, "--rejected", rejected]);
    assert_eq!(ran.code, 1, "{}", ran.all());
    assert_eq!(ran.stdout, [row(1, None), row(2, None), row(3, None)].map(|row| row + "\n").concat());
    assert!(ran.stderr.contains("1 twins") && ran.stderr.contains("1 rejected"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("duplicates.jsonl"), "{}", ran.stderr);
    let names = ["chats.jsonl", "rejected.jsonl", "twins.jsonl"].map(PathBuf::from);
    assert_eq!(crate::support::files_below(home.path()), names);
    let twin: Value = serde_json::from_str(&lines(home.path(), "twins.jsonl")[0]).unwrap();
    assert_eq!((&twin["twin_of"]["line"], &twin["origin"]["line"]), (&json!(1), &json!(3)));
    assert_eq!(lines(home.path(), "rejected.jsonl").len(), 1);
    for refused in [
        vec!["dedup", input, "--duplicates", input],
        vec!["dedup", input, "--duplicates", twins, "--rejected", twins],
        vec!["dedup", input, "--index", twins],
        vec!["dedup", input, "--force"],
    ] {
        let ran = run(&refused);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{refused:?} {}", ran.all());
    }
    let ran = run(["dedup", rejected, "--duplicates", twins]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{}", ran.all());
}

#[test]
fn how_near_twins_are_found_can_be_said() {
    let home = tempfile::tempdir().unwrap();
    let at =
        |number: u32, day: &str| row(number, None).replace("It went to", &format!("On {day} it went to"));
    let rows = (0..200).flat_map(|number| [at(number, "2026-03-01"), at(number, "2026-04-17")]);
    let input = write(home.path(), "chats.jsonl", rows);
    let near = |name: &str, flags: &[&str]| {
        let out = home.path().join(name);
        let ran = chatmill("dedup", &[&input], &out, flags);
        assert_eq!(ran.code, 0, "{}", ran.all());
        report(&out)
    };
    let count = |report: &Value| report["ledger"]["duplicates_near"].as_u64().unwrap();
    assert_eq!(count(&near("as-they-stand", &["--near", "0.95"])), 0);
    let masked = near("masked", &["--near", "0.95", "--mask", "dates"]);
    assert_eq!(count(&masked), 200);
    assert_eq!(masked["near"]["masked"], json!({"dates": 400, "identifiers": 0, "numbers": 0}));
    assert_eq!(count(&near("characters", &["--near", "0.7", "--shingle", "chars:4"])), 200);
    let approximate = near("minhash", &["--near", "0.5", "--near-method", "minhash"]);
    let recall = approximate["near"]["recall"].as_f64().unwrap();
    assert!((0.9..=1.0).contains(&recall) && count(&approximate) >= 180, "{recall}");
    // The same from a file of settings.
    let settings = home.path().join("near.toml");
    fs::write(&settings, "[twins]\nnear = 0.95\nmask = \"dates\"\n").unwrap();
    let path = settings.to_str().unwrap();
    assert_eq!(count(&near("settings", &["--config", path])), 200);
    fs::write(&settings, "[twins]\nnear = \"off\"\n").unwrap();
    assert_eq!(near("off", &["--config", path])["near"], Value::Null);
}

#[test]
fn a_label_that_is_not_written_makes_no_other_row() {
    let home = tempfile::tempdir().unwrap();
    let said = r#""messages":[{"role":"user","content":"Where is my order 12?"},{"role":"assistant","content":"On its way."}]"#;
    let plain = write(home.path(), "plain.jsonl", [format!("{{{said}}}")]);
    let labelled = write(home.path(), "kto.jsonl", [format!("{{{said},\"label\":true}}")]);
    let out = home.path().join("out");
    let ran = chatmill("prepare", &[&plain, &labelled], &out, &["--no-tokens"]);
    assert!(ran.code < 2, "{}", ran.all());
    assert_eq!(fs::read_to_string(out.join("train.jsonl")).unwrap().lines().count(), 1, "{}", ran.all());
    let proof = verify(&out);
    assert_eq!(proof.code, 0, "{}", proof.all());
}

#[test]
fn which_of_several_twins_is_kept_is_a_stated_rule() {
    let home = tempfile::tempdir().unwrap();
    let with = |score: f64, day: u32| {
        let mut row: Value = serde_json::from_str(&row(1, None)).unwrap();
        row["score"] = json!(score);
        row["created_at"] = json!(format!("2026-03-{day:02}"));
        row.to_string()
    };
    let rows = [with(0.5, 9), with(0.9, 3), with(0.7, 20)];
    let input = write(home.path(), "chats.jsonl", rows.clone());
    for (rule, kept) in [("first", 0), ("newest", 2), ("best:score", 1)] {
        let out = home.path().join(rule.replace(':', "-"));
        let ran = chatmill("dedup", &[&input], &out, &["--keep", rule]);
        assert_eq!(ran.code, 0, "{}", ran.all());
        assert_eq!(lines(&out, "kept.jsonl"), [rows[kept].clone()], "{rule}");
        assert_eq!(report(&out)["ledger"]["duplicates_exact"], 2);
    }
    let ran = chatmill("dedup", &[&input], &home.path().join("x"), &["--keep", "best"]);
    assert!(ran.code == 2 && ran.stderr.contains("best:FIELD"), "{}", ran.all());
}

#[test]
fn what_an_approximate_search_missed_is_an_error() {
    let home = tempfile::tempdir().unwrap();
    // Pairs just above the threshold are those that are missed most often.
    let pair = |number: u32| {
        let words: Vec<String> = (0..40).map(|word| format!("w{}x{word}", number / 2)).collect();
        let said = words.join(" ");
        let changed = if number % 2 == 1 { said.replace("x7 ", "y7 ").replace("x30 ", "y30 ") } else { said };
        let row = json!({"messages": [{"role": "user", "content": changed}, {"role": "assistant", "content": "It is there, as you see below it."}]});
        row.to_string()
    };
    let input = write(home.path(), "rows.jsonl", (0..6_000).map(pair));
    let out = home.path().join("out");
    let ran = chatmill("split", &[&input], &out, &["--near", "0.8", "--near-method", "minhash"]);
    let told = report(&out);
    let finding = told["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "SPLIT007");
    let pair = &told["split"]["closest"]["pair"];
    assert!(pair["similarity"].as_f64().unwrap() >= 0.8, "no pair was missed: {told}");
    assert_eq!((finding.unwrap()["severity"].as_str(), ran.code), (Some("error"), 1), "{}", ran.all());
    assert_eq!(verify(&out).code, 1);
}
