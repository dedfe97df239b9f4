//! STAR (Mosig and others, 2020, arXiv 2010.11853): one file a dialogue between a user and a wizard who plays the
//! assistant.

use serde_json::Value;

use super::json::Misfit;
use super::json::dialogue::{event, most, take_id, take_list, take_string};
use super::json::records::Records;
use super::reader::{Decoded, ReaderSpec};
use crate::model::{Conversation, Event, Extra, Kind, Raw, Role, Turn};
use crate::text::time;

static SPEC: ReaderSpec = ReaderSpec {
    name: "star",
    title: "STAR, wizard-of-Oz dialogues, one JSON file each",
    notes: "`Wizard` is the assistant, `User` the user. What they `utter` is said, and so is a suggestion that the wizard \
            picks (`pick_suggestion`). `request_suggestions` holds what the wizard typed to be offered answers, and the \
            answer follows: an event. `UserGuide` instructs the worker who plays the user: an event. Acts without \
            text (`query`, `select_task`, `complete`) are events with their JSON as text; what the `KnowledgeBase` \
            returns is a tool's turn. An act that is not known is said when it holds text.",
    how_to_get: "clone <https://github.com/RasaHQ/STAR> and name the folder `dialogues`.",
    recognised_by: "`DialogueID` with `Events[].Agent` and `Action`",
};

/// The reader of STAR.
pub static STAR: Records = Records::new(&SPEC, known, read);

fn known(record: &Extra) -> Option<&'static str> {
    let act = |event: &Value| event.get("Agent").is_some() && event.get("Action").is_some();
    (record.contains_key("DialogueID") && most(record.get("Events"), act))
        .then_some("`DialogueID` with `Events[].Agent` and `Action`")
}

fn read(_: Option<String>, mut record: Extra) -> Result<Decoded, Misfit> {
    let turns = take_list(&mut record, "Events")?.into_iter().map(turn).collect();
    let id = take_id(&mut record, &["DialogueID"]);
    Ok(Raw::Conversation(Conversation { id, turns, extra: record, ..Conversation::default() }).into())
}

fn turn(act: Value) -> Turn {
    let Value::Object(mut act) = act else { return event(String::new(), &act) };
    let speaker = take_string(&mut act, "Agent").unwrap_or_default();
    let time = act.get("UnixTime").and_then(time::of_json);
    let role = match speaker.as_str() {
        "Wizard" => Some(Role::Assistant),
        "User" => Some(Role::User),
        "KnowledgeBase" => Some(Role::Tool),
        _ => None,
    };
    let text = match act.get("Text") {
        Some(Value::String(_)) => take_string(&mut act, "Text"),
        _ => None,
    };
    let unspoken = speaker == "UserGuide"
        || matches!(act.get("Action").and_then(Value::as_str), Some("request_suggestions" | "instruct"));
    let kind = match &text {
        Some(_) if !unspoken => Kind::Text,
        None if role == Some(Role::Tool) => Kind::Text,
        _ => Kind::Event(Event::Other),
    };
    if text.is_none() {
        act.shift_remove("UnixTime");
    }
    let text = text.unwrap_or_else(|| Value::Object(act).to_string());
    Turn { speaker, role, text, time, kind, ..Turn::default() }
}
