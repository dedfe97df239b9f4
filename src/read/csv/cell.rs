//! A whole conversation in one cell: a JSON list, a list as Python prints it, or a transcript
//! in plain text, which is read as files of them are.

use serde_json::Value;

use super::python;
use crate::model::{Extra, Turn};
use crate::read::transcript::grammar::Reading;
use crate::read::transcript::talk;
use crate::target::rows::decode_example;
use crate::text::json;
use crate::text::time;

const ROLE_KEYS: [&str; 8] = ["role", "from", "speaker", "author", "sender", "name", "user", "participant"];
const TEXT_KEYS: [&str; 8] =
    ["content", "value", "text", "message", "body", "utterance", "msg", "transcript"];
const TIME_KEYS: [&str; 5] = ["timestamp", "time", "created_at", "createdAt", "date"];
const LIST_KEYS: [&str; 7] =
    ["messages", "conversation", "conversations", "turns", "dialog", "dialogue", "transcript"];

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Held {
    /// Turns of speakers.
    Turns(Vec<Turn>),
    /// Rows of the chat format with its own roles, tools included.
    Messages(crate::model::Example),
}

/// The conversation in `cell`, if it is one; `reading` is how the cells of its column are read.
pub(super) fn read(cell: &str, reading: Option<&Reading>) -> Option<Held> {
    let trimmed = cell.trim();
    if trimmed.starts_with(['[', '{']) || trimmed.starts_with("array(") {
        let value = json::parse(trimmed.as_bytes())
            .ok()
            .map(|parsed| parsed.value)
            .or_else(|| python::parse(trimmed));
        if let Some(value) = value {
            return structured(value);
        }
    }
    let turns = reading.map(|reading| reading.turns(cell)).filter(|turns| talk::speaks(turns));
    turns.or_else(|| talk::turns(cell)).map(Held::Turns)
}

/// How the cells of a column are read that hold plain text, as far as `cells` show it.
pub(super) fn reading<'a>(cells: impl Iterator<Item = &'a str>) -> Option<Reading> {
    talk::reading(
        cells.filter(|cell| !cell.trim_start().starts_with(['[', '{']) || talk::turns(cell).is_some()),
    )
}

fn structured(value: Value) -> Option<Held> {
    let list = match value {
        Value::Array(list) => list,
        Value::Object(mut object) => {
            let key = LIST_KEYS.iter().find(|key| object.get(**key).is_some_and(Value::is_array))?;
            match object.remove(*key) {
                Some(Value::Array(list)) => list,
                _ => return None,
            }
        }
        _ => return None,
    };
    if is_chat(&list) {
        let mut row = Extra::new();
        row.insert("messages".into(), Value::Array(list.clone()));
        if let Ok(example) = decode_example(Value::Object(row)) {
            return Some(Held::Messages(example));
        }
    }
    if list.iter().all(Value::is_string) {
        let lines: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
        return talk::turns(&lines.join("\n")).map(Held::Turns);
    }
    let turns: Option<Vec<Turn>> = list.iter().map(turn).collect();
    turns.filter(|turns| !turns.is_empty()).map(Held::Turns)
}

/// Whether all roles are those of the chat format, an assistant among them.
fn is_chat(list: &[Value]) -> bool {
    let role = |message: &Value| message.get("role").and_then(Value::as_str).map(str::to_owned);
    // A `system` that speaks again is often the assistant; that is not settled here.
    let late_system = list.iter().skip(1).any(|message| role(message).as_deref() == Some("system"));
    let has_assistant = list.iter().any(|message| role(message).as_deref() == Some("assistant"));
    !late_system
        && has_assistant
        && list.iter().all(|message| {
            matches!(
                role(message).as_deref(),
                Some("system" | "developer" | "user" | "assistant" | "tool" | "function")
            )
        })
}

fn turn(value: &Value) -> Option<Turn> {
    match value {
        Value::Object(object) => {
            let text_key = TEXT_KEYS.iter().find(|key| object.contains_key(**key))?;
            let role_key = ROLE_KEYS.iter().find(|key| object.get(**key).is_some_and(Value::is_string));
            let speaker = role_key.and_then(|key| object.get(*key)).and_then(Value::as_str);
            let time = TIME_KEYS.iter().find_map(|key| object.get(*key)).and_then(time::of_json);
            Some(Turn {
                speaker: speaker.unwrap_or_default().trim().to_owned(),
                text: text_of(object.get(*text_key)?)?,
                time,
                ..Turn::default()
            })
        }
        Value::Array(pair) => match pair.as_slice() {
            [Value::String(speaker), text] => {
                Some(Turn { speaker: speaker.trim().to_owned(), text: text_of(text)?, ..Turn::default() })
            }
            _ => None,
        },
        _ => None,
    }
}

/// A string, nothing, or the texts of a list of parts.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Null => Some(String::new()),
        Value::Array(parts) => {
            let texts: Option<Vec<&str>> = parts
                .iter()
                .map(|part| part.as_str().or_else(|| part.get("text").and_then(Value::as_str)))
                .collect();
            texts.map(|texts| texts.join("\n"))
        }
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(cell: &str) -> Vec<(String, String)> {
        match read(cell, None) {
            Some(Held::Turns(turns)) => turns.into_iter().map(|turn| (turn.speaker, turn.text)).collect(),
            other => panic!("{other:?}"),
        }
    }

    fn pair(speaker: &str, text: &str) -> (String, String) {
        (speaker.into(), text.into())
    }

    #[test]
    fn lists() {
        assert_eq!(
            pairs(r#"[{"from":"human","value":"hi"},{"from":"gpt","value":["a",{"text":"b"}]}]"#),
            [pair("human", "hi"), pair("gpt", "a\nb")]
        );
        assert_eq!(pairs("[['Customer','hi'],['Ana', None]]"), [pair("Customer", "hi"), pair("Ana", "")]);
        assert_eq!(pairs("['User: hi', 'Agent: hello']"), [pair("User", "hi"), pair("Agent", "hello")]);
        assert!(matches!(
            read("{'messages': [{'role': 'user', 'content': 'hi'}, {'role': 'assistant', 'content': 'yes'}]}", None),
            Some(Held::Messages(example)) if example.messages.len() == 2
        ));
        // An assistant that is called system.
        assert_eq!(pairs("[{'role':'user','content':'a'},{'role':'system','content':'b'}]").len(), 2);
        assert_eq!(read("[1, 2]", None), None);
        assert_eq!(read("[]", None), None);
    }

    #[test]
    fn every_form_of_a_transcript() {
        for cell in [
            "Customer: hi\nAna: yo\nAna: so",
            "[10:02] Customer: hi\n[10:03] Ana: yo\nso",
            "**Customer:** hi\n**Ana:** yo",
            "<Customer>: hi\n<Ana>: yo\n<Ana>: so",
            "[Customer]: hi\n[Ana]: yo\n[Ana]: so",
        ] {
            let found = pairs(cell);
            assert_eq!((found[0].0.as_str(), found[1].0.as_str()), ("Customer", "Ana"), "{cell}");
        }
        assert_eq!(read("Note: nothing here", None), None);
        assert_eq!(read("just text", None), None);
        // Who speaks once in each cell speaks in many.
        let column = ["Customer: a\nIda: b", "Customer: c\nIda: d", "Customer: e\nIda: f"];
        let reading = reading(column.into_iter());
        let Some(Held::Turns(turns)) = read(column[1], reading.as_ref()) else { panic!("no turns") };
        assert_eq!(turns.len(), 2);
    }
}
