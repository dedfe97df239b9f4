//! `check` of several files, and against others: what stands in two of them.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{root, run};

fn row(question: &str, answer: &str) -> String {
    json!({"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]})
        .to_string()
}

fn write(folder: &Path, name: &str, rows: &[String]) -> String {
    let path = folder.join(name);
    fs::write(&path, rows.join("\n") + "\n").unwrap();
    path.display().to_string()
}

const LONG: &str =
    "Where is the parcel with the espresso cups that I ordered two weeks ago from your store in town?";

/// Code, severity, file, line and message.
type Told = (String, String, String, u64, String);

/// Every leak, and the exit code.
fn leaks(arguments: &[&str]) -> (Vec<Told>, i32) {
    let ran = run([&["check", "--select", "LEAK", "--format", "json", "--quiet"], arguments].concat());
    let told: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.all()));
    let of = |finding: &Value| {
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        let file = Path::new(&text("path")).file_name().unwrap().to_string_lossy().into_owned();
        (text("code"), text("severity"), file, finding["line"].as_u64().unwrap(), text("message"))
    };
    (told["findings"].as_array().unwrap().iter().map(of).collect(), ran.code)
}

fn short(found: &[Told]) -> Vec<(&str, &str, &str, u64)> {
    found
        .iter()
        .map(|(code, severity, file, line, _)| (code.as_str(), severity.as_str(), file.as_str(), *line))
        .collect()
}

#[test]
fn what_is_held_back_leaks_from_what_is_learned() {
    let home = tempfile::tempdir().unwrap();
    let answer = "It left our store on Monday and will be with you by the end of the week.";
    let other = row("Do you repair bikes of other brands?", "Yes, of all but two.");
    let valid = write(
        home.path(),
        "valid.jsonl",
        &[
            row(&LONG.to_uppercase(), answer),
            row(&LONG.replace("two weeks", "ten days"), answer),
            row(LONG, "No idea."),
            row("How are you?", "Well."),
        ],
    );
    let train = write(
        home.path(),
        "train.jsonl",
        &[other, row(LONG, answer), row("How are you?", "Fine, thank you.")],
    );
    let (found, code) = leaks(&[&valid, &train]);
    let wanted = [
        ("LEAK001", "error", "valid.jsonl", 1),
        ("LEAK002", "error", "valid.jsonl", 2),
        ("LEAK003", "warning", "valid.jsonl", 3),
        ("LEAK003", "warning", "valid.jsonl", 4),
    ];
    assert_eq!((short(&found), code), (wanted.to_vec(), 1));
    assert!(found.iter().all(|(.., message)| message.contains("train.jsonl:")), "{found:?}");
    // The order in which files are given, and the number of workers, decide nothing.
    assert_eq!(leaks(&[&train, &valid, "--threads", "1"]).0, found);
    assert_eq!(short(&leaks(&[&train, &valid, "--near", "off"]).0).len(), 3);
    assert_eq!(short(&leaks(&[&train, &valid, "--near", "0.99"]).0)[1].0, "LEAK003");
    // Held against, the rows to learn are the ones to go.
    let (found, code) = leaks(&[&train, "--against", &valid]);
    let wanted = [("LEAK001", "error", "train.jsonl", 2), ("LEAK003", "error", "train.jsonl", 3)];
    assert_eq!((short(&found), code), (wanted.to_vec(), 1));
}

#[test]
fn between_files_to_learn_from_a_twin_is_a_warning() {
    let home = tempfile::tempdir().unwrap();
    let rows = [row(LONG, "On Friday, as far as we know today."), row("How are you?", "Well.")];
    let may = write(home.path(), "may.jsonl", &rows);
    let june = write(home.path(), "june.jsonl", &[row("How are you?", "Fine."), rows[0].clone()]);
    let (found, code) = leaks(&[&may, &june]);
    assert_eq!((short(&found), code), (vec![("LEAK001", "warning", "may.jsonl", 1)], 0));
    // What is held back twice is judged by twice.
    let valid = write(home.path(), "valid.jsonl", &rows[..1]);
    let test = write(home.path(), "test.jsonl", &rows);
    let (found, code) = leaks(&[&valid, &test]);
    assert_eq!((short(&found), code), (vec![("LEAK001", "error", "valid.jsonl", 1)], 1));
    // Rows of one file are no leak, however alike.
    assert!(leaks(&[&write(home.path(), "twice.jsonl", &[rows[0].clone(), rows[0].clone()])]).0.is_empty());
}

#[test]
fn evaluation_sets_come_in_any_format() {
    let home = tempfile::tempdir().unwrap();
    let system = json!({"messages": [
        {"role": "system", "content": "You help customers."},
        {"role": "user", "content": LONG},
        {"role": "assistant", "content": "On Friday, as far as we know."},
    ]});
    let train = write(home.path(), "train.jsonl", &[row("Hello?", "Hello."), system.to_string()]);
    let csv = home.path().join("exam.csv");
    fs::write(&csv, format!("question,answer\nWho are you?,A shop.\n\"{LONG}\",On time.\n")).unwrap();
    let only_asked = write(
        home.path(),
        "asked.jsonl",
        &[json!({"messages": [{"role": "user", "content": LONG}]}).to_string(), "{broken".to_owned()],
    );
    let (found, _) = leaks(&[&train, "--against", csv.to_str().unwrap()]);
    assert_eq!(short(&found), [("LEAK003", "error", "train.jsonl", 2)]);
    assert!(found[0].4.contains("exam.csv:3"), "{found:?}");
    // Files that others are held against are not compared with one another.
    let copy = home.path().join("copy.csv");
    fs::copy(&csv, &copy).unwrap();
    let both = ["--against", csv.to_str().unwrap(), "--against", copy.to_str().unwrap()];
    assert_eq!(short(&leaks(&[&[train.as_str()], &both[..]].concat()).0).len(), 1);
    // What could not be read is said, and hides nothing.
    let (found, _) = leaks(&[&train, "--against", &only_asked]);
    assert_eq!(
        short(&found),
        [("LEAK004", "error", "asked.jsonl", 0), ("LEAK003", "error", "train.jsonl", 2)]
    );
    assert!(found[0].4.starts_with("1 of 2 records could not be read; the first, line 2:"), "{found:?}");
    let missing = run(["check", &train, "--against", "nowhere.jsonl"]);
    assert!(missing.code == 2 && missing.stderr.contains("nowhere.jsonl"), "{}", missing.all());
}

#[test]
fn a_split_leaks_nothing_and_a_smuggled_row_is_named() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    let spring = root().join("fixtures/guide/spring.jsonl");
    let ran = run([
        "split",
        spring.to_str().unwrap(),
        "--quiet",
        "--valid",
        "0.2",
        "--test",
        "0.1",
        "-o",
        out.to_str().unwrap(),
    ]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    let sides =
        ["train", "valid", "test"].map(|side| out.join(format!("{side}.jsonl")).display().to_string());
    let files = sides.each_ref().map(String::as_str);
    assert_eq!(leaks(&files), (Vec::new(), 0));
    // Against the folder of a run: against its rows.
    let (found, _) = leaks(&[spring.to_str().unwrap(), "--against", out.to_str().unwrap(), "--near", "off"]);
    assert!(found.len() == 80 && found.iter().all(|(code, ..)| code == "LEAK001"), "{}", found.len());
    let train = fs::read_to_string(files[0]).unwrap();
    let smuggled = train.lines().nth(7).unwrap();
    fs::write(files[2], fs::read_to_string(files[2]).unwrap() + smuggled + "\n").unwrap();
    let (found, code) = leaks(&files);
    assert_eq!(
        (found.len(), found[0].0.as_str(), found[0].2.as_str(), code),
        (1, "LEAK001", "test.jsonl", 1)
    );
    assert!(found[0].4.contains("train.jsonl:8"), "{found:?}");
}

#[test]
fn a_question_is_found_inside_a_conversation_that_goes_on_from_it() {
    let home = tempfile::tempdir().unwrap();
    let said = |system: Option<&str>, texts: &[&str]| {
        let roles = ["user", "assistant"].into_iter().cycle();
        let system = system.map(|text| json!({"role": "system", "content": text}));
        let said = roles.zip(texts).map(|(role, text)| json!({"role": role, "content": text}));
        json!({"messages": system.into_iter().chain(said).collect::<Vec<_>>()}).to_string()
    };
    let unlike = "Do you repair bikes of other brands, and what does it cost?";
    let brief = [LONG, "It left our store on Monday."];
    let long = [LONG, "It left on Monday.", "And who pays the way back from here?", "We do, of course."];
    let one =
        write(home.path(), "one.jsonl", &[row(unlike, "Yes."), said(Some("You help customers."), &brief)]);
    let other = write(home.path(), "other.jsonl", &[said(None, &long), row("How are you?", "Well.")]);
    // The row to learn from is the one to go, whether it is the shorter or the longer one.
    for (train, valid, line, says) in
        [(&one, &other, 2, "stands inside"), (&other, &one, 1, "stands inside the row")]
    {
        let (found, code) = leaks(&[train, "--against", valid]);
        let name = Path::new(train).file_name().unwrap().to_str().unwrap();
        assert_eq!((short(&found), code), (vec![("LEAK003", "error", name, line)], 1), "{found:?}");
        assert!(found[0].4.contains(says), "{found:?}");
    }
    // What many begin with leaks nothing while nobody ends there.
    let more = write(
        home.path(),
        "more.jsonl",
        &[said(None, &[LONG, "No idea.", "Then who knows about it?", "Kim."])],
    );
    assert_eq!(leaks(&[&other, "--against", &more]), (Vec::new(), 0));
}
