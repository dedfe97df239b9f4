//! Bills side by side, and what is said where one provider differs from another.

use serde_json::Value;

use crate::cost::{PAIR, cost, file, json, json_of, offer, refused, rows_and, says};
use crate::support::run;

const PROMPT: &str = r#"{"messages":[{"role":"user","content":"Hi"}]}"#;
/// That an answer is masked cannot be said at Vertex AI.
const MASKED: &str = r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello.","weight":0},{"role":"user","content":"Bye"},{"role":"assistant","content":"Goodbye."}]}"#;

#[test]
fn refused_validation_rows_are_told() {
    let (_home, path) = rows_and(&"{\"messages\":[]}\n".repeat(3));
    let held = ["--target", "together-chat", "--validation", path.to_str().unwrap(), "--evaluations", "2"];
    let model = ["--model", "llama-3.3-70b"];
    let plain = json(&[&held[..], &model].concat());
    let pays = json(&[&held[..], &model, &["--break-even"]].concat());
    for bill in [&plain, &pays["bill"]] {
        assert!(says(bill, "warnings", "3 of 15 validation records are refused, and not billed"), "{bill}");
        assert!(says(bill, "warnings", "3 refused: "), "{bill}");
    }
    let ran = cost(&[&held[..], &["--compare"]].concat());
    assert!(ran.stdout.contains("3 of 15 validation records are refused, and not billed"), "{}", ran.all());
    // A target that takes none of them has no bill, and says why; where nobody does, that is an error.
    let (_home, masked) = file(&format!("{MASKED}\n").repeat(3));
    let compared = json(&["--compare", "--validation", masked.to_str().unwrap()]);
    let one = offer(&compared, "vertex", "gemini-2.5-flash");
    assert!(one["bill"].is_null(), "{one}");
    assert!(one["unknown"].as_str().unwrap().contains("none of 3 validation records is usable"), "{one}");
    assert!(!offer(&compared, "openai", "gpt-4o-2024-08-06")["bill"].is_null());
    let (_home, none) = file(&"{\"messages\":[]}\n".repeat(3));
    for asked in [&["--compare"][..], &["--model", "gpt-4o"]] {
        let held = ["--validation", none.to_str().unwrap()];
        refused(&[&held[..], asked].concat(), &["nothing to bill: none of 3 validation records is usable"]);
    }
}

#[test]
fn an_offer_that_takes_no_row_has_no_bill() {
    let (_home, path) = file(&format!("{MASKED}\n").repeat(12));
    let compared = json_of(&path, &["--compare"]);
    let one = offer(&compared, "vertex", "gemini-2.5-flash");
    assert!(one["bill"].is_null(), "{one}");
    assert!(one["unknown"].as_str().unwrap().contains("none of 12 records is usable"), "{one}");
    assert!(!offer(&compared, "openai", "gpt-4o-2024-08-06")["bill"].is_null());
    let ran = run(["cost", path.to_str().unwrap(), "--compare"]);
    assert!(ran.stdout.contains("none of 12 records is usable"), "{}", ran.all());
    // Nobody takes prompts without answers.
    let (_home, asked) = file(&format!("{PROMPT}\n").repeat(12));
    let ran = run(["cost", asked.to_str().unwrap(), "--compare"]);
    let told = ran.stderr.contains("there is nothing to bill: none of 12 records is usable");
    assert!(ran.code == 2 && told, "{}", ran.all());
}

#[test]
fn azure_takes_the_pairs_of_openai() {
    let (_home, path) = file(&format!("{PAIR}\n").repeat(12));
    let bill = json_of(&path, &["--model", "gpt-4o", "--provider", "azure"]);
    assert_eq!((&bill["method"], &bill["provider"]), (&"dpo".into(), &"azure".into()));
    assert!(says(&bill, "warnings", "are billed as those of `openai-dpo`"), "{bill}");
    let named = json_of(&path, &["--model", "gpt-4o", "--provider", "azure", "--target", "openai-dpo"]);
    assert_eq!(named["total"], bill["total"]);
    let compared = json_of(&path, &["--compare"]);
    assert_eq!(offer(&compared, "azure", "gpt-4o-2024-08-06")["bill"]["total"], bill["total"]);
    // Chats, too: Azure's own limit and prices with the rules of OpenAI.
    let chats = json(&["--model", "gpt-4.1-nano", "--provider", "azure", "--target", "openai-chat"]);
    assert_eq!((&chats["provider"], &chats["rows"]["limit"]), (&"azure".into(), &32_768.into()));
    // Azure tunes it on chats only, and by a target of its own.
    let ran = run(["cost", path.to_str().unwrap(), "--model", "ministral-3b", "--target", "openai-dpo"]);
    assert!(ran.code == 2 && ran.stderr.contains("it is tuned with `--target azure`"), "{}", ran.all());
}

#[test]
fn rows_that_are_not_packed_are_cut_where_that_is_set() {
    let shortened = |model: &str| json(&["--model", model, "--no-packing", "--max-length", "100"]);
    let openai = shortened("gpt-4o");
    assert_eq!(openai["total"], json(&["--model", "gpt-4o"])["total"]);
    assert!(
        says(&openai, "warnings", "`--no-packing` and `--max-length` change nothing: OpenAI"),
        "{openai}"
    );
    let together = ["--target", "together-chat", "--no-packing", "--max-length"];
    let cut = json(&[&together[..], &["100", "--model", "qwen3-8b"]].concat());
    assert_eq!((&cut["rows"]["limit"], &cut["rows"]["too_long"]), (&100.into(), &12.into()));
    assert!(
        says(&cut, "warnings", "12 of 12 rows are longer than 100 tokens: what becomes of them"),
        "{cut}"
    );
    let compared = json(&[&together[..], &["100", "--compare"]].concat());
    assert_eq!(offer(&compared, "together", "qwen3-8b")["over_limit"], 12);
    // No more than Together takes.
    let long = json(&[&together[..], &["100000", "--model", "qwen3-8b"]].concat());
    assert_eq!((&long["rows"]["limit"], &long["rows"]["too_long"]), (&40_960.into(), &0.into()));
}

#[test]
fn what_cannot_be_compared_says_why() {
    refused(&["--compare", "--epochs", "0"], &["0 epochs train nothing", "1 or more"]);
    refused(&["--compare", "--provider", "bogus"], &["no prices are known of `bogus`"]);
    refused(&["--compare", "--target", "trl-chat"], &["`trl-chat` is nobody's target"]);
    refused(&["--compare", "--target", "azure-rft"], &["billed by the hour", "--hours"]);
    refused(&["--compare", "--provider", "openai", "--target", "together-chat"], &["names somebody else"]);
    let (_home, asked) = file(&format!("{PROMPT}\n").repeat(12));
    let hours = json_of(&asked, &["--compare", "--target", "azure-rft", "--hours", "2.5"]);
    assert_eq!(offer(&hours, "azure", "o4-mini-2025-04-16")["bill"]["total"]["low"], 250.0);
    refused(&["--compare", "--hours", "3"], &["not by the hour", "leave out `--hours`"]);
    // OpenAI takes 50 epochs, the others more: it alone is without a bill, and says why.
    let ran = cost(&["--compare", "--epochs", "51"]);
    assert!(ran.code == 0 && ran.stdout.contains("51 epochs are more than a job takes"), "{}", ran.all());
    let many = json(&["--compare", "--epochs", "51"]);
    let openai = offer(&many, "openai", "gpt-4o-2024-08-06");
    assert!(openai["bill"].is_null() && openai["priced"] == true, "{openai}");
    assert!(!offer(&many, "together", "qwen3-8b")["bill"].is_null());
    // Whether rows are packed is nothing to whoever bills tokens.
    let (packed, unpacked) = (json(&["--compare"]), json(&["--compare", "--no-packing"]));
    for (provider, model) in [("fireworks", "qwen3-8b"), ("azure", "qwen3-32b"), ("tinker", "qwen3-8b")] {
        assert_eq!(
            offer(&packed, provider, model)["bill"]["tokens"],
            offer(&unpacked, provider, model)["bill"]["tokens"]
        );
        assert!(!offer(&unpacked, provider, model)["bill"].is_null(), "{provider}");
    }
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
    let (_home, path) = file(&format!("{PAIR}\n").repeat(12));
    let ran = run(["cost", path.to_str().unwrap(), "--compare", "--json"]);
    let compared: Value = serde_json::from_str(&ran.stdout).unwrap();
    let offers = compared["offers"].as_array().unwrap();
    let methods: Vec<&str> = offers.iter().filter_map(|offer| offer["bill"]["method"].as_str()).collect();
    assert!(!methods.is_empty() && methods.iter().all(|method| method.starts_with("dpo")), "{methods:?}");
    // Ori has prices of answers alone.
    assert!(offers.iter().all(|offer| offer["provider"] != "ori"));
    let page = run(["cost", path.to_str().unwrap(), "--compare"]).stdout;
    assert!(page.contains("dpo-full, the others dpo-lora: deepseek-r1,"), "{page}");
}

#[test]
fn a_comparison_is_readable_at_eighty_columns() {
    let ran = cost(&["--compare", "--epochs", "3"]);
    let longest = ran.stdout.lines().map(|line| line.chars().count()).max().unwrap();
    assert!(longest <= 80, "{longest} columns:\n{}", ran.stdout);
    // Tokens and hours, where both are paid for.
    let azure = cost(&["--compare", "--provider", "azure"]).stdout;
    assert!(
        azure.contains(" 2.50/10.00+ gpt-4o") && azure.contains("+: $1.70 an hour besides: gpt-4"),
        "{azure}"
    );
    assert!(!cost(&["--compare", "--provider", "openai"]).stdout.contains("besides"));
    // A provider without a target of its own, known by sizes.
    let each = cost(&["--compare", "--each"]).stdout;
    assert!(each.lines().any(|line| line.contains(" ori ") && line.contains("qwen3-8b")), "{each}");
}

#[test]
fn what_is_kept_before_pairs_may_be_billed_twice() {
    let head =
        "You are the help desk of a shop for lamps, kind and short, and you never promise a day. ".repeat(4);
    let pair =
        PAIR.replace(r#""messages":["#, &format!(r#""messages":[{{"role":"system","content":"{head}"}},"#));
    let (_home, path) = file(&format!("{pair}\n").repeat(20));
    let tokens = |kept: &str| {
        let arguments = ["--break-even", "--model", "gpt-4o", "--epochs", "1", "--keep-tokens", kept];
        let found = json_of(&path, &arguments);
        let end = |end: &str| found["bill"]["tokens"][end].as_u64().unwrap();
        (end("low"), end("high"))
    };
    let (none, some) = (tokens("0"), tokens("50"));
    assert_eq!((some.0 - none.0, some.1 - none.1), (20 * 50, 2 * 20 * 50));
}

#[test]
fn what_becomes_of_long_rows_is_said_of_those_it_becomes_of() {
    let long = format!(
        r#"{{"messages":[{{"role":"user","content":"{}"}},{{"role":"assistant","content":"Yes."}}]}}"#,
        "word ".repeat(140_000)
    );
    let (_home, path) = rows_and(&format!("{long}\n").repeat(3));
    let ran = run(["cost", path.to_str().unwrap(), "--compare", "--provider", "bedrock", "--epochs", "1"]);
    let text = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("tokens: refused") && text.contains("of those is not published"), "{}", ran.all());
    // On a machine of one's own a row is as long as what it holds, unless that is cut.
    let plan = ["--self-hosted", "--model", "qwen3-8b", "--target", "together-chat", "--no-packing"];
    let found = json_of(&path, &[&plan[..], &["--max-length", "512", "--epochs", "1"]].concat());
    let (low, high) = (found["tokens"]["low"].as_u64().unwrap(), found["tokens"]["high"].as_u64().unwrap());
    assert!(low < high && high == 15 * 512, "{found}");
}
