//! Crisp: messages of its interface or of its webhooks, one conversation a session.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::Value;

use super::frame::Belongs;
use super::json::export::{Export, Known, Read};
use super::json::field;
use super::people::{People, scalar};
use super::reader::ReaderSpec;
use crate::model::{Auto, Conversation, Event, Extra, Kind, Medium, Role, Turn, Visibility};
use crate::text::time;

static SPEC: ReaderSpec = ReaderSpec {
    name: "crisp",
    title: "Crisp: messages of conversations, from the interface or from webhooks",
    notes: "\
- Messages of one `session_id` are one conversation, ordered by `timestamp` (milliseconds). Pages of the interface \
  (`data[]`), lists and logs of webhooks (`message:send`, `message:received`; `message:updated` is an edit, `message:removed` \
  a deletion) are understood.\n\
- **Sides** come from `from`: `user` or `operator`; an operator's message that is `automated` is a bot's. `type: note` \
  is internal. An `event` is named by its `namespace`.\n\
- `picker`, `field` and `carousel` are menus; a choice marked `selected` and a field's `value` are what the visitor \
  answered and become a turn of theirs (not verified). `file`, `audio` and `animation` are turns with the file's name.\n\
- Where a `fingerprint` comes twice (pages that overlap, edited messages) the last one counts, and the earlier ones are \
  edits. `edited` and `translated` messages are read as they stand.\n\
- `origin` says the medium: `email` is mail; SMS and Twitter channels are short posts (names not verified).",
    how_to_get: "\
With the REST API: `GET /v1/website/{website_id}/conversation/{session_id}/messages` for each session of `GET \
/v1/website/{website_id}/conversations/{page}`; older messages follow with `timestamp_before`. Tokens are made in the \
[Crisp Marketplace](https://marketplace.crisp.chat). Or store what a webhook sends, one body a line.",
    recognised_by: "`session_id` beside `fingerprint`, `from` (`user` or `operator`) and `content`",
};

/// The reader of Crisp.
#[derive(Clone, Copy)]
pub struct Crisp;

/// The message, unpacked where a webhook carries it, and the event of the webhook.
fn unpacked(record: &Extra) -> (&Extra, &str) {
    match (field::object(record, "data"), field::text(record, "event")) {
        (Some(data), event) if event.starts_with("message:") => (data, event),
        _ => (record, ""),
    }
}

impl Export for Crisp {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn lists(&self) -> &'static [&'static str] {
        &["data", "messages"]
    }

    fn known(&self, record: &Extra) -> Option<Known> {
        let (message, _) = unpacked(record);
        let ours = ["session_id", "fingerprint", "from"].iter().all(|key| message.contains_key(*key))
            && message.contains_key("content")
            && matches!(field::text(message, "from"), "user" | "operator");
        if ours { Known::message("`session_id`, `fingerprint` and `from`") } else { None }
    }

    fn belongs(&self, message: &Extra) -> Belongs {
        let session = unpacked(message).0.get("session_id").and_then(scalar);
        Belongs { key: session, joins: Vec::new() }
    }

    fn conversation(&self, record: Extra, people: &People) -> Read {
        self.messages(vec![record], people)
    }

    fn messages(&self, messages: Vec<Extra>, _: &People) -> Read {
        let mut sent: Vec<(Extra, String)> = messages.into_iter().map(owned).collect();
        complete(&mut sent);
        let id = sent.iter().find_map(|(message, _)| field::first(message, &["session_id"]));
        let mut extra = Extra::new();
        if let Some(website) = sent.iter().find_map(|(message, _)| message.get("website_id")) {
            extra.insert("website_id".into(), website.clone());
        }
        let mut read: Vec<Vec<Turn>> = Vec::with_capacity(sent.len());
        // From the end, so that of a fingerprint the last message is met first.
        let mut seen: BTreeMap<String, Event> = BTreeMap::new();
        for (message, event) in sent.iter().rev() {
            let mut turns = Vec::new();
            add(message, event, &mut turns);
            if let Some(print) = message.get("fingerprint").and_then(scalar) {
                let later = if event == "message:removed" { Event::Deletion } else { Event::Edit };
                match seen.entry(print) {
                    Entry::Vacant(entry) => _ = entry.insert(later),
                    Entry::Occupied(entry) => {
                        turns.iter_mut().for_each(|turn| turn.kind = Kind::Event(*entry.get()));
                    }
                }
            }
            read.push(turns);
        }
        let mut turns: Vec<Turn> = read.into_iter().rev().flatten().collect();
        field::order(&mut turns);
        name_visitor(&mut turns);
        Ok((Conversation { id, turns, extra, ..Conversation::default() }, Vec::new()))
    }
}

/// The message and the event of the webhook that carried it.
fn owned(mut record: Extra) -> (Extra, String) {
    let event = unpacked(&record).1.to_owned();
    match record.shift_remove("data") {
        Some(Value::Object(data)) if !event.is_empty() => (data, event),
        Some(other) => {
            record.insert("data".into(), other);
            (record, event)
        }
        None => (record, event),
    }
}

/// What a webhook says of a changed message is less than the message: the rest is that of the message before.
fn complete(sent: &mut [(Extra, String)]) {
    let mut known: BTreeMap<String, Extra> = BTreeMap::new();
    for (message, event) in sent {
        let Some(print) = message.get("fingerprint").and_then(scalar) else { continue };
        if event == "message:updated"
            && let Some(before) = known.get(&print)
        {
            for (key, value) in before {
                if !message.contains_key(key) {
                    message.insert(key.clone(), value.clone());
                }
            }
        } else if !event.is_empty() {
            known.insert(print, message.clone());
        }
    }
}

/// The speaker of what a visitor chose in a menu, until the visitor's name is known.
const VISITOR: &str = "user";

/// Choices in menus are made by the visitor, whose name stands on the visitor's other messages.
fn name_visitor(turns: &mut [Turn]) {
    let named = |turn: &&Turn| turn.role == Some(Role::User) && turn.speaker != VISITOR;
    let Some(name) = turns.iter().find(named).map(|turn| turn.speaker.clone()) else { return };
    for turn in turns.iter_mut().filter(|turn| turn.role == Some(Role::User) && turn.speaker == VISITOR) {
        turn.speaker.clone_from(&name);
    }
}

fn add(message: &Extra, event: &str, turns: &mut Vec<Turn>) {
    let from = field::text(message, "from");
    let automated = message.get("automated") == Some(&Value::Bool(true));
    let user = field::object(message, "user");
    let name = user.and_then(|user| field::first(user, &["nickname", "user_id"]));
    let kind = field::text(message, "type");
    let base = Turn {
        speaker: name.unwrap_or_else(|| from.to_owned()),
        role: match from {
            "user" => Some(Role::User),
            "operator" if automated => Some(Role::Other("bot".into())),
            "operator" => Some(Role::Assistant),
            _ => None,
        },
        time: message.get("timestamp").and_then(time::of_json),
        visibility: if kind == "note" { Visibility::Internal } else { Visibility::Public },
        medium: medium(field::text(message, "origin")),
        ..Turn::default()
    };
    let content = message.get("content").unwrap_or(&Value::Null);
    let part = |key: &str| content.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (text, kind) = match kind {
        "event" => {
            let namespace = part("namespace");
            let said = part("text");
            (if said.is_empty() { namespace.clone() } else { said }, Kind::Event(happened(&namespace)))
        }
        "file" | "audio" | "animation" => {
            let name = part("name");
            (if name.is_empty() { part("url") } else { name }, Kind::Media)
        }
        "picker" | "field" | "carousel" => (menu(content), Kind::Auto(Auto::Menu)),
        _ => (plain(content), Kind::Text),
    };
    let kind = match event {
        // Of a message that stands nowhere else it is not known who wrote it.
        "message:updated" if from.is_empty() => Kind::Event(Event::Edit),
        "message:removed" => Kind::Event(Event::Deletion),
        _ => kind,
    };
    let (time, medium) = (base.time, base.medium);
    turns.push(Turn { text, kind, ..base });
    if kind == Kind::Auto(Auto::Menu) {
        turns.extend(answers(content).into_iter().map(|text| Turn {
            speaker: VISITOR.to_owned(),
            role: Some(Role::User),
            text,
            time,
            medium,
            ..Turn::default()
        }));
    }
}

fn plain(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => match other.get("text").and_then(Value::as_str) {
            Some(text) => text.to_owned(),
            None => other.to_string(),
        },
    }
}

/// What stands in a menu, a line each.
fn menu(content: &Value) -> String {
    let text =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let list = |key: &str| content.get(key).and_then(Value::as_array).into_iter().flatten();
    let mut lines = vec![text(content, "text"), text(content, "explain")];
    lines.extend(list("choices").map(|choice| text(choice, "label")));
    for target in list("targets") {
        lines.extend([text(target, "title"), text(target, "description")]);
        let actions = target.get("actions").and_then(Value::as_array);
        lines.extend(actions.into_iter().flatten().map(|action| text(action, "label")));
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// What the visitor chose or typed in a menu.
fn answers(content: &Value) -> Vec<String> {
    let chosen = content
        .get("choices")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter(|choice| choice.get("selected") == Some(&Value::Bool(true)))
        .filter_map(|choice| scalar(choice.get("label")?));
    chosen.chain(content.get("value").and_then(scalar)).collect()
}

fn happened(namespace: &str) -> Event {
    match namespace.split_once(':').map_or((namespace, ""), |(family, what)| (family, what)) {
        ("state" | "routing" | "segments" | "inbox", _) => Event::Assignment,
        ("participant", "added" | "joined") => Event::Join,
        ("participant", _) => Event::Leave,
        ("call", _) => Event::Call,
        ("rating", _) => Event::Rating,
        _ => Event::Other,
    }
}

fn medium(origin: &str) -> Medium {
    let origin = origin.to_ascii_lowercase();
    if origin == "email" || origin.contains(":email") {
        Medium::Mail
    } else if origin.contains("sms") || origin.contains("twitter") {
        Medium::Post
    } else {
        Medium::Chat
    }
}
