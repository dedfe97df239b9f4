//! Which conversation a message belongs to: a topic of a forum, that of the message it answers, or all that is said until
//! a pause.

use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::Value;

use super::frames::parted;
use super::message::Clock;
use crate::model::Extra;
use crate::read::frame::Belongs;
use crate::read::json::field::number;
use crate::text::json::parse;

/// What of a message decides where it belongs; the rest is passed over unread.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Looks {
    id: Value,
    r#type: Value,
    action: Value,
    date: Value,
    date_unixtime: Value,
    reply_to_message_id: Value,
    reply_to_peer_id: Value,
}

/// The chat that a message stands in.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Chat {
    chat: u64,
    r#type: Value,
}

/// Sorts the messages of one chat after another.
pub(super) struct Stretches {
    /// The pauses, in milliseconds, that end a conversation in a chat of two and in others.
    gap_of_two: i64,
    gap_of_many: i64,
    /// The number of the chat, from 1.
    chat: u64,
    /// In a chat of two a reply only quotes.
    of_two: bool,
    /// Conversations begun in this chat, and the one that everything without an own place belongs to.
    begun: u32,
    current: u32,
    last: Option<i64>,
    clock: Clock,
    /// The conversation of each message, 16 bytes or so a message of one chat.
    of_message: FxHashMap<i64, u32>,
}

impl Stretches {
    pub(super) fn new(gap_of_two: i64, gap_of_many: i64) -> Self {
        Self {
            gap_of_two,
            gap_of_many,
            chat: 0,
            of_two: false,
            begun: 0,
            current: 0,
            last: None,
            clock: Clock::default(),
            of_message: FxHashMap::default(),
        }
    }

    /// Where the message in a frame of `Chats` belongs; one that cannot be read stands alone.
    pub(super) fn belongs(&mut self, frame: &[u8]) -> Belongs {
        let (head, bytes) = parted(frame);
        let Ok(chat) = serde_json::from_slice::<Chat>(head) else { return Belongs::default() };
        let Some(message) = looks(bytes) else { return Belongs::default() };
        if chat.chat != self.chat {
            let kind = chat.r#type.as_str().unwrap_or_default();
            let of_two =
                matches!(kind, "personal_chat" | "bot_chat" | "saved_messages" | "verification_codes");
            *self = Self { chat: chat.chat, of_two, ..Self::new(self.gap_of_two, self.gap_of_many) };
        }
        let conversation = self.place(&message);
        if let Some(id) = number(&message.id).filter(|_| !self.of_two) {
            self.of_message.insert(id, conversation);
        }
        Belongs { key: Some(format!("{} {conversation}", chat.chat)), joins: Vec::new() }
    }

    fn place(&mut self, message: &Looks) -> u32 {
        let service = message.r#type == "service";
        let now = self.clock.time(&message.date_unixtime, &message.date);
        if service && message.action == "topic_created" && !self.of_two {
            return self.begin();
        }
        let elsewhere = !message.reply_to_peer_id.is_null();
        let answered = number(&message.reply_to_message_id).filter(|_| !self.of_two && !elsewhere);
        if let Some(conversation) = answered.and_then(|id| self.of_message.get(&id)).copied() {
            if conversation == self.current && !service {
                self.last = now.or(self.last);
            }
            return conversation;
        }
        let gap = if self.of_two { self.gap_of_two } else { self.gap_of_many };
        let rests = matches!((self.last, now), (Some(last), Some(now)) if now.saturating_sub(last) > gap);
        // What only happens does not bridge a pause, and belongs to what was said before.
        if self.current == 0 || (rests && !service) {
            self.current = self.begin();
        }
        if !service {
            self.last = now.or(self.last);
        }
        self.current
    }

    fn begin(&mut self) -> u32 {
        self.begun = self.begun.saturating_add(1);
        self.begun
    }
}

fn looks(bytes: &[u8]) -> Option<Looks> {
    if let Ok(looks) = serde_json::from_slice(bytes) {
        return Some(looks);
    }
    // A key that stands twice is a fault here and none for the decoder.
    let Ok(Value::Object(mut message)) = parse(bytes).map(|parsed| parsed.value) else { return None };
    let mut take = |key: &str| Extra::shift_remove(&mut message, key).unwrap_or_default();
    Some(Looks {
        id: take("id"),
        r#type: take("type"),
        action: take("action"),
        date: take("date"),
        date_unixtime: take("date_unixtime"),
        reply_to_message_id: take("reply_to_message_id"),
        reply_to_peer_id: take("reply_to_peer_id"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    /// The conversation of each message; a message is `id hour` or `id hour>answered`, `T` before it opens a topic, `S` only
    /// happens.
    fn placed(kind: &str, messages: &str) -> Vec<String> {
        let mut stretches = Stretches::new(24 * HOUR, 2 * HOUR);
        messages
            .split(", ")
            .map(|message| {
                let (message, answered) = message.split_once('>').unwrap_or((message, "null"));
                let (id, hour) = message.split_once(' ').unwrap();
                let (kind_of, id) = match (id.strip_prefix('T'), id.strip_prefix('S')) {
                    (Some(id), _) => (r#""service","action":"topic_created""#, id),
                    (_, Some(id)) => (r#""service""#, id),
                    _ => (r#""message""#, id),
                };
                let seconds = 1_709_287_200 + hour.parse::<i64>().unwrap() * 3_600;
                let bytes = format!(
                    r#"{{"chat":1,"type":"{kind}"}} {{"id":{id},"type":{kind_of},"date_unixtime":"{seconds}","reply_to_message_id":{answered}}}"#
                );
                stretches.belongs(bytes.as_bytes()).key.unwrap()[2..].to_owned()
            })
            .collect()
    }

    #[test]
    fn pauses_replies_and_topics() {
        assert_eq!(placed("personal_chat", "1 0, 2 1, 3 30, 4 31>1"), ["1", "1", "2", "2"]);
        assert_eq!(placed("private_group", "1 0, 2 1, 3 30, 4 31>1, 5 32"), ["1", "1", "2", "1", "2"]);
        assert_eq!(placed("public_supergroup", "T1 0, 2 1>1, 3 2, 4 99>2, 5 3>3"), ["1", "1", "2", "1", "2"]);
        assert_eq!(placed("private_group", "1 0, S2 40, 3 41"), ["1", "1", "2"]);
        assert_eq!(placed("private_group", "1 0, 2 3"), ["1", "2"]);
        assert_eq!(placed("personal_chat", "1 0, 2 3"), ["1", "1"]);
        // What is answered may be gone.
        assert_eq!(placed("private_group", "1 0, 2 1>77"), ["1", "1"]);
    }

    #[test]
    fn chats_are_apart_and_broken_messages_alone() {
        let mut stretches = Stretches::new(HOUR, HOUR);
        let mut key = |text: &str| stretches.belongs(text.as_bytes()).key;
        assert_eq!(key(r#"{"chat":1} {"id":1}"#).as_deref(), Some("1 1"));
        assert_eq!(key(r#"{"chat":2} {"id":1}"#).as_deref(), Some("2 1"));
        assert_eq!(key(r#"{"chat":2} {"id":1,"id":2}"#).as_deref(), Some("2 1"));
        assert_eq!(key(r#"{"chat":2} {"id":"#), None);
        assert_eq!(key(r#"{"chat":2} 7"#), None);
        assert_eq!(key(""), None);
    }
}
