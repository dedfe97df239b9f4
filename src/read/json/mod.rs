//! What all readers of JSON share: framing by layout, parsing a frame with its faults named, and the row shapes that
//! more than one reader meets (chat messages, `from`/`value` turns, instruction rows, prompt and completion).
//!
//! Which shape a source has is for the readers to say; here a row of a known shape becomes messages.

pub mod branches;
pub mod chat;
pub mod dialogue;
pub mod export;
pub mod field;
pub mod instruction;
pub mod label;
pub mod media;
pub mod pair;
pub mod records;
pub mod rows;
pub mod sharegpt;
pub mod tools;

use serde_json::Value;

use super::codes;
use super::frame::{Elements, Feed, Frame, Frames, Lines};
use super::sample::{JsonHead, Layout, Sample};
use super::settings::ReadSettings;
use super::source::Source;
use crate::diagnostic::{Def, Finding, Rejection};
use crate::error::Result;
use crate::model::Extra;
use crate::text::json::kind;
use crate::text::json::{Fault, FaultKind, Parsed, locate, parse, parse_members};
use crate::text::sanitize::excerpt;

/// Most keys that a message about a record names.
const KEYS_NAMED: usize = 8;
/// Longest key shown, in characters.
const KEY_SHOWN: usize = 40;
/// Longest path shown, in characters.
const PATH_SHOWN: usize = 120;

/// The frames of a JSON source whose records are lines, elements of an array, or the one object.
pub fn frames(source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Box<dyn Frames>> {
    let feed = Feed::new(source.open(settings)?, source.name.clone());
    let limit = settings.limits.record_bytes;
    let elements = |feed| Elements::new(feed, source.name.clone(), source.index, limit, Vec::new());
    Ok(match sample.layout() {
        Some(Layout::Array) => Box::new(elements(feed)),
        // One object, as far as the head shows: behind a long one there may be more of them.
        Some(Layout::Object | Layout::Concatenated) => Box::new(elements(feed).concatenated()),
        Some(Layout::Lines) | None => Box::new(Lines::new(feed, source.index, limit)),
    })
}

/// Parses a frame, or says why not, with the place.
pub fn value(frame: &Frame<'_>, findings: &mut Vec<Finding>) -> Result<Value, Rejection> {
    judged(parse(frame.bytes), frame, findings)
}

/// [`value`] of a record of which only the members named in `wanted` are used.
pub fn members(frame: &Frame<'_>, wanted: &[&str], findings: &mut Vec<Finding>) -> Result<Value, Rejection> {
    judged(parse_members(frame.bytes, wanted), frame, findings)
}

fn judged(
    parsed: Result<Parsed, Fault>,
    frame: &Frame<'_>,
    findings: &mut Vec<Finding>,
) -> Result<Value, Rejection> {
    let parsed = parsed.map_err(|fault| {
        let def = match fault.kind {
            FaultKind::Encoding => &codes::NOT_UTF8,
            FaultKind::Depth => &codes::JSON_TOO_DEEP,
            FaultKind::Surrogate => &codes::JSON_SURROGATE,
            FaultKind::Truncated | FaultKind::Syntax => &codes::JSON_INVALID,
        };
        let end = (fault.offset + 1).min(frame.bytes.len());
        Rejection::new(def, fault.message).with_span(fault.offset.min(end), end)
    })?;
    findings.extend(
        parsed.duplicate_keys.into_iter().map(|path| {
            Finding::new(&codes::DUPLICATE_KEY, path, "the key stands twice; the last one counts")
        }),
    );
    Ok(parsed.value)
}

/// Parses a frame whose record must be an object.
pub fn object(frame: &Frame<'_>, findings: &mut Vec<Finding>) -> Result<Extra, Rejection> {
    match value(frame, findings)? {
        Value::Object(row) => Ok(row),
        other => Err(Rejection::new(
            &codes::WRONG_SHAPE,
            format!("the record is {}, not an object with keys", kind(&other)),
        )),
    }
}

/// A fault inside a record: where, and what; the place in the bytes is found when the record is rejected.
#[derive(Debug, Clone, PartialEq)]
pub struct Misfit {
    def: &'static Def,
    path: String,
    message: String,
}

impl Misfit {
    /// A fault at `path` (`messages[3].content`; empty for the record).
    pub fn new(def: &'static Def, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { def, path: path.into(), message: message.into() }
    }

    /// The record has another shape than the one being read.
    pub fn shape(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(&codes::WRONG_SHAPE, path, message)
    }

    /// The first of the faults a target's decoder named.
    pub fn first(faults: Vec<Finding>) -> Self {
        faults.into_iter().next().map_or_else(
            || Self::shape("", "the record cannot be read"),
            |fault| Self::new(fault.def, fault.path, fault.message),
        )
    }

    /// The rejection of a row of a table, whose path names a column.
    pub fn reject_row(self) -> Rejection {
        if self.path.is_empty() {
            return Rejection::new(self.def, self.message);
        }
        Rejection::new(self.def, format!("{}: {}", excerpt(&self.path, PATH_SHOWN), self.message))
    }

    /// The rejection of the record in `frame`.
    pub fn reject(self, frame: &Frame<'_>) -> Rejection {
        let place = if self.path.is_empty() { None } else { locate(frame.bytes, &self.path) };
        let rejection = self.reject_row();
        match place {
            Some((start, end)) => rejection.with_span(start, end),
            None => rejection,
        }
    }
}

/// "the keys are `a`, `b`", for a record in which something is missing.
pub fn keys_seen(row: &Extra) -> String {
    if row.is_empty() {
        return "the record is empty".to_owned();
    }
    let mut names: Vec<String> =
        row.keys().take(KEYS_NAMED).map(|key| format!("`{}`", excerpt(key, KEY_SHOWN))).collect();
    if row.len() > KEYS_NAMED {
        names.push(format!("and {} more", row.len() - KEYS_NAMED));
    }
    let verb = if row.len() == 1 { "key is" } else { "keys are" };
    format!("the {verb} {}", names.join(", "))
}

/// How many records of the sample are objects that fit, when that is more than half of them.
pub fn majority(head: &JsonHead, fits: impl Fn(&Extra) -> bool) -> Option<usize> {
    let count = head.records.iter().filter_map(Value::as_object).filter(|row| fits(row)).count();
    (count * 2 > head.records.len()).then_some(count)
}

/// Takes a text out of a row: a string, or a number as written. Anything else stays where it is.
pub fn take_text(row: &mut Extra, key: &str) -> Option<String> {
    match row.get(key)? {
        Value::String(_) | Value::Number(_) => row.shift_remove(key).map(text_of),
        _ => None,
    }
}

/// Takes a text out of a row when there is more in it than white space.
pub fn take_solid_text(row: &mut Extra, key: &str) -> Option<String> {
    let solid = match row.get(key)? {
        Value::String(text) => !text.trim().is_empty(),
        Value::Number(_) => true,
        _ => false,
    };
    if solid { take_text(row, key) } else { None }
}

/// The text of a scalar, moved out where it is a string.
pub fn text_of(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// Whether the key is there with something else than `null`.
pub fn has(row: &Extra, key: &str) -> bool {
    row.get(key).is_some_and(|value| !value.is_null())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;

    use super::*;
    use crate::read::source::Place;
    use crate::read::{Batch, READERS};

    /// Keys and texts that some reader has a meaning for, so that made-up rows get past the first look.
    const WORDS: &[&str] = &[
        "messages",
        "role",
        "content",
        "user",
        "assistant",
        "conversations",
        "from",
        "value",
        "human",
        "gpt",
        "function_call",
        "observation",
        "instruction",
        "input",
        "output",
        "history",
        "system",
        "tools",
        "prompt",
        "completion",
        "chosen",
        "rejected",
        "label",
        "tool_calls",
        "function",
        "name",
        "arguments",
        "type",
        "text",
        "tool_call",
        "reasoning",
        "loss_weight",
        "body",
        "speaker",
        "utterance",
        "id",
        "context",
        "input",
        "events",
        "preferred_output",
        "non_preferred_output",
        "chosen_messages",
        "rejected_messages",
        "time",
        "private",
        "comments",
        "author_id",
        "requester_id",
        "public",
        "audits",
        "type",
        "chat.msg",
        "conversation_parts",
        "source",
        "author",
        "incoming",
        "helpdesk_ticket",
        "_embedded",
        "threads",
        "is_inbound",
        "is_draft",
        "_results",
        "truncationStatus",
        "<p>( 4s ) Ana: <br>( 5s ) b: c",
        "\n\nHuman: a\n\nAssistant: b",
        "Customer: a\nAgent:",
        "[{\"role\":\"user\",\"text\":\"a\"}]",
        "a ->",
        "ü###",
        "{\"name\":\"f\",\"arguments\":{}}",
    ];

    fn value() -> impl Strategy<Value = Value> {
        let word = prop::sample::select(WORDS).prop_map(str::to_owned);
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-2i64..2_000_000_000).prop_map(Value::from),
            word.clone().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 48, 5, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((word.clone(), inner), 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    /// Reads a file of these bytes with every reader; how many frames each made.
    fn read_with_all(bytes: &[u8]) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let place = Place::File(file.path().to_owned());
        let source = Source::new("made-up.json", place, bytes.len() as u64);
        let settings = ReadSettings::default();
        let sample = Sample::of(&source, &settings).unwrap();
        for reader in READERS {
            let _ = reader.sniff(&sample);
            let Ok(mut opened) = reader.open(&source, &sample, &settings) else { continue };
            let mut batch = Batch::default();
            while let Ok(more) = opened.frames.fill(&mut batch) {
                for frame in batch.frames() {
                    let _ = opened.decoder.decode(&frame);
                }
                batch.clear();
                if !more {
                    break;
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn no_row_makes_a_reader_panic(rows in prop::collection::vec(value(), 1..4), pretty: bool, list: bool) {
            let mut bytes = Vec::new();
            if list {
                bytes = serde_json::to_vec(&rows).unwrap();
            } else {
                for row in &rows {
                    let written = if pretty { serde_json::to_vec_pretty(row) } else { serde_json::to_vec(row) };
                    bytes.extend(written.unwrap());
                    bytes.push(b'\n');
                }
            }
            read_with_all(&bytes);
        }
    }

    #[test]
    fn broken_files_make_no_reader_panic() {
        for text in [
            "{",
            "[",
            "{\"a\"",
            "[{\"messages\":",
            "{}\n{",
            "[]",
            "{}",
            "[[[[",
            "\"",
            "{\"a\":1}\n\n\n",
            "[{},",
        ] {
            read_with_all(text.as_bytes());
        }
    }

    #[test]
    fn misfits_point_into_the_bytes() {
        let bytes = br#"{"conversations":[{"from":"function_call","value":"f()"}]}"#;
        let frame = Frame { bytes, ..Frame::default() };
        let rejection = Misfit::new(&codes::JSON_INVALID, "conversations[0].value", "no").reject(&frame);
        let (start, end) = rejection.span.unwrap();
        assert_eq!(&bytes[start..end], b"\"f()\"");
    }
}
