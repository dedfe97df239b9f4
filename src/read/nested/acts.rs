//! What a message says it is: exports mark what nobody said to the other side beside the text, not in it.
//!
//! Only marks that stand for themselves are known, each from an export or corpus that writes it; a word that one
//! product uses for a note and another for speech (`comment`) is not here, and a text is never judged by its words.

use super::keys::{is_one_of, plain};
use crate::model::{Event, Extra, Kind, Visibility};

/// Keys that say what kind of message it is, in the form of [`plain`].
const KINDS: &[&str] = &["type", "subtype", "kind", "eventtype", "messagetype", "parttype", "entrytype"];

/// Kinds that are no speech although they hold text, in the form of [`plain`], sorted.
///
/// Slack: `subtype` of joins and the like. Discord: the types whose `content` is a fallback sentence. Help Scout:
/// `lineitem`. Telegram: `service`. Teams: `systemEventMessage`. `LiveChat`: `system_message`. Amazon Connect: `EVENT`.
/// Zendesk Chat: `chat.…` other than `chat.msg`.
const EVENTS: &[&str] = &[
    "botadd",
    "botremove",
    "channelarchive",
    "channeliconchange",
    "channeljoin",
    "channelleave",
    "channelname",
    "channelnamechange",
    "channelpinnedmessage",
    "channelpurpose",
    "channeltopic",
    "channelunarchive",
    "chat.memberjoin",
    "chat.memberleave",
    "chat.rating",
    "event",
    "groupjoin",
    "groupleave",
    "groupname",
    "grouppurpose",
    "grouptopic",
    "guildmemberjoin",
    "lineitem",
    "pinneditem",
    "recipientadd",
    "recipientremove",
    "reminderadd",
    "service",
    "systemeventmessage",
    "systemmessage",
    "threadcreated",
    "tombstone",
];
/// Kinds that only the support side sees (Intercom's `part_type`, Help Scout's and Crisp's `type`), sorted.
const NOTES: &[&str] = &["internalnote", "note", "privatenote"];

/// The kind and the visibility of a message that holds text, from the keys beside the text.
pub(super) fn act(message: &Extra) -> (Kind, Visibility) {
    let (mut kind, mut visibility) = (Kind::Text, Visibility::Public);
    for (key, value) in message {
        let Some(value) = value.as_str().filter(|_| is_one_of(key, KINDS)) else { continue };
        let value = plain(value);
        if EVENTS.binary_search(&value.as_str()).is_ok() {
            kind = Kind::Event(Event::Other);
        } else if NOTES.binary_search(&value.as_str()).is_ok() {
            visibility = Visibility::Internal;
        }
    }
    (kind, visibility)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn marks_decide_and_texts_do_not() {
        let found = |message: Value| act(message.as_object().unwrap());
        assert_eq!(
            found(json!({"type": "message", "subtype": "channel_join"})),
            (Kind::Event(Event::Other), Visibility::Public)
        );
        assert_eq!(found(json!({"part_type": "note"})), (Kind::Text, Visibility::Internal));
        assert_eq!(found(json!({"type": "comment", "topic": "service"})), (Kind::Text, Visibility::Public));
        assert_eq!(found(json!({"type": ["event"], "kind": 7})), (Kind::Text, Visibility::Public));
    }

    #[test]
    fn tables_are_sorted_and_plain() {
        for table in [EVENTS, NOTES] {
            assert!(table.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(table.iter().all(|word| plain(word) == *word));
        }
    }
}
