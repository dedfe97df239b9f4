//! A whole conversation in one cell: a JSON list, a list as Python prints it, or lines of `Label: text`.

use serde_json::Value;

use super::python;
use crate::model::{Extra, Kind, Turn};
use crate::target::openai_chat::decode_example;
use crate::text::json;
use crate::text::time;

const ROLE_KEYS: [&str; 8] = ["role", "from", "speaker", "author", "sender", "name", "user", "participant"];
const TEXT_KEYS: [&str; 8] =
    ["content", "value", "text", "message", "body", "utterance", "msg", "transcript"];
const TIME_KEYS: [&str; 5] = ["timestamp", "time", "created_at", "createdAt", "date"];
const LIST_KEYS: [&str; 7] =
    ["messages", "conversation", "conversations", "turns", "dialog", "dialogue", "transcript"];

/// Labels that are taken even when they stand once.
const KNOWN_LABELS: [&str; 17] = [
    "user",
    "customer",
    "client",
    "visitor",
    "human",
    "caller",
    "guest",
    "agent",
    "assistant",
    "bot",
    "support",
    "operator",
    "representative",
    "rep",
    "advisor",
    "system",
    "chatbot",
];
/// Longest label in characters, and in words: names with a title fit, sentences do not.
const LABEL_CHARACTERS: usize = 40;
const LABEL_WORDS: usize = 4;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Held {
    /// Turns of speakers.
    Turns(Vec<Turn>),
    /// Rows of the chat format with its own roles, tools included.
    Messages(crate::model::Example),
}

/// The conversation in `cell`, if it is one.
pub(super) fn read(cell: &str) -> Option<Held> {
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
    let turns = plain(cell);
    (!turns.is_empty()).then_some(Held::Turns(turns))
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
        let turns = plain(&lines.join("\n"));
        return (!turns.is_empty()).then_some(Held::Turns(turns));
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
            let time = TIME_KEYS.iter().find_map(|key| object.get(*key)).and_then(|value| match value {
                Value::String(text) => time::parse(text),
                Value::Number(number) => time::parse(&number.to_string()),
                _ => None,
            });
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

/// Lines of `Label: text`, the label known or standing at least twice; other lines go on with the turn before
/// them. Lines before the first label are an event, since nobody says them. No turns when there is no label.
pub(super) fn plain(cell: &str) -> Vec<Turn> {
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    for line in cell.lines() {
        if let Some((label, _)) = labelled(line) {
            *counts.entry(label.to_lowercase()).or_default() += 1;
        }
    }
    let is_label = |label: &str| {
        let lower = label.to_lowercase();
        KNOWN_LABELS.contains(&lower.as_str()) || counts.get(&lower).is_some_and(|count| *count > 1)
    };
    let mut turns: Vec<Turn> = Vec::new();
    let mut labels = 0;
    for line in cell.lines() {
        match labelled(line).filter(|(label, _)| is_label(label)) {
            Some((label, text)) => {
                labels += 1;
                turns.push(Turn { speaker: label.to_owned(), text: text.to_owned(), ..Turn::default() });
            }
            None => match turns.last_mut() {
                Some(last) => {
                    last.text.push('\n');
                    last.text.push_str(line);
                }
                None if line.trim().is_empty() => {}
                None => turns.push(Turn { text: line.to_owned(), kind: Kind::Event, ..Turn::default() }),
            },
        }
    }
    for turn in &mut turns {
        turn.text.truncate(turn.text.trim_end().len());
    }
    if labels == 0 { Vec::new() } else { turns }
}

fn labelled(line: &str) -> Option<(&str, &str)> {
    let (label, text) = line.trim_start().split_once(':')?;
    let label = label.trim_matches(['*', ' ', '[', ']', '<', '>']);
    let fits = label.chars().next().is_some_and(char::is_alphabetic)
        && label.chars().count() <= LABEL_CHARACTERS
        && label.split_whitespace().count() <= LABEL_WORDS
        && !text.starts_with("//");
    fits.then(|| (label, text.trim_start_matches("**").trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(cell: &str) -> Vec<(String, String)> {
        match read(cell) {
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
            read("{'messages': [{'role': 'user', 'content': 'hi'}, {'role': 'assistant', 'content': 'yes'}]}"),
            Some(Held::Messages(example)) if example.messages.len() == 2
        ));
        // An assistant that is called system.
        assert_eq!(pairs("[{'role':'user','content':'a'},{'role':'system','content':'b'}]").len(), 2);
        assert_eq!(read("[1, 2]"), None);
        assert_eq!(read("[]"), None);
    }

    #[test]
    fn lines_with_labels() {
        assert_eq!(
            pairs(
                "Chat started\nCustomer: hi,\nsee http://x.y: it\n\nis broken\nAna P: sorry\nAna P: wait: now\n"
            ),
            [
                pair("", "Chat started"),
                pair("Customer", "hi,\nsee http://x.y: it\n\nis broken"),
                pair("Ana P", "sorry"),
                pair("Ana P", "wait: now")
            ]
        );
        assert_eq!(read("Note: nothing here"), None);
        assert_eq!(read("just text"), None);
    }
}
