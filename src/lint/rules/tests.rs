//! What every rule must hold: its description is whole, its `bad` fires it and nothing else, its `good` is silent.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::RULES;
use crate::diagnostic::{Finding, Severity};
use crate::lint::{
    Columns, DatasetTally, EXAMPLE_LIMIT, Fixes, Item, LintSettings, RowFacts, RuleDef, Rules, Safety,
};
use crate::model::{Body, Message, Prints, Role, TokenCount};
use crate::target::{TARGETS, by_name, codes};

use proptest::prelude::*;
use serde_json::{Value, json};

/// Rules that speak beside another about its `bad`, and why they must.
const BESIDE: &[(&str, &str, &str)] = &[
    ("CONT043", "CONT002", "an empty answer is blank, which other targets take"),
    ("LEN002", "LEN001", "an example whose answer is cut is too long, and each can be ignored alone"),
    ("LEN003", "LEN001", "an example of which no answer is left is too long, and each can be ignored alone"),
    ("TOOL004", "TOOL005", "a result that names no call leaves its call without one"),
    ("TURN020", "SYS001", "a system message behind an answer is not the first, which other places are, too"),
    ("TURN021", "TURN005", "an answer alone has no question"),
    ("WGT020", "WGT002", "pictures are in messages of the user only, and these are never trained"),
];

/// Rules without `bad` or `good`, and where they are tested instead.
const NOT_SHOWN: &[(&str, &str)] = &[
    ("IMG003", "ten megabytes: its own test"),
    ("JOB001", "two files: its own test"),
    ("JOB002", "two files: its own test"),
    ("JOB003", "a day: its own test"),
    ("SET002", "`good` needs fifty rows: in the fixtures"),
    ("SET003", "half a gigabyte: its own test"),
    ("SET010", "ten thousand rows: its own test"),
    ("TOOL008", "129 tools: in the fixtures"),
];

fn words(message: &Message) -> u64 {
    message.texts().map(|text| text.split_whitespace().count() as u64).sum()
}

fn add(facts: &mut DatasetTally, item: &Item<'_>, row_bytes: u64) {
    let prints = Prints::of(item.body, &mut Vec::new());
    facts.add_row(&RowFacts::of(item, Some(&prints), 1), row_bytes).unwrap();
}

/// Checks rows as the command line would, with words for tokens.
fn findings(rule: &RuleDef, rows: &str) -> Vec<Finding> {
    let target = by_name(rule.target).unwrap_or_else(|| panic!("{}: no target", rule.def.code));
    let mut settings = LintSettings { example_tokens: Some(EXAMPLE_LIMIT), ..LintSettings::default() };
    if rule.def.code == "KEY004" {
        settings.grader_fields = vec!["reference".to_owned()];
    }
    let rules = Rules::select(target.spec(), &settings).unwrap();
    let mut facts = DatasetTally::new(&std::env::temp_dir());
    let mut columns = Columns::default();
    let mut found = Vec::new();
    for row in rows.lines() {
        let body = target.decode(serde_json::from_str(row).unwrap()).unwrap();
        let total = match &body {
            Body::Example(example) => example.messages.iter().map(words).sum(),
            Body::Preference(_) => 1,
        };
        let before = match &body {
            Body::Example(example) => {
                example.messages.iter().take_while(|message| message.role != Role::Assistant).map(words).sum()
            }
            Body::Preference(_) => 0,
        };
        let tokens = TokenCount {
            content: total,
            total,
            high: total,
            trained: total,
            before,
            exact: true,
            ..TokenCount::default()
        };
        let item = Item::new(&body, Some(tokens));
        add(&mut facts, &item, row.len() as u64 + 1);
        columns.begin_row();
        columns.add(&body);
        found.extend(rules.check_row(&item));
    }
    facts.add_columns(columns);
    // A rule over rows shows one row, which is always too few.
    if rule.def.code.starts_with("SET") {
        let small = |finding: &Finding| {
            finding.def.code != rule.def.code && matches!(finding.def.code, "SET001" | "SET002")
        };
        found.extend(
            rules.check_dataset(&facts.finish().unwrap()).into_iter().filter(|finding| !small(finding)),
        );
    }
    found
}

fn fixture(rule: &RuleDef, name: &str) -> Option<String> {
    let path: PathBuf =
        [env!("CARGO_MANIFEST_DIR"), "fixtures", "lint", rule.def.code, name].iter().collect();
    std::fs::read_to_string(path).ok()
}

fn cases<'a>(rule: &'a RuleDef, shown: &'a str, name: &str) -> Vec<String> {
    let shown = (!shown.is_empty()).then(|| shown.to_owned());
    shown.into_iter().chain(fixture(rule, name)).collect()
}

#[test]
fn the_list_is_sorted_and_every_description_whole() {
    let mut names = BTreeSet::new();
    let of_targets = codes::ALL.iter().map(|def| (def.code, def.name));
    let mut seen: BTreeSet<&str> = of_targets.flat_map(|(code, name)| [code, name]).collect();
    for rule in RULES {
        let def = &rule.def;
        assert!(seen.insert(def.code) && seen.insert(def.name), "{} or {} is taken", def.code, def.name);
        names.insert(def.name);
        let letters = def.code.trim_end_matches(|digit: char| digit.is_ascii_digit());
        let shape = (3..=5).contains(&letters.len()) && def.code.len() - letters.len() == 3;
        assert!(shape && letters.bytes().all(|byte| byte.is_ascii_uppercase()), "{}", def.code);
        let kebab = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(def.name.bytes().all(kebab), "{}: `{}` is not kebab-case", def.code, def.name);
        for text in [def.summary, def.why, def.remedy] {
            let first = text.chars().next().unwrap_or_else(|| panic!("{}: a text is empty", def.code));
            assert!(!first.is_uppercase() && !text.ends_with('.'), "{}: {text}", def.code);
            assert_eq!(text.matches('`').count() % 2, 0, "{}: {text}", def.code);
        }
        assert!(!rule.source.is_empty(), "{} has no source", def.code);
        assert!(by_name(rule.target).is_some(), "{}: target `{}`", def.code, rule.target);
    }
    let codes: Vec<&str> = RULES.iter().map(|rule| rule.def.code).collect();
    assert!(codes.is_sorted(), "sort RULES by code: {codes:?}");
}

#[test]
fn every_file_is_listed() {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "src", "lint", "rules"].iter().collect();
    let listed: BTreeSet<String> = RULES.iter().map(|rule| rule.def.name.replace('-', "_")).collect();
    for family in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        for file in std::fs::read_dir(family).into_iter().flatten().map(|entry| entry.unwrap().path()) {
            let stem = file.file_stem().unwrap().to_str().unwrap().to_owned();
            let rule = std::fs::read_to_string(&file).unwrap().contains("static RULE: RuleDef");
            assert!(!rule || listed.contains(&stem), "list `{stem}` in RULES, under its file's name");
        }
    }
}

#[test]
fn bad_rows_fire_their_rule_and_no_other() {
    for rule in RULES {
        let code = rule.def.code;
        let shown = cases(rule, rule.bad, "bad.jsonl");
        let excused = NOT_SHOWN.iter().any(|(excused, _)| *excused == code);
        assert!(!shown.is_empty() || excused, "{code} shows nothing bad");
        for rows in shown {
            let found = findings(rule, &rows);
            assert!(found.iter().any(|finding| finding.def.code == code), "{code} is silent about {rows}");
            for finding in found {
                let other = finding.def.code;
                let beside = BESIDE.iter().any(|(of, beside, _)| (*of, *beside) == (code, other));
                let minor = finding.severity == Severity::Info && other != code;
                assert!(other == code || beside || minor, "{code}: also {finding:?}");
                let first = finding.message.chars().next().unwrap();
                assert!(!first.is_uppercase() && !finding.message.ends_with('.'), "{finding:?}");
                assert!(finding.message.len() < 300, "{finding:?}");
            }
        }
    }
}

#[test]
fn fixes_mend_what_is_bad_and_mend_it_once() {
    for rule in RULES.iter().filter(|rule| rule.fix.is_some()) {
        let code = rule.def.code;
        let target = by_name(rule.target).unwrap();
        let only = LintSettings { select: vec![code.to_owned()], ..LintSettings::default() };
        let fixes = Fixes::select(target.spec(), &only, Safety::Unsafe).unwrap();
        let rules = Rules::select(target.spec(), &only).unwrap();
        let mut mended = 0;
        for row in cases(rule, rule.bad, "bad.jsonl").iter().flat_map(|rows| rows.lines()) {
            let mut body = target.decode(serde_json::from_str(row).unwrap()).unwrap();
            let before = rules.check_row(&Item::new(&body, None)).len();
            let done = fixes.apply(&mut body);
            mended += done.len();
            let left = rules.check_row(&Item::new(&body, None));
            assert!(left.is_empty() || left.len() < before, "{code} mends nothing in {row}: {left:?}");
            let once = body.clone();
            assert_eq!(fixes.apply(&mut body), [], "{code} mends {row} for ever");
            assert_eq!(body, once, "{code} changes {row} without saying so");
            let mut text = Vec::new();
            target.encode(&body, &mut text).unwrap();
            serde_json::from_slice::<Value>(&text).unwrap();
        }
        assert!(mended > 0, "{code}: the fix does nothing for `bad`");
        for row in cases(rule, rule.good, "good.jsonl").iter().flat_map(|rows| rows.lines()) {
            let mut body = target.decode(serde_json::from_str(row).unwrap()).unwrap();
            assert_eq!(fixes.apply(&mut body), [], "{code} mends what is good: {row}");
        }
    }
}

#[test]
fn good_rows_are_silent() {
    for rule in RULES {
        let code = rule.def.code;
        let shown = cases(rule, rule.good, "good.jsonl");
        let excused = NOT_SHOWN.iter().any(|(excused, _)| *excused == code);
        assert!(!shown.is_empty() || excused, "{code} shows nothing good");
        for rows in shown {
            let found = findings(rule, &rows);
            assert!(found.is_empty(), "{code}: {found:?}");
        }
    }
}

#[test]
fn paths_lead_to_the_place() {
    for rule in RULES {
        for rows in cases(rule, rule.bad, "bad.jsonl") {
            let row = rows.lines().next().unwrap();
            for finding in findings(rule, row).iter().filter(|finding| !finding.path.is_empty()) {
                let (start, end) = crate::text::json::locate(row.as_bytes(), &finding.path).unwrap();
                assert_ne!((start, end), (0, row.len()), "{}: `{}`", rule.def.code, finding.path);
            }
        }
    }
}

/// What another target than the one shown says: `target`, row, and the findings wanted as `CODE severity path`.
#[test]
fn other_targets_say_their_own() {
    let checked = |name: &str, row: &str| -> Vec<String> {
        let target = by_name(name).unwrap();
        let body = target.decode(serde_json::from_str(row).unwrap()).unwrap();
        let rules = Rules::select(target.spec(), &LintSettings::default()).unwrap();
        let found = rules.check_row(&Item::new(&body, None));
        found
            .iter()
            .map(|finding| format!("{} {} {}", finding.def.code, finding.severity, finding.path))
            .collect()
    };
    // The final call of an example teaches to call: accepted, but not everywhere.
    let call = r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"find","arguments":"{}"}}]}],"tools":[{"type":"function","function":{"name":"find"}}]}"#;
    assert_eq!(checked("openai-chat", call), [""; 0]);
    assert_eq!(checked("strict", call), ["TOOL005 error messages[1].tool_calls[0]"]);

    let odd = r#"{"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}],"name":"kim"},{"role":"system","content":"Be brief."},{"role":"assistant","content":" ","weight":1}]}"#;
    assert_eq!(
        checked("openai-chat", odd),
        ["CONT002 warning messages[2].content", "SYS001 warning messages[1]"]
    );
    assert_eq!(
        checked("strict", odd),
        [
            "CONT002 error messages[2].content",
            "CONT003 error messages[0].content",
            "KEY002 error messages[0].name",
            "KEY002 error messages[2].weight",
            "SYS001 error messages[1]",
        ]
    );

    let pair = r#"{"input":{"messages":[{"role":"user","content":"Hi"}],"tools":{}},"preferred_output":[{"role":"bot","content":"A<|end|>"}],"non_preferred_output":[{"role":"assistant"}],"id":1}"#;
    assert_eq!(
        checked("openai-dpo", pair),
        [
            "CONT001 error non_preferred_output[0]",
            "CONT005 error preferred_output[0].content",
            "KEY001 error id",
            "ROLE001 error preferred_output[0].role",
            "TOOL007 error input.tools",
        ]
    );
}

#[test]
fn the_services_own_sentence_stands_beside() {
    let row = r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"A<|fim_suffix|>"}],"weight":1}"#;
    let target = by_name("openai-chat").unwrap();
    let body = target.decode(serde_json::from_str(row).unwrap()).unwrap();
    let rules = Rules::select(target.spec(), &LintSettings::default()).unwrap();
    let found = rules.check_row(&Item::new(&body, None));
    let says: Vec<&str> = found.iter().filter_map(|finding| finding.says.as_deref()).collect();
    assert_eq!(
        says,
        [
            "Invalid file format. Example N message contains an invalid token: <|fim_suffix|>.",
            "Invalid file format. Example N contains an extra \"weight\".",
        ]
    );
    assert_eq!(found[1].message, "`weight` stands on the row; its place is an answer");
    let faults = target.decode(serde_json::json!({"prompt": "Hi"})).unwrap_err();
    assert_eq!(faults[0].says.as_deref(), Some("Invalid file format. Example N is missing key 'messages'"));
}

#[test]
fn sentences_belong_to_codes_that_exist() {
    for target in TARGETS {
        let spec = target.spec();
        let known = |code: &str| {
            // `READ` is a sibling's family, which this one cannot see.
            code.starts_with("READ")
                || codes::ALL.iter().chain(crate::lint::file::ALL).any(|def| def.code == code)
                || RULES.iter().any(|rule| rule.def.code == code)
        };
        for code in
            spec.sentences.iter().map(|(code, _)| code).chain(spec.severities.iter().map(|(code, _)| code))
        {
            assert!(known(code), "{}: `{code}`", spec.name);
        }
        assert!(spec.sentences.is_sorted_by_key(|(code, _)| code), "{}", spec.name);
        assert!(spec.severities.is_sorted_by_key(|(code, _)| code), "{}", spec.name);
    }
}

/// Values of every kind, with what lies near the borders of the rules.
fn anything() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "",
        " ",
        "user",
        "assistant",
        "tool",
        "system",
        "developer",
        "human",
        "f",
        "c1",
        "{}",
        "[1",
        "{{name}}",
        "function",
        "<|im_end|>",
        "\u{1b}[2J\u{202e}",
        "text",
        "image_url",
        "`{",
        "[Your Name]",
        "{a_b",
        "\u{200b}",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop::sample::select(vec![json!(0), json!(1), json!(1.0), json!(-7)]),
        words.prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "role",
        "content",
        "name",
        "weight",
        "tool_calls",
        "tool_call_id",
        "function_call",
        "refusal",
        "id",
        "type",
        "function",
        "arguments",
        "text",
        "image_url",
        "url",
        "detail",
        "parameters",
        "messages",
        "tools",
        "functions",
        "input",
        "preferred_output",
        "non_preferred_output",
        "\u{1b}.[",
        "",
    ]);
    leaf.prop_recursive(5, 48, 6, move |inner| {
        let object = prop::collection::vec((key.clone(), inner.clone()), 0..6);
        let object =
            object.prop_map(|pairs| pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect());
        prop_oneof![prop::collection::vec(inner, 0..5).prop_map(Value::from), object.prop_map(Value::Object)]
    })
}

/// A message that has a role at least, so that decoding lets it through.
fn message() -> impl Strategy<Value = Value> {
    let role =
        prop::sample::select(vec!["system", "user", "assistant", "tool", "function", "developer", "bot", ""]);
    let keys = ["content", "name", "weight", "tool_calls", "tool_call_id", "function_call", "\u{7}"];
    let call = json!([{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]);
    let value = prop_oneof![3 => anything(), 1 => Just(call)];
    let rest = prop::collection::vec((prop::sample::select(keys.to_vec()), value), 0..4);
    (role, rest).prop_map(|(role, rest)| {
        let mut message = json!({"role": role});
        for (key, value) in rest {
            message[key] = value;
        }
        message
    })
}

proptest! {
    #[test]
    fn nothing_a_row_holds_disturbs_the_rules(
        messages in prop::collection::vec(message(), 1..6),
        tools in anything(),
        other in anything(),
    ) {
        let example = json!({"messages": messages, "tools": tools, "other": other, "functions": other});
        let pair = json!({
            "input": {"messages": messages, "tools": tools},
            "preferred_output": [messages[0]],
            "non_preferred_output": messages,
            "other": other,
        });
        let settings = LintSettings { example_tokens: Some(3), ..LintSettings::default() };
        for target in TARGETS {
            let rules = Rules::select(target.spec(), &settings).unwrap();
            let mut facts = DatasetTally::new(&std::env::temp_dir());
            for body in [&example, &pair].into_iter().filter_map(|row| target.decode(row.clone()).ok()) {
                let item = Item::new(&body, Some(TokenCount { total: 9, ..TokenCount::default() }));
                add(&mut facts, &item, 9);
                for finding in rules.check_row(&item) {
                    let hidden = |text: &str| text.chars().any(crate::text::sanitize::is_hidden);
                    prop_assert!(!hidden(&finding.message) && !hidden(&finding.path), "{finding:?}");
                    prop_assert!(finding.message.len() < 500, "{finding:?}");
                }
            }
            rules.check_dataset(&facts.finish().unwrap());
        }
    }
}

#[test]
fn what_differs_by_target_is_weighed_by_its_spec() {
    let severities = |name: &str| -> Vec<(&str, Severity)> {
        let rules = Rules::select(by_name(name).unwrap().spec(), &LintSettings::default()).unwrap();
        rules.active().map(|(rule, severity)| (rule.def.code, severity)).collect()
    };
    let (chat, strict) = (severities("openai-chat"), severities("strict"));
    let of = |list: &[(&str, Severity)], code: &str| {
        list.iter().find(|(known, _)| *known == code).map_or("none", |(_, severity)| severity.name())
    };
    let differ: Vec<String> = RULES
        .iter()
        .map(|rule| (rule.def.code, of(&chat, rule.def.code), of(&strict, rule.def.code)))
        .filter(|(_, chat, strict)| chat != strict)
        .map(|(code, chat, strict)| format!("{code} {chat} {strict}"))
        .collect();
    assert_eq!(
        differ,
        [
            "CONT002 warning error",
            "CONT004 error none",
            "IMG001 warning none",
            "IMG002 warning none",
            "IMG003 warning none",
            "ROLE002 warning error",
            "SET010 error none",
            "SYS001 warning error",
            "SYS002 warning error",
            "TOOL002 warning error",
            "TOOL003 warning error",
            "TOOL005 warning error",
            "TOOL006 warning error",
            "TOOL009 warning error",
            "TOOL010 warning error",
            "TOOL031 none error",
            "TOOL032 none error",
            "TOOL033 none error",
            "TURN001 info error",
            "TURN003 none error",
            "TURN005 warning error",
            "WGT001 error none",
            "WGT002 warning none",
            "WGT003 warning none",
        ]
    );
}
