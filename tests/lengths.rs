//! Counting with the user's own files, the mask, length planning and windows, through the front door.

use serde_json::Value;

use crate::support::run;

const TALKS: &str = "fixtures/guide/talks.jsonl";
const TOKENIZER: &str = "fixtures/guide/tokenizer.json";

/// A file in a folder that vanishes.
fn file(text: &str, name: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

fn json(arguments: &[&str]) -> Value {
    let ran = run(arguments);
    assert_eq!(ran.code, 0, "{}", ran.all());
    serde_json::from_str(&ran.stdout).unwrap()
}

#[test]
fn what_cannot_be_counted_is_said_with_a_way_out() {
    let (_keep, empty) = file("", "tokenizer.json");
    let (_keep, config) = file(r#"{"chat_template": "x", "tokenizer_class": "y"}"#, "tokenizer_config.json");
    let (_keep, broken) = file("{% for m in messages %}", "t.jinja");
    let (_keep, endless) =
        file("{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}", "t.jinja");
    for (arguments, says, hint) in [
        (vec!["count", TALKS, "--model", "qwen3-8"], "unknown model `qwen3-8`", "did you mean `qwen3-8b`"),
        (vec!["count", TALKS, "--model", "my/own"], "unknown model `my/own`", "--tokenizer tokenizer.json"),
        (vec!["count", TALKS, "--tokenizer", "nowhere.json"], "cannot be read", ""),
        (vec!["count", TALKS, "--tokenizer", &empty], "the file is empty", "tokenizer.json"),
        (vec!["count", TALKS, "--tokenizer", &config], "which has no vocabulary", "tokenizer.json"),
        (
            vec!["count", TALKS, "--tokenizer", TOKENIZER, "--model", "gpt-4o"],
            "counted exactly by `o200k_base`",
            "--model",
        ),
        (
            vec!["count", TALKS, "--chat-template", &broken],
            "a chat template alone counts nothing",
            "--tokenizer",
        ),
        (
            vec!["count", TALKS, "--tokenizer", TOKENIZER, "--chat-template", &broken],
            "unexpected end",
            "Jinja",
        ),
        (
            vec!["count", TALKS, "--tokenizer", TOKENIZER, "--chat-template", &endless],
            "steps, even for two short messages",
            "Jinja",
        ),
        (vec!["count", TALKS, "--show", "99"], "no example begins in line 99", "--per-row"),
        (vec!["plan", TALKS, "--batch-size", "0"], "a batch of 0 rows trains nothing", "--batch-size 8"),
        (vec!["plan", &empty], "nothing to read", ""),
        (
            vec!["prepare", TALKS, "-o", "out/never", "--max-tokens", "0"],
            "0 tokens hold no example",
            "--max-tokens 4096",
        ),
    ] {
        let ran = run(&arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.all());
        assert!(ran.stderr.contains(says) && ran.stderr.contains(hint), "{arguments:?}: {}", ran.all());
    }
}

#[test]
fn a_template_that_raises_or_loops_is_a_finding_of_the_row() {
    for (template, says) in [
        ("{{ raise_exception('Conversation roles must alternate') }}", "Conversation roles must alternate"),
        (
            "{% if messages[2] %}{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}{% endif %}",
            "does not end within",
        ),
        (
            "{% set ns = namespace(t='ab') %}{% for a in range(99) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}",
            "it builds texts of more than",
        ),
    ] {
        let (_keep, template) = file(template, "t.jinja");
        let (_keep, rows) = file(
            "{\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"}]}\n",
            "one.jsonl",
        );
        let files = ["--tokenizer", TOKENIZER, "--chat-template", &template];
        let ran = run([&["check", &rows, "--select", "LEN"], &files[..]].concat());
        assert!(ran.code == 1 && ran.stdout.contains("LEN004") && ran.stdout.contains(says), "{}", ran.all());
        let counted = run([&["count", &rows, "--json"], &files[..]].concat());
        assert_eq!(counted.code, 1, "{}", counted.all());
        let measured: Value = serde_json::from_str(&counted.stdout).unwrap();
        assert_eq!(
            (&measured["ledger"]["rejected"], &measured["not_measured"]["records"]),
            (&1.into(), &1.into())
        );
        assert_eq!(measured["rejections"][0]["code"], "LEN004");
        // For people the template's own words stand there, whoever measures.
        for command in ["count", "plan"] {
            let page = run([&[command, &rows], &files[..]].concat());
            assert!(
                page.code == 1
                    && page.stdout.contains("chat-not-rendered LEN004")
                    && page.stdout.contains(says),
                "{command}: {}",
                page.all()
            );
        }
    }
}

#[test]
fn estimates_say_that_they_are_some() {
    let measured =
        json(&["count", TALKS, "--model", "llama-3.1-8b-instruct", "--target", "together-chat", "--json"]);
    let tokens = &measured["tokens"];
    assert_eq!((&tokens["exact"], &tokens["encoding"]), (&Value::from(false), &Value::from("llama-3")));
    assert!(tokens["high"].as_u64() > tokens["total"].as_u64());
    assert_eq!(tokens["limit"], 131_072);
    let own = ["--tokenizer", TOKENIZER, "--chat-template", "fixtures/guide/chat_template.jinja"];
    let measured = json(&[&["count", TALKS, "--json"], &own[..]].concat());
    let tokens = &measured["tokens"];
    assert_eq!((&tokens["exact"], &tokens["limit"]), (&Value::from(true), &Value::Null));
    assert_eq!(tokens["high"], tokens["total"]);
}

#[test]
fn the_target_decides_what_is_trained_and_where_it_is_cut() {
    let trained = |target: &str| {
        let measured = json(&["count", TALKS, "--target", target, "--json"]);
        (measured["tokens"]["trained"].as_u64().unwrap(), measured["tokens"]["total"].as_u64().unwrap())
    };
    let (answers, total) = trained("openai-chat");
    assert!(answers < total);
    assert_eq!(trained("trl-chat"), (total, total));
    // Row 13 is beyond Axolotl's 512, which leaves it out whole.
    let ran = run(["count", TALKS, "--target", "axolotl", "--show", "13"]);
    assert!(
        ran.stdout.ends_with("left out: the limit is 512 tokens\n") && !ran.stdout.contains("cut here"),
        "{}",
        ran.all()
    );
    let kept = run(["count", TALKS, "--target", "axolotl"]);
    assert!(kept.stdout.contains("1 example left out there, 1 of them with nothing left"), "{}", kept.all());
    // LLaMA-Factory cuts at 2,048.
    let exchange = r#",{"role":"user","content":"And the next one, where is it?"},{"role":"assistant","content":"It left us on Monday and will be there soon, I hope."}"#;
    let talk = exchange.repeat(90);
    let (_keep, long) = file(&format!("{{\"messages\":[{}]}}\n", &talk[1..]), "long.jsonl");
    let page = run(["count", &long, "--target", "llama-factory-openai", "--show", "1"]);
    assert!(
        page.stdout.contains("<<< cut here >>>") && page.stdout.ends_with("cut after 2,048 tokens\n"),
        "{}",
        page.all()
    );
    let shown = &json(&["count", &long, "--target", "llama-factory-openai", "--show", "1", "--json"])[0];
    assert_eq!(shown["limit"], 2_048);
    let (cut, stretches) = (shown["cut"][0].as_u64().unwrap(), shown["stretches"].as_array().unwrap());
    let at = &stretches[usize::try_from(cut).unwrap()];
    let begin = at["begin"].as_u64().unwrap();
    assert!(begin <= 2_048 && begin + at["tokens"].as_u64().unwrap() > 2_048);
}

#[test]
fn what_is_shown_is_what_is_counted() {
    // A preference whose rejected answer is too long: both are shown, and only that one is cut.
    let long = "no ".repeat(66_000);
    let pair = format!(
        r#"{{"input":{{"messages":[{{"role":"user","content":"Hi"}}]}},"preferred_output":[{{"role":"assistant","content":"Yes."}}],"non_preferred_output":[{{"role":"assistant","content":"{long}"}}]}}"#
    );
    let (_keep, pairs) = file(&format!("{pair}\n"), "pairs.jsonl");
    let shown = json(&["count", &pairs, "--target", "openai-dpo", "--show", "1", "--json"]);
    let of = |at: usize, key: &str| shown[at][key].clone();
    assert_eq!((of(0, "answer"), of(1, "answer")), ("preferred".into(), "rejected".into()));
    assert!(of(0, "cut").is_null() && of(1, "cut")[0] == 1, "{shown}");
    assert!(of(1, "held")[0].as_u64().unwrap() > 66_000);
    // What a template writes has other tokens joined than in pieces: two line feeds are one.
    let template = "{% for message in messages %}{{ message.role + '\n' }}{% generation %}{{ message.content }}{% endgeneration %}{{ '\n\n' }}{% endfor %}";
    let (_keep, template) = file(template, "t.jinja");
    let row =
        r#"{"messages":[{"role":"user","content":"\n\nHi\n"},{"role":"assistant","content":"\n\nYou\n"}]}"#;
    let (_keep, row) = file(&format!("{row}\n"), "row.jsonl");
    let files = ["--tokenizer", TOKENIZER, "--chat-template", &template];
    let shown = &json(&[&["count", &row, "--show", "1", "--json"], &files[..]].concat())[0];
    let counted = json(&[&["count", &row, "--json"], &files[..]].concat());
    assert_eq!(shown["tokens"], counted["tokens"]["total"]);
    assert_eq!(shown["trained"], counted["tokens"]["trained"]);
    let stretches = shown["stretches"].as_array().unwrap();
    let sum: u64 = stretches.iter().map(|one| one["tokens"].as_u64().unwrap()).sum();
    assert_eq!(shown["tokens"], sum);
}

#[test]
fn what_only_a_target_leaves_out_divides_nothing() {
    let thought = "hm ".repeat(300);
    let row = format!(
        r#"{{"messages":[{{"role":"user","content":"Hi"}},{{"role":"assistant","reasoning_content":"{thought}","content":"Yes?"}},{{"role":"user","content":"Where is it?"}},{{"role":"assistant","content":"On its way."}}]}}"#
    );
    let (keep, row) = file(&format!("{row}\n"), "row.jsonl");
    // Axolotl takes the thought, with which the first exchange alone is too long.
    for (target, messages) in [("openai-chat", 4), ("axolotl", 2)] {
        let out = keep.path().join(target).display().to_string();
        let ran = run(["convert", &row, "--to", target, "--max-tokens", "100", "-o", &out, "--quiet"]);
        let rows = std::fs::read_to_string(&out).unwrap();
        let rows: Vec<Value> = rows.lines().map(|row| serde_json::from_str(row).unwrap()).collect();
        let held: Vec<usize> = rows.iter().map(|row| row["messages"].as_array().unwrap().len()).collect();
        assert_eq!(held, [messages], "{target}: {}", ran.all());
    }
}

#[test]
fn plans_add_up() {
    let plan = json(&["plan", TALKS, "--target", "axolotl", "--batch-size", "4", "--json"]);
    assert_eq!((&plan["rows"], &plan["drops"]), (&Value::from(14), &Value::from(true)));
    let candidates = plan["candidates"].as_array().unwrap();
    let of = |key: &str| candidates.iter().map(|one| one[key].as_u64().unwrap()).collect::<Vec<_>>();
    assert!(of("length").is_sorted() && of("kept").is_sorted());
    assert!(of("trained_lost").is_sorted_by(|a, b| a >= b) && of("rows_cut").is_sorted_by(|a, b| a >= b));
    let last = candidates.last().unwrap();
    assert_eq!(
        (&last["trained_lost"], &last["kept"], &last["steps"]),
        (&Value::from(0), &plan["tokens"], &Value::from(4))
    );
    for one in candidates {
        let [length, kept, sequences, padding] =
            ["length", "kept", "packed_sequences", "packed_padding"].map(|key| one[key].as_u64().unwrap());
        assert_eq!(sequences * length, kept + padding, "{one}");
    }
    assert!(
        plan["recommended"]["reason"].as_str().unwrap().contains("`sequence_len` is 512 unless it is set")
    );
}

#[test]
fn windows_hold_the_limit_and_train_every_answer_once() {
    let home = tempfile::tempdir().unwrap();
    let answers = |text: &str| {
        let mut answers = Vec::new();
        for row in text.lines() {
            let row: Value = serde_json::from_str(row).unwrap();
            assert_eq!(row["messages"][0]["role"], "system");
            for message in row["messages"].as_array().unwrap() {
                if message["role"] == "assistant" && message["weight"] != 0 {
                    answers.push(message["content"].as_str().unwrap().to_owned());
                }
            }
        }
        answers.sort();
        answers
    };
    let whole = answers(&std::fs::read_to_string(TALKS).unwrap());
    for target in ["openai-chat", "vertex", "trl-chat"] {
        let out = home.path().join(target);
        let ran = run(["convert", TALKS, "--to", target, "--max-tokens", "160", "-o", out.to_str().unwrap()]);
        assert_eq!(ran.code, 0, "{}", ran.all());
        let text = std::fs::read_to_string(&out).unwrap();
        assert!(text.lines().count() > 14);
        if target != "vertex" {
            assert_eq!(answers(&text), whole, "{target}");
        }
        assert_eq!(text.contains("\"weight\":0"), target == "openai-chat");
        let each = json(&["count", out.to_str().unwrap(), "--target", target, "--json"]);
        assert!(each["tokens"]["each"]["max"].as_u64().unwrap() <= 160, "{target}");
    }
    // What cannot be divided is rejected by name.
    let out = home.path().join("rejected");
    let ran = run(["prepare", TALKS, "-o", out.to_str().unwrap(), "--max-tokens", "50", "--valid", "0"]);
    assert!(ran.code < 2, "{}", ran.all());
    let rejected = std::fs::read_to_string(out.join("rejected.jsonl")).unwrap();
    assert!(rejected.contains("cannot-be-divided") && rejected.contains("a window takes 50"), "{rejected}");
}

/// A row of so many words in question and answer.
fn row(question: usize, answer: usize) -> String {
    let (question, answer) = ("word ".repeat(question), "word ".repeat(answer));
    format!(
        "{{\"messages\":[{{\"role\":\"user\",\"content\":\"{question}\"}},{{\"role\":\"assistant\",\"content\":\"{answer}\"}}]}}\n"
    )
}

#[test]
fn what_is_only_too_long_is_counted() {
    let rows = [row(20_000, 10), row(5, 5), "{\"messages\":[]}\n".to_owned()].concat();
    let (_keep, rows) = file(&rows, "long.jsonl");
    let measured = json(&["count", &rows, "--target", "mistral", "--model", "mistral-nemo", "--json"]);
    let tokens = &measured["tokens"];
    assert_eq!([&measured["examples"], &measured["too_long"], &tokens["over_limit"]], [2, 1, 1]);
    assert!(tokens["total"].as_u64().unwrap() > 19_000);
    // What nobody can count is not: it has a line of its own.
    assert_eq!(measured["not_measured"]["records"], 1);
    assert_eq!(measured["not_measured"]["reasons"][0]["code"], "SHAPE002");
    let page = run(["stats", &rows, "--tokens"]);
    assert!(page.code == 0 && page.stdout.contains("missing-messages SHAPE002, such as"), "{}", page.all());
}

#[test]
fn a_mask_written_for_axolotl_is_read_back() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    let (windows, back) = (path("windows.jsonl"), path("back.jsonl"));
    let ran = run(["convert", TALKS, "--to", "axolotl", "--max-tokens", "160", "-o", &windows]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    let written = std::fs::read_to_string(&windows).unwrap();
    let masked = written.matches("\"train\":false").count();
    assert!(masked > 0, "{written}");
    let measured = json(&["count", &windows, "--target", "axolotl", "--json"]);
    assert_eq!(measured["masked"], masked);
    let ran = run(["convert", &windows, "--to", "openai-chat", "-o", &back]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    let back = std::fs::read_to_string(&back).unwrap();
    assert_eq!(back.matches("\"weight\":0").count(), masked);
    let ran = run(["convert", &windows, "--to", "axolotl"]);
    assert_eq!(ran.stdout, written);
}

#[test]
fn of_a_preference_the_longer_sequence_meets_the_limit_and_both_are_billed() {
    let words = |count: usize| "word ".repeat(count);
    let message = |role: &str, count: usize| serde_json::json!([{"role": role, "content": words(count)}]);
    let pair = serde_json::json!({
        "prompt": message("user", 600), "chosen": message("assistant", 300), "rejected": message("assistant", 300)
    });
    let (_keep, rows) = file(&format!("{pair}\n"), "pairs.jsonl");
    let measured = |command: &[&str]| -> Value {
        json(&[command, &[&rows, "--target", "trl-preference", "--model", "gpt-4o", "--json"]].concat())
    };
    let counted = measured(&["count"]);
    let tokens = &counted["tokens"];
    assert_eq!([&tokens["limit"], &tokens["over_limit"], &tokens["cut"]["examples"]], [1_024, 0, 0]);
    let one = measured(&["count", "--per-row"]);
    let [billed, longest, trained, kept] =
        ["tokens", "longest", "trained", "trained_kept"].map(|key| one[key].as_u64().unwrap());
    assert!(longest > 900 && longest < 1_024 && billed > 1_200 && trained > 600 && kept == trained, "{one}");
    let plan = measured(&["plan"]);
    assert_eq!((&plan["longest"], plan["tokens"].as_u64()), (&one["longest"], Some(2 * longest)));
    let page = run(["plan", &rows, "--target", "trl-preference", "--model", "gpt-4o"]).stdout;
    assert!(page.contains("tokens with the prompt before each answer (gpt-4o"), "{page}");
    let checked = run(["check", &rows, "--target", "trl-preference", "--model", "gpt-4o", "--select", "LEN"]);
    assert_eq!(checked.code, 0, "{}", checked.all());
    assert!(!checked.stdout.contains("LEN001"), "{}", checked.all());
    // A limit between the two holds the longer sequence.
    let ran = run(["convert", &rows, "--to", "trl-preference", "--model", "gpt-4o", "--max-tokens", "1024"]);
    assert!(ran.code == 0 && ran.stdout.contains("chosen"), "{}", ran.all());
}

#[test]
fn claudes_rows_are_held_against_the_limit_as_their_validator_does() {
    let (_keep, rows) = file(&row(20_000, 1), "claude.jsonl");
    let files = [&rows, "--target", "bedrock-claude", "--model", "claude-3-haiku"];
    let ran = run([&["check"], &files[..]].concat());
    assert!(
        ran.code == 1 && ran.stdout.contains("33334 tokens, and the limit is 32000: it is refused"),
        "{}",
        ran.all()
    );
    let measured = json(&[&["count"], &files[..], &["--json"]].concat());
    assert_eq!(measured["tokens"]["over_limit"], 1);
}

#[test]
fn bounds_are_said_to_be_bounds() {
    // Between the estimate's ends lies Axolotl's limit of 512.
    let (_keep, rows) = file(&row(480, 10), "near.jsonl");
    let page = run(["count", &rows, "--target", "axolotl", "--model", "mistral-7b"]);
    for says in ["between 0 and 1 example over the limit of 512", "at most 1 example left out", "at most: "] {
        assert!(page.stdout.contains(says), "{says}: {}", page.all());
    }
    assert!(
        page.stdout.contains("none of them can be divided: one exchange alone is longer"),
        "{}",
        page.all()
    );
    // Without a model the tokenizer is another one's, and so are no limits.
    let borrowed = run(["count", &rows, "--target", "together-chat"]);
    assert!(borrowed.stdout.contains("is borrowed"), "{}", borrowed.all());
    let measured = json(&["count", &rows, "--target", "together-chat", "--json"]);
    assert_eq!((&measured["tokens"]["exact"], &measured["tokens"]["limit"]), (&false.into(), &Value::Null));
    // What becomes of longer rows is not published everywhere.
    let (_keep, rows) = file(&row(20_000, 100), "long.jsonl");
    let mistral = ["--target", "mistral", "--model", "mistral-nemo"];
    let page = run([&["count", &rows], &mistral[..]].concat());
    assert!(page.stdout.contains("what becomes of them is not published"), "{}", page.all());
    let page = run([&["plan", &rows], &mistral[..]].concat());
    assert!(page.stdout.contains("what becomes of longer rows is not published"), "{}", page.all());
}

#[test]
fn lost_windows_are_said() {
    let measured = run(["count", TALKS, "--max-tokens", "60"]);
    assert!(measured.stdout.contains("windows of records that are divided, with"), "{}", measured.all());
    assert!(measured.stdout.contains("cannot-be-divided TALK008, such as"), "{}", measured.all());
    let written =
        run(["convert", TALKS, "--to", "openai-chat", "--max-tokens", "60", "-o", "out/check/lost.jsonl"]);
    assert!(written.stderr.contains("of records of which the rest is written, with"), "{}", written.all());
}

#[test]
fn an_example_is_shown_as_it_is_written() {
    let refusal = r#"{"messages":[{"role":"user","content":"Open it."},{"role":"assistant","content":"","refusal":"I cannot."}]}"#;
    let broken = r#"{"messages":[]}"#;
    let (_keep, rows) = file(&format!("{refusal}\n{broken}\n"), "mixed.jsonl");
    for target in ["openai-chat", "together-chat"] {
        let shown = run(["count", &rows, "--target", target, "--show", "1"]);
        assert!(
            shown.stdout.contains("mixed.jsonl, line 1: ") && shown.stdout.contains("[I cannot.]"),
            "{}",
            shown.all()
        );
    }
    let shown = run(["count", &rows, "--show", "2"]);
    assert!(
        shown.stdout.contains("line 2: not trained, rejected as missing-messages (SHAPE002)"),
        "{}",
        shown.all()
    );
}
