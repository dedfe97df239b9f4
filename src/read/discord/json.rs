//! The JSON export: where a message belongs, and messages of one conversation as turns.

use serde_json::Value;

use super::message::Teller;
use crate::diagnostic::{Finding, Rejection};
use crate::model::{Conversation, Extra, Raw};
use crate::read::codes;
use crate::read::frame::{Belongs, Frame, Place, Placer, Talk};
use crate::read::json::{Misfit, value};
use crate::read::people::scalar;
use crate::read::reader::{Decode, Decoded};
use crate::text::json;
use crate::text::time;

/// What a message is by its `type`.
pub(super) enum Means {
    /// Somebody says it.
    Speech,
    /// Somebody says it in reply to a message.
    Reply,
    /// It reports something.
    Event,
}

/// What a type means; types without a name in the exporter are numbers
/// (<https://discord.com/developers/docs/resources/message#message-object-message-types>).
pub(super) fn means(kind: &str) -> Means {
    match kind {
        // 20 and 23: what a bot answers to a command.
        "Default" | "" | "0" | "20" | "23" => Means::Speech,
        "Reply" | "19" => Means::Reply,
        _ => Means::Event,
    }
}

/// What the file says of its channel.
pub(super) struct Channel {
    /// Its name; empty when there is none.
    pub name: String,
    /// Whether it is a thread.
    pub thread: bool,
}

impl Channel {
    /// The channel of an export.
    pub fn of(top: Option<&Value>) -> Self {
        let text = |key: &str| top?.get("channel")?.get(key).and_then(scalar);
        Self {
            name: text("name").or_else(|| text("id")).unwrap_or_default(),
            thread: text("type").is_some_and(|kind| kind.contains("Thread")),
        }
    }
}

/// Says where each message belongs.
pub(super) fn placer(thread: bool) -> Placer {
    let mut last = 0;
    Box::new(move |frame: &Frame<'_>| place(frame.bytes, thread, &mut last))
}

fn place(message: &[u8], thread: bool, last: &mut i64) -> Place {
    let (mut id, mut kind, mut sent, mut reference) = (None, None, None, None);
    let mut members = json::Members::of(message);
    for (key, value) in members.by_ref() {
        if key.is("id") {
            id = value.text();
        } else if key.is("type") {
            kind = value.text();
        } else if key.is("timestamp") {
            sent = value.text();
        } else if key.is("reference") {
            reference = json::Members::value(value.0, "messageId").and_then(json::Raw::text);
        }
    }
    if !members.is_whole() {
        return Place::default();
    }
    if thread {
        return Place { belongs: Belongs { key: Some(String::new()), joins: Vec::new() }, talk: None };
    }
    *last = sent.and_then(|sent| time::parse(&sent)).unwrap_or(*last);
    let means = means(kind.as_deref().unwrap_or_default());
    let joins = reference.filter(|_| matches!(means, Means::Reply));
    let belongs = Belongs {
        key: id.map(std::borrow::Cow::into_owned),
        joins: joins.into_iter().map(std::borrow::Cow::into_owned).collect(),
    };
    Place { belongs, talk: Some(Talk { room: 0, time: *last, said: !matches!(means, Means::Event) }) }
}

/// Decodes conversations of one channel.
pub(super) struct Messages {
    /// The channel.
    pub channel: Channel,
}

impl Decode for Messages {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        if frame.bytes.is_empty() {
            let says =
                "the export ends in the middle of its list of messages, behind a message that is whole";
            return Err(Rejection::new(&codes::CUT_EXPORT, says));
        }
        let mut findings = Vec::new();
        let mut messages: Vec<Extra> = Vec::new();
        let mut start = 0;
        for bytes in frame.rows() {
            let row = Frame { bytes, row_ends: &[], ..*frame };
            let message = match value(&row, &mut findings) {
                Ok(Value::Object(message)) => message,
                Ok(other) => {
                    let kind = crate::text::json::kind(&other);
                    let says = format!("the message is {kind}, not an object with keys");
                    return Err(Misfit::shape("", says).reject(&row));
                }
                Err(mut rejection) => {
                    rejection.span = rejection.span.map(|(from, to)| (start + from, start + to));
                    return Err(rejection);
                }
            };
            messages.push(message);
            start += bytes.len() + 1;
        }
        let first = messages.first().and_then(|message| message.get("id")).and_then(scalar);
        let id = match (self.channel.name.as_str(), first) {
            ("", first) => first,
            (name, Some(first)) => Some(format!("{name}/{first}")),
            (name, None) => Some(name.to_owned()),
        };
        findings.extend(missing(&messages));
        let mut teller = Teller::of(&messages);
        messages.iter().for_each(|message| teller.tell(message));
        let conversation = Conversation { id, turns: teller.turns, ..Conversation::default() };
        Ok(Decoded { raw: Raw::Conversation(conversation), findings })
    }
}

/// A finding about replies to messages that are not in the export: what is there would be in this conversation.
fn missing(messages: &[Extra]) -> Option<Finding> {
    let there: std::collections::BTreeSet<String> =
        messages.iter().filter_map(|message| scalar(message.get("id")?)).collect();
    let replies = messages.iter().filter(|message| {
        matches!(means(message.get("type").and_then(Value::as_str).unwrap_or_default()), Means::Reply)
    });
    let lost = replies
        .filter_map(|message| scalar(message.get("reference")?.get("messageId")?))
        .filter(|id| !there.contains(id))
        .count() as u64;
    let says = match lost {
        0 => return None,
        1 => "1 message replies to one that is missing".to_owned(),
        lost => format!("{lost} messages reply to some that are missing"),
    };
    Some(Finding::new(&codes::INCOMPLETE_THREAD, "", says))
}
