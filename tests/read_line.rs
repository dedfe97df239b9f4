//! Rows read straight from their bytes are what parsing and decoding gives, for any row; or they are not read so.

use chatmill::target::{RowBuffer, TARGETS};
use chatmill::text::json::parse;
use proptest::prelude::*;

use crate::support::{files_below, root};

/// Reads `line` both ways for every target; how many read it straight.
fn agree(line: &[u8], buffer: &mut RowBuffer) -> usize {
    let mut straight = 0;
    for target in TARGETS {
        if !target.read_line(line, buffer) {
            continue;
        }
        let parsed = parse(line).unwrap_or_else(|fault| panic!("{fault:?} in {}", shown(line)));
        assert!(parsed.duplicate_keys.is_empty(), "{}", shown(line));
        let decoded = target.decode(parsed.value);
        assert_eq!(decoded.as_ref().ok(), Some(buffer.body()), "{} for {}", shown(line), target.spec().name);
        straight += 1;
    }
    straight
}

fn shown(line: &[u8]) -> String {
    String::from_utf8_lossy(line).into_owned()
}

/// Every line of every fixture, and the rows that rules show.
fn lines() -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    let folder = root().join("fixtures");
    for file in files_below(&folder) {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        lines.extend(bytes.split(|byte| *byte == b'\n').filter(|line| line.len() < 4096).map(<[u8]>::to_vec));
    }
    for rule in chatmill::lint::RULES {
        lines.extend(
            [rule.good, rule.bad].iter().flat_map(|rows| rows.lines()).map(|line| line.as_bytes().to_vec()),
        );
    }
    lines
}

#[test]
fn every_fixture_is_read_the_same_both_ways() {
    let mut buffer = RowBuffer::default();
    let lines = lines();
    let straight = lines.iter().filter(|line| agree(line, &mut buffer) > 0).count();
    assert!(straight > 50, "only {straight} of {} lines were read straight", lines.len());
    let usual = br#" {"messages" : [{"role":"user","content":"a \"b\" \u00e9\ud83d\ude42"},{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]}],"tools":[{"type":"function"}],"id":1.0} "#;
    assert!(agree(usual, &mut buffer) > 0);
}

/// Pieces that rows are made of, and that break them.
const PIECES: &[&str] = &[
    r#"{"messages":["#,
    r#"{"role":"user","content":"Hi"}"#,
    r#"{"role":"tool","tool_call_id":"1","content":[]}"#,
    r#""role":"assistant""#,
    r#""content":null"#,
    r#""content":"a\n\u00e9""#,
    r#""weight":1"#,
    r#""weight":0.5"#,
    r#""name":null"#,
    r#""tools":[]"#,
    r#""tools":{"a":1}"#,
    r#""messages":[]"#,
    r#""x":-0"#,
    r#""x":1E+2"#,
    r#""tool_calls":[{"id":"1","function":{"name":"f","arguments":"{}"}}]"#,
    r#""\ud800""#,
    r#""$serde_json::private::Number":"1""#,
    "{",
    "}",
    "[",
    "]",
    ",",
    ",",
    ":",
    "\"",
    "\\",
    " ",
    "\u{c}",
    "\n",
    "null",
    "true",
    "nul",
    "0",
    "-",
    "é",
    "\u{feff}",
    "]}",
];

proptest! {
    #[test]
    fn rows_put_together_are_read_the_same(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..12)) {
        agree(pieces.concat().as_bytes(), &mut RowBuffer::default());
    }

    #[test]
    fn members_put_together_are_read_the_same(
        row in prop::collection::vec(prop::sample::select(&PIECES[9..14]), 0..3),
        messages in prop::collection::vec(prop::collection::vec(prop::sample::select(&PIECES[3..16]), 0..5), 1..4),
    ) {
        let messages: Vec<String> = messages.iter().map(|members| format!("{{{}}}", members.join(","))).collect();
        let mut members = vec![format!("\"messages\":[{}]", messages.join(","))];
        members.extend(row.iter().map(|member| (*member).to_owned()));
        agree(format!("{{{}}}", members.join(",")).as_bytes(), &mut RowBuffer::default());
    }

    #[test]
    fn damaged_rows_are_read_the_same(which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), byte: u8, how in 0..3u8) {
        thread_local! { static LINES: Vec<Vec<u8>> = lines(); }
        LINES.with(|lines| {
            let before = which.get(lines.as_slice()).clone();
            let mut line = before.clone();
            if line.is_empty() {
                return;
            }
            let at = at.index(line.len());
            match how {
                0 => line[at] = byte,
                1 => _ = line.remove(at),
                _ => line.insert(at, byte),
            }
            // Rows before it have left their buffers.
            let mut buffer = RowBuffer::default();
            agree(&before, &mut buffer);
            agree(&line, &mut buffer);
        });
    }
}
