//! The bill through the front door: every provider's formula, files side by side, and what is said of bad input.

use std::path::PathBuf;

use serde_json::Value;

use crate::support::{Ran, run};

const ROWS: &str = "fixtures/guide/birchline.jsonl";

fn cost(arguments: &[&str]) -> Ran {
    run([&["cost", ROWS], arguments].concat())
}

fn json(arguments: &[&str]) -> Value {
    let ran = cost(&[arguments, &["--json"]].concat());
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

fn refused(arguments: &[&str], words: &[&str]) {
    let ran = cost(arguments);
    assert_eq!(ran.code, 2, "{}", ran.all());
    for word in words {
        assert!(ran.stderr.contains(word), "`{word}` is missing:\n{}", ran.all());
    }
    assert!(!ran.stderr.contains("panicked"), "{}", ran.all());
}

#[test]
fn the_calculation_by_hand_of_the_guide_comes_out() {
    let bill = json(&["--model", "gpt-4o"]);
    assert_eq!(bill["tokens"], serde_json::json!({ "low": 11_080, "high": 11_368 }));
    assert_eq!(bill["total"], serde_json::json!({ "low": 0.277, "high": 0.2842 }));
    assert_eq!((&bill["epochs"], &bill["provider"]), (&8.into(), &"openai".into()));
}

#[test]
fn comparing_and_pricing_one_model_say_the_same() {
    let compared = json(&["--compare"]);
    let offers = compared["offers"].as_array().unwrap();
    let of = |provider: &str, model: &str| {
        offers.iter().find(|offer| offer["provider"] == provider && offer["model"] == model).unwrap()
    };
    for (provider, model, target) in [
        ("openai", "gpt-4o-mini-2024-07-18", "openai-chat"),
        ("together", "qwen3-8b", "together-chat"),
        ("fireworks", "gpt-oss-20b", "fireworks"),
        ("vertex", "gemini-2.5-flash", "vertex"),
        ("azure", "gpt-4.1-mini-2025-04-14", "azure"),
        ("bedrock", "nova-2-lite", "bedrock-nova"),
    ] {
        let one = json(&["--model", model, "--target", target]);
        assert_eq!(of(provider, model)["bill"]["total"], one["total"], "{model}");
        assert_eq!(of(provider, model)["bill"]["tokens"], one["tokens"], "{model}");
    }
    let unpriced = of("azure", "o4-mini-2025-04-16");
    assert!(
        unpriced["bill"].is_null() && unpriced["unknown"].as_str().unwrap().starts_with("no price of `sft`")
    );
    // By cost, what is not known after what is, what is gone last.
    let total = |offer: &Value| offer["bill"]["total"]["high"].as_f64().unwrap_or(f64::INFINITY);
    let rank = |offer: &Value| (offer["over"].as_bool().unwrap(), offer["bill"].is_null(), total(offer));
    assert!(offers.is_sorted_by(|a, b| rank(a) <= rank(b)));
}

#[test]
fn what_a_target_refuses_and_cuts_is_counted_for_each() {
    // The masked answer of row 13 cannot be said at Vertex AI; Together takes all.
    let ran = run(["cost", "fixtures/guide/off-openai.jsonl", "--compare", "--json"]);
    let compared: Value = serde_json::from_str(&ran.stdout).unwrap();
    let lost = |provider: &str| {
        let offers = compared["offers"].as_array().unwrap();
        offers.iter().find(|offer| offer["provider"] == provider).unwrap()["rejected"].as_u64().unwrap()
    };
    assert_eq!((lost("vertex"), lost("together"), lost("openai")), (1, 0, 0));
}

#[test]
fn preferences_are_compared_by_targets_of_preferences() {
    let row = r#"{"input":{"messages":[{"role":"user","content":"Hi"}]},"preferred_output":[{"role":"assistant","content":"Hello, how can I help?"}],"non_preferred_output":[{"role":"assistant","content":"What?"}]}"#;
    let (_home, path) = file(&format!("{row}\n").repeat(12));
    let ran = run(["cost", path.to_str().unwrap(), "--compare", "--json"]);
    let compared: Value = serde_json::from_str(&ran.stdout).unwrap();
    let offers = compared["offers"].as_array().unwrap();
    let methods: Vec<&str> = offers.iter().filter_map(|offer| offer["bill"]["method"].as_str()).collect();
    assert!(!methods.is_empty() && methods.iter().all(|method| method.starts_with("dpo")), "{methods:?}");
}

#[test]
fn prices_of_ones_own_are_put_over_the_book() {
    let head = "as_of = \"2026-11-01\"\ncurrency = \"USD\"\n";
    let (_home, path) =
        file(&format!("{head}[[provider.azure.model]]\nname = \"gpt-4o\"\ntraining.sft = 30.0\n"));
    let bill = json(&[
        "--model",
        "gpt-4o",
        "--target",
        "azure",
        "--epochs",
        "1",
        "--prices",
        path.to_str().unwrap(),
    ]);
    assert_eq!(bill["total"]["low"], 0.041_55);
    let (_home, old) = file(
        "as_of = \"2020-01-01\"\ncurrency = \"USD\"\n[[provider.openai.model]]\nname = \"gpt-4o\"\ntraining.all = 25.0\n",
    );
    let bill = json(&["--model", "gpt-4o", "--prices", old.to_str().unwrap()]);
    assert!(bill["warnings"][0].as_str().unwrap().contains("days old (read 2020-01-01)"), "{bill}");
    let (_home, bad) =
        file(&format!("{head}[[provider.openai.model]]\nname = \"gpt-4o\"\ntraining.all = -25.0\n"));
    refused(&["--prices", bad.to_str().unwrap()], &["line 5: a price cannot be negative"]);
    refused(&["--prices", "no-such-file"], &["`no-such-file` cannot be read"]);
}

#[test]
fn moving_a_dataset_says_what_training_costs_there() {
    let migrate = |to: &str, more: &[&str]| {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("out.jsonl");
        let ran = run([&["migrate", ROWS, "--to", to, "-o", out.to_str().unwrap()], more].concat());
        assert_eq!(ran.code, 0, "{}", ran.all());
        let line = ran.stderr.lines().find(|line| line.trim_start().starts_with("cost")).unwrap_or_default();
        line.to_owned()
    };
    let one = migrate("together-chat", &["--model", "qwen3-8b"]);
    assert!(one.contains("on qwen3-8b at Together AI"), "{one}");
    let all = migrate("together-chat", &[]);
    assert!(all.contains(" models ") && all.contains("--model"), "{all}");
    let unknown = migrate("mistral", &[]);
    assert!(unknown.contains("no price is known"), "{unknown}");
    assert_eq!(migrate("trl-chat", &[]), "", "a trainer sends no bill");
}

#[test]
fn bad_input_gets_an_error_with_its_way_out() {
    refused(&["--epochs", "0"], &["0 epochs train nothing", "1 or more"]);
    refused(&["--epochs", "51"], &["51 epochs", "1 to 50"]);
    refused(&["--model", "gpt-4oo"], &["unknown model `gpt-4oo`", "did you mean `gpt-4o`"]);
    refused(&["--target", "together-chat"], &["is not tuned at Together AI", "--compare"]);
    refused(&["--target", "trl-chat"], &["`trl-chat` is nobody's target", "--self-hosted"]);
    refused(&["--model", "o4-mini", "--target", "azure"], &["no price of `sft` is known", "--prices"]);
    refused(&["--provider", "opneai"], &["no prices are known of `opneai`", "did you mean `openai`"]);
    refused(&["--weights", "lorra"], &["`lorra` is no way to tune"]);
    refused(&["--hours", "nan"], &["no time to train"]);
    refused(&["--hours=-1"], &["no time to train"]);
    let (_home, empty) = file("");
    let ran = run(["cost", empty.to_str().unwrap()]);
    assert_eq!(ran.code, 2, "{}", ran.all());
    let (_home, blank) = file("{\"messages\":[]}\n");
    let ran = run(["cost", blank.to_str().unwrap()]);
    assert!(ran.code == 2 && ran.stderr.contains("nothing to bill"), "{}", ran.all());
    let ran = run(["cost", "-", "--compare"]);
    assert!(ran.code == 2 && ran.stderr.contains("read once"), "{}", ran.all());
}

#[test]
fn a_comparison_is_readable_at_eighty_columns() {
    let ran = cost(&["--compare", "--epochs", "3"]);
    let longest = ran.stdout.lines().map(|line| line.chars().count()).max().unwrap();
    assert!(longest <= 80, "{longest} columns:\n{}", ran.stdout);
}

#[test]
fn machines_of_ones_own_are_planned() {
    let plan = json(&["--self-hosted", "--model", "llama-3.1-8b", "--epochs", "3", "--max-length", "2048"]);
    assert_eq!(plan["trained"], serde_json::json!([41_943_040, 41_943_040]));
    let gpus = plan["gpus"].as_array().unwrap();
    let count = |name: &str| gpus.iter().find(|gpu| gpu["gpu"] == name).unwrap()["count"].clone();
    assert_eq!((count("a100-80gb"), count("rtx-4090")), (1.into(), 2.into()));
    let sizes = ["--parameters", "8", "--layers", "32", "--hidden", "4096", "--precision", "4bit"];
    let four = json(&[&["--self-hosted", "--gpu", "rtx-4090"], sizes.as_slice()].concat());
    assert_eq!(four["gpus"][0]["count"], 1);
    refused(
        &["--self-hosted", "--model", "gpt-4o"],
        &["architecture of `gpt-4o-2024-08-06` is not known", "--parameters"],
    );
    refused(&["--self-hosted", "--model", "qwen3-8b", "--gpu", "h1000"], &["unknown GPU `h1000`"]);
    refused(&["--self-hosted", "--model", "qwen3-8b", "--rank", "0"], &["rank of 0"]);
    refused(&["--self-hosted", "--model", "qwen3-8b", "--batch", "0"], &["batch of 0"]);
    refused(&["--self-hosted", "--model", "qwen3-8b", "--epochs", "0"], &["0 epochs train nothing"]);
    refused(
        &["--self-hosted", "--model", "qwen3-8b", "--weights", "full", "--precision", "4bit"],
        &["4bit cannot all be trained"],
    );
    refused(&["--self-hosted", "--parameters", "0.1", "--layers", "80", "--hidden", "8192"], &["too few"]);
    refused(
        &["--self-hosted", "--parameters", "nan", "--layers", "80", "--hidden", "8192"],
        &["cannot be those of a model"],
    );
}

#[test]
fn when_tuning_pays_is_found_in_the_rows() {
    let found = json(&["--break-even", "--model", "gpt-4o"]);
    assert_eq!((&found["prompting"]["requests"], &found["prompting"]["constant"]), (&12.into(), &936.into()));
    let against = found["against"].as_array().unwrap();
    let of = |model: &str| against.iter().find(|against| against["model"] == model).unwrap();
    assert_eq!(of("gpt-4o-2024-08-06")["at_best"], serde_json::json!({ "pays": "after", "requests": 5_781 }));
    assert_eq!(of("gpt-6-luna")["at_best"]["pays"], "never");
    assert_eq!(found["shutdown"], "2027-01-14");
    let hours = ["--break-even", "--model", "llama-3.3-70b", "--target", "together-chat"];
    assert_eq!(json(&hours)["against"][0]["at_best"]["pays"], "above");
    // Once the constant head is kept nothing is saved, and the tuned model is dearer.
    let kept = json(&["--break-even", "--model", "gpt-4o", "--keep-tokens", "78"]);
    assert_eq!(kept["against"][0]["at_best"]["pays"], "never");
    refused(
        &["--break-even", "--model", "gpt-4o", "--base", "gpt-7"],
        &["no price is known of `gpt-7` as it is", "gpt-6-luna"],
    );
    refused(
        &["--break-even", "--model", "qwen3-8b", "--target", "together-chat"],
        &["is not known there", "--base"],
    );
    refused(&["--break-even", "--compare"], &["cannot be used with"]);
}

#[test]
fn a_finished_job_narrows_the_next_bill() {
    let home = tempfile::tempdir().unwrap();
    let kept = home.path().join("residual.toml");
    let learn = ["--calibrate", "fixtures/guide/job.json", "--residual", kept.to_str().unwrap()];
    let found = json(&learn);
    assert_eq!(found["narrowed"], serde_json::json!({ "low": 1_386, "high": 1_390 }));
    assert_eq!(json(&learn)["jobs"], 1, "one job is known once");
    let plain = json(&["--model", "gpt-4o"]);
    let narrowed = json(&["--model", "gpt-4o", "--residual", kept.to_str().unwrap()]);
    assert_eq!(narrowed["tokens"], serde_json::json!({ "low": 8 * 1_386, "high": 8 * 1_390 }));
    let other = json(&["--model", "gpt-4.1", "--residual", kept.to_str().unwrap()]);
    assert_eq!(other["tokens"], plain["tokens"], "what one model taught is not another's");
    // chatmill.toml names it, too.
    let settings = home.path().join("chatmill.toml");
    std::fs::write(&settings, format!("[cost]\nresidual = {:?}\n", kept.to_str().unwrap())).unwrap();
    let by_file = json(&["--model", "gpt-4o", "--config", settings.to_str().unwrap()]);
    assert_eq!(by_file["tokens"], narrowed["tokens"]);
}

#[test]
fn jobs_that_teach_nothing_are_errors() {
    let job = std::fs::read_to_string(crate::support::root().join("fixtures/guide/job.json")).unwrap();
    let said = |from: &str, to: &str, words: &[&str]| {
        let (_home, path) = file(&job.replace(from, to));
        refused(&["--calibrate", path.to_str().unwrap()], words);
    };
    said("11104", "0", &["0 tokens, which teaches nothing"]);
    said("11104", "null", &["not trained any tokens yet (status `succeeded`)"]);
    said("11104", "\"11104\"", &["`trained_tokens`", "is a text, not a number"]);
    said("11104", "1e30", &["which no job has"]);
    said("11104", "999999", &["the job is not of these rows"]);
    said("\"n_epochs\": 8", "\"n_epochs\": 0", &["no number of epochs"]);
    said("gpt-4o-2024-08-06", "gpt-9", &["unknown model `gpt-9`"]);
    said("{", "[", &["is no JSON"]);
    refused(
        &["--calibrate", "fixtures/guide/job.json", "--model", "gpt-4.1"],
        &["the job tuned `gpt-4o-2024-08-06`"],
    );
    refused(&["--calibrate", "no-such-job"], &["cannot be read"]);
    refused(&["--residual", "no-such-file"], &["cannot be read"]);
}
