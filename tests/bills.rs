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

const HEAD: &str = "as_of = \"2026-11-01\"\ncurrency = \"USD\"\n";

fn refused(arguments: &[&str], words: &[&str]) {
    let ran = cost(Path::new(ROWS), arguments);
    assert_eq!(ran.code, 2, "{}", ran.all());
    for word in words {
        assert!(ran.stderr.contains(word), "`{word}` is missing:\n{}", ran.all());
    }
}

#[test]
fn hours_of_a_job_have_their_caps() {
    let (_home, asked) = file(&"{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}\n".repeat(12));
    let hours =
        |hours: &str| ["--model", "o4-mini", "--target", "azure-rft", "--hours", hours].map(str::to_owned);
    let of = |number: &str, more: &[&str]| {
        let arguments = hours(number);
        bill(&asked, &[&arguments.each_ref().map(String::as_str)[..], more].concat())
    };
    let short = of("2", &[]);
    assert!(says(&short, "assumptions", "paused when it has cost $5,000.00"), "{short}");
    assert!(says(&short, "assumptions", "720 hours at most"), "{short}");
    assert!(says(&short, "warnings", "`azure-rft` needs a validation file"), "{short}");
    let validated = of("2", &["--validation", asked.to_str().unwrap()]);
    assert!(!says(&validated, "warnings", "needs a validation file"), "{validated}");
    let long = of("51", &[]);
    assert!(says(&long, "warnings", "paused on the way, when it has cost $5,000.00"), "{long}");
    let arguments = hours("1000");
    let ran = cost(&asked, &arguments.each_ref().map(String::as_str));
    assert!(ran.code == 2 && ran.stderr.contains("a job takes 720 hours at most"), "{}", ran.all());
}

#[test]
fn rows_that_are_refused_for_their_length_are_no_examples_of_a_job() {
    // Amazon takes 32 rows at least; 25 fit and 10 are refused, so too few are left.
    let row = |text: &str| {
        format!(
            "{{\"system\":\"Be kind.\",\"messages\":[{{\"role\":\"user\",\"content\":\"{text}\"}},{{\"role\":\"assistant\",\"content\":\"Yes.\"}}]}}\n"
        )
    };
    let rows =
        |fit: usize, long: usize| file(&(row("Hi").repeat(fit) + &row(&"word ".repeat(20_000)).repeat(long)));
    let priced = format!("{HEAD}[[provider.bedrock.model]]\nname = \"claude-3-haiku\"\ntraining.sft = 1.0\n");
    let (_home, prices) = file(&priced);
    let arguments =
        ["--model", "claude-3-haiku", "--target", "bedrock-claude", "--prices", prices.to_str().unwrap()];
    let few = |(fit, long)| {
        let (_home, path) = rows(fit, long);
        says(&bill(&path, &arguments), "warnings", "at least 32")
    };
    assert_eq!([(25, 10), (25, 0), (32, 10)].map(few), [true, true, false]);
}

#[test]
fn what_storing_a_model_costs_is_said() {
    let nova = bill(ROWS, &["--model", "nova-2-lite", "--target", "bedrock-nova"]);
    assert!(says(&nova, "assumptions", "storing it costs $1.95 a month besides"), "{nova}");
    assert!(!says(&bill(ROWS, &["--model", "gpt-4o"]), "assumptions", "storing it"));
    let (_home, own) = file(&format!("{HEAD}[provider.openai]\nstorage = 100\n"));
    let own = bill(ROWS, &["--model", "gpt-4o", "--prices", own.to_str().unwrap()]);
    assert!(says(&own, "assumptions", "storing it costs $100.00 a month besides"), "{own}");
}

#[test]
fn prices_of_ones_own_go_first_whatever_is_trained() {
    let price = |of: &str, arguments: &[&str]| {
        let (_home, own) = file(&format!("{HEAD}{of}\n"));
        bill(ROWS, &[arguments, &["--prices", own.to_str().unwrap()]].concat())
    };
    let full = "[[provider.together.model]]\nname = \"qwen3-8b\"\ntraining.sft-full = 9.99";
    let together = ["--model", "qwen3-8b", "--target", "together-chat"];
    let own = price(full, &together);
    assert_eq!((&own["per_million"], &own["method"]), (&json!(9.99), &json!("sft-full")));
    assert_eq!(price(full, &[&together[..], &["--weights", "lora"]].concat())["per_million"], 0.48);
    let untuned = "[[provider.openai.model]]\nname = \"gpt-4.1\"\ntunable = false";
    let (_home, own) = file(&format!("{HEAD}{untuned}\n"));
    let prices = ["--prices", own.to_str().unwrap()];
    refused(
        &[&["--model", "gpt-4.1"], &prices[..]].concat(),
        &["`gpt-4.1-2025-04-14` is not tuned at OpenAI"],
    );
    let pays = bill(ROWS, &[&["--break-even", "--model", "gpt-4o"], &prices[..]].concat());
    let against = pays["against"].as_array().unwrap();
    assert!(against.iter().any(|against| against["model"] == "gpt-4.1-2025-04-14"), "{pays}");
}

#[test]
fn tuning_that_pays_after_the_end_never_pays() {
    let pays = |more: &[&str]| bill(ROWS, &[&["--break-even", "--model", "gpt-4o"], more].concat());
    let late = pays(&["--requests-per-month", "100"]);
    let best = &late["against"][0]["at_best"];
    assert_eq!((&best["pays"], &best["requests"]), (&json!("too-late"), &json!(1_875)));
    assert!(best["in_time"].as_u64().unwrap() < 200, "{best}");
    assert_eq!(pays(&["--requests-per-month", "100000"])["against"][0]["at_best"]["pays"], "after");
    let ran = cost(Path::new(ROWS), &["--break-even", "--model", "gpt-4o", "--requests-per-month", "100"]);
    assert!(ran.stdout.contains("never: 1,875 requests are needed"), "{}", ran.all());
    refused(&["--break-even", "--requests-per-month", "0"], &["0 requests a month", "1 or more"]);
}

#[test]
fn what_falls_away_with_the_heads_is_told_as_it_is_billed() {
    // 12 rows with a head of 78 tokens each: 936, and 900 where 3 are kept.
    let pays = |more: &[&str]| bill(ROWS, &[&["--break-even", "--model", "gpt-4o"], more].concat());
    assert!(says(&pays(&[]), "assumptions", "936 tokens of a pass are not billed"));
    assert!(says(&pays(&["--keep-tokens", "3"]), "assumptions", "900 tokens of a pass are not billed"));
    let together = ["--break-even", "--model", "llama-3.3-70b", "--target", "together-chat", "--no-packing"];
    let unpacked = bill(ROWS, &[&together[..], &["--max-length", "4096"]].concat());
    assert!(says(&unpacked, "assumptions", "billed as before, since they are not packed"), "{unpacked}");
}

/// A finished job of so many tokens, as a file.
fn job(model: &str, tokens: u64, status: &str) -> (tempfile::TempDir, PathBuf) {
    let job = json!({"id": "j", "model": model, "trained_tokens": tokens, "n_epochs": 1, "status": status});
    file(&job.to_string())
}

#[test]
fn jobs_teach_what_they_are_billed_for() {
    let (_home, failed) = job("gpt-4o-2024-08-06", 1_388, "failed");
    refused(&["--calibrate", failed.to_str().unwrap()], &["has not finished: its status is `failed`"]);
    // 12 rows of 4,096 tokens, whatever they hold.
    let (home, done) = job("qwen3-8b", 49_152, "completed");
    let kept = home.path().join("residual.toml");
    let kept = ["--residual", kept.to_str().unwrap()];
    let unpacked = ["--target", "together-chat", "--no-packing", "--max-length", "4096"];
    let found = bill(ROWS, &[&["--calibrate", done.to_str().unwrap()], &kept[..], &unpacked].concat());
    assert_eq!(found["counted"], json!({ "low": 49_152, "high": 49_152 }));
    assert_eq!((&found["factor"], &found["job"]["unpacked"]), (&json!(1.0), &json!(true)));
    // That says nothing of how rows are counted, and nothing is said to be calibrated by it.
    let model = ["--model", "qwen3-8b"];
    let packed = bill(ROWS, &[&model, &["--target", "together-chat"], &kept[..]].concat());
    assert_eq!(
        packed["tokens"],
        bill(ROWS, &[&model[..], &["--target", "together-chat"]].concat())["tokens"]
    );
    assert!(says(&packed, "assumptions", "not calibrated: no finished job"), "{packed}");
    let again = bill(ROWS, &[&model[..], &unpacked, &kept].concat());
    assert!(!says(&again, "assumptions", "calibrated"), "{again}");
}

#[test]
fn what_texts_taught_does_not_narrow_pictures() {
    let (home, done) = job("gpt-4o-2024-08-06", 1_388, "succeeded");
    let kept = home.path().join("residual.toml");
    let kept = ["--residual", kept.to_str().unwrap()];
    bill(ROWS, &[&["--calibrate", done.to_str().unwrap()], &kept[..]].concat());
    let asked = ["--model", "gpt-4o", "--epochs", "1"];
    let texts = bill(ROWS, &[&asked[..], &kept].concat());
    assert!(says(&texts, "assumptions", "calibrated by 1 finished job"), "{texts}");
    assert!(texts["tokens"] != bill(ROWS, &asked)["tokens"]);
    for (content, tools, has) in [
        (
            json!([{"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}]),
            Value::Null,
            "pictures",
        ),
        (json!("Hi"), json!([{"type": "function", "function": {"name": "f", "parameters": {}}}]), "tools"),
    ] {
        let mut row = json!({"messages": [
            {"role": "user", "content": content}, {"role": "assistant", "content": "A lamp."}
        ]});
        if !tools.is_null() {
            row["tools"] = tools;
        }
        let (_home, rows) = file(&format!("{row}\n").repeat(12));
        let (plain, taught) = (bill(&rows, &asked), bill(&rows, &[&asked[..], &kept].concat()));
        assert_eq!(taught["tokens"], plain["tokens"], "{has}");
        let line = format!("no finished job that is known had rows like these: {has}");
        assert!(says(&taught, "assumptions", &line), "{taught}");
    }
}

#[test]
fn a_price_file_begins_no_lines() {
    let own = "[provider.acme]\ntitle = \"Acme\"\nbilling = \"tokens\"\nnotes = [\"n\\nfake: $0.00 \\u202e\"]\n\
               [[provider.acme.model]]\nname = \"qwen3-8b\"\ntraining.sft = 1.0\n";
    let (_home, own) = file(&format!("{HEAD}{own}"));
    let asked = ["--provider", "acme", "--model", "qwen3-8b", "--prices", own.to_str().unwrap()];
    let ran = cost(Path::new(ROWS), &asked);
    assert!(ran.code == 0 && ran.stdout.contains("n⏎fake: $0.00 ·"), "{}", ran.all());
}
