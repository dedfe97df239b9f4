//! `check` beyond single cases: fixing as a property, forms for machines, the baseline, hooks and the action.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use chatmill::config::Settings;
use chatmill::diagnostic::{Checked, Placed};
use chatmill::lint::Safety;
use chatmill::pipeline::watch::Silent;
use chatmill::pipeline::{CheckOptions, FixTo, Fixing, check, codes};
use proptest::prelude::*;
use serde_json::Value;

use crate::support::{Ran, program, root, run};

/// Rows of all kinds: good, with something to fix, unreadable, and such as no fix may touch.
const ROWS: &[&str] = &[
    r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]}"#,
    r#" {"n" : 1.10, "messages":[{"content":"é","role":"user"},{"role":"assistant","content":"\u00e9"}]} "#,
    r#"{"messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":"Hi"},{"role":"assistant","content":"A"}]}"#,
    r#"{"id":12345678901234567890123,"messages":[{"role":"user","content":"Hi"},{"role":"user","content":"Where?"},{"role":"assistant","content":"Itâ€™s here"}]}"#,
    r#"{"messages":[{"role":"user","content":"Hi"},{"role":"user","content":"x","content":"y"},{"role":"assistant","content":"A"}]}"#,
    r#"{"messages":[{"role":"kunde","content":"Hi"},{"role":"assistant","content":"A"}]}"#,
    "not json",
    "[1]",
    "",
    "  \t ",
    "\u{a0}",
];

/// A file of such rows, with line ends and a beginning of any kind.
fn file() -> impl Strategy<Value = Vec<u8>> {
    let row = (0..ROWS.len(), prop_oneof![Just("\n"), Just("\r\n")]);
    (any::<bool>(), prop::collection::vec(row, 1..40), any::<bool>()).prop_map(|(mark, rows, end)| {
        let mut text = String::from(if mark { "\u{feff}" } else { "" });
        // The first row decides what the file is taken for.
        text.push_str(ROWS[0]);
        text.push('\n');
        for (row, line_end) in &rows {
            text.push_str(ROWS[*row]);
            text.push_str(line_end);
        }
        if !end {
            text.truncate(text.trim_end_matches(['\r', '\n']).len());
        }
        text.into_bytes()
    })
}

/// What fixing `bytes` gives, and what is left to say of it.
fn fix(bytes: &[u8], threads: usize, most: Safety) -> (Vec<u8>, Checked, Vec<Placed>) {
    let home = tempfile::tempdir().unwrap();
    let [from, to] = ["a.jsonl", "b.jsonl"].map(|name| home.path().join(name));
    fs::write(&from, bytes).unwrap();
    let settings = Settings {
        inputs: vec![from.to_string_lossy().into_owned()],
        target: "strict".into(),
        threads,
        ..Settings::default()
    };
    let options = CheckOptions {
        fixing: Some(Fixing { most, to: FixTo::File(to.clone()) }),
        ..CheckOptions::default()
    };
    let mut left = Vec::new();
    let checked = check(&settings, options, &Silent, &mut |placed| {
        left.push(placed);
        Ok(())
    })
    .unwrap();
    assert_eq!(fs::read(&from).unwrap(), bytes, "the input was changed");
    (fs::read(to).unwrap(), checked, left)
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fixing_twice_is_fixing_once_for_any_number_of_threads(bytes in file()) {
        for most in [Safety::Safe, Safety::Unsafe] {
            let (once, checked, left) = fix(&bytes, 1, most);
            for threads in [2, 8] {
                let (other, again, _) = fix(&bytes, threads, most);
                prop_assert_eq!(&other, &once);
                prop_assert_eq!((again.rows_fixed, again.errors), (checked.rows_fixed, checked.errors));
            }
            let (twice, second, left_again) = fix(&once, 2, most);
            prop_assert_eq!(&twice, &once);
            prop_assert!(second.fixed.is_empty(), "{:?}", second.fixed);
            // What is left is what a check of the fixed file finds, with the same places.
            let places = |left: &[Placed]| -> Vec<_> {
                left.iter().map(|one| (one.line, one.column, one.code, one.message.clone())).collect()
            };
            prop_assert_eq!(places(&left), places(&left_again));
        }
    }

    #[test]
    fn rows_without_a_fix_keep_their_bytes(bytes in file()) {
        let (fixed, checked, left) = fix(&bytes, 2, Safety::Unsafe);
        let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
        let rest: Vec<&[u8]> =
            lines(text).into_iter().filter(|line| !line.iter().all(u8::is_ascii_whitespace)).collect();
        let written = lines(&fixed);
        prop_assert_eq!(rest.len(), written.len());
        let mut changed = 0;
        for (before, after) in rest.iter().zip(&written) {
            if before != after {
                changed += 1;
                let [before, after]: [Value; 2] = [before, after].map(|row| serde_json::from_slice(row).unwrap());
                // A key that the target does not know is left out; a number that no float holds stays as it is.
                prop_assert!(after["id"].is_null() || before["id"] == after["id"]);
            }
        }
        let blank = checked.fixed.iter().filter(|fixed| fixed.code == "FILE003").map(|fixed| fixed.count).sum::<u64>();
        prop_assert_eq!(changed + blank, checked.rows_fixed);
        // What is fixed is not found any more, but for rows that had to be left.
        for fixed in checked.fixed.iter().filter(|_| checked.rows_left == 0) {
            prop_assert!(left.iter().all(|one| one.code != fixed.code), "{} is left", fixed.code);
        }
    }
}

fn in_folder(files: &[(&str, &str)]) -> (tempfile::TempDir, impl Fn(&[&str]) -> Ran + use<>) {
    let home = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(home.path().join(name), text).unwrap();
    }
    let path = home.path().to_owned();
    let run = move |arguments: &[&str]| -> Ran {
        program().current_dir(&path).arg("check").args(arguments).output().unwrap().into()
    };
    (home, run)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn in_place_keeps_a_backup_and_touches_only_what_it_fixes() {
    let (good, bad) = (format!("{}\n", ROWS[0]), format!("{}\n\n", ROWS[2]));
    let (home, check) = in_folder(&[("good.jsonl", &good), ("bad.jsonl", &bad), ("list.jsonl", "[{},\n{}]")]);
    let all = ["good.jsonl", "bad.jsonl", "list.jsonl", "--ignore", "SET", "--fix", "--in-place"];
    let ran = check(&all);
    assert!(ran.stderr.contains("not fixed: list.jsonl, since it is one JSON array"), "{}", ran.all());
    assert_eq!(names(home.path()), ["bad.jsonl", "bad.jsonl.bak", "good.jsonl", "list.jsonl"]);
    let read = |name: &str| fs::read_to_string(home.path().join(name)).unwrap();
    assert_eq!(
        (read("bad.jsonl.bak"), read("bad.jsonl")),
        (bad, ROWS[2].replace("developer", "system") + "\n")
    );
    let again = check(&all);
    assert!(!again.stderr.contains("wrote"), "{}", again.all());
    assert_eq!(names(home.path()).len(), 4);
}

#[test]
fn fixing_asks_where_to_and_never_writes_over_the_input() {
    let (home, check) = in_folder(&[("a.jsonl", "\n"), ("b.jsonl", "\n"), ("l.jsonl", "[{},\n{}]")]);
    for (arguments, says) in [
        (vec!["a.jsonl", "--fix"], "--in-place"),
        (vec!["a.jsonl", "--unsafe-fixes"], "--fix"),
        (vec!["a.jsonl", "-o", "x"], "--fix"),
        (vec!["a.jsonl", "--fix", "-o", "a.jsonl"], "input and output at once"),
        (vec!["a.jsonl", "b.jsonl", "--fix", "-o", "x"], "2 files cannot be fixed into one"),
        (vec!["l.jsonl", "--fix", "-o", "x"], "chatmill convert"),
        (vec!["a.jsonl", "--diff", "--format", "sarif"], "--diff"),
        (vec!["a.jsonl", "--diff", "--in-place"], "cannot be used with"),
        (vec!["a.jsonl", "--fix", "--in-place", "--no-fix", "NOPE"], "no rule is called"),
    ] {
        let ran = check(&arguments);
        assert!(ran.code == 2 && ran.stderr.contains(says), "{arguments:?}: {}", ran.all());
    }
    assert_eq!(names(home.path()), ["a.jsonl", "b.jsonl", "l.jsonl"]);
}

#[test]
fn a_mark_that_is_not_to_be_fixed_stays_and_packed_files_are_unpacked_beside() {
    let marked = format!("\u{feff}{}\n\n", ROWS[2]);
    let (home, check) = in_folder(&[("a.jsonl", &marked)]);
    let fixed = ROWS[2].replace("developer", "system") + "\n";
    let ran = check(&["a.jsonl", "--ignore", "SET", "--no-fix", "FILE001", "--fix", "-o", "b.jsonl"]);
    assert!(ran.code == 1 && ran.stdout.contains("FILE001"), "{}", ran.all());
    assert_eq!(fs::read_to_string(home.path().join("b.jsonl")).unwrap(), format!("\u{feff}{fixed}"));
    let many = format!("{}\n", ROWS[2]).repeat(20_000);
    let packed = zstd::encode_all(many.as_bytes(), 3).unwrap();
    fs::write(home.path().join("c.jsonl.zst"), packed).unwrap();
    let ran = check(&["c.jsonl.zst", "--fix", "-o", "d.jsonl", "--ignore", "SET"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    assert!(fs::read_to_string(home.path().join("d.jsonl")).unwrap() == fixed.repeat(20_000));
    let ran = check(&["c.jsonl.zst", "--fix", "--in-place"]);
    assert!(ran.stderr.contains("since it is packed"), "{}", ran.all());
}

#[test]
fn only_shown_fixes_do_not_make_a_file_good() {
    let (_home, check) = in_folder(&[("a.jsonl", ROWS[2])]);
    let ran = check(&["a.jsonl", "--target", "strict", "--ignore", "SET", "--diff"]);
    assert!(ran.code == 1 && ran.stdout.contains("+ messages[0].role: system"), "{}", ran.all());
    let ran = check(&["a.jsonl", "--target", "strict", "--ignore", "SET", "--diff", "--json"]);
    let shown: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(shown["changes"][0]["edits"][0]["new"], "system", "{}", ran.all());
    assert_eq!(shown["checked"]["fixed"][0]["code"], "ROLE002");
    let ran = check(&["a.jsonl", "--target", "strict", "--ignore", "SET", "--diff", "--no-fix", "ROLE"]);
    assert!(ran.code == 1 && ran.stdout.is_empty(), "{}", ran.all());
}

#[test]
fn a_baseline_lets_only_new_findings_fail() {
    let rows = format!("{}\n{}\n\n", ROWS[0], ROWS[5]);
    let (home, check) = in_folder(&[("a.jsonl", &rows), ("broken.json", "{}")]);
    let ran = check(&["a.jsonl", "--ignore", "SET", "--write-baseline", "known.json"]);
    assert!(ran.code == 0 && ran.stderr.contains("2 findings recorded in known.json"), "{}", ran.all());
    let known = ["a.jsonl", "--ignore", "SET", "--baseline", "known.json", "--fail-on", "info"];
    assert_eq!(check(&known).code, 0);
    // Rows that move stay known, one more of the same is new, and what is gone is said.
    fs::write(home.path().join("a.jsonl"), format!("{}\n\n{}\n{}\n", ROWS[0], ROWS[0], ROWS[5])).unwrap();
    assert_eq!(check(&known).code, 0);
    fs::write(home.path().join("a.jsonl"), format!("{}\n{}\n", ROWS[5], ROWS[5])).unwrap();
    let ran = check(&known);
    assert!(ran.code == 1 && ran.stdout.contains("unknown-role ROLE001, 1 time"), "{}", ran.all());
    assert!(ran.stdout.contains("input") || ran.stdout.contains("a.jsonl:2:22"), "{}", ran.all());
    assert!(ran.stderr.contains("1 finding in the baseline") && ran.stderr.contains("not found any more"));
    // The settings file names it, too.
    fs::write(home.path().join("chatmill.toml"), "[check]\nbaseline = \"known.json\"\nignore = [\"SET\"]\n")
        .unwrap();
    assert_eq!(check(&["a.jsonl", "--json"]).code, 1);
    for (file, says) in [("broken.json", "is no baseline"), ("missing.json", "cannot read the baseline")] {
        let ran = check(&["a.jsonl", "--baseline", file]);
        assert!(ran.code == 2 && ran.stderr.contains(says) && ran.stderr.contains("--write-baseline"));
    }
}

#[test]
fn faults_of_files_can_be_chosen_and_weighed_but_not_what_keeps_a_row_from_being_read() {
    let (_home, check) = in_folder(&[("a.jsonl", &format!("{}\n\nbroken\n", ROWS[0]))]);
    let ran = check(&["a.jsonl", "--select", "TURN", "--format", "concise"]);
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.all());
    assert!(ran.stdout.contains("READ001"));
    let ran = check(&[
        "a.jsonl",
        "--ignore",
        "SET,READ001",
        "--severity",
        "blank-line=error",
        "--format",
        "concise",
    ]);
    assert!(ran.stdout.contains("error FILE003") && ran.stdout.contains("READ001"), "{}", ran.all());
}

/// What the schema asks for where chatmill writes something; the file itself was held against the schema of OASIS
/// (errata 01, draft 4) by hand when this was written.
#[test]
fn sarif_has_the_form_of_the_standard() {
    let inputs = ["fixtures/check/marks/input.jsonl", "fixtures/check/hostile/input.jsonl", "fixtures/cli"];
    let ran = run(["check", "--format", "sarif"].into_iter().chain(inputs));
    assert_eq!(ran.code, 1, "{}", ran.all());
    let file: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(file["version"], "2.1.0");
    let run = &file["runs"][0];
    let list = |value: &Value| value.as_array().unwrap().clone();
    let (rules, artifacts, results) =
        (list(&run["tool"]["driver"]["rules"]), list(&run["artifacts"]), list(&run["results"]));
    assert!(results.len() > 15 && run["columnKind"] == "unicodeCodePoints");
    for rule in &rules {
        let def = codes::find(rule["id"].as_str().unwrap()).unwrap().def;
        assert_eq!(
            (&rule["name"], &rule["shortDescription"]["text"]),
            (&Value::from(def.name), &Value::from(def.summary))
        );
        assert!(
            ["error", "warning", "note"].contains(&rule["defaultConfiguration"]["level"].as_str().unwrap())
        );
        assert!(rule["help"]["text"].is_string() && rule["fullDescription"]["text"].is_string());
    }
    let mut prints = BTreeSet::new();
    for result in &results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().contains('\u{1b}'));
        let location = &result["locations"][0]["physicalLocation"];
        let at = usize::try_from(location["artifactLocation"]["index"].as_u64().unwrap()).unwrap();
        let uri = &artifacts[at]["location"]["uri"];
        assert_eq!(*uri, location["artifactLocation"]["uri"]);
        assert!(
            uri.as_str()
                .unwrap()
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte))
        );
        for (number, from) in [("startLine", 1), ("startColumn", 1), ("endLine", 1), ("endColumn", 1)] {
            assert!(location["region"].get(number).is_none_or(|value| value.as_u64().unwrap() >= from));
        }
        let print = result["partialFingerprints"]["chatmill/v1"].as_str().unwrap().to_owned();
        assert!(prints.insert(print), "a print twice");
    }
}

#[test]
fn names_of_files_cannot_break_out_of_a_form() {
    let name = "a\n::error::b\u{1b}[31m \u{202e}%,\".jsonl";
    let (_home, check) = in_folder(&[(name, "broken\n")]);
    for format in ["human", "concise", "github"] {
        let ran = check(&[name, "--ignore", "SET", "--format", format]);
        assert!(
            !ran.all().contains('\u{1b}') && !ran.all().contains("\n::error::b"),
            "{format}: {}",
            ran.all()
        );
        assert!(!ran.stdout.contains('\u{202e}') || format == "github", "{format}: {}", ran.all());
    }
    let ran = check(&[name, "--ignore", "SET", "--format", "sarif"]);
    let file: Value = serde_json::from_str(&ran.stdout).unwrap();
    let uri = &file["runs"][0]["artifacts"][0]["location"]["uri"];
    assert_eq!(uri, "a%0A%3A%3Aerror%3A%3Ab%1B%5B31m%20%E2%80%AE%25,%22.jsonl");
}

fn with_program_on_the_path() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let bin = home.path().join("chatmill/bin");
    fs::create_dir_all(&bin).unwrap();
    let name = Path::new(env!("CARGO_BIN_EXE_chatmill"));
    fs::hard_link(name, bin.join(name.file_name().unwrap()))
        .or_else(|_| fs::copy(name, bin.join(name.file_name().unwrap())).map(|_| ()))
        .unwrap();
    let path = home.path().to_owned();
    (home, path)
}

#[test]
fn hooks_call_the_program_as_it_is() {
    let hooks = fs::read_to_string(root().join(".pre-commit-hooks.yaml")).unwrap();
    let entries: Vec<&str> =
        hooks.lines().filter_map(|line| line.trim().strip_prefix("entry: chatmill ")).collect();
    assert_eq!(entries.len(), 4);
    for entry in entries {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("a.jsonl");
        fs::write(&file, format!("{}\n\n", ROWS[0])).unwrap();
        let mut arguments: Vec<&str> = entry.split(' ').collect();
        arguments.extend(["--ignore", "SET", file.to_str().unwrap()]);
        let ran = run(arguments);
        assert_eq!(ran.code, 0, "{entry}: {}", ran.all());
        assert_eq!(
            fs::read_to_string(&file).unwrap().lines().count(),
            if entry.contains("--fix") { 1 } else { 2 }
        );
        assert_eq!(names(home.path()).len(), 1, "{entry} leaves files in the repository");
    }
}

#[cfg(unix)]
#[test]
fn the_action_hands_its_inputs_over_as_they_are() {
    let action = fs::read_to_string(root().join("action.yml")).unwrap();
    let (_home, temp) = with_program_on_the_path();
    let ran = |files: &str, arguments: &str, format: &str, fail_on: &str| -> Ran {
        let mut command = std::process::Command::new("bash");
        command.arg(root().join(".ci/action")).current_dir(root()).env("RUNNER_TEMP", &temp);
        for (name, value) in [
            ("FILES", files),
            ("TARGET", "strict"),
            ("FAIL_ON", fail_on),
            ("BASELINE", ""),
            ("ARGUMENTS", arguments),
            ("FORMAT", format),
        ] {
            assert!(action.contains(&format!("{name}: ")), "action.yml does not give {name}");
            command.env(name, value);
        }
        command.output().unwrap().into()
    };
    let checked =
        ran("fixtures/cli/bad.jsonl\n\nfixtures/cli/g*.jsonl\n", "--ignore\nSET\n", "github", "error");
    assert_eq!(checked.code, 1, "{}", checked.all());
    assert!(checked.stdout.lines().all(|line| line.starts_with("::")), "{}", checked.all());
    let sarif = ran("fixtures/cli/bad.jsonl", "", "sarif", "never");
    assert!(sarif.code == 0 && serde_json::from_str::<Value>(&sarif.stdout).is_ok(), "{}", sarif.all());
    let hostile = ran("$(touch /nowhere/x); --fix\n-o", "", "github", "error");
    assert!(hostile.code == 2 && hostile.stderr.contains("does not exist"), "{}", hostile.all());
}

/// A password, which nothing tells from a word but the name before it.
const PASSWORD: &str = "Kq7r-Pz2m";

/// What may not be printed, in pieces, so that no scanner takes this file for one that holds secrets.
fn canaries() -> Vec<String> {
    let key = format!("{}{}", "ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17");
    let mut canaries: Vec<String> = [
        "canary.lind@blautopf-werk.de",
        "+49 221 8429 3517",
        "DE44 5001 0517 5407 3249 31",
        "471-26-8350",
        "89.183.27.146",
    ]
    .map(str::to_owned)
    .into();
    canaries.push(key);
    canaries
}

#[test]
fn personal_data_and_secrets_are_never_printed() {
    let text = format!("{},\\nmy password: {PASSWORD}", canaries().join(",\\n"));
    // Findings about other things at the same place, and in a row that cannot be read.
    let texts = [
        text.clone(),
        format!("{text} {{{{canary.lind@blautopf-werk.de}}}} \u{200b}"),
        format!("{text}. {text}. {text}. {text}"),
    ];
    let row = |text: &str| {
        let text = text.replace('"', "\\\"").replace("\\\\n", "\\n");
        format!(
            "{{\"messages\":[{{\"role\":\"canary.lind@blautopf-werk.de\",\"content\":\"{text}\"}},{{\"role\":\"assistant\",\"content\":\"{text}\"}}]}}\n"
        )
    };
    let mut rows: String = texts.iter().map(|text| row(text)).collect();
    rows.push_str(&row(&text).replace("]}", "]"));
    let (home, run) = in_folder(&[("rows.jsonl", &rows)]);
    let canaries: Vec<String> = canaries().into_iter().chain([PASSWORD.to_owned()]).collect();
    let mut said = 0;
    for format in ["human", "concise", "json", "github", "sarif"] {
        for target in ["strict", "openai-chat", "together-text", "vertex"] {
            let ran = run(&["rows.jsonl", "--target", target, "--format", format, "--show", "50"]);
            said += ran.stdout.matches("PII00").count();
            for canary in &canaries {
                assert!(
                    !ran.stdout.contains(canary) && !ran.stderr.contains(canary),
                    "{format} {target}: {canary} in {}",
                    ran.all()
                );
            }
        }
    }
    assert!(said > 50, "{said}");
    run(&["rows.jsonl", "--write-baseline", "known.json"]);
    let baseline = fs::read_to_string(home.path().join("known.json")).unwrap();
    assert!(baseline.contains("PII001") && canaries.iter().all(|canary| !baseline.contains(canary)));
}

#[test]
fn settings_say_what_is_looked_for() {
    let row = r#"{"messages":[{"role":"user","content":"ana.lind@blautopf-werk.de +49 221 8429 3517"},{"role":"assistant","content":"Ok."}]}"#;
    let found = |settings: &str| {
        let (_home, run) = in_folder(&[("rows.jsonl", row), ("chatmill.toml", settings)]);
        let ran = run(&["rows.jsonl", "--select", "PII", "--format", "concise"]);
        ran.stdout
            .lines()
            .filter_map(|line| line.rsplit_once('('))
            .map(|(_, kind)| kind.trim_end_matches(')').to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(found(""), ["email", "phone"]);
    assert_eq!(found("[personal]\nkinds = [\"phone\"]\n"), ["phone"]);
    assert_eq!(found("[personal]\nallow = [\"@blautopf-werk.de\", \"+49 221 84293517\"]\n"), [""; 0]);
    let (_home, run) =
        in_folder(&[("rows.jsonl", row), ("chatmill.toml", "[personal]\nkinds = [\"mail\"]\n")]);
    let ran = run(&["rows.jsonl"]);
    assert!(ran.code == 2 && ran.stderr.contains("`mail` is no kind of personal data"), "{}", ran.all());
}
