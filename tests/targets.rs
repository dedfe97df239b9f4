//! Targets through the front door: what is written for one is accepted by its own rules, and what becomes of rows.

use chatmill::target::TARGETS;
use serde_json::Value;

use crate::support::{assert_sums, prepare, report, run};

/// Rows with everything that targets differ about.
const ROWS: &[&str] =
    &["fixtures/guide/off-openai.jsonl", "fixtures/target/openai-chat/rows.jsonl", "fixtures/demo"];

#[test]
fn what_is_written_for_a_target_passes_its_check() {
    let home = tempfile::tempdir().unwrap();
    for target in TARGETS {
        let name = target.spec().name;
        let out = home.path().join(format!("{name}.jsonl"));
        let out = out.to_str().unwrap();
        let mut arguments = vec!["convert"];
        arguments.extend(ROWS);
        arguments.extend(["--to", name, "-o", out, "--quiet"]);
        let ran = run(&arguments);
        assert!(ran.code < 2, "{name}: {}", ran.all());
        if std::fs::read(out).unwrap().is_empty() {
            // Preferences cannot be made of conversations, nor plain texts without a template.
            let says = [
                "vertex-preference",
                "fireworks-preference",
                "openai-dpo",
                "together-preference",
                "together-text",
                "trl-kto",
                "trl-preference",
                "trl-text",
                "azure-rft",
            ];
            assert!(says.contains(&name), "{name} got no row: {}", ran.all());
            continue;
        }
        let ran = run(["check", out, "--target", name, "--ignore", "SET", "--json"]);
        assert_eq!(ran.code, 0, "{name}: {}", ran.all());
    }
}

#[test]
fn what_is_prepared_for_a_target_is_proved_from_its_files() {
    let home = tempfile::tempdir().unwrap();
    // Results of tools that are JSON and numbers, labels, a preference of several turns.
    let call = |id: u32, arguments: &str| {
        format!(
            r#"{{"role":"assistant","content":null,"tool_calls":[{{"id":"call{id:05}","type":"function","function":{{"name":"find","arguments":"{arguments}"}}}}]}}"#
        )
    };
    let result =
        |id: u32, text: &str| format!(r#"{{"role":"tool","tool_call_id":"call{id:05}","content":"{text}"}}"#);
    let tools = r#""tools":[{"type":"function","function":{"name":"find","description":"Finds.","parameters":{"type":"object","properties":{"order":{"type":"string"}}}}}]"#;
    let mut rows = String::new();
    for (id, text) in
        (1..).zip(["55.0", "", r#"{\"state\":\"sent\"}"#, r#"{ \"a\" : [1, 2] }"#, "on its way"])
    {
        let (call, result) = (call(id, r#"{\"order\": \"12\"}"#), result(id, text));
        let said = format!(
            r#"{{"messages":[{{"role":"user","content":"Where is order number {id} of mine?"}},{call},{result},{{"role":"assistant","content":"Answer {id} is on its way."}},{{"role":"user","content":"Thanks!"}},{{"role":"assistant","content":"Gladly, {id}."}}],{tools}}}"#
        );
        rows.push_str(&said);
        rows.push('\n');
        let labelled = r#"{"messages":[{"role":"user","content":"What is said about lamp number ID here?"},{"role":"assistant","content":"Lamp ID."},{"role":"user","content":"And?"},{"role":"assistant","content":"More of ID."}],"label":true}"#;
        rows += &labelled.replace("ID", &id.to_string());
        rows.push('\n');
    }
    let input = home.path().join("rows.jsonl");
    std::fs::write(&input, rows).unwrap();
    for target in TARGETS {
        let name = target.spec().name;
        let out = home.path().join(name);
        let (input, out) = (input.to_str().unwrap(), out.to_str().unwrap());
        let ran =
            run(["prepare", input, "--to", name, "-o", out, "--valid", "0.3", "--no-tokens", "--quiet"]);
        assert!(ran.code < 2, "{name}: {}", ran.all());
        let proof = run(["verify", out]);
        assert_eq!(proof.code, 0, "{name}: {}", proof.all());
    }
}

#[test]
fn fates_add_up_for_every_target() {
    let ran = run(["fate", "fixtures/guide/off-openai.jsonl", "--json"]);
    let page: Value = serde_json::from_str(&ran.stdout).unwrap();
    let rows = page["rows"].as_u64().unwrap();
    assert_eq!(rows, 13);
    let targets = page["targets"].as_array().unwrap();
    assert_eq!(targets.len(), TARGETS.len());
    for target in targets {
        let outcomes = target["outcomes"].as_object().unwrap();
        assert_eq!(outcomes.values().filter_map(Value::as_u64).sum::<u64>(), rows, "{target}");
        let explained: u64 =
            target["reasons"].as_array().unwrap().iter().filter_map(|one| one["count"].as_u64()).sum();
        let kept = outcomes.get("kept").and_then(Value::as_u64).unwrap_or(0);
        assert_eq!(explained + kept, rows, "{target}");
    }
}

#[test]
fn fates_are_those_of_the_loaders() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("rows.jsonl");
    let ask = r#"{"role":"user","content":"a"}"#;
    let answer = r#"{"role":"assistant","content":"b"}"#;
    let long = "word ".repeat(600);
    let rows = [
        format!(r#"{{"messages":[{ask},{answer}]}}"#),
        format!(r#"{{"messages":[{ask},{ask},{answer}]}}"#),
        format!(r#"{{"messages":[{ask},{{"role":"assistant","content":"b","weight":0}},{ask},{answer}]}}"#),
        format!(r#"{{"messages":[{ask},{answer}],"ticket":7}}"#),
        format!(r#"{{"messages":[{{"role":"user","content":"{long}"}},{answer}]}}"#),
        "not json".to_owned(),
    ];
    std::fs::write(&file, rows.join("\n")).unwrap();
    let targets = "openai-chat,together-chat,llama-factory-openai,axolotl,trl-chat,unsloth";
    let ran = run(["fate", file.to_str().unwrap(), "--target", targets, "--rows", "--json"]);
    assert_eq!(ran.code, 1, "{}", ran.all());
    let fates: Vec<Vec<String>> = ran
        .stdout
        .lines()
        .map(|line| {
            let row: Value = serde_json::from_str(line).unwrap();
            row["fates"]
                .as_array()
                .unwrap()
                .iter()
                .map(|fate| fate["outcome"].as_str().unwrap().to_owned())
                .collect()
        })
        .collect();
    let wanted = [
        // LLaMA-Factory adds instructions to rows in this format.
        ["kept", "kept", "changed", "kept", "kept", "kept"],
        // Neighbours of one role: Together refuses the file, LLaMA-Factory leaves the row out.
        ["kept", "rejected", "dropped", "kept", "kept", "kept"],
        // A mask: not read by LLaMA-Factory and TRL, not sayable for Unsloth.
        ["kept", "kept", "changed", "kept", "changed", "rejected"],
        ["rejected", "rejected", "changed", "changed", "changed", "changed"],
        // 600 tokens: more than Axolotl's `sequence_len`, less than TRL's `max_length`.
        ["kept", "kept", "changed", "dropped", "kept", "kept"],
        ["rejected", "rejected", "dropped", "rejected", "rejected", "rejected"],
    ];
    assert_eq!(fates, wanted);
}

#[test]
fn moving_there_and_back_keeps_the_talk() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    let rows = "fixtures/target/openai-chat/rows.jsonl";
    for (target, from) in
        [("vertex", "vertex"), ("bedrock-nova", "bedrock-nova"), ("llama-factory-sharegpt", "sharegpt")]
    {
        let (there, back) = (path("there.jsonl"), path("back.jsonl"));
        let ran = run(["migrate", rows, "--from", "openai", "--to", target, "-o", &there]);
        assert!(ran.code < 2, "{}", ran.all());
        assert!(ran.stderr.contains("moved") && ran.stderr.contains("lossless"), "{}", ran.all());
        let ran = run(["migrate", &there, "--from", from, "--to", "openai-chat", "-o", &back]);
        assert!(ran.code < 2, "{}", ran.all());
        let texts = |path: &str| -> Vec<String> {
            let text = std::fs::read_to_string(path).unwrap();
            let said = |row: Value| -> String {
                let messages = row["messages"].as_array().unwrap().iter();
                // The words of a refusal are the answer where there is no other key for them.
                let words = |one: &Value| one.get("refusal").unwrap_or(&one["content"]).clone();
                let said = messages.map(|one| format!("{} {}", one["role"].as_str().unwrap(), words(one)));
                said.collect::<Vec<_>>().join(" | ")
            };
            text.lines().map(|line| said(serde_json::from_str(line).unwrap())).collect()
        };
        let (before, after) = (texts(rows), texts(&back));
        assert!(!after.is_empty() && after.iter().all(|row| before.contains(row)), "{target}: {after:?}");
    }
}

#[test]
fn answers_that_are_not_wanted_go_only_where_they_are_marked() {
    let rows = "fixtures/target/trl-kto/rows.jsonl";
    let judged = run(["convert", rows, "--to", "trl-kto"]);
    assert_eq!(judged.code, 0, "{}", judged.all());
    assert_eq!(judged.stdout, std::fs::read_to_string(rows).unwrap());
    let learned = run(["convert", rows, "--to", "trl-prompt-completion"]);
    assert_eq!(learned.stdout.lines().count(), 1, "{}", learned.all());
    assert!(learned.stderr.contains("unwanted-answer"), "{}", learned.all());
}

#[test]
fn a_trainer_that_wants_an_entry_gets_one() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("support.jsonl");
    let rows = "fixtures/target/llama-factory-sharegpt/rows.jsonl";
    let ran = run(["convert", rows, "--to", "llama-factory-alpaca", "-o", out.to_str().unwrap()]);
    assert!(ran.stderr.contains("as `support` in"), "{}", ran.all());
    let info = || std::fs::read_to_string(home.path().join("dataset_info.json")).unwrap();
    let entries: serde_json::Value = serde_json::from_str(&info()).unwrap();
    assert_eq!(entries["support"]["file_name"], "support.jsonl");
    // A column that no row has would end the run.
    let keys: Vec<&str> =
        entries["support"]["columns"].as_object().unwrap().keys().map(String::as_str).collect();
    let written = std::fs::read_to_string(&out).unwrap();
    for (column, key) in [("prompt", "instruction"), ("system", "system"), ("history", "history")] {
        assert_eq!(keys.contains(&column), written.contains(&format!("\"{key}\":")), "{column} in {written}");
    }
    let folder = home.path().join("set");
    let set = folder.to_str().unwrap();
    run([
        "prepare",
        rows,
        "--target",
        "llama-factory-openai",
        "-o",
        set,
        "--fail-on",
        "never",
        "--valid",
        "0",
    ]);
    let info = std::fs::read_to_string(folder.join("dataset_info.json")).unwrap();
    let entries: serde_json::Value = serde_json::from_str(&info).unwrap();
    assert_eq!(entries["train"]["tags"]["observation_tag"], "tool");
    assert_eq!(entries.get("valid"), None);
    let manifest = std::fs::read_to_string(folder.join("manifest.json")).unwrap();
    assert!(manifest.contains("dataset_info.json"));
}

/// A conversation of several answers about `order`, as a row.
fn talk(order: usize) -> String {
    let turn = |role: &str, text: String| format!(r#"{{"role":"{role}","content":"{text}"}}"#);
    let messages = [
        turn("system", "Be brief.".into()),
        turn(
            "user",
            format!(
                "Where is my order {order}? I wrote about it last week and nobody has answered me since then."
            ),
        ),
        turn(
            "assistant",
            format!(
                "I am sorry for that. Order {order} left our house on Monday and should be with you by Friday."
            ),
        ),
        turn("user", "And if it is not there by then, what am I to do about it?".into()),
        turn(
            "assistant",
            format!("Then write to us again under {order}, and we send another one on the same day."),
        ),
        turn("user", "Thanks".into()),
        turn("assistant", "You are welcome.".into()),
    ];
    format!(r#"{{"messages":[{}]}}"#, messages.join(","))
}

#[test]
fn several_answers_become_a_row_each_where_a_row_holds_one() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("rows.jsonl");
    let mut rows: Vec<String> = (0..30).map(|order| talk(order * 7_919)).collect();
    // One says the same as another but for a word: near twins as conversations.
    rows.push(talk(0).replace("last week", "last month"));
    std::fs::write(&file, rows.join("\n") + "\n").unwrap();
    let file = file.to_str().unwrap();
    let (_home, out, ran) =
        prepare(&[file, "--to", "trl-prompt-completion", "--valid", "0.3", "--near", "0.9"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    let page = report(&out);
    assert_sums(&page);
    assert_eq!(page["ledger"]["duplicates_near"], 1, "{}", page["ledger"]);
    let made =
        page["mendings"].as_array().unwrap().iter().find(|one| one["name"] == "split-answers").unwrap();
    assert_eq!(made["examples"], 93);
    // 30 conversations with three rows each; 7 turns each, every one in one row, and the twin's under its name.
    assert_eq!(page["turns"]["kept"], 30 * 7);
    let mut answers = Vec::new();
    let mut sides = std::collections::BTreeMap::new();
    for (side, name) in [(0, "train.jsonl"), (1, "valid.jsonl")] {
        for line in std::fs::read_to_string(out.join(name)).unwrap().lines() {
            let row: Value = serde_json::from_str(line).unwrap();
            let prompt = row["prompt"].as_array().unwrap();
            assert_eq!(row["completion"].as_array().unwrap().len(), 1);
            assert!(prompt.iter().all(|one| one.get("weight").is_none()), "{row}");
            let order = prompt[1]["content"].to_string();
            assert_eq!(*sides.entry(order.clone()).or_insert(side), side, "a conversation is on two sides");
            answers.push((order, prompt.len(), row["completion"][0]["content"].to_string()));
        }
    }
    assert_eq!(answers.len(), 90);
    answers.sort();
    answers.dedup_by_key(|(order, length, _)| (order.clone(), *length));
    assert_eq!(answers.len(), 90, "an answer is trained twice");
    let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    // What is written is read as it was written.
    let (once, twice) = (path("once.jsonl"), path("twice.jsonl"));
    for (from, to) in [(file, &once), (&once, &twice)] {
        let ran = run(["convert", from, "--to", "trl-prompt-completion", "-o", to]);
        assert_eq!(ran.code, 0, "{}", ran.all());
    }
    assert_eq!(std::fs::read_to_string(once).unwrap(), std::fs::read_to_string(twice).unwrap());
    let ran = run(["fate", file, "--target", "trl-prompt-completion", "--rows"]);
    assert!(ran.stdout.contains("changed: one row for each of its 3 answers"), "{}", ran.all());
    let ran = run(["convert", file, "--to", "trl-prompt-completion", "--no-mend", "split-answers"]);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("3 answers in one row"), "{}", ran.all());
}

#[test]
fn a_masked_answer_is_never_the_one_that_is_learned() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("rows.jsonl");
    let row = r#"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"},{"role":"assistant","content":"d"},{"role":"user","content":"e"},{"role":"assistant","content":"f","weight":0}]}
{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"g","weight":0}]}"#;
    std::fs::write(&file, row).unwrap();
    let ran = run(["convert", file.to_str().unwrap(), "--to", "trl-prompt-completion"]);
    assert_eq!(ran.code, 1, "{}", ran.all());
    let learned: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let texts: Vec<&str> =
        learned.iter().map(|row| row["completion"][0]["content"].as_str().unwrap()).collect();
    assert_eq!(texts, ["b", "d"]);
    assert!(ran.stderr.contains("masked"), "{}", ran.all());
}

#[test]
fn fates_know_how_trainers_cut_and_pack() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("rows.jsonl");
    let words = |count: usize| "word ".repeat(count);
    let row = |asked: usize, answered: usize| {
        format!(
            r#"{{"messages":[{{"role":"user","content":"{}"}},{{"role":"assistant","content":"{}"}}]}}"#,
            words(asked),
            words(answered)
        )
    };
    // A long question, a long answer, and three that fit.
    let rows = [row(2_500, 20), row(20, 2_500), row(200, 200), row(200, 200), row(200, 200)];
    std::fs::write(&file, rows.join("\n")).unwrap();
    let names = |targets: &str, more: &[&str]| -> Vec<String> {
        let mut arguments = vec!["fate", file.to_str().unwrap(), "--target", targets, "--rows", "--json"];
        arguments.extend(more);
        let ran = run(&arguments);
        let of_row = |line: &str| {
            let row: Value = serde_json::from_str(line).unwrap();
            let fate = &row["fates"][0];
            format!("{} {}", fate["outcome"].as_str().unwrap(), fate["name"].as_str().unwrap())
        };
        ran.stdout.lines().map(of_row).collect()
    };
    let fits = ["kept kept"; 3];
    let with = |first: [&'static str; 2], rest: [&'static str; 3]| [&first[..], &rest[..]].concat();
    // The answer to a long question is learned by LLaMA-Factory, and lost elsewhere.
    assert_eq!(
        names("llama-factory-sharegpt", &[]),
        with(["truncated question-cut", "truncated last-answer-cut"], fits)
    );
    let openai = names("llama-factory-openai", &[]);
    assert_eq!(openai[2], "changed instructions-added");
    assert_eq!(names("trl-chat", &[]), with(["truncated last-answer-lost", "truncated end-cut"], fits));
    // TRL leaves out what nothing can be learned from, unless it packs.
    let pairs = names("trl-prompt-completion", &[]);
    assert_eq!(pairs[0], "dropped nothing-learned");
    assert_eq!(names("trl-prompt-completion", &["--packing"])[0], "truncated last-answer-lost");
    // Of several rows the last alone is too long.
    let talk = format!(
        r#"{},{{"role":"user","content":"{}"}},{{"role":"assistant","content":"b"}}]}}"#,
        row(5, 5).trim_end_matches("]}"),
        words(1_200)
    );
    std::fs::write(&file, talk).unwrap();
    assert_eq!(names("trl-prompt-completion", &[]), ["truncated nothing-learned"]);
    std::fs::write(&file, rows.join("\n")).unwrap();
    // Whole rows, pieces of the long ones, and cuts wherever a sequence is full.
    assert_eq!(names("trl-chat", &["--packing"]), names("trl-chat", &[]));
    assert_eq!(names("trl-chat", &["--packing=bfd_split"]), with(["changed cut-by-packing"; 2], fits));
    let wrapped = names("trl-chat", &["--packing=wrapped"]);
    assert_eq!(wrapped[..2], ["changed cut-by-packing"; 2]);
    assert!(wrapped[2..].contains(&"changed cut-by-packing".to_owned()), "{wrapped:?}");
    assert!(wrapped[2..].contains(&"kept kept".to_owned()), "{wrapped:?}");
    assert_eq!(names("axolotl", &["--packing"]), with(["dropped too-long"; 2], fits));
    let ran = run(["fate", file.to_str().unwrap(), "--target", "trl-chat", "--packing=neat_packing"]);
    assert!(ran.code == 2 && ran.stderr.contains("packs rows by `neat_packing`"), "{}", ran.all());
    let ran =
        run(["fate", file.to_str().unwrap(), "--target", "llama-factory-openai,openai-chat", "--packing"]);
    assert!(
        ran.stdout.contains("packed    by `packing`: rows of one sequence see one another"),
        "{}",
        ran.all()
    );
    assert!(ran.stdout.contains("the limit is 2047 (`cutoff_len`)"), "{}", ran.all());
}
