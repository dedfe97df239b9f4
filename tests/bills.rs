//! What bills say beside their figures, through the front door: nothing that is not published is shown as sure, nothing
//! that is known is left out.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{Ran, run};

const ROWS: &str = "fixtures/guide/birchline.jsonl";
const PAIR: &str = r#"{"input":{"messages":[{"role":"user","content":"Hi"}]},"preferred_output":[{"role":"assistant","content":"Hello, how can I help?"}],"non_preferred_output":[{"role":"assistant","content":"What?"}]}"#;

fn cost(path: &Path, arguments: &[&str]) -> Ran {
    run([&["cost", path.to_str().unwrap()], arguments].concat())
}

fn bill(path: impl AsRef<Path>, arguments: &[&str]) -> Value {
    let ran = cost(path.as_ref(), &[arguments, &["--json"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.all());
    serde_json::from_str(&ran.stdout).unwrap()
}

/// A file of the test's own, kept as long as its folder.
fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("file");
    std::fs::write(&path, text).unwrap();
    (home, path)
}

/// Whether one of the texts under a key holds `words`.
fn says(found: &Value, key: &str, words: &str) -> bool {
    found[key].as_array().unwrap().iter().any(|line| line.as_str().unwrap().contains(words))
}

#[test]
fn a_pair_that_is_not_packed_counts_once_or_twice() {
    let (_home, pairs) = file(&format!("{PAIR}\n").repeat(20));
    let asked = ["--model", "qwen3-8b", "--target", "together-preference", "--epochs", "1", "--no-packing"];
    let found = bill(&pairs, &[&asked[..], &["--max-length", "128"]].concat());
    assert_eq!(found["tokens"], json!({ "low": 20 * 128, "high": 2 * 20 * 128 }));
    assert!(says(&found, "assumptions", "how often it counts is not published"), "{found}");
    let ran = run([
        "plan",
        pairs.to_str().unwrap(),
        "--target",
        "together-preference",
        "--model",
        "qwen3-8b",
        "--json",
    ]);
    let plan: Value = serde_json::from_str(&ran.stdout).unwrap();
    let candidates = plan["candidates"].as_array().unwrap();
    let shortest = candidates.iter().find(|one| one["length"] == 128).unwrap();
    assert_eq!(shortest["billed_by_length"], found["tokens"]["high"]);
}

#[test]
fn what_begins_a_chat_of_gpt_oss_may_not_be_billed() {
    let found = bill(ROWS, &["--model", "gpt-oss-20b", "--target", "fireworks", "--epochs", "1"]);
    let (low, high) = (found["tokens"]["low"].as_u64().unwrap(), found["tokens"]["high"].as_u64().unwrap());
    assert!(high - low >= 12 * 61, "{found}");
    assert!(says(&found, "assumptions", "what begins a chat, up to 61 tokens a row"), "{found}");
    assert!(!says(&bill(ROWS, &["--model", "gpt-4o"]), "assumptions", "what begins a chat"));
    let rows = run(["count", ROWS, "--model", "gpt-oss-20b", "--per-row"]);
    assert!(
        rows.stdout.contains("\"exact\":false") && !rows.stdout.contains("\"exact\":true"),
        "{}",
        rows.all()
    );
}
