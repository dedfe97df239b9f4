//! Rows that are the beginning of others: what is learned from the whole says how its beginning goes on.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sides::{chatmill, lines, verify, write};
use crate::support::run;

const SIDES: [&str; 3] = ["train", "valid", "test"];

/// A chat of questions and answers.
fn chat(turns: &[(u8, u8)]) -> String {
    let said = |(asked, answered): &(u8, u8)| {
        [
            json!({"role": "user", "content": format!("Question {asked}?")}),
            json!({"role": "assistant", "content": format!("Answer {answered}.")}),
        ]
    };
    json!({"messages": turns.iter().flat_map(said).collect::<Vec<_>>()}).to_string()
}

/// What is said in a row, prompt and completion one after the other.
fn said(row: &str) -> Vec<(String, String)> {
    let row: Value = serde_json::from_str(row).unwrap();
    let lists =
        ["messages", "prompt", "completion"].map(|key| row[key].as_array().cloned().unwrap_or_default());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    lists.concat().iter().map(|message| (text(&message["role"]), text(&message["content"]))).collect()
}

/// Every row of the folders, with its side.
fn rows(folders: &[&Path]) -> Vec<(Vec<(String, String)>, &'static str)> {
    let of = |folder: &&Path, side: &'static str| {
        lines(folder, &format!("{side}.jsonl")).iter().map(|row| (said(row), side)).collect::<Vec<_>>()
    };
    folders.iter().flat_map(|folder| SIDES.into_iter().flat_map(move |side| of(folder, side))).collect()
}

/// Rows that are the beginning of one on another side.
fn straying(folders: &[&Path]) -> usize {
    let rows = rows(folders);
    let strays = |(row, side): &(Vec<(String, String)>, &str)| {
        rows.iter().any(|(other, at)| at != side && other.starts_with(row))
    };
    rows.iter().filter(|row| strays(row)).count()
}

fn split(input: &Path, out: &Path, flags: &[&str]) {
    let ran = chatmill("split", &[input], out, &[&["--near", "off", "--valid", "0.3"], flags].concat());
    assert!(ran.code < 2, "{}", ran.all());
    let proof = verify(out);
    assert_eq!(proof.code, 0, "{}", proof.all());
}

#[test]
fn a_conversation_stands_on_the_side_of_the_one_that_goes_on_from_it() {
    let home = tempfile::tempdir().unwrap();
    let chats = (0..60).flat_map(|number| {
        [
            chat(&[(number, 1), (100, number)]),
            chat(&[(number, 1)]),
            chat(&[(number, 1), (100, number), (101, 2)]),
        ]
    });
    let input = write(home.path(), "chats.jsonl", chats);
    let out = home.path().join("out");
    split(&input, &out, &[]);
    assert_eq!(straying(&[&out]), 0);
    assert!((30..80).contains(&lines(&out, "valid.jsonl").len()));
}

#[test]
fn rows_that_only_begin_alike_may_stand_on_both_sides() {
    let home = tempfile::tempdir().unwrap();
    let input = write(home.path(), "chats.jsonl", (0..100).map(|number| chat(&[(0, 0), (number + 1, 1)])));
    let out = home.path().join("out");
    split(&input, &out, &[]);
    assert!((20..40).contains(&lines(&out, "valid.jsonl").len()));
    // One chat that ends where they begin puts them all beside it.
    let input = write(
        home.path(),
        "one.jsonl",
        lines(home.path(), "chats.jsonl").into_iter().chain([chat(&[(0, 0)])]),
    );
    let out = home.path().join("one");
    split(&input, &out, &[]);
    assert_eq!((lines(&out, "train.jsonl").len(), lines(&out, "valid.jsonl").len()), (101, 0));
}

#[test]
fn every_answer_as_a_row_leaves_no_conversation_on_two_sides() {
    let home = tempfile::tempdir().unwrap();
    let chats = (0..80).map(|number| chat(&[(number, 1), (100, number), (101, 2)]));
    let input = write(home.path(), "chats.jsonl", chats);
    let answers = home.path().join("answers.jsonl");
    let (from, to) = (input.to_str().unwrap(), answers.to_str().unwrap());
    let ran = run(["convert", from, "--to", "trl-prompt-completion", "-o", to]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    assert_eq!(lines(home.path(), "answers.jsonl").len(), 240);
    let out = home.path().join("out");
    split(&answers, &out, &[]);
    assert_eq!(straying(&[&out]), 0);
    assert!((50..100).contains(&lines(&out, "valid.jsonl").len()));
}

#[test]
fn an_export_that_comes_once_more_and_longer_joins_its_beginning() {
    let home = tempfile::tempdir().unwrap();
    let old = write(home.path(), "may.jsonl", (0..60).map(|number| chat(&[(number, 1), (100, number)])));
    let first = home.path().join("first");
    split(&old, &first, &[]);
    // Of June only what is new is given: chats that went on, and the first questions of others by themselves.
    let longer = (0..30).map(|number| chat(&[(number, 1), (100, number), (101, 2)]));
    let shorter = (30..60).map(|number| chat(&[(number, 1)]));
    let new = write(home.path(), "june.jsonl", longer.chain(shorter));
    let second = home.path().join("second");
    split(&new, &second, &["--previous", first.to_str().unwrap()]);
    assert_eq!((straying(&[&first, &second]), rows(&[&second]).len()), (0, 60));
    assert!(!lines(&second, "valid.jsonl").is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// No row is the beginning of one on another side, in one run or over two.
    #[test]
    fn no_beginning_strays(
        chats in proptest::collection::vec(proptest::collection::vec((0u8..5, 0u8..3), 1..4), 4..60),
        later in 0usize..60,
        seed in 0u64..9,
    ) {
        let home = tempfile::tempdir().unwrap();
        let (old, new) = chats.split_at(later.min(chats.len() - 2).max(2));
        let seed = seed.to_string();
        let [old, new] = [("old", old), ("new", new)].map(|(name, chats)| {
            (write(home.path(), &format!("{name}.jsonl"), chats.iter().map(|turns| chat(turns))), home.path().join(name))
        });
        split(&old.0, &old.1, &["--seed", &seed]);
        prop_assert_eq!(straying(&[&old.1]), 0);
        split(&new.0, &new.1, &["--seed", &seed, "--previous", old.1.to_str().unwrap()]);
        prop_assert_eq!(straying(&[&old.1, &new.1]), 0);
        let all = home.path().join("all.jsonl");
        fs::write(&all, fs::read_to_string(&new.0).unwrap() + &fs::read_to_string(&old.0).unwrap()).unwrap();
        let both = home.path().join("both");
        split(&all, &both, &["--seed", &seed, "--previous", old.1.to_str().unwrap()]);
        prop_assert_eq!(straying(&[&both]), 0);
        prop_assert_eq!(straying(&[&old.1, &both]), 0);
    }
}
