//! Claude's `conversations.json`: messages in a flat list that links them to a tree, older ones in their order.

use std::collections::HashMap;

use serde_json::Value;

use super::codes;
use super::json::dialogue::{event, take_id, take_string};
use super::json::records::Records;
use super::json::{Misfit, branches, keys_seen};
use super::people::side;
use super::reader::{Decoded, ReaderSpec};
use super::sample::Sample;
use crate::diagnostic::Finding;
use crate::model::{Conversation, Event, Extra, Kind, Raw, Role, Turn, Visibility};
use crate::text::json::kind;
use crate::text::time;

static SPEC: ReaderSpec = ReaderSpec {
    name: "claude",
    title: "Claude data export (`conversations.json`)",
    notes: "`human` is the user, `assistant` the assistant. The text is that of the `content` items of type `text`, and \
            `text` where these hold none.\n\n\
            - `parent_message_uuid` makes a tree: the conversation is the path to the newest message that nobody \
              answered; the number of messages on other branches is said (`other-branches`). Without such links the \
              order is that of `index`, else of the list.\n\
            - the `extracted_content` of attachments stands before the text of their message: it is what the model \
              read. Attachments without it, and `files`, are media.\n\
            - `thinking` is an internal note, `tool_use` and `tool_result` are a tool's turns, `token_budget` and items \
              that are not known are events\n\
            - times are taken only where they do not contradict the path\n\n\
            A line or file that holds one conversation is read, too. Not verified: which message of a list without a \
            link follows which; it is taken to follow the one before it.",
    how_to_get: "in Claude: Settings, Privacy, Export data; the mail holds a link to a zip archive. Name the archive, or \
                 `conversations.json` in it.",
    recognised_by: "`chat_messages` and `uuid`",
};

/// The reader of Claude's export.
pub static CLAUDE: Records = Records { companion, ..Records::new(&SPEC, known, read) };

/// The parent of a first message.
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

fn companion(sample: &Sample) -> Option<&'static str> {
    let first = || sample.json()?.records.first();
    let has = |key: &str| first().is_some_and(|record| record.get(key).is_some());
    match sample.file_name.as_str() {
        "users.json" if has("full_name") && has("email_address") => Some("the account"),
        "projects.json" if has("prompt_template") || has("docs") => Some("projects with their documents"),
        "memories.json" if has("conversations_memory") => Some("what was remembered of the user"),
        _ => None,
    }
}

fn known(record: &Extra) -> Option<&'static str> {
    (record.contains_key("uuid") && record.get("chat_messages")?.is_array())
        .then_some("`chat_messages` and `uuid`")
}

fn read(_: Option<String>, mut record: Extra) -> Result<Decoded, Misfit> {
    let list = match record.shift_remove("chat_messages") {
        Some(Value::Array(list)) => list,
        Some(other) => {
            let says = format!("{} where the list of messages should be", kind(&other));
            return Err(Misfit::shape("chat_messages", says));
        }
        None => {
            return Err(Misfit::shape("", format!("no list `chat_messages`; {}", keys_seen(&record))));
        }
    };
    let id = take_id(&mut record, &["uuid"]);
    let mut findings = Vec::new();
    let (path, mut messages) = path(list, &mut findings);
    let mut turns = Vec::new();
    for index in path {
        match messages.get_mut(index).and_then(Option::take) {
            Some(Value::Object(message)) => turns_of(message, &mut turns),
            Some(other) => turns.push(event(String::new(), &other)),
            None => {}
        }
    }
    findings.extend(branches::others(messages.iter().flatten().count()));
    branches::drop_times_out_of_order(&mut turns);
    let raw = Raw::Conversation(Conversation { id, turns, extra: record, ..Conversation::default() });
    Ok(Decoded { raw, findings })
}

/// The messages that are read, in order, as indices into all of them.
fn path(mut list: Vec<Value>, findings: &mut Vec<Finding>) -> (Vec<usize>, Vec<Option<Value>>) {
    let linked = list.iter().any(|message| message.get("parent_message_uuid").is_some_and(Value::is_string));
    if !linked {
        let place = |message: &Value| message.get("index")?.as_i64();
        if list.iter().all(|message| place(message).is_some()) {
            list.sort_by_key(place);
        }
        let all = (0..list.len()).collect();
        return (all, list.into_iter().map(Some).collect());
    }
    let by_id: HashMap<&str, usize> = list
        .iter()
        .enumerate()
        .rev() // Of two with one name the first counts.
        .filter_map(|(index, message)| Some((message.get("uuid")?.as_str()?, index)))
        .collect();
    let mut missing = 0;
    let parents: Vec<Option<usize>> = list
        .iter()
        .enumerate()
        .map(|(index, message)| match message.get("parent_message_uuid") {
            None => index.checked_sub(1),
            Some(Value::String(parent)) => {
                let found = by_id.get(parent.as_str()).copied();
                missing += usize::from(found.is_none() && parent != NOBODY);
                found
            }
            Some(_) => None,
        })
        .collect();
    let mut broken = |says: String| findings.push(Finding::new(&codes::BROKEN_TREE, "chat_messages", says));
    match missing {
        0 => {}
        1 => broken(
            "1 message names a parent that is not there: it begins a conversation of its own".to_owned(),
        ),
        many => broken(format!(
            "{many} messages name parents that are not there: each begins a conversation of its own"
        )),
    }
    let mut answered = vec![false; list.len()];
    for parent in parents.iter().flatten() {
        if let Some(answered) = answered.get_mut(*parent) {
            *answered = true;
        }
    }
    let time = |index: &usize| list.get(*index)?.get("created_at").and_then(time::of_json);
    // Of equally new ones, and where times are missing, the last in the list.
    let newest = |unanswered: bool| {
        (0..list.len())
            .filter(|index| !unanswered || answered.get(*index) == Some(&false))
            .max_by_key(|index| (time(index), *index))
    };
    let Some(leaf) = newest(true).or_else(|| newest(false)) else { return (Vec::new(), Vec::new()) };
    let (path, circle) = branches::path_to(leaf, &parents);
    if circle {
        broken("the links go in a circle: the path begins where it closes".to_owned());
    }
    (path, list.into_iter().map(Some).collect())
}

fn turns_of(mut message: Extra, turns: &mut Vec<Turn>) {
    let speaker = take_string(&mut message, "sender").unwrap_or_default();
    let role = match speaker.as_str() {
        "human" => Some(Role::User),
        "assistant" => Some(Role::Assistant),
        other => side(other),
    };
    let time = message.get("created_at").and_then(time::of_json);
    let said =
        |text: String| Turn { speaker: speaker.clone(), role: role.clone(), text, time, ..Turn::default() };
    let before = turns.len();
    for key in ["attachments", "files"] {
        let Some(Value::Array(files)) = message.shift_remove(key) else { continue };
        for file in files {
            let text = |key: &str| file.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
            turns.push(if let Some(content) = text("extracted_content") {
                said(content.to_owned())
            } else {
                let name = text("file_name").map_or_else(|| file.to_string(), str::to_owned);
                Turn { kind: Kind::Media, ..said(name) }
            });
        }
    }
    let items = match message.shift_remove("content") {
        Some(Value::Array(items)) => items,
        Some(Value::String(text)) => vec![serde_json::json!({"type": "text", "text": text})],
        _ => Vec::new(),
    };
    let text = take_string(&mut message, "text").unwrap_or_default();
    let spoken = |item: &Value| {
        is_text(item) && item.get("text").and_then(Value::as_str).is_some_and(|text| !text.is_empty())
    };
    let in_items = items.iter().any(spoken);
    for item in items {
        if is_text(&item) && !in_items {
            continue;
        }
        let made = of_item(item);
        turns.push(Turn {
            role: made.role.or_else(|| role.clone()),
            speaker: made.speaker.unwrap_or_else(|| speaker.clone()),
            kind: made.kind,
            visibility: made.visibility,
            ..said(made.text)
        });
    }
    // A message is a turn even when it holds nothing.
    if !in_items && (!text.is_empty() || turns.len() == before) {
        turns.push(said(text));
    }
}

fn is_text(item: &Value) -> bool {
    item.get("type").is_none_or(|kind| kind == "text") && item.get("text").is_some()
}

/// An item of a message's content; speaker and role where they are not the message's.
#[derive(Default)]
struct Item {
    text: String,
    speaker: Option<String>,
    role: Option<Role>,
    kind: Kind,
    visibility: Visibility,
}

fn of_item(item: Value) -> Item {
    let Value::Object(mut item) = item else {
        return Item { text: item.to_string(), kind: Kind::Event(Event::Other), ..Item::default() };
    };
    let name = |item: &Extra| item.get("name").and_then(Value::as_str).unwrap_or("tool").to_owned();
    match item.get("type").and_then(Value::as_str).unwrap_or("text") {
        "text" if item.get("text").is_some_and(Value::is_string) => {
            Item { text: take_string(&mut item, "text").unwrap_or_default(), ..Item::default() }
        }
        "thinking" => Item {
            text: take_string(&mut item, "thinking")
                .or_else(|| take_string(&mut item, "text"))
                .unwrap_or_default(),
            visibility: Visibility::Internal,
            ..Item::default()
        },
        "tool_use" => Item {
            text: item.get("input").map(Value::to_string).unwrap_or_default(),
            speaker: Some(name(&item)),
            role: Some(Role::Tool),
            ..Item::default()
        },
        "tool_result" => Item {
            text: item.get("content").map(result).unwrap_or_default(),
            speaker: Some(name(&item)),
            role: Some(Role::Tool),
            ..Item::default()
        },
        _ => {
            Item { text: Value::Object(item).to_string(), kind: Kind::Event(Event::Other), ..Item::default() }
        }
    }
}

/// What a tool returned: its texts, or its JSON.
fn result(content: &Value) -> String {
    let texts = |list: &[Value]| -> Option<Vec<String>> {
        list.iter().map(|part| part.get("text")?.as_str().map(str::to_owned)).collect()
    };
    match content {
        Value::String(text) => text.clone(),
        Value::Array(list) => texts(list).map_or_else(|| content.to_string(), |texts| texts.join("\n")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn decoded(messages: &Value) -> (Vec<Turn>, Vec<&'static str>) {
        let Value::Object(record) = json!({"uuid": "k", "name": null, "chat_messages": messages}) else {
            panic!("no object")
        };
        let decoded = read(None, record).unwrap();
        let Raw::Conversation(conversation) = decoded.raw else { panic!("no conversation") };
        (conversation.turns, decoded.findings.iter().map(|finding| finding.def.name).collect())
    }

    fn texts(messages: &Value) -> (String, Vec<&'static str>) {
        let (turns, findings) = decoded(messages);
        (turns.iter().map(|turn| turn.text.as_str()).collect::<Vec<_>>().join(" "), findings)
    }

    /// A message `uuid` after `parent`, said at second `at`.
    fn message(uuid: &str, parent: &str, at: u32) -> Value {
        json!({"uuid": uuid, "sender": "human", "text": uuid, "parent_message_uuid": parent,
            "created_at": format!("2024-03-01T10:00:{at:02}.000001Z")})
    }

    #[test]
    fn the_newest_leaf_decides() {
        let list = json!([
            message("a", NOBODY, 1),
            message("b", "a", 2),
            message("c", "a", 4),
            message("d", "b", 3)
        ]);
        assert_eq!(texts(&list), ("a c".into(), vec!["other-branches"]));
        let list = json!([message("a", NOBODY, 1), message("c", "a", 2), message("b", "a", 2)]);
        assert_eq!(texts(&list), ("a b".into(), vec!["other-branches"]));
    }

    #[test]
    fn lists_without_links_keep_their_order() {
        assert_eq!(
            texts(&json!([{"text": "b", "index": 1}, {"text": "a", "index": 0}])),
            ("a b".into(), vec![])
        );
        assert_eq!(texts(&json!([{"text": "b"}, {"text": "a", "index": 0}])), ("b a".into(), vec![]));
        let mixed = json!([{"uuid": "a", "text": "a"}, message("b", "a", 2)]);
        assert_eq!(texts(&mixed), ("a b".into(), vec![]));
    }

    #[test]
    fn broken_links_are_said() {
        let list = json!([message("a", "gone", 1), message("b", "a", 2)]);
        assert_eq!(texts(&list), ("a b".into(), vec!["broken-tree"]));
        let list = json!([message("a", "b", 1), message("b", "a", 2)]);
        assert_eq!(texts(&list), ("a b".into(), vec!["broken-tree"]));
        assert_eq!(texts(&json!([7, {"sender": 7}])), ("7 ".into(), vec![]));
        assert_eq!(texts(&json!([])), (String::new(), vec![]));
        let chain: Vec<Value> = (0..100_000u32)
            .map(|index| {
                let parent = index.checked_sub(1).map_or(NOBODY.to_owned(), |parent| parent.to_string());
                json!({"uuid": index.to_string(), "text": "x", "parent_message_uuid": parent})
            })
            .collect();
        assert_eq!(decoded(&Value::Array(chain)).0.len(), 100_000);
    }

    #[test]
    fn items_attachments_and_texts() {
        let (turns, _) = decoded(&json!([
            {"sender": "human", "text": "ignored", "content": [{"type": "text", "text": "Read it"}],
             "attachments": [{"file_name": "a.txt", "extracted_content": "All of a"}, {"file_name": "b.bin", "extracted_content": ""}],
             "files": [{"file_name": "c.png"}]},
            {"sender": "assistant", "text": "", "content": [{"type": "thinking", "thinking": "hm"},
             {"type": "tool_use", "name": "search", "input": {"q": 1}},
             {"type": "tool_result", "name": "search", "content": [{"type": "text", "text": "r"}]},
             {"type": "token_budget"}, {"type": "text", "text": "Done"}]},
            {"sender": "assistant", "text": "Old", "content": [{"type": "text", "text": ""}]},
            {"sender": "assistant", "text": "", "content": []},
        ]));
        let shown: Vec<String> = turns
            .iter()
            .map(|turn| {
                let seen = if turn.visibility == Visibility::Internal { "note" } else { "" };
                let kind = if turn.kind == Kind::Media {
                    "media"
                } else if turn.kind.is_event() {
                    "event"
                } else {
                    ""
                };
                format!(
                    "{}/{}{seen}{kind}: {}",
                    turn.speaker,
                    turn.role.as_ref().map_or("", Role::name),
                    turn.text
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                "human/user: All of a",
                "human/usermedia: b.bin",
                "human/usermedia: c.png",
                "human/user: Read it",
                "assistant/assistantnote: hm",
                "search/tool: {\"q\":1}",
                "search/tool: r",
                "assistant/assistantevent: {\"type\":\"token_budget\"}",
                "assistant/assistant: Done",
                "assistant/assistant: Old",
                "assistant/assistant: "
            ]
        );
    }
}
