//! One message of Telegram as turns.

use serde_json::Value;

use crate::model::{Auto, Event, Extra, Kind, Medium, Role, Turn};
use crate::read::json::field;
use crate::text::time;

/// Tells the time of messages, of which some have only the local one.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// How far the local time is ahead, as the last message with both times says.
    ahead: i64,
}

impl Clock {
    /// Milliseconds: the text of seconds, else the local time.
    pub(super) fn time(&mut self, unixtime: &Value, date: &Value) -> Option<i64> {
        let local = time::of_json(date);
        let seconds = field::number(unixtime).and_then(|seconds| seconds.checked_mul(1_000));
        if let (Some(local), Some(seconds)) = (local, seconds) {
            self.ahead = local.saturating_sub(seconds);
        }
        seconds.or_else(|| local.map(|local| local.saturating_sub(self.ahead)))
    }
}

/// Adds the turns of a message: what was written, what was sent with it, the reactions to it.
pub(super) fn add(mut message: Extra, chat: &Extra, clock: &mut Clock, turns: &mut Vec<Turn>) {
    let service = field::text(&message, "type") == "service";
    let (name, id) = if service { ("actor", "actor_id") } else { ("from", "from_id") };
    let base = Turn {
        speaker: field::first(&message, &[name, id]).unwrap_or_default(),
        role: role(field::text(&message, id), chat),
        time: clock.time(
            message.get("date_unixtime").unwrap_or(&Value::Null),
            message.get("date").unwrap_or(&Value::Null),
        ),
        medium: Medium::Messenger,
        ..Turn::default()
    };
    let text = text(&mut message);
    if service {
        let action = field::text(&message, "action");
        let text = if text.is_empty() { action.to_owned() } else { text };
        turns.push(Turn { text, kind: Kind::Event(event(action)), ..base });
        return;
    }
    let files = media(&message);
    let kind = match field::text(&message, "type") {
        "message" | "" if message.contains_key("via_bot") => Kind::Auto(Auto::Other),
        "message" | "" => Kind::Text,
        _ => Kind::Event(Event::Other),
    };
    let poll = field::object(&message, "poll").map(poll);
    if !text.is_empty() || (files.is_empty() && poll.is_none()) {
        turns.push(Turn { text, kind, ..base.clone() });
    }
    turns.extend(poll.map(|text| Turn { text, kind: Kind::Auto(Auto::Menu), ..base.clone() }));
    turns.extend(files.into_iter().map(|text| Turn { text, kind: Kind::Media, ..base.clone() }));
    for reaction in field::objects(&message, "reactions") {
        let who = field::objects(reaction, "recent").next();
        turns.push(Turn {
            speaker: who.and_then(|who| field::first(who, &["from", "from_id"])).unwrap_or_default(),
            // That of the message: a later one would move the turns behind it.
            time: base.time,
            text: field::first(reaction, &["emoji", "document_id", "type"]).unwrap_or_default(),
            kind: Kind::Event(Event::Reaction),
            ..Turn::default()
        });
    }
}

/// In a chat with a bot the chat bears the identifier of the bot.
fn role(from: &str, chat: &Extra) -> Option<Role> {
    let bot = field::text(chat, "type") == "bot_chat"
        && field::first(chat, &["id"]).is_some_and(|id| from.strip_prefix("user") == Some(id.as_str()));
    bot.then(|| Role::Other("bot".into()))
}

/// The words of a message, whichever way they are written.
fn text(message: &mut Extra) -> String {
    let entities = message.shift_remove("text_entities");
    let joined = entities.as_ref().map(join).filter(|text| !text.is_empty());
    joined.unwrap_or_else(|| match message.shift_remove("text") {
        Some(Value::String(text)) => text,
        Some(parts) => join(&parts),
        None => String::new(),
    })
}

/// Strings and objects with a `text`, without anything between them.
fn join(parts: &Value) -> String {
    let one = |part: &Value| match part {
        Value::String(text) => text.clone(),
        other => other.get("text").and_then(Value::as_str).unwrap_or_default().to_owned(),
    };
    match parts {
        Value::Array(parts) => parts.iter().map(one).collect(),
        other => one(other),
    }
}

/// What was sent besides words, each by the name that the export gives it.
fn media(message: &Extra) -> Vec<String> {
    let mut found = Vec::new();
    // A sticker is a file too; the emoji says more.
    let sticker = field::first(message, &["sticker_emoji"]);
    let file = field::first(message, &["file_name", "file", "photo"]);
    let kind = field::first(message, &["media_type"]);
    found.extend(sticker.or(file).or(kind));
    for (key, names) in [
        ("location_information", &["place_name"][..]),
        ("contact_information", &["first_name", "last_name", "phone_number"][..]),
        ("invoice_information", &["title"][..]),
    ] {
        let Some(held) = field::object(message, key) else { continue };
        let own = |name: &&str| field::first(held, &[name]).or_else(|| field::first(message, &[name]));
        found.push(names.iter().filter_map(own).collect::<Vec<_>>().join(" "));
    }
    found.extend(field::first(message, &["game_title"]));
    found
}

/// A question and its answers, a line each.
fn poll(poll: &Extra) -> String {
    let mut lines = vec![poll.get("question").map(join).unwrap_or_default()];
    lines.extend(
        field::objects(poll, "answers").map(|answer| answer.get("text").map(join).unwrap_or_default()),
    );
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// What happened, by the `action` that Telegram Desktop writes (`export_output_json.cpp`).
fn event(action: &str) -> Event {
    match action {
        "invite_members" | "join_group_by_link" | "join_group_by_request" | "joined_telegram" => Event::Join,
        "remove_members" => Event::Leave,
        "phone_call" | "group_call" | "invite_to_group_call" | "group_call_scheduled" | "conference_call" => {
            Event::Call
        }
        "clear_history" => Event::Deletion,
        "create_group"
        | "create_channel"
        | "pin_message"
        | "migrate_to_supergroup"
        | "migrate_from_group"
        | "delete_group_photo"
        | "set_messages_ttl" => Event::Room,
        _ if action.starts_with("edit_") || action.starts_with("topic_") || action.starts_with("set_") => {
            Event::Room
        }
        _ => Event::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn turns(message: Value, chat: Value) -> Vec<Turn> {
        let (Value::Object(message), Value::Object(chat)) = (message, chat) else { panic!("no objects") };
        let mut turns = Vec::new();
        add(message, &chat, &mut Clock::default(), &mut turns);
        turns
    }

    #[test]
    fn texts_in_every_form() {
        let text = |message: Value| turns(message, json!({}))[0].text.clone();
        assert_eq!(text(json!({"text": "a"})), "a");
        assert_eq!(text(json!({"text": ["a ", {"type": "bold", "text": "b"}, 7, "c"]})), "a bc");
        assert_eq!(text(json!({"text": "x", "text_entities": [{"type": "plain", "text": "a"}]})), "a");
        assert_eq!(text(json!({"text": "a", "text_entities": []})), "a");
        assert_eq!(text(json!({"text": null})), "");
    }

    #[test]
    fn bots_are_known_in_their_own_chat_only() {
        let role = |from: &str, kind: &str| {
            turns(json!({"from_id": from, "text": "a"}), json!({"type": kind, "id": 5}))[0].role.clone()
        };
        assert_eq!(role("user5", "bot_chat"), Some(Role::Other("bot".into())));
        assert_eq!(role("user6", "bot_chat"), None);
        assert_eq!(role("user5", "personal_chat"), None);
    }

    #[test]
    fn times_are_seconds_in_a_text() {
        let mut clock = Clock::default();
        let ten = 1_709_287_200_000;
        assert_eq!(clock.time(&Value::Null, &json!("2024-03-01T10:00:00")), Some(ten));
        assert_eq!(clock.time(&json!("1709287200"), &json!("2024-03-01T12:00:00")), Some(ten));
        assert_eq!(clock.time(&Value::Null, &json!("2024-03-01T12:00:01")), Some(ten + 1_000));
        assert_eq!(clock.time(&json!("9223372036854775807"), &Value::Null), None);
    }
}
