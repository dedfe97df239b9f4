//! One question stands on one side, whatever the instructions before it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::sides::{chatmill, row, split, verify, write};
use crate::support::run;

/// Texts of users and assistants of each row on a side.
fn said(out: &Path, side: &str) -> Vec<Vec<String>> {
    let rows = fs::read_to_string(out.join(side)).unwrap();
    let texts = |row: &str| {
        let row: Value = serde_json::from_str(row).unwrap();
        let messages = row["messages"].as_array().unwrap().iter().filter(|one| one["role"] != "system");
        messages.map(|one| one["content"].as_str().unwrap().to_owned()).collect()
    };
    rows.lines().map(texts).collect()
}

#[test]
fn a_day_in_the_instructions_makes_no_other_question() {
    let home = tempfile::tempdir().unwrap();
    let rows = |ask: fn(u32) -> String, answer: fn(u32, u32) -> String| {
        (0..120).map(move |row| {
            let (topic, day) = (row % 20, row / 4);
            json!({"messages": [
                {"role": "system", "content": format!("You are Ana. Today is day {day}.")},
                {"role": "user", "content": ask(topic)},
                {"role": "assistant", "content": answer(topic, row)},
            ]})
            .to_string()
        })
    };
    // Short questions with their answers, and long ones with other answers each time.
    let short =
        rows(|topic| format!("topic{topic} hours?"), |topic, _| format!("topic{topic} opens at nine."));
    let long = rows(
        |topic| format!("When does the branch at topic{topic} street open on Sundays?"),
        |_, row| format!("answer{row} word{} of{} that{} day{}", row * 7, row * 11, row * 13, row * 17),
    );
    for (name, rows) in [("short", short.collect::<Vec<_>>()), ("long", long.collect())] {
        let input = write(home.path(), &format!("{name}.jsonl"), rows);
        let out = home.path().join(name);
        split(&input, &out, &["--valid", "0.3"]);
        let [train, valid] = ["train.jsonl", "valid.jsonl"].map(|side| said(&out, side));
        let known: BTreeSet<&String> = train.iter().map(|row| &row[0]).collect();
        assert!(!valid.is_empty() && valid.iter().all(|row| !known.contains(&row[0])), "{name}");
        let files = ["train.jsonl", "valid.jsonl"].map(|side| out.join(side).display().to_string());
        let ran = run(["check", &files[0], &files[1], "--select", "LEAK"]);
        assert_eq!(ran.code, 0, "{}", ran.all());
    }
}

#[test]
fn a_task_that_all_rows_have_parts_them_by_its_instructions() {
    let home = tempfile::tempdir().unwrap();
    let rows = (0..100).map(|number| {
        // Each matter stands in two rows, which have another answer each.
        let matter = row(number / 2, None);
        let matter: Value = serde_json::from_str(&matter).unwrap();
        json!({"messages": [
            {"role": "system", "content": matter["messages"][0]["content"]},
            {"role": "user", "content": "Which department is the mail above meant for?"},
            {"role": "assistant", "content": format!("{}", row(number + 500, None))},
        ]})
        .to_string()
    });
    let input = write(home.path(), "rows.jsonl", rows);
    let out = home.path().join("out");
    // Half as many instructions as rows are none of their own.
    split(&input, &out, &["--valid", "0.2", "--near", "off"]);
    assert_eq!(said(&out, "valid.jsonl").len(), 0);
    let rows: Vec<String> = fs::read_to_string(&input).unwrap().lines().map(str::to_owned).collect();
    let more = (50..150).map(|number| {
        let mut one: Value = serde_json::from_str(&rows[0]).unwrap();
        one["messages"][0]["content"] = format!("mail {number}: {}", row(number, None)).into();
        one.to_string()
    });
    let input = write(home.path(), "more.jsonl", rows.iter().cloned().chain(more));
    split(&input, &out, &["--valid", "0.2", "--near", "off", "--force"]);
    let valid = said(&out, "valid.jsonl").len();
    assert!((30..=50).contains(&valid), "{valid} of 200");
    let system = |side: &str| -> BTreeSet<String> {
        let rows = fs::read_to_string(out.join(side)).unwrap();
        rows.lines()
            .map(|row| serde_json::from_str::<Value>(row).unwrap()["messages"][0]["content"].to_string())
            .collect()
    };
    assert!(system("train.jsonl").is_disjoint(&system("valid.jsonl")));
}

#[test]
fn what_is_like_the_beginning_of_a_conversation_stands_on_its_side() {
    let home = tempfile::tempdir().unwrap();
    let text = |number: u32| {
        let row: Value = serde_json::from_str(&row(number, None)).unwrap();
        format!("{} {}", row["messages"][0]["content"], row["messages"][1]["content"])
    };
    // Two conversations begin alike but for one word, and go on in words of their own.
    let rows = (0..80).map(|number| {
        let topic = number / 2;
        json!({"messages": [
            {"role": "user", "content": format!("{} word{number}?", text(topic))},
            {"role": "assistant", "content": text(topic + 100)},
            {"role": "user", "content": format!("{} {}", text(number * 2 + 1_000), text(number * 2 + 1_001))},
            {"role": "assistant", "content": format!("{} {}", text(number + 5_000), text(number + 6_000))},
        ]})
        .to_string()
    });
    let input = write(home.path(), "rows.jsonl", rows);
    let out = home.path().join("out");
    let flags = ["--to", "trl-prompt-completion", "--valid", "0.3", "--no-tokens"];
    let ran = chatmill("prepare", &[&input], &out, &flags);
    assert!(ran.code < 2, "{}", ran.all());
    assert!(!fs::read_to_string(out.join("valid.jsonl")).unwrap().is_empty());
    let proof = verify(&out);
    assert_eq!(proof.code, 0, "{}", proof.all());
}
