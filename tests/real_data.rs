//! The front door on real data, where it is there: `CHATMILL_DATA` names the folder, else `../shared/data` is looked for
//! when the tests are built.
//!
//! The data is others' and not in this repository; where it is absent these tests are reported as ignored, never as
//! passed.

use std::path::PathBuf;

use crate::support::{assert_sums, prepare, report, root, run};

/// A place in the folder of real data.
fn data(place: &str) -> PathBuf {
    let path = root().join(option_env!("CHATMILL_DATA").unwrap_or("../shared/data")).join(place);
    assert!(path.exists(), "{} is not there", path.display());
    path
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
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
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
        let path = data(folder);
        let (_home, out, ran) = prepare(&[path.to_str().unwrap(), "--no-tokens", "--quiet"]);
        assert!(ran.code < 2, "{folder}: {}", ran.all());
        assert_sums(&report(&out));
    }
}

#[test]
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn the_old_completion_format() {
    let path = data("order_food_legacy/data.jsonl");
    let report = prepared(&[&path], &[]);
    assert_eq!(report["ledger"]["records"], 1_289);
    assert_eq!(report["ledger"]["duplicates_exact"], 66);
    assert_eq!(count_of(&report, "findings", "affix-stripped"), 1_289);
}

#[test]
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn twins_across_two_files() {
    let (a, b) =
        (data("codealpaca/data/new_codealpaca.json"), data("gpteacher/Codegen/codegen-instruct.json"));
    assert_eq!(prepared(&[&a, &b], &[])["ledger"]["duplicates_exact"], 4_535);
}

#[test]
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn twins_with_and_without_tools() {
    let path = data("llama_factory/data/glaive_toolcall_en_demo.json");
    assert_eq!(prepared(&[&path], &[])["ledger"]["duplicates_exact"], 38);
    let with_tools = prepared(&[&path], &["--twins-on", "conversation,tools"]);
    assert_eq!(with_tools["ledger"]["duplicates_exact"], 35);
}

#[test]
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn tool_calls_are_kept_and_rows_that_end_with_a_result_are_found() {
    let path = data("tau_bench/historical_trajectories/gpt-4o-airline.json");
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
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn questions_without_answers_are_refused_with_that_reason() {
    let path = data("banking77");
    let report = prepared(&[&path], &[]);
    assert_eq!(report["ledger"]["train"], 0);
    assert_eq!(count_of(&report, "rejections", "no-answer"), 13_083);
}

#[test]
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn tickets_with_an_answer() {
    let path = data("kaggle_support_tickets");
    let report = prepared(&[&path], &[]);
    assert_eq!(report["ledger"]["records"], 8_469);
    assert_eq!(count_of(&report, "rejections", "no-answer"), 5_700);
}

#[test]
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn dialogues_are_prepared() {
    for (folder, least) in
        [("abcd", 3), ("star", 400), ("taskmaster", 900), ("cucom_hinglish", 5_000), ("hh_rlhf", 2_000)]
    {
        let path = data(folder);
        let ledger = &prepared(&[&path], &[])["ledger"];
        let kept = ledger["train"].as_u64().unwrap() + ledger["valid"].as_u64().unwrap();
        assert!(kept >= least, "{folder}: {ledger}");
    }
}

#[test]
#[cfg_attr(not(real_data), ignore = "real data is not there: set CHATMILL_DATA to its folder")]
fn a_slack_archive_is_read_by_channels() {
    let path = data("slack_export_viewer/tests/testarchive.zip");
    let report = prepared(&[&path], &["--assistant", "doubledeez", "--user", "hamza"]);
    // 158 messages, of which one is a file in the old form with a comment: two turns.
    assert_eq!(report["turns"]["read"], 159);
    assert_eq!(report["ledger"]["records"], 64);
}
