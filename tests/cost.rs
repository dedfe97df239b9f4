//! The bill through the front door: every provider's formula, files side by side, and what is said of bad input.

use std::path::PathBuf;

use serde_json::Value;

use crate::support::{Ran, program, run};

pub const ROWS: &str = "fixtures/guide/birchline.jsonl";

pub fn cost(arguments: &[&str]) -> Ran {
    run([&["cost", ROWS], arguments].concat())
}

pub fn json(arguments: &[&str]) -> Value {
    let ran = cost(&[arguments, &["--json"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.all());
    serde_json::from_str(&ran.stdout).unwrap()
}

/// A file of the test's own, kept as long as its folder.
pub fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("file");
    std::fs::write(&path, text).unwrap();
    (home, path)
}

pub fn refused(arguments: &[&str], words: &[&str]) {
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
    let why = unpriced["unknown"].as_str().unwrap();
    assert!(
        unpriced["bill"].is_null() && why == "no price of `sft`, but one of `rft` with `--target azure-rft`"
    );
    // By cost, what is not known after what is, what is gone last.
    let total = |offer: &Value| offer["bill"]["total"]["high"].as_f64().unwrap_or(f64::INFINITY);
    let rank = |offer: &Value| (offer["over"].as_bool().unwrap(), offer["bill"].is_null(), total(offer));
    assert!(offers.is_sorted_by(|a, b| rank(a) <= rank(b)));
}

/// The rows of the guide with others behind them, as a file.
pub fn rows_and(others: &str) -> (tempfile::TempDir, PathBuf) {
    let rows = std::fs::read_to_string(crate::support::root().join(ROWS)).unwrap();
    file(&(rows + others))
}

pub fn json_of(path: &std::path::Path, arguments: &[&str]) -> Value {
    let ran = run([&["cost", path.to_str().unwrap(), "--json"], arguments].concat());
    assert_eq!(ran.code, 0, "{}", ran.all());
    serde_json::from_str(&ran.stdout).unwrap()
}

/// Whether one of the texts under a key holds `words`.
pub fn says(found: &Value, key: &str, words: &str) -> bool {
    found[key].as_array().unwrap().iter().any(|line| line.as_str().unwrap().contains(words))
}

pub fn offer<'a>(compared: &'a Value, provider: &str, model: &str) -> &'a Value {
    let mut offers = compared["offers"].as_array().unwrap().iter();
    offers.find(|offer| offer["provider"] == provider && offer["model"] == model).unwrap()
}

#[test]
fn rows_that_are_too_long_are_billed_as_they_are_cut() {
    // 1,385 tokens of the guide's rows, and one row of far more than 65,536, of which that much is trained and billed.
    let long = format!(
        "{{\"messages\":[{{\"role\":\"user\",\"content\":\"Hi\"}},{{\"role\":\"assistant\",\"content\":\"Hello{}\"}}]}}\n",
        " hello".repeat(70_000)
    );
    let (_home, path) = rows_and(&long);
    let plain = json_of(&path, &["--model", "gpt-4o", "--epochs", "1"]);
    assert_eq!(plain["tokens"], serde_json::json!({ "low": 1_385 + 65_536, "high": 1_421 + 65_536 }));
    assert_eq!(
        plain["rows"],
        serde_json::json!({
            "records": 13, "rejected": 0, "examples": 13, "examples_min": 10, "limit": 65_536, "too_long": 1,
            "too_long_most": 1
        })
    );
    assert!(says(&plain, "assumptions", "more than 65,536 tokens (1 of 13) is cut"), "{plain}");
    let compared = json_of(&path, &["--compare", "--epochs", "1", "--target", "openai-chat"]);
    let one = &offer(&compared, "openai", "gpt-4o-2024-08-06")["bill"];
    assert_eq!((&one["tokens"], &one["rows"]), (&plain["tokens"], &plain["rows"]));
    // The head of 78 tokens is in 12 rows; of the long one nothing is known to fall away.
    let pays = json_of(&path, &["--break-even", "--model", "gpt-4o", "--epochs", "1"]);
    assert_eq!(pays["bill"]["tokens"], serde_json::json!({ "low": 449 + 65_536, "high": 485 + 65_536 }));
}

#[test]
fn rows_that_are_refused_are_told() {
    let (_home, path) = rows_and(&"{\"messages\":[]}\n".repeat(3));
    for arguments in [&["--model", "gpt-4o"][..], &["--model", "gpt-4o", "--break-even"]] {
        let found = json_of(&path, arguments);
        let bill = if found["bill"].is_null() { &found } else { &found["bill"] };
        let rows = &bill["rows"];
        assert_eq!(
            (&rows["records"], &rows["rejected"], &rows["examples"]),
            (&15.into(), &3.into(), &12.into())
        );
        assert!(says(bill, "warnings", "3 of 15 records are refused, and not billed"), "{bill}");
        assert!(says(bill, "warnings", "3 refused: "), "{bill}");
    }
    let row = std::fs::read_to_string(crate::support::root().join(ROWS)).unwrap();
    let (_home, one) = file(row.lines().next().unwrap());
    let bill = json_of(&one, &["--model", "gpt-4o"]);
    assert!(says(&bill, "warnings", "1 example taken, and the file needs at least 10"), "{bill}");
    let (_home, none) = file(&"{\"messages\":[]}\n".repeat(3));
    let ran = run(["cost", none.to_str().unwrap()]);
    let told = ran.stderr.contains("none of 3 records is usable; 3 refused: ")
        && ran.stderr.contains("chatmill explain ");
    assert!(ran.code == 2 && told, "{}", ran.all());
}

#[test]
fn validation_is_billed_wherever_a_bill_is_made() {
    let evaluated = ["--target", "together-chat", "--validation", ROWS, "--evaluations", "2"];
    let model = ["--model", "llama-3.3-70b"];
    let plain = json(&[&evaluated[..], &model].concat());
    let without = json(&[&evaluated[..2], &model].concat());
    // One epoch and two evaluations of the same rows are three times their tokens.
    assert_eq!(plain["tokens"]["low"].as_u64().unwrap(), 3 * without["tokens"]["low"].as_u64().unwrap());
    let compared = json(&[&evaluated[..], &["--compare"]].concat());
    let one = &offer(&compared, "together", "llama-3.3-70b-instruct")["bill"];
    assert_eq!((&one["tokens"], &one["total"]), (&plain["tokens"], &plain["total"]));
    assert!(says(one, "assumptions", "2 evaluations of the validation file"), "{one}");
    let pays = json(&[&evaluated[..], &model, &["--break-even"]].concat());
    let bare = json(&[&evaluated[..2], &model, &["--break-even"]].concat());
    let low = |found: &Value| found["bill"]["tokens"]["low"].as_u64().unwrap();
    assert_eq!(low(&pays) - low(&bare), 2 * without["tokens"]["low"].as_u64().unwrap());
}

const GRADED: &str = r#"{"prompt":[{"role":"user","content":"Hi"}],"completion":[{"role":"assistant","content":"Hello."}],"label":true}"#;

pub const PAIR: &str = r#"{"input":{"messages":[{"role":"user","content":"Hi"}]},"preferred_output":[{"role":"assistant","content":"Hello, how can I help?"}],"non_preferred_output":[{"role":"assistant","content":"What?"}]}"#;

#[test]
fn pairs_are_billed_as_pairs_without_being_asked() {
    let (_home, path) = file(&format!("{PAIR}\n").repeat(12));
    let bill = json_of(&path, &["--model", "gpt-4o"]);
    assert_eq!(bill["method"], "dpo");
    assert!(says(&bill, "warnings", "preference pairs, and are billed as those of `openai-dpo`"), "{bill}");
    assert!(says(&bill, "assumptions", "counts the prompt of a pair once"), "{bill}");
    let compared = json_of(&path, &["--compare"]);
    assert_eq!(offer(&compared, "openai", "gpt-4o-2024-08-06")["bill"]["tokens"], bill["tokens"]);
    let together = json_of(&path, &["--model", "qwen3-8b", "--provider", "together"]);
    // 40,960 tokens are the limit of its chats, and about half of them that of pairs.
    assert_eq!((&together["method"], &together["rows"]["limit"]), (&"dpo-lora".into(), &20_480.into()));
    let machine = ["--self-hosted", "--model", "qwen3-8b", "--target", "trl-preference", "--weights", "full"];
    let plan = json_of(&path, &machine);
    let chats = json_of(&path, &["--self-hosted", "--model", "qwen3-8b", "--target", "trl-chat"]);
    assert!(says(&chats, "warnings", "the answers that are not preferred are dropped"), "{chats}");
    let (_home, graded) = file(&format!("{GRADED}\n").repeat(12));
    let kto = json_of(&graded, &["--self-hosted", "--model", "qwen3-8b", "--target", "trl-kto"]);
    assert_eq!(kto["warnings"], serde_json::json!([]), "answers that are not wanted are what it learns from");
    // Two bytes a parameter, and as many of a reference, unless its answers are computed before.
    let parameters = plan["parameters"].as_f64().unwrap();
    let weights = serde_json::json!({ "low": 2.0 * parameters, "high": 4.0 * parameters });
    assert_eq!(plan["memory"]["weights"], weights);
    assert!(says(&plan, "assumptions", "preference pairs: both answers side by side"), "{plan}");
    // Each answer is a sequence with the prompt of its own, and as long as that.
    let short =
        json_of(&path, &[&machine[..], &["--no-packing", "--epochs", "1", "--max-length", "20"]].concat());
    assert_eq!(short["tokens"]["high"], 12 * 2 * 20);
    let asked = json_of(&path, &["--model", "gpt-4o", "--target", "openai-chat"]);
    assert_eq!(asked["method"], "sft", "a target that is named is meant");
    assert!(says(&asked, "warnings", "the answers that are not preferred are dropped"), "{asked}");
    let beside = json_of(&path, &["--compare", "--target", "openai-chat"]);
    assert!(says(&beside["offers"][0], "file", "the answers that are not preferred are dropped"), "{beside}");
    let mut read = program();
    read.args(["cost", "-", "--model", "gpt-4o", "--json"]).stdin(std::fs::File::open(&path).unwrap());
    let piped: Value = serde_json::from_slice(&read.output().unwrap().stdout).unwrap();
    assert_eq!((&piped["method"], &piped["total"]), (&bill["method"], &bill["total"]));
}

#[test]
fn rules_are_those_of_whoever_is_asked() {
    let together = json(&["--model", "qwen3-8b", "--provider", "together"]);
    let by_target = json(&["--model", "qwen3-8b", "--target", "together-chat"]);
    assert_eq!(together, by_target);
    assert!(says(&together, "assumptions", "more than 40,960 tokens is not published: cut"), "{together}");
    refused(
        &["--model", "qwen3-8b", "--target", "together-chat", "--provider", "openai"],
        &["`together-chat` is a target of Together AI", "leave out one of the two"],
    );
    // Of a provider without a target nothing is known of what becomes of long rows.
    let compared = json(&["--compare", "--provider", "prime-intellect"]);
    let one = &compared["offers"][0];
    assert_eq!((&one["rules_known"], &one["overlong"]), (&false.into(), &"not published".into()));
}

#[test]
fn flags_that_would_be_ignored_are_refused() {
    let idle: &[(&[&str], &str)] = &[
        (&["--gpu", "l4"], "--self-hosted"),
        (&["--rank", "8"], "--self-hosted"),
        (&["--batch", "8"], "--self-hosted"),
        (&["--precision", "4bit"], "--self-hosted"),
        (&["--no-checkpointing"], "--self-hosted"),
        (&["--evaluations", "2"], "--validation"),
        (&["--max-length", "100"], "--no-packing"),
        (&["--compare", "--model", "gpt-4o"], "leave out one of the two"),
        (&["--hours", "2"], "not by the hour"),
        (&["--self-hosted", "--model", "qwen3-8b", "--hours", "2"], "cannot be used with"),
        (&["--self-hosted", "--model", "qwen3-8b", "--provider", "nobody"], "cannot be used with"),
        (&["--self-hosted", "--model", "qwen3-8b", "--validation", ROWS], "cannot be used with"),
        (&["--self-hosted", "--model", "qwen3-8b", "--residual", ROWS], "cannot be used with"),
    ];
    for (arguments, word) in idle {
        refused(arguments, &[word]);
    }
    let hours = ["--target", "azure-rft", "--model", "o4-mini", "--hours", "3"];
    for flag in [&["--epochs", "2"][..], &["--weights", "full"], &["--no-packing"]] {
        refused(&[&hours[..], flag].concat(), &[&format!("by the hour, so `{}` changes nothing", flag[0])]);
    }
}

#[test]
fn a_model_that_is_tuned_elsewhere_says_where() {
    refused(
        &["--model", "qwen3-8b"],
        &["`qwen3-8b` is not tuned at OpenAI", "`--target together-chat`", "`--target fireworks`"],
    );
    // What OpenAI still tunes, not what is out of service.
    let ran = cost(&["--model", "ministral-3b", "--target", "openai-chat"]);
    assert!(
        ran.code == 2 && ran.stderr.contains("`--target azure`") && !ran.stderr.contains("gpt-3.5"),
        "{}",
        ran.all()
    );
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
    let ran = cost(&["--compare", "--prices", old.to_str().unwrap()]);
    assert!(ran.stdout.contains("the day of the price is long past, or yet to come:"), "{}", ran.all());
    // Prices of use are used where requests are compared.
    let (_home, old) = file(
        "as_of = \"2020-01-01\"\ncurrency = \"USD\"\n[[provider.openai.model]]\nname = \"gpt-4o\"\ntuned = { input = 3.0 }\n",
    );
    let pays = json(&["--break-even", "--model", "gpt-4o", "--prices", old.to_str().unwrap()]);
    assert!(says(&pays["bill"], "warnings", "use of `gpt-4o-2024-08-06`, tuned, is 2516 days old"), "{pays}");
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
    // Azure takes the same rows, and is not where these go.
    let elsewhere = migrate("openai-chat", &["--model", "qwen3-8b"]);
    assert!(elsewhere.contains("from ") && !elsewhere.contains("ministral"), "{elsewhere}");
    let unknown = migrate("mistral", &[]);
    assert!(unknown.contains("no price is known"), "{unknown}");
    assert_eq!(migrate("trl-chat", &[]), "", "a trainer sends no bill");
}

#[test]
fn bad_input_gets_an_error_with_its_way_out() {
    refused(&["--epochs", "0"], &["0 epochs train nothing", "1 or more"]);
    refused(&["--epochs", "51"], &["51 epochs", "1 to 50"]);
    refused(&["--model", "gpt-4oo"], &["unknown model `gpt-4oo`", "did you mean `gpt-4o`"]);
    refused(&["--target", "together-chat"], &["is not tuned at Together AI", "`--target openai-chat`"]);
    refused(&["--target", "trl-chat"], &["`trl-chat` is nobody's target", "--self-hosted"]);
    refused(
        &["--model", "o4-mini", "--target", "azure"],
        &["no price of `sft` is known", "tuned by `rft` there: give `--target azure-rft`"],
    );
    refused(
        &["--model", "gemma-3-27b-it", "--target", "vertex"],
        &["no price of `sft` is known", "--prices"],
    );
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
fn machines_of_ones_own_are_planned() {
    let plan = json(&["--self-hosted", "--model", "llama-3.1-8b", "--epochs", "3", "--max-length", "2048"]);
    assert_eq!(plan["trained"], serde_json::json!([41_943_040, 41_943_040]));
    let gpus = plan["gpus"].as_array().unwrap();
    let count = |name: &str| gpus.iter().find(|gpu| gpu["gpu"] == name).unwrap()["count"].clone();
    assert_eq!((count("a100-80gb"), count("rtx-4090")), (1.into(), 2.into()));
    // Reached on one GPU (https://unsloth.ai/blog/llama3-3), so the lower bound is not above it.
    let long = ["--max-length", "342000", "--precision", "4bit", "--rank", "32", "--gpu", "a100-80gb"];
    let reached = json(&[&["--self-hosted", "--model", "llama-3.1-8b"], long.as_slice()].concat());
    assert_eq!(reached["gpus"][0]["count_least"], 1);
    // Every row has more than 60 tokens; Axolotl leaves such rows out.
    let axolotl = ["--self-hosted", "--model", "gpt-oss-20b", "--target", "axolotl", "--max-length"];
    let left = json(&[axolotl.as_slice(), &["60"]].concat());
    assert!(
        says(&left, "assumptions", "12 of 12 rows are longer than 60 tokens (`sequence_len`): left out"),
        "{left}"
    );
    assert!(says(&left, "assumptions", "rows are packed into sequences"), "{left}");
    let unpacked = json(&[
        "--self-hosted",
        "--model",
        "gpt-oss-20b",
        "--no-packing",
        "--max-length",
        "60",
        "--epochs",
        "1",
    ]);
    assert!(says(&unpacked, "assumptions", "rows are not packed"), "{unpacked}");
    assert!(
        says(&unpacked, "assumptions", "12 of 12 rows are longer than a sequence: cut at the end"),
        "{unpacked}"
    );
    // 12 rows that are cut at 60 tokens.
    assert_eq!(unpacked["tokens"], serde_json::json!({ "low": 720, "high": 720 }));
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
    refused(&["--self-hosted", "--model", "qwen3-8b", "--epochs", "1001"], &["1 to 1,000 are taken"]);
    refused(&["--self-hosted"], &["needs the name of an open model", "--model llama-3.1-8b", "--parameters"]);
    refused(
        &["--self-hosted", "--model", "qwen3-8b", "--gpu", "h100"],
        &["did you mean `h100-pcie` or `h100-sxm`? a price file may have others"],
    );
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
    assert_eq!(found["prompting"]["requests"], 12);
    assert_eq!(found["prompting"]["constant"], serde_json::json!({ "low": 936, "high": 936 }));
    // Trained on rows without the head of 12 * 78 = 936 tokens: 1,385 - 936 = 449 to 1,421 - 936 = 485 a pass, 8 passes.
    assert_eq!(found["bill"]["tokens"], serde_json::json!({ "low": 3_592, "high": 3_880 }));
    let against = found["against"].as_array().unwrap();
    let of = |model: &str| against.iter().find(|against| against["model"] == model).unwrap();
    // 3,592 tokens at 25 dollars a million are 0.0898; a request saves 0.000575 / 12: 1,874.1 requests.
    assert_eq!(of("gpt-4o-2024-08-06")["at_best"], serde_json::json!({ "pays": "after", "requests": 1_875 }));
    assert_eq!(of("gpt-6-luna")["at_best"]["pays"], "never");
    assert_eq!(found["shutdown"], "2027-01-14");
    let hours = ["--break-even", "--model", "llama-3.3-70b", "--target", "together-chat"];
    assert_eq!(json(&hours)["against"][0]["at_best"]["pays"], "above");
    // Once the constant head is kept nothing is saved, and the tuned model is dearer.
    let kept = json(&["--break-even", "--model", "gpt-4o", "--keep-tokens", "78"]);
    assert_eq!(kept["against"][0]["at_best"]["pays"], "never");
    assert_eq!(kept["bill"]["tokens"], serde_json::json!({ "low": 11_080, "high": 11_368 }));
    refused(
        &["--break-even", "--model", "gpt-4o", "--keep-tokens", "500"],
        &["more than the constant head has, 78 tokens a request", "--keep-tokens 78"],
    );
    // Counts of a vocabulary that is not at hand are bounds, and what follows from them, too.
    let estimated = json(&["--break-even", "--model", "llama-3.3-70b", "--target", "together-chat"]);
    let ends = |found: &Value| (found["low"].as_f64().unwrap(), found["high"].as_f64().unwrap());
    let (low, high) = ends(&estimated["against"][0]["request"]);
    assert!(low < high, "{estimated}");
    assert!(says(&estimated, "assumptions", "counts are estimates with their bounds"), "{estimated}");
    assert!(says(&found, "assumptions", "`gpt-6-luna` are counted by `o200k_base`"), "{found}");
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

/// Every key of a JSON value, however deep.
fn keys(value: &Value, found: &mut std::collections::BTreeSet<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            found.insert(key.clone());
            keys(value, found);
        }),
        Value::Array(list) => list.iter().for_each(|value| keys(value, found)),
        _ => {}
    }
}

#[test]
fn every_key_of_the_json_is_described() {
    let page = std::fs::read_to_string(crate::support::root().join("docs/reference/cost.md")).unwrap();
    let described: std::collections::BTreeSet<&str> =
        page.split(|character: char| !character.is_ascii_alphanumeric() && character != '_').collect();
    let (_home, asked) = file(&"{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}\n".repeat(12));
    let hosted = ["--break-even", "--model", "llama-3.3-70b", "--target", "together-chat"];
    let all = [
        json(&["--model", "gpt-4o"]),
        json_of(&asked, &["--model", "o4-mini", "--target", "azure-rft", "--hours", "1"]),
        json(&["--compare"]),
        json(&["--self-hosted", "--model", "qwen3-8b"]),
        json(&["--break-even", "--model", "gpt-4o"]),
        json(&hosted),
        json(&["--calibrate", "fixtures/guide/job.json"]),
    ];
    let mut found = std::collections::BTreeSet::new();
    all.iter().for_each(|value| keys(value, &mut found));
    assert!(found.len() > 90, "{}", found.len());
    let missing: Vec<&String> = found.iter().filter(|key| !described.contains(key.as_str())).collect();
    assert!(missing.is_empty(), "docs/reference/cost.md does not describe {missing:?}");
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
    refused(
        &["--calibrate", "fixtures/guide/job.json", "--epochs", "7"],
        &["the job took 8 epochs, not 7", "leave out `--epochs`"],
    );
    said("gpt-4o-2024-08-06", "gpt-9", &["unknown model `gpt-9`"]);
    said("{", "[", &["is no JSON"]);
    refused(
        &["--calibrate", "fixtures/guide/job.json", "--model", "gpt-4.1"],
        &["the job tuned `gpt-4o-2024-08-06`"],
    );
    refused(&["--calibrate", "no-such-job"], &["cannot be read"]);
    refused(&["--residual", "no-such-file"], &["cannot be read"]);
}
