//! One message of `ChatGPT` as turns.

use serde_json::Value;

use super::citations;
use crate::model::{Event, Extra, Kind, Medium, Role, Turn, Visibility};
use crate::read::json::dialogue::event;
use crate::read::people::side;
use crate::text::time;

/// Adds the turns of a message: one with its text, and one for each picture or sound in it. Gives the number of marks of
/// sources that were cut.
pub(super) fn turns(mut message: Extra, turns: &mut Vec<Turn>) -> usize {
    let speaker = Speaker::of(&message);
    let visibility = if is_hidden(&message) { Visibility::Internal } else { Visibility::Public };
    let time = message.get("create_time").and_then(time::of_json);
    let made = |text: String| Turn {
        speaker: speaker.name.clone(),
        role: speaker.role.clone(),
        text,
        time,
        visibility,
        ..Turn::default()
    };
    let mut content = match message.shift_remove("content") {
        Some(Value::Object(content)) => content,
        Some(Value::String(text)) => {
            turns.push(made(text));
            return 0;
        }
        None | Some(Value::Null) => {
            turns.push(made(String::new()));
            return 0;
        }
        Some(other) => {
            turns.push(Turn { time, visibility, ..event(speaker.name.clone(), &other) });
            return 0;
        }
    };
    let said = said(&mut content);
    let visibility = if said.internal { Visibility::Internal } else { visibility };
    for part in said.media {
        turns.push(Turn { kind: Kind::Media, visibility, ..made(part) });
    }
    let Some(text) = said.text else { return 0 };
    let (text, marks) = match citations::cut(&text) {
        // What others typed or a tool returned stays as it is.
        (cut, marks) if marks > 0 && speaker.role == Some(Role::Assistant) => (cut.into_owned(), marks),
        _ => (text, 0),
    };
    let turn = Turn { kind: said.kind, visibility, medium: said.medium, ..made(text) };
    turns.push(if said.instructs {
        // The export files it under the user or the assistant, and neither said it.
        Turn { speaker: Role::System.name().to_owned(), role: Some(Role::System), ..turn }
    } else {
        turn
    });
    marks
}

/// Who speaks, or whom the assistant calls.
struct Speaker {
    name: String,
    role: Option<Role>,
}

impl Speaker {
    fn of(message: &Extra) -> Self {
        let text = |value: Option<&Value>| {
            value.and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let author = message.get("author");
        let word = text(author.and_then(|author| author.get("role"))).unwrap_or_default();
        let to = text(message.get("recipient")).filter(|to| to != "all");
        match (word.as_str(), to) {
            ("assistant", Some(tool)) => Self { name: tool, role: Some(Role::Tool) },
            ("tool", _) => {
                let name = text(author.and_then(|author| author.get("name"))).unwrap_or(word);
                Self { name, role: Some(Role::Tool) }
            }
            ("user", _) => Self { name: word, role: Some(Role::User) },
            ("assistant", None) => Self { name: word, role: Some(Role::Assistant) },
            ("system" | "developer", _) => Self { name: word, role: Some(Role::System) },
            (other, _) => Self { role: side(other), name: word },
        }
    }
}

/// Whether the user was not shown it, or it is left out of what counts.
fn is_hidden(message: &Extra) -> bool {
    let flag = |key: &str| message.get("metadata").and_then(|data| data.get(key)) == Some(&Value::Bool(true));
    let weightless =
        message.get("weight").and_then(Value::as_f64).is_some_and(|weight| weight.abs() < f64::EPSILON);
    flag("is_visually_hidden_from_conversation")
        || flag("is_user_system_message")
        || weightless
        || message.get("channel").is_some_and(|channel| channel == "analysis")
}

/// What a content holds.
#[derive(Default)]
struct Said {
    /// `None` when it holds media only.
    text: Option<String>,
    media: Vec<String>,
    kind: Kind,
    medium: Medium,
    /// Only the model saw it.
    internal: bool,
    /// It gives instructions.
    instructs: bool,
}

fn said(content: &mut Extra) -> Said {
    let take = |content: &mut Extra, key: &str| match content.shift_remove(key) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    };
    let kind = take(content, "content_type").unwrap_or_default();
    let plain = |text: Option<String>| Said { text: Some(text.unwrap_or_default()), ..Said::default() };
    match kind.as_str() {
        "user_editable_context" => {
            let parts = ["user_profile", "user_instructions"].iter().filter_map(|key| take(content, key));
            Said { internal: true, instructs: true, ..plain(Some(joined(parts))) }
        }
        "model_editable_context" => {
            Said { internal: true, instructs: true, ..plain(take(content, "model_set_context")) }
        }
        "thoughts" => {
            let thoughts = match content.shift_remove("thoughts") {
                Some(Value::Array(thoughts)) => thoughts,
                _ => Vec::new(),
            };
            let texts = thoughts.iter().filter_map(|thought| {
                let text = |key: &str| thought.get(key)?.as_str().filter(|text| !text.is_empty());
                text("content").or_else(|| text("summary")).map(str::to_owned)
            });
            Said { internal: true, ..plain(Some(joined(texts))) }
        }
        "reasoning_recap" => Said { kind: Kind::Event(Event::Other), ..plain(take(content, "content")) },
        "tether_browsing_display" => plain(take(content, "result").or_else(|| take(content, "summary"))),
        _ => {
            if let Some(Value::Array(parts)) = content.get_mut("parts") {
                return of_parts(std::mem::take(parts));
            }
            match ["text", "content", "result"].iter().find_map(|key| take(content, key)) {
                Some(text) => plain(Some(text)),
                None if content.is_empty() => plain(None),
                None => {
                    let shown = Value::Object(std::mem::take(content)).to_string();
                    Said { kind: Kind::Event(Event::Other), ..plain(Some(shown)) }
                }
            }
        }
    }
}

fn of_parts(parts: Vec<Value>) -> Said {
    let (mut said, mut texts) = (Said::default(), Vec::new());
    for part in parts {
        match part {
            Value::String(text) => texts.push(text),
            Value::Null => {}
            other => match other.get("text").and_then(Value::as_str) {
                Some(text) if other.get("content_type").is_some_and(|kind| kind == "audio_transcription") => {
                    said.medium = Medium::Speech;
                    texts.push(text.to_owned());
                }
                _ => said.media.push(pointer(&other)),
            },
        }
    }
    if !texts.is_empty() || said.media.is_empty() {
        said.text = Some(joined(texts.into_iter()));
    }
    said
}

/// What names a picture or sound.
fn pointer(part: &Value) -> String {
    let own = part.get("asset_pointer").or_else(|| part.get("audio_asset_pointer")?.get("asset_pointer"));
    own.and_then(Value::as_str).map_or_else(|| part.to_string(), str::to_owned)
}

/// Texts on lines of their own; empty ones leave no line.
fn joined(texts: impl Iterator<Item = String>) -> String {
    let mut all = String::new();
    for text in texts.filter(|text| !text.is_empty()) {
        if !all.is_empty() {
            all.push('\n');
        }
        all.push_str(&text);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// `speaker|role|kind|seen|text` of each turn.
    fn shown(message: Value) -> Vec<String> {
        let Value::Object(message) = message else { panic!("no object") };
        let mut made = Vec::new();
        turns(message, &mut made);
        made.iter()
            .map(|turn| {
                let role = turn.role.as_ref().map_or("-", Role::name);
                let kind = match turn.kind {
                    Kind::Text => "text",
                    Kind::Media => "media",
                    _ => "event",
                };
                let seen = if turn.visibility == Visibility::Internal { "internal" } else { "all" };
                format!("{}|{role}|{kind}|{seen}|{}", turn.speaker, turn.text)
            })
            .collect()
    }

    fn content(role: &str, content: &Value) -> Value {
        json!({"author": {"role": role}, "content": content, "recipient": "all", "create_time": null})
    }

    #[test]
    fn every_content_type() {
        for (role, value, wanted) in [
            ("user", json!({"content_type": "text", "parts": ["a", "b"]}), "user|user|text|all|a\nb"),
            ("assistant", json!({"content_type": "text", "parts": [""]}), "assistant|assistant|text|all|"),
            (
                "assistant",
                json!({"content_type": "code", "language": "python", "text": "1+1"}),
                "assistant|assistant|text|all|1+1",
            ),
            ("tool", json!({"content_type": "execution_output", "text": "2"}), "tool|tool|text|all|2"),
            (
                "tool",
                json!({"content_type": "tether_quote", "url": "u", "text": "q"}),
                "tool|tool|text|all|q",
            ),
            (
                "tool",
                json!({"content_type": "tether_browsing_display", "result": "r", "summary": ""}),
                "tool|tool|text|all|r",
            ),
            (
                "assistant",
                json!({"content_type": "thoughts", "thoughts": [{"summary": "s", "content": "t"}, {"summary": "u"}]}),
                "assistant|assistant|text|internal|t\nu",
            ),
            (
                "assistant",
                json!({"content_type": "reasoning_recap", "content": "Thought for 5s"}),
                "assistant|assistant|event|all|Thought for 5s",
            ),
            (
                "user",
                json!({"content_type": "user_editable_context", "user_profile": "p", "user_instructions": "i"}),
                "system|system|text|internal|p\ni",
            ),
            (
                "system",
                json!({"content_type": "model_editable_context", "model_set_context": "m"}),
                "system|system|text|internal|m",
            ),
            (
                "assistant",
                json!({"content_type": "new_thing", "x": 1}),
                r#"assistant|assistant|event|all|{"x":1}"#,
            ),
            ("assistant", json!("plain"), "assistant|assistant|text|all|plain"),
            ("assistant", json!(null), "assistant|assistant|text|all|"),
            ("assistant", json!([1]), "assistant|-|event|all|[1]"),
            ("critic", json!({"parts": ["x"]}), "critic|-|text|all|x"),
        ] {
            assert_eq!(shown(content(role, &value)), [wanted]);
        }
    }

    #[test]
    fn pictures_and_voices() {
        let message = content(
            "user",
            &json!({"content_type": "multimodal_text", "parts": [
                {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-1"},
                {"content_type": "audio_transcription", "text": "what is it?"},
                {"content_type": "real_time_user_audio_video_asset_pointer", "audio_asset_pointer": {"asset_pointer": "sediment://f2"}}]}),
        );
        assert_eq!(
            shown(message),
            [
                "user|user|media|all|file-service://file-1",
                "user|user|media|all|sediment://f2",
                "user|user|text|all|what is it?"
            ]
        );
    }

    #[test]
    fn calls_results_and_what_is_hidden() {
        assert_eq!(
            shown(
                json!({"author": {"role": "assistant"}, "recipient": "python", "content": {"content_type": "code", "text": "1"}})
            ),
            ["python|tool|text|all|1"]
        );
        assert_eq!(
            shown(json!({"author": {"role": "tool", "name": "python"}, "content": {"parts": ["2【1†x】"]}})),
            ["python|tool|text|all|2【1†x】"]
        );
        for key in ["is_visually_hidden_from_conversation", "is_user_system_message"] {
            let message =
                json!({"author": {"role": "system"}, "metadata": {key: true}, "content": {"parts": ["s"]}});
            assert_eq!(shown(message), ["system|system|text|internal|s"]);
        }
        let weightless = json!({"author": {"role": "user"}, "weight": 0.0, "content": {"parts": ["s"]}});
        assert_eq!(shown(weightless), ["user|user|text|internal|s"]);
        let thinking =
            json!({"author": {"role": "assistant"}, "channel": "analysis", "content": {"parts": ["s"]}});
        assert_eq!(shown(thinking), ["assistant|assistant|text|internal|s"]);
    }
}
