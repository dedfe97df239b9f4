//! ABCD (Chen and others, 2021, arXiv 2104.00783): support conversations in which agents follow procedures.

use serde_json::Value;

use super::json::Misfit;
use super::json::dialogue::{event, most, take_id, take_list};
use super::json::records::Records;
use super::reader::{Decoded, ReaderSpec};
use crate::model::{Conversation, Event, Extra, Kind, Raw, Role, Turn};

static SPEC: ReaderSpec = ReaderSpec {
    name: "abcd",
    title: "ABCD, support conversations with the agent's actions",
    notes: "The messages of `original` are pairs of speaker and text: `agent` is the assistant, `customer` the user, and \
            `action` reports what the agent's screen did: an event. `delexed`, the same talk with values replaced, is \
            not read. The whole set is one object of `train`, `dev` and `test`, and all three lists are read; which \
            one a conversation stood in is not kept.",
    how_to_get: "clone <https://github.com/asappresearch/abcd> and name `data/abcd_v1.1.json.gz`.",
    recognised_by: "`convo_id` with pairs of speaker and text in `original`, beside `delexed` or `scenario`",
};

/// The reader of ABCD.
pub static ABCD: Records = Records::new(&SPEC, known, read);

fn known(record: &Extra) -> Option<&'static str> {
    let own = record.contains_key("delexed") || record.contains_key("scenario");
    (own && record.contains_key("convo_id") && most(record.get("original"), Value::is_array))
        .then_some("`convo_id` with pairs of speaker and text in `original`")
}

fn read(_: Option<String>, mut record: Extra) -> Result<Decoded, Misfit> {
    let turns = take_list(&mut record, "original")?.into_iter().map(turn).collect();
    let id = take_id(&mut record, &["convo_id"]);
    Ok(Raw::Conversation(Conversation { id, turns, extra: record, ..Conversation::default() }).into())
}

fn turn(pair: Value) -> Turn {
    let (speaker, text) = match pair {
        Value::Array(pair) => match <[Value; 2]>::try_from(pair) {
            Ok([Value::String(speaker), Value::String(text)]) => (speaker, text),
            Ok([Value::String(speaker), other]) => return event(speaker, &other),
            Ok(other) => return event(String::new(), &Value::Array(other.into())),
            Err(other) => return event(String::new(), &Value::Array(other)),
        },
        other => return event(String::new(), &other),
    };
    let (role, kind) = match speaker.as_str() {
        "agent" => (Some(Role::Assistant), Kind::Text),
        "customer" => (Some(Role::User), Kind::Text),
        "action" => (None, Kind::Event(Event::Other)),
        _ => (None, Kind::Text),
    };
    Turn { speaker, role, text, kind, ..Turn::default() }
}
