//! Microsoft Teams: messages of chats and channels as Microsoft Graph gives them (`chatMessage`).
//!
//! A post in a channel with its replies is a conversation; a chat has no boundary but its pauses.

mod card;
mod event;
mod message;
#[cfg(test)]
mod tests;

use serde_json::Value;

use self::message::{Teller, id_of, time_of};
use super::frame::{Belongs, Talk};
use super::json::Misfit;
use super::json::export::{Export, Known, Read};
use super::people::{People, scalar};
use super::reader::ReaderSpec;
use crate::diagnostic::Finding;
use crate::model::{Conversation, Extra};
use crate::read::codes;
use crate::text::hash::fingerprint;
use crate::text::number::count;

/// The reader.
#[derive(Clone, Copy)]
pub struct Teams;

static SPEC: ReaderSpec = ReaderSpec {
    name: "teams",
    title: "Microsoft Teams messages as Microsoft Graph gives them",
    notes: "\
- Read are pages of the API (`{\"value\": [...]}`, one or several of them), an array of messages, one message a line. The replies that `$expand=replies` puts inside a post count like those that stand beside it.
- In a channel a post with its replies is one conversation. A chat is cut where nobody says anything for half an hour (`--gap`), as are messages that name neither channel nor chat and reply to nothing; several chats in one file stay apart. Lists that begin with the newest message are put in order by time.
- `messageType` other than `message`, which v1.0 of the API writes as `unknownFutureValue`, and everything with an `eventDetail` is an event of the kind that `eventDetail` names. Deleted messages are events too.
- HTML is read as the text that people saw; mentions (`<at>`) are names. The subject of a post stands above its text.
- Applications are bots; cards that they post are read when the message has no words of its own. Files and other attachments are media; the copy of a message that somebody replies to in a chat is left where it stands.
- Reactions are events of whoever reacted.
- Of two people with one name in a conversation each bears the identifier too.
- Nothing in Graph says who answers and who asks: say it with `--assistant` and `--user`.
- Not verified: that lists begin with the newest message (both orders are read); how eDiscovery writes its JSON.",
    how_to_get: "With Microsoft Graph, `GET /chats/{id}/messages` or `GET /teams/{id}/channels/{id}/messages?$expand=replies`, page after page (`@odata.nextLink`); put the pages into one file, one below the other, so that replies find their posts.",
    recognised_by: "`messageType`, `createdDateTime` and `body` or `eventDetail` in the messages",
};

fn at<'a>(message: &'a Extra, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(message.get(*first)?, |value, step| value.get(step)).filter(|value| !value.is_null())
}

/// What the post is that a message stands under: itself where it is one.
fn post_of(message: &Extra) -> Option<String> {
    message.get("replyToId").and_then(scalar).or_else(|| id_of(message))
}

/// Identifiers of the messages that a message in a chat replies to.
fn replied_to(message: &Extra) -> Option<String> {
    let attachments = message.get("attachments")?.as_array()?;
    attachments.iter().find_map(|attachment| {
        let quotes = attachment.get("contentType")?.as_str()? == "messageReference";
        quotes.then(|| scalar(attachment.get("id")?)).flatten()
    })
}

fn in_channel(message: &Extra) -> bool {
    at(message, &["channelIdentity"]).is_some()
}

impl Export for Teams {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn lists(&self) -> &'static [&'static str] {
        &["value"]
    }

    fn known(&self, record: &Extra) -> Option<Known> {
        let kind = record.get("messageType")?.is_string() && record.get("createdDateTime")?.is_string();
        let holds = record.contains_key("body") || record.contains_key("eventDetail");
        if kind && holds { Known::message("`messageType`, `createdDateTime` and `body`") } else { None }
    }

    fn belongs(&self, message: &Extra) -> Belongs {
        if in_channel(message) {
            return Belongs { key: post_of(message), joins: Vec::new() };
        }
        let joins = message.get("replyToId").and_then(scalar).or_else(|| replied_to(message));
        Belongs { key: id_of(message), joins: joins.into_iter().collect() }
    }

    fn talk(&self, message: &Extra) -> Option<Talk> {
        if in_channel(message) {
            return None;
        }
        let room = at(message, &["chatId"]).and_then(Value::as_str);
        let room = room.map_or(0, |room| fingerprint(room.as_bytes()));
        let said = event::of(message).is_none();
        Some(Talk { room, time: time_of(message)?, said })
    }

    fn conversation(&self, _record: Extra, _people: &People) -> Read {
        Err(Misfit::shape("", "the record is no message of Teams: it has no `messageType`"))
    }

    fn messages(&self, messages: Vec<Extra>, people: &People) -> Read {
        let first = messages.first();
        let in_channel = first.is_some_and(in_channel);
        let room = first.and_then(|first| {
            at(first, &["channelIdentity", "channelId"]).or_else(|| at(first, &["chatId"]))
        });
        let name = if in_channel { first.and_then(post_of) } else { first.and_then(id_of) };
        let id = match (room.and_then(scalar), name) {
            (Some(room), Some(name)) => Some(format!("{room}/{name}")),
            (room, name) => name.or(room),
        };
        let mut findings = Vec::new();
        if let Some(missing) = missing_post(&messages) {
            let replies = count(messages.len() as u64, "reply");
            let says = format!("the post {missing} is missing; {replies} to it are there");
            findings.push(Finding::new(&codes::INCOMPLETE_THREAD, "", says));
        }
        let mut teller = Teller::of(&messages, people);
        for message in &messages {
            teller.tell(message);
        }
        Ok((Conversation { id, turns: teller.turns, ..Conversation::default() }, findings))
    }
}

/// The post that all messages reply to and that is not among them.
fn missing_post(messages: &[Extra]) -> Option<String> {
    let post = messages.iter().find_map(|message| message.get("replyToId").and_then(scalar))?;
    let there = messages.iter().any(|message| id_of(message).as_ref() == Some(&post));
    (!there).then_some(post)
}
