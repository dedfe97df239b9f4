//! Every oddity of JSON between good rows: a finding on its own line and column, and none anywhere else.

use crate::support::run;

/// A row with multi-byte text before the value in question, and what follows it.
const BEFORE: &str = r#"{"messages":[{"role":"user","content":"Größe? 👟 尺码"},{"role":"assistant","content":"Ja, in 42."}],"x":"#;
const GOOD: &str = r#"{"messages":[{"role":"user","content":"Wo?"},{"role":"assistant","content":"Dort."}]}"#;

/// A value, the code of what is wrong with it, and the characters from its beginning to the place. `KEY001` says that it
/// was read, and that the row has a key too many.
const VALUES: &[(&str, &str, usize)] = &[
    ("-0", "KEY001", 0),
    ("1E400", "KEY001", 0),
    ("1e-999", "KEY001", 0),
    ("123456789012345678901234567890", "KEY001", 0),
    ("0.1e+22", "KEY001", 0),
    ("[]", "KEY001", 0),
    ("{}", "KEY001", 0),
    ("\"\\u0000\"", "KEY001", 0),
    ("\"\\ud83d\\ude00\"", "KEY001", 0),
    ("\"\\/\"", "KEY001", 0),
    ("\"\u{7f}\"", "KEY001", 0),
    ("\"\u{2028}\"", "KEY001", 0),
    ("\"\u{feff}\"", "KEY001", 0),
    ("  true  ", "KEY001", 2),
    ("[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]", "KEY001", 0),
    ("{\"\":1}", "KEY001", 0),
    ("01", "READ001", 1),
    ("-01", "READ001", 2),
    ("+1", "READ001", 0),
    (".5", "READ001", 0),
    ("1.", "READ001", 2),
    ("-.5", "READ001", 1),
    ("1e", "READ001", 2),
    ("1e+", "READ001", 3),
    ("1.2.3", "READ001", 3),
    ("0x1F", "READ001", 1),
    ("- 1", "READ001", 1),
    ("--1", "READ001", 1),
    ("1 000", "READ001", 2),
    ("1_000", "READ001", 1),
    ("1/2", "READ001", 1),
    ("NaN", "READ001", 0),
    ("-NaN", "READ001", 1),
    ("Infinity", "READ001", 0),
    ("-Infinity", "READ001", 1),
    ("nan", "READ001", 1),
    ("True", "READ001", 0),
    ("TRUE", "READ001", 0),
    ("nul", "READ001", 3),
    ("undefined", "READ001", 0),
    ("None", "READ001", 0),
    ("'a'", "READ001", 0),
    ("\"a", "READ001", 2),
    ("a\"", "READ001", 0),
    ("\"\"\" ", "READ001", 2),
    ("\"\\x41\"", "READ001", 2),
    ("\"\\u12\"", "READ001", 6),
    ("\"\\u12G4\"", "READ001", 6),
    ("\"\\U0041\"", "READ001", 2),
    ("\"\\a\"", "READ001", 2),
    ("\"\\\"", "READ001", 3),
    ("\"\t\"", "READ001", 1),
    ("\"\u{1}\"", "READ001", 1),
    ("\"\\ud800\"", "READ003", 7),
    ("\"\\udc00\"", "READ003", 6),
    ("\"\\ud800\\u0041\"", "READ003", 12),
    ("\"\\ud800x\"", "READ003", 7),
    ("[1,]", "READ001", 3),
    ("[,1]", "READ001", 1),
    ("[1,,2]", "READ001", 3),
    ("[1 2]", "READ001", 3),
    ("[1", "READ001", 2),
    ("[1}", "READ001", 2),
    ("{\"a\":1,}", "READ001", 7),
    ("{,\"a\":1}", "READ001", 1),
    ("{\"a\" 1}", "READ001", 5),
    ("{\"a\"}", "READ001", 4),
    ("{\"a\":}", "READ001", 5),
    ("{a:1}", "READ001", 1),
    ("{1:1}", "READ001", 1),
    ("{'a':1}", "READ001", 1),
    ("{\"a\":1 \"b\":2}", "READ001", 7),
    ("{\"a\":1,,\"b\":2}", "READ001", 7),
    ("{\"a\"::1}", "READ001", 5),
    ("{\"a\":1]", "READ001", 6),
    ("1 2", "READ001", 2),
    ("{} {}", "READ001", 3),
    ("[] []", "READ001", 3),
    ("// c", "READ001", 0),
    ("/* c */ 1", "READ001", 0),
    ("# c", "READ001", 0),
    ("1;", "READ001", 1),
    ("<a>", "READ001", 0),
    ("\u{a0}1", "READ001", 0),
    ("\u{feff}1", "READ001", 0),
    ("\\u0061", "READ001", 0),
    ("@", "READ001", 0),
    ("*", "READ001", 0),
    ("$", "READ001", 0),
    ("`a`", "READ001", 0),
    ("a", "READ001", 0),
    ("é", "READ001", 0),
    ("😀", "READ001", 0),
];

#[test]
fn an_oddity_is_found_where_it_stands_and_hides_nothing() {
    let pair = |(value, ..): &(&str, &str, usize)| [GOOD, "\n", BEFORE, value, "}\r\n"].concat();
    let file = VALUES.iter().map(pair).collect::<String>() + GOOD;
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("odd.jsonl");
    std::fs::write(&path, file).unwrap();
    let ran = run([
        "check",
        "--target",
        "openai-chat",
        "--ignore",
        "SET,JOB",
        "--format",
        "json",
        path.to_str().unwrap(),
    ]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let said: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let found: Vec<(u64, u64, &str)> = said["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (one["line"].as_u64().unwrap(), one["column"].as_u64().unwrap(), one["code"].as_str().unwrap())
        })
        .collect();
    let before = BEFORE.chars().count() as u64 + 1;
    for (index, (value, code, at)) in VALUES.iter().enumerate() {
        let line = 2 * index as u64 + 2;
        let on_line: Vec<_> = found.iter().filter(|(at, ..)| *at == line).collect();
        assert_eq!(on_line, [&(line, before + *at as u64, *code)], "{value}");
    }
    assert_eq!(found.len(), VALUES.len(), "good rows have findings: {found:?}");
}
