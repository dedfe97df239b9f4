//! From a path such as `messages[3].content` to the bytes it names.

use std::ops::Range;

use super::escape::escape;
use super::scan::{Bounds, Scanner};

/// The byte range of the value at `path` in one JSON document; the nearest enclosing value where the last steps
/// do not exist. Paths are keys joined by dots, with `[n]` for array elements; keys with dots are not supported.
pub fn locate(document: &[u8], path: &str) -> Option<(usize, usize)> {
    let mut start = skip_space(document, 0);
    for step in steps(path) {
        match child(document, start, &step) {
            Some(child) => start = child,
            None => break,
        }
    }
    Some((start, value_end(document, start)?))
}

/// The bytes of a JSON string, as it is written with its quotes, that some bytes of its text stand for; `None` where it is no
/// string or has no such bytes.
pub fn inside(written: &[u8], bytes: &Range<usize>) -> Option<Range<usize>> {
    let (mut at, mut decoded) = (1, 0);
    let mut start = None;
    if written.first() != Some(&b'"') {
        return None;
    }
    while decoded < bytes.end {
        if decoded >= bytes.start && start.is_none() {
            start = Some(at);
        }
        let (length, text) = match written.get(at)? {
            b'"' => return None,
            b'\\' => {
                let (character, length) = escape(written.get(at + 1..)?)?;
                (1 + length, character.unwrap_or(char::REPLACEMENT_CHARACTER).len_utf8())
            }
            _ => (1, 1),
        };
        at += length;
        decoded += text;
    }
    let start = start.unwrap_or(at);
    (at < written.len() && decoded == bytes.end).then_some(start..at)
}

enum Step {
    Key(String),
    Index(usize),
}

fn steps(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for part in path.split('.').filter(|part| !part.is_empty()) {
        let mut rest = part;
        if let Some(bracket) = rest.find('[') {
            if bracket > 0 {
                steps.push(Step::Key(rest[..bracket].to_owned()));
            }
            rest = &rest[bracket..];
            for index in rest.split('[').filter_map(|piece| piece.strip_suffix(']')) {
                if let Ok(index) = index.parse() {
                    steps.push(Step::Index(index));
                }
            }
        } else {
            steps.push(Step::Key(rest.to_owned()));
        }
    }
    steps
}

fn skip_space(document: &[u8], from: usize) -> usize {
    document[from.min(document.len())..]
        .iter()
        .position(|byte| !byte.is_ascii_whitespace())
        .map_or(document.len(), |skip| from + skip)
}

fn value_end(document: &[u8], start: usize) -> Option<usize> {
    if start >= document.len() {
        return None;
    }
    match Scanner::default().feed(&document[start..]) {
        Bounds::End(end) => Some(start + end),
        Bounds::Open => Some(document.len()),
    }
}

/// Where the child of the value at `start` begins.
fn child(document: &[u8], start: usize, step: &Step) -> Option<usize> {
    let object = match (document.get(start)?, step) {
        (b'{', Step::Key(_)) => true,
        (b'[', Step::Index(_)) => false,
        _ => return None,
    };
    let mut at = start + 1;
    let mut index = 0;
    let mut found = None;
    loop {
        at = skip_space(document, at);
        match document.get(at)? {
            b',' => {
                at += 1;
                continue;
            }
            b'}' | b']' => return found,
            _ => {}
        }
        if object {
            let key_end = value_end(document, at)?;
            let key: Option<String> = serde_json::from_slice(&document[at..key_end]).ok();
            at = skip_space(document, key_end);
            if document.get(at) != Some(&b':') {
                return found;
            }
            at = skip_space(document, at + 1);
            if matches!((step, &key), (Step::Key(wanted), Some(key)) if wanted == key) {
                // Of equal keys the last one is what parsers keep.
                found = Some(at);
            }
        } else {
            if matches!(step, Step::Index(wanted) if *wanted == index) {
                return Some(at);
            }
            index += 1;
        }
        at = value_end(document, at)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at<'a>(document: &'a str, path: &str) -> &'a str {
        let (start, end) = locate(document.as_bytes(), path).unwrap();
        &document[start..end]
    }

    #[test]
    fn follows_keys_and_indices() {
        let document = r#"{"messages": [ {"role":"user", "content":"a, {b}"}, {"role":"x"} ], "n": 12}"#;
        assert_eq!(at(document, "messages[0].content"), r#""a, {b}""#);
        assert_eq!(at(document, "messages[1]"), r#"{"role":"x"}"#);
        assert_eq!(at(document, "n"), "12");
        assert_eq!(at(document, ""), document);
    }

    #[test]
    fn stops_at_the_nearest_enclosing_value() {
        assert_eq!(at(r#"{"a":{"b":1}}"#, "a.missing.deeper"), r#"{"b":1}"#);
        assert_eq!(at(r#"{"a":[1]}"#, "a[7]"), "[1]");
    }

    #[test]
    fn bytes_of_the_text_are_found_in_what_is_written() {
        let written = r#""a\né\u00e9 \ud83d\ude00\"z" "#;
        let text: String = serde_json::from_str(written.trim_end()).unwrap();
        for (piece, wanted) in
            [("a", "a"), ("\n", r"\n"), ("éé", r"é\u00e9"), ("😀\"", r#"\ud83d\ude00\""#), ("z", "z")]
        {
            let start = text.find(piece).unwrap();
            let range = inside(written.as_bytes(), &(start..start + piece.len())).unwrap();
            assert_eq!(&written[range], wanted);
        }
        for (written, bytes) in
            [("12", 0..1), (r#""a""#, 0..9), (r#""a"#, 0..2), (r#""\u12"#, 0..1), ("", 0..1)]
        {
            assert_eq!(inside(written.as_bytes(), &bytes), None, "{written}");
        }
    }

    #[test]
    fn survives_broken_documents() {
        for document in ["", "{", "{\"a\"", "{\"a\":", "[1,", "{]", "\"abc"] {
            let _ = locate(document.as_bytes(), "a[0].b");
        }
    }
}
