//! Messages as Twilio's programming interfaces and bulk exports give them.

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::author::Authors;
use super::{GAP_MS, SPEC};
use crate::model::{Conversation, Event, Extra, Kind, Medium, Role, Turn};
use crate::read::frame::Belongs;
use crate::read::json::export::{Export, Known, MessageSorter, Read};
use crate::read::json::field;
use crate::read::people::People;
use crate::read::reader::ReaderSpec;
use crate::read::sample::Sample;
use crate::read::settings::ReadSettings;
use crate::text::time;

/// The JSON of Twilio.
#[derive(Clone, Copy)]
pub(super) struct Resources;

const CONVERSATION: &[&str] = &["conversation_sid", "channel_sid"];
/// Times of a message, the one of sending first.
const TIMES: &[&str] = &["date_sent", "date_created", "timestamp"];

fn is_message(record: &Extra) -> bool {
    CONVERSATION.iter().any(|key| record.contains_key(*key))
        && ["body", "media"].iter().any(|key| record.contains_key(*key))
        && ["author", "from", "index"].iter().any(|key| record.contains_key(*key))
}

fn is_sms(record: &Extra) -> bool {
    ["from", "to", "body", "direction"].iter().all(|key| record.contains_key(*key))
        && ["sid", "messaging_service_sid", "account_sid"].iter().any(|key| record.contains_key(*key))
}

fn is_participant(record: &Extra) -> bool {
    record.contains_key("conversation_sid")
        && ["messaging_binding", "identity"].iter().any(|key| record.contains_key(*key))
        && !record.contains_key("body")
}

impl Export for Resources {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn lists(&self) -> &'static [&'static str] {
        &["messages", "sms_messages", "conversations"]
    }

    fn known(&self, record: &Extra) -> Option<Known> {
        if is_message(record) {
            return Known::message("`conversation_sid` and `author`");
        }
        if is_sms(record) {
            return Known::message("`from`, `to` and `direction`");
        }
        // A page of the interface holds messages too, and is no conversation: it has no identifier of its own.
        let own = record.contains_key("sid") || record.contains_key("conversation_sid");
        let first = field::objects(record, "messages").next();
        let empty = || {
            field::text(record, "sid").starts_with("CH")
                && record.get("messages").is_some_and(Value::is_array)
        };
        let holds = first.map_or_else(empty, is_message);
        if own && holds { Known::conversation("`messages[]` of a `sid`") } else { None }
    }

    fn companion_kind(&self, sample: &Sample) -> Option<&'static str> {
        let head = sample.json()?;
        let first = head.records.first()?;
        let listed = first.get("participants").and_then(Value::as_array).and_then(|list| list.first());
        let one = listed.unwrap_or(first).as_object()?;
        let messages = first.get("messages").is_some();
        (is_participant(one) && !messages).then_some("the list of participants")
    }

    fn people_list(&self) -> Option<&'static str> {
        Some("participants")
    }

    fn sorter(&self, settings: &ReadSettings) -> Option<MessageSorter> {
        let gap = settings.gap_ms.unwrap_or(GAP_MS);
        // For each pair of numbers the time of the last message and the number of pauses so far.
        let mut pairs: FxHashMap<String, (Option<i64>, u64)> = FxHashMap::default();
        Some(Box::new(move |message| {
            if let Some(sid) = field::first(message, CONVERSATION) {
                return Belongs { key: Some(sid), joins: Vec::new() };
            }
            let Some(pair) = pair(message) else { return Belongs::default() };
            let now = moment(message);
            let (last, stretch) = pairs.entry(pair.clone()).or_default();
            // Newest first or oldest first: a pause is a pause.
            if let (Some(last), Some(now)) = (*last, now)
                && now.abs_diff(last) > gap.unsigned_abs()
            {
                *stretch += 1;
            }
            *last = now.or(*last);
            Belongs { key: Some(format!("{pair} {stretch}")), joins: Vec::new() }
        }))
    }

    fn conversation(&self, mut record: Extra, people: &People) -> Read {
        let list = field::take_list(&mut record, "messages", "messages")?;
        let (mut messages, mut strays) = (Vec::new(), Vec::new());
        for one in list {
            match one {
                Value::Object(message) => messages.push(message),
                other => strays.push(field::stray(&other)),
            }
        }
        let participants: Vec<&Extra> = field::objects(&record, "participants").collect();
        let mut turns = turns(messages, &participants, people);
        turns.extend(strays);
        let id = field::first(&record, &["sid", "conversation_sid"]);
        record.shift_remove("participants");
        Ok((Conversation { id, turns, extra: record, ..Conversation::default() }, Vec::new()))
    }

    fn messages(&self, messages: Vec<Extra>, people: &People) -> Read {
        let id = messages.iter().find_map(|message| field::first(message, CONVERSATION));
        let id = id.or_else(|| messages.iter().find_map(pair));
        Ok((Conversation { id, turns: turns(messages, &[], people), ..Conversation::default() }, Vec::new()))
    }
}

/// The two numbers of an SMS, in an order that does not depend on the direction.
fn pair(message: &Extra) -> Option<String> {
    let (a, b) = (field::first(message, &["from"])?, field::first(message, &["to"])?);
    Some(if a <= b { format!("{a} {b}") } else { format!("{b} {a}") })
}

fn moment(message: &Extra) -> Option<i64> {
    TIMES.iter().find_map(|key| time::of_json(message.get(*key)?))
}

fn turns(mut messages: Vec<Extra>, participants: &[&Extra], people: &People) -> Vec<Turn> {
    let index = |message: &Extra| message.get("index").and_then(field::number);
    if messages.iter().all(|message| index(message).is_some()) {
        messages.sort_by_key(index);
    } else if messages.iter().all(|message| moment(message).is_some()) {
        messages.sort_by_key(moment);
    }
    let authors = Authors::of(participants, &messages, people);
    let mut turns = Vec::with_capacity(messages.len());
    for message in messages {
        add(message, &authors, &mut turns);
    }
    turns
}

fn add(mut message: Extra, authors: &Authors<'_>, turns: &mut Vec<Turn>) {
    let direction = field::text(&message, "direction").to_ascii_lowercase();
    let base = if direction.is_empty() {
        let (speaker, role) = authors.author(&message);
        let post = message.get("delivery").is_some_and(Value::is_object) && speaker.starts_with('+');
        let medium = if post { Medium::Post } else { Medium::Chat };
        Turn { speaker, role, medium, ..Turn::default() }
    } else {
        let role = match direction.as_str() {
            "inbound" => Some(Role::User),
            other if other.starts_with("outbound") => Some(Role::Assistant),
            _ => None,
        };
        let speaker = field::first(&message, &["from"]).unwrap_or_default();
        let medium = if speaker.contains(':') { Medium::Chat } else { Medium::Post };
        Turn { speaker, role, medium, ..Turn::default() }
    };
    let base = Turn { time: moment(&message), ..base };
    let files = files(&message);
    let kind = match field::text(&message, "type") {
        "" | "text" | "media" => Kind::Text,
        _ => Kind::Event(Event::Other),
    };
    let text = field::take_text(&mut message, "body");
    if !text.is_empty() || files.is_empty() {
        turns.push(Turn { text, kind, ..base.clone() });
    }
    turns.extend(files.into_iter().map(|text| Turn { text, kind: Kind::Media, ..base.clone() }));
}

/// The names of the files of a message: a list in Conversations, one object in Programmable Chat, a number of them in SMS.
fn files(message: &Extra) -> Vec<String> {
    let name = |file: &Extra| field::first(file, &["filename", "content_type", "sid"]).unwrap_or_default();
    match message.get("media") {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_object).map(name).collect(),
        Some(Value::Object(file)) if !file.is_empty() => vec![name(file)],
        _ => {
            // A hostile number must not become as many turns.
            let count = message.get("num_media").and_then(field::number).unwrap_or(0).clamp(0, MOST_MEDIA);
            (0..count).map(|_| String::new()).collect()
        }
    }
}

/// Twilio takes at most ten files in one message (<https://www.twilio.com/docs/messaging>, seen 2026-11).
const MOST_MEDIA: i64 = 10;
