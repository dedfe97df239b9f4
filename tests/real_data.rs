//! The front door on real data, where it is there: `CHATMILL_DATA` names the folder, else `../shared/data` is tried.
//!
//! The data is others' and not in this repository; where it is absent these tests say so and are skipped.

use std::path::PathBuf;

use crate::support::{assert_sums, prepare, report, run};

/// The folder of real data, or `None` with a word about it.
fn data(folder: &str) -> Option<PathBuf> {
    let home = std::env::var_os("CHATMILL_DATA")
        .map_or_else(|| crate::support::root().join("../shared/data"), PathBuf::from);
    let path = home.join(folder);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}

/// Prepares and gives the report, having held the sums.
fn prepared(paths: &[&PathBuf], flags: &[&str]) -> serde_json::Value {
    let mut arguments: Vec<&str> = paths.iter().map(|path| path.to_str().unwrap()).collect();
    arguments.extend(["--no-tokens", "--quiet"]);
    arguments.extend(flags);
    let (_home, out, ran) = prepare(&arguments);
    assert!(ran.code < 2, "{}", ran.all());
    let report = report(&out);
    assert_sums(&report);
    report
}

fn count_of(report: &serde_json::Value, list: &str, name: &str) -> u64 {
    let tallies = report[list].as_array().unwrap();
    tallies.iter().filter(|tally| tally["name"] == name).map(|tally| tally["count"].as_u64().unwrap()).sum()
}

#[test]
fn every_folder_is_accounted_for() {
    for folder in [
        "abcd",
        "banking77",
        "codealpaca",
        "cucom_hinglish",
        "ethereum_pm_zoom",
        "gpteacher",
        "hh_rlhf",
        "irc_disentanglement",
        "kaggle_support_tickets",
        "llama_factory",
        "order_food_legacy",
        "slack_export_viewer",
        "star",
        "talon_emails",
        "taskmaster",
        "tau_bench",
    ] {
        let Some(path) = data(folder) else { return };
        let (_home, out, ran) = prepare(&[path.to_str().unwrap(), "--no-tokens", "--quiet"]);
        assert!(ran.code < 2, "{folder}: {}", ran.all());
        assert_sums(&report(&out));
    }
}

#[test]
fn the_old_completion_format() {
    let Some(path) = data("order_food_legacy/data.jsonl") else { return };
    let report = prepared(&[&path], &[]);
    assert_eq!(report["ledger"]["records"], 1_289);
    assert_eq!(report["ledger"]["duplicates_exact"], 66);
    assert_eq!(count_of(&report, "findings", "affix-stripped"), 1_289);
}

#[test]
fn twins_across_two_files() {
    let (Some(a), Some(b)) =
        (data("codealpaca/data/new_codealpaca.json"), data("gpteacher/Codegen/codegen-instruct.json"))
    else {
        return;
    };
    assert_eq!(prepared(&[&a, &b], &[])["ledger"]["duplicates_exact"], 4_535);
}

#[test]
fn twins_with_and_without_tools() {
    let Some(path) = data("llama_factory/data/glaive_toolcall_en_demo.json") else { return };
    assert_eq!(prepared(&[&path], &[])["ledger"]["duplicates_exact"], 38);
    let with_tools = prepared(&[&path], &["--twins-on", "conversation,tools"]);
    assert_eq!(with_tools["ledger"]["duplicates_exact"], 35);
}

#[test]
fn tool_calls_are_kept_and_rows_that_end_with_a_result_are_found() {
    let Some(path) = data("tau_bench/historical_trajectories/gpt-4o-airline.json") else { return };
    let report = prepared(&[&path], &[]);
    assert_eq!(report["ledger"]["records"], 200);
    assert_eq!(count_of(&report, "findings", "last-turn-not-assistant"), 51);
    let ran = run(["convert", "--quiet", path.to_str().unwrap()]);
    assert_eq!(ran.stdout.lines().count(), 149);
    let calls: usize = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|row| {
            row["messages"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|message| message.get("tool_calls").is_some())
                .count()
        })
        .sum();
    assert!(calls > 500, "{calls} calls");
}

#[test]
fn questions_without_answers_are_refused_with_that_reason() {
    let Some(path) = data("banking77") else { return };
    let report = prepared(&[&path], &[]);
    assert_eq!(report["ledger"]["train"], 0);
    assert_eq!(count_of(&report, "rejections", "no-answer"), 13_083);
}

#[test]
fn tickets_with_an_answer() {
    let Some(path) = data("kaggle_support_tickets") else { return };
    let report = prepared(&[&path], &[]);
    assert_eq!(report["ledger"]["records"], 8_469);
    assert_eq!(count_of(&report, "rejections", "no-answer"), 5_700);
}

#[test]
fn dialogues_are_prepared() {
    for (folder, least) in
        [("abcd", 3), ("star", 400), ("taskmaster", 900), ("cucom_hinglish", 5_000), ("hh_rlhf", 2_000)]
    {
        let Some(path) = data(folder) else { return };
        let ledger = &prepared(&[&path], &[])["ledger"];
        let kept = ledger["train"].as_u64().unwrap() + ledger["valid"].as_u64().unwrap();
        assert!(kept >= least, "{folder}: {ledger}");
    }
}
