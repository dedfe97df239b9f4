//! Messages of any shape to turns.

use serde_json::Value;

use super::acts::act;
use super::keys::{Keys, is_internal, is_text};
use super::path::Path;
use crate::model::{Event, Kind, Turn, Visibility};
use crate::read::json::text_of;
use crate::read::transcript::talk;
use crate::text::time;

/// The turns of a list of messages: objects by their keys, `[speaker, text]` as they are. What holds no text becomes
/// an event with its JSON as text, so that leaving it out later can be named and counted.
pub(super) fn of_list(list: Vec<Value>, keys: Option<&Keys>) -> Vec<Turn> {
    list.into_iter()
        .map(|message| match (message, keys) {
            (message @ Value::Object(_), Some(keys)) => of_object(message, keys),
            (Value::Array(pair), _) => of_pair(pair),
            (Value::String(text), _) => Turn { text, ..Turn::default() },
            (other, _) => event(String::new(), &other),
        })
        .collect()
}

fn of_pair(pair: Vec<Value>) -> Turn {
    match <[Value; 2]>::try_from(pair) {
        Ok([Value::String(speaker), Value::String(text)]) => Turn { speaker, text, ..Turn::default() },
        Ok([Value::String(speaker), other]) => event(speaker, &other),
        Ok(other) => event(String::new(), &Value::Array(other.into())),
        Err(other) => event(String::new(), &Value::Array(other)),
    }
}

fn event(speaker: String, what: &Value) -> Turn {
    Turn { speaker, text: what.to_string(), kind: Kind::Event(Event::Other), ..Turn::default() }
}

fn of_object(mut message: Value, keys: &Keys) -> Turn {
    let internal = message.as_object().is_some_and(is_internal);
    let time =
        keys.time.as_ref().and_then(|path| take_scalar(path, &mut message)).as_ref().and_then(time::of_json);
    let speaker = keys
        .speaker
        .as_ref()
        .and_then(|path| take_scalar(path, &mut message))
        .map(text_of)
        .unwrap_or_default();
    let holds_text = keys.text.get(&message).is_some_and(|value| is_text(value) || value.is_number());
    let (text, kind, seen_by) = if holds_text {
        let text = keys.text.take(&mut message).map(joined).unwrap_or_default();
        // Judged by what is left: the key of the speaker may be `type`, too.
        let (kind, seen_by) = message.as_object().map_or((Kind::Text, Visibility::Public), act);
        (text, kind, seen_by)
    } else {
        if keys.text.get(&message).is_some_and(Value::is_null) {
            keys.text.take(&mut message);
        }
        (message.to_string(), Kind::Event(Event::Other), Visibility::Public)
    };
    let visibility = if internal { Visibility::Internal } else { seen_by };
    Turn { speaker, role: None, text, time, visibility, kind, ..Turn::default() }
}

fn take_scalar(path: &Path, message: &mut Value) -> Option<Value> {
    match path.get(message)? {
        Value::String(_) | Value::Number(_) | Value::Bool(_) => path.take(message),
        _ => None,
    }
}

/// One text; the parts of a list on lines of their own.
fn joined(value: Value) -> String {
    let Value::Array(parts) = value else { return text_of(value) };
    let mut all = String::new();
    for part in &parts {
        let text = part.as_str().or_else(|| part.get("text").and_then(Value::as_str)).unwrap_or_default();
        if !all.is_empty() {
            all.push('\n');
        }
        all.push_str(text);
    }
    all
}

/// The turns of a text that is a transcript, and what stands before the first.
///
/// `None` as the whole text before a tool's line is how Python prints a call whose content is not shown: an event.
pub(super) fn labelled(text: &str) -> (Option<String>, Vec<Turn>) {
    let Some(turns) = talk::turns(text) else { return (None, Vec::new()) };
    let (head, mut turns) = talk::parted(turns);
    let mut before_tool = false;
    for turn in turns.iter_mut().rev() {
        if before_tool && turn.text == "None" {
            turn.kind = Kind::Event(Event::Other);
        }
        before_tool = turn.speaker.eq_ignore_ascii_case("tool");
    }
    (head, turns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_events_and_notes() {
        let keys = Keys {
            speaker: Some(Path::parse("Agent")),
            text: Path::parse("Text"),
            time: Some(Path::parse("UnixTime")),
            strength: 3,
        };
        let list = json!([
            {"Agent": "User", "Text": "Hi", "UnixTime": 1_590_450_149},
            {"Agent": "Wizard", "Action": "query", "UnixTime": 1_590_450_150},
            {"Agent": "Wizard", "Text": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], "private": true},
            {"Agent": "Wizard", "type": "system_message", "Text": "greet"},
            "loose",
            7,
        ]);
        let Value::Array(list) = list else { panic!("no list") };
        let turns = of_list(list, Some(&keys));
        let shown: Vec<(&str, &str, bool)> = turns
            .iter()
            .map(|turn| (turn.speaker.as_str(), turn.text.as_str(), turn.kind.is_event()))
            .collect();
        assert_eq!(
            shown,
            [
                ("User", "Hi", false),
                ("Wizard", r#"{"Action":"query"}"#, true),
                ("Wizard", "a\nb", false),
                ("Wizard", "greet", true),
                ("", "loose", false),
                ("", "7", true)
            ]
        );
        assert_eq!(turns[0].time, Some(1_590_450_149_000));
        assert_eq!(turns[2].visibility, Visibility::Internal);
    }

    #[test]
    fn labelled_lines_and_unshown_calls() {
        let (head, turns) = labelled("user: a\nassistant: None\ntool: ok\nassistant: None");
        assert_eq!(head, None);
        let kinds: Vec<Kind> = turns.iter().map(|turn| turn.kind).collect();
        assert_eq!(kinds, [Kind::Text, Kind::Event(Event::Other), Kind::Text, Kind::Text]);
    }
}
