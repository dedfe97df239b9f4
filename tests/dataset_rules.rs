//! Rules about files together, through the front door.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{program, run};

/// Rows that differ in a number.
fn rows(count: usize) -> String {
    (0..count).fold(String::new(), |mut rows, number| {
        let row = json!({"messages": [
            {"role": "user", "content": format!("Where is order {number}?")},
            {"role": "assistant", "content": format!("Parcel {number} left our house today.")},
        ]});
        let _ = writeln!(rows, "{row}");
        rows
    })
}

/// `CODE severity file message` of what a check of `files` says, of the codes that begin with `select`.
fn said(folder: &Path, files: &[&str], target: &str, select: &str, more: &[&str]) -> Vec<String> {
    let mut arguments = vec!["check", "--json", "--target", target, "--select", select];
    let paths: Vec<String> = files.iter().map(|file| folder.join(file).display().to_string()).collect();
    arguments.extend(paths.iter().map(String::as_str));
    arguments.extend(more);
    let ran = run(&arguments);
    let page: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.all()));
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let one = |finding: &Value| {
        let path = text(finding, "path");
        let file = Path::new(&path).file_name().unwrap().to_str().unwrap();
        format!("{} {} {file} {}", text(finding, "code"), text(finding, "severity"), text(finding, "message"))
    };
    page["findings"].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn what_is_held_back_is_no_training_file() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("train.jsonl"), rows(40)).unwrap();
    fs::write(home.path().join("valid.jsonl"), rows(5)).unwrap();
    fs::write(home.path().join("test.jsonl"), rows(3)).unwrap();
    let all = ["train.jsonl", "valid.jsonl", "test.jsonl"];
    assert_eq!(
        said(home.path(), &all, "openai-chat", "SET001,SET002,JOB001,JOB002", &[]),
        ["SET002 warning train.jsonl 40 examples, and 50 are recommended to begin with"]
    );
    assert_eq!(
        said(home.path(), &all, "bedrock-claude", "SET001,JOB", &[]),
        ["JOB001 error valid.jsonl 5 rows, and a validation file needs at least 32"]
    );
    // Of a training file alone nobody knows what it is validated by.
    assert_eq!(said(home.path(), &["train.jsonl"], "bedrock-claude", "JOB", &[]), [""; 0]);
    let share = said(home.path(), &all, "mistral", "JOB", &[]);
    assert_eq!(share.len(), 1, "{share:?}");
    assert!(share[0].starts_with("JOB001 warning valid.jsonl "), "{share:?}");
}

#[test]
fn prepare_says_what_a_job_would_be_refused_for() {
    let home = tempfile::tempdir().unwrap();
    let input = home.path().join("rows.jsonl");
    fs::write(&input, rows(64)).unwrap();
    let prepare = |valid: &str| {
        let out = home.path().join(format!("out{valid}"));
        let arguments = ["prepare", input.to_str().unwrap(), "-o", out.to_str().unwrap(), "--near", "off"];
        let ran = run(arguments.iter().copied().chain(["--to", "bedrock-claude", "--valid", valid]));
        let report: Value = serde_json::from_slice(&fs::read(out.join("report.json")).unwrap()).unwrap();
        let findings = report["findings"].as_array().unwrap().clone();
        let job = findings.into_iter().find(|finding| finding["code"] == "JOB001");
        (ran.code, job.map(|finding| finding["first"][0]["message"].as_str().unwrap_or_default().to_owned()))
    };
    assert_eq!(prepare("32"), (0, None));
    let (code, message) = prepare("8");
    assert_eq!(code, 1);
    assert_eq!(message.unwrap(), "8 rows, and a validation file needs at least 32");
}

#[test]
fn a_model_that_goes_is_named_with_its_day() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("rows.jsonl");
    fs::write(&file, rows(50)).unwrap();
    let on = |day: &str, target: &str, model: &str| {
        let arguments =
            ["check", "--select", "JOB003", "--format", "concise", "--target", target, "--model", model];
        let output = program().args(arguments).arg(&file).env("CHATMILL_TODAY", day).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().find_map(|line| Some(line.split_once("JOB003")?.1.trim().to_owned()))
    };
    assert_eq!(on("2026-06-01", "openai-chat", "gpt-4.1-mini"), None);
    let near = on("2026-11-21", "openai-chat", "gpt-4.1-mini").unwrap();
    assert!(
        near.contains("after 2027-01-06, and `gpt-4.1-mini-2025-04-14` goes out of service on 2027-01-14"),
        "{near}"
    );
    let gone = on("2027-01-14", "openai-chat", "gpt-4.1-mini").unwrap();
    assert!(gone.contains("is out of service since 2027-01-14"), "{gone}");
    // Azure is not bound by it, and trainers of one's own know no such day.
    assert_eq!(on("2027-02-01", "azure", "gpt-4.1-mini"), None);
    assert_eq!(on("2027-02-01", "trl-chat", "gpt-4.1-mini"), None);
}

#[test]
fn rows_are_held_to_what_the_grader_reads() {
    let home = tempfile::tempdir().unwrap();
    let row = |number: usize, rest: &str| {
        format!(r#"{{"messages":[{{"role":"user","content":"Order {number}?"}}]{rest}}}"#)
    };
    let rows = [
        row(1, r#","reference":"Today","note":"x""#),
        row(2, r#","reference":"Today""#),
        "not json".to_owned(),
        row(3, r#","reference":" ""#),
        row(4, r#","reference":"Today""#),
    ];
    fs::write(home.path().join("train.jsonl"), rows.join("\n") + "\n").unwrap();
    fs::write(home.path().join("valid.jsonl"), row(5, r#","reference":"Today""#) + "\n").unwrap();
    let grader = home.path().join("grader.json");
    fs::write(
        &grader,
        r#"{"type":"string_check","input":"{{sample.output_text}}","reference":"{{item.reference}}"}"#,
    )
    .unwrap();
    let train = ["train.jsonl"];
    assert_eq!(
        said(home.path(), &train, "azure-rft", "SET012,KEY004,JOB", &[]),
        [
            "READ001 error train.jsonl expected `true`, `false` or `null`",
            "SET012 warning train.jsonl `reference` is missing or empty in 1 of 4 rows; the first is row 4",
            "JOB002 warning train.jsonl none of the files is named as one that is held back, and a job needs one",
        ]
    );
    let grader = grader.to_str().unwrap();
    let both = ["train.jsonl", "valid.jsonl"];
    assert_eq!(
        said(home.path(), &both, "azure-rft", "SET012,KEY004,JOB", &["--grader", grader]),
        [
            "READ001 error train.jsonl expected `true`, `false` or `null`",
            "KEY004 warning train.jsonl the grader reads `reference`, which is an empty string"
        ]
    );
    fs::write(grader, "{}").unwrap();
    let ran = run(["check", home.path().join("train.jsonl").to_str().unwrap(), "--grader", grader]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("reads no field of a row") && ran.stderr.contains("{{item.reference}}"),
        "{}",
        ran.stderr
    );
}

#[test]
fn columns_are_compared_over_batches() {
    let home = tempfile::tempdir().unwrap();
    let mut text = rows(20_000);
    text.push_str("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}]},{\"role\":\"assistant\",\"content\":\"Hello\"}],\"id\":7}\n");
    text.push_str("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Hello\"}],\"id\":\"A-7\"}\n");
    fs::write(home.path().join("rows.jsonl"), text).unwrap();
    let wanted = [
        "SET013 warning rows.jsonl `id` is a number in row 20,001 and a string in row 20,002",
        "SET013 warning rows.jsonl `message.content` is a string in row 1 and an array in row 20,001",
    ];
    for threads in ["1", "2", "5"] {
        assert_eq!(said(home.path(), &["rows.jsonl"], "axolotl", "SET013", &["--threads", threads]), wanted);
    }
    assert_eq!(said(home.path(), &["rows.jsonl"], "openai-chat", "SET013", &[]), [""; 0]);
}
