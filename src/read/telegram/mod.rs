//! Telegram Desktop's `result.json`: one chat, or all chats of an account.
//!
//! `frames` walks the chats without holding one, `stretches` says which conversation a message belongs to, `message` makes
//! turns of it.

mod frames;
mod message;
mod stretches;

use std::sync::Arc;

use serde_json::Value;

use frames::{Chats, parted};
use message::Clock;
use stretches::Stretches;

use super::frame::{Feed, Frame, Gathered};
use super::json::{field, object};
use super::reader::{Decode, Decoded, Guess, Opened, Reader, ReaderSpec};
use super::settings::shown_pause;
use super::{ReadSettings, Sample, Source};
use crate::diagnostic::Rejection;
use crate::error::Result;
use crate::model::{Conversation, Extra, Raw};

static SPEC: ReaderSpec = ReaderSpec {
    name: "telegram",
    title: "Telegram: `result.json` of one chat or of a whole account",
    notes: "\
- One chat (`messages[]`) and a whole account (`chats.list[]` and `left_chats.list[]`, each with messages) of any size are \
  understood: messages are walked one by one, 70 bytes a message are held, and a copy of them lies in a temporary file.\n\
- **Conversations**: in a forum each topic is one. In groups and channels a reply belongs to the conversation of what it \
  answers; everything else is one conversation until a pause of more than an hour. A chat of two is one until a pause of more than 24 \
  hours. `--gap` says another pause for both. \
  A conversation is named by chat and first message.\n\
- **Sides** are not marked, except that what the bot of a `bot_chat` says is a bot's: `--assistant` names who answers. Accounts \
  that were deleted (`from: null`) are named by `from_id`.\n\
- The text is taken from `text_entities`, else from `text`, a string or a list, joined without separators. What is sent \
  through an inline bot (`via_bot`) is automatic; a forwarded message is read as said by whoever forwarded it.\n\
- Service messages are events by their `action`, `reactions` too. Files, photos, stickers, places and contacts are turns beside \
  their caption. A poll is a menu.\n\
- Times are `date_unixtime`; `date`, which is local, is taken where that is missing, moved by what the message before it \
  tells of the difference.",
    how_to_get: "\
In Telegram Desktop (the portable or the web version has no export): open the chat, *⋮ → Export chat history*, untick what is \
not needed, choose *Format: Machine-readable JSON*. For the whole account: *Settings → Advanced → Export Telegram data*. \
The file is `result.json`.",
    recognised_by: "`messages[]` with `type` and `date_unixtime` or `from_id`, beside a known `type` of chat, or `chats.list[]` \
                    of such",
};

/// A day: in a chat of two who write again after longer, something new begins.
const GAP_OF_TWO_MS: i64 = 24 * 3_600_000;
/// An hour: a busy group never rests for a day, and would be one conversation that no model takes.
const GAP_OF_MANY_MS: i64 = 3_600_000;

/// Kinds of chats, as the export names them.
const CHATS: &[&str] = &[
    "bot_chat",
    "personal_chat",
    "private_channel",
    "private_group",
    "private_supergroup",
    "public_channel",
    "public_supergroup",
    "replies",
    "saved_messages",
    "verification_codes",
];

/// The reader of Telegram.
pub struct Telegram;

/// Messages and chats by which a sample is judged.
const JUDGED: usize = 20;

fn is_message(value: &Value) -> bool {
    let Value::Object(message) = value else { return false };
    matches!(field::text(message, "type"), "message" | "service" | "unsupported")
        && ["date_unixtime", "from_id", "actor_id"].iter().any(|key| message.contains_key(*key))
        || (field::text(message, "type") == "service" && message.contains_key("action"))
}

fn is_chat(value: &Value) -> bool {
    let Value::Object(chat) = value else { return false };
    let known = CHATS.contains(&field::text(chat, "type"));
    let messages = field::list(chat, "messages");
    known
        && chat.get("messages").is_some_and(Value::is_array)
        && messages.iter().take(JUDGED).all(|message| is_message(message) || message.get("date").is_some())
        || (!messages.is_empty() && messages.iter().take(JUDGED).all(is_message))
}

/// An export of an account, whose chats may lie behind thousands of contacts.
fn is_account(record: &Value) -> Option<&'static str> {
    let chats = ["chats", "left_chats"].iter().find_map(|key| record.get(*key)?.get("list")?.as_array());
    if chats.is_some_and(|list| list.iter().take(JUDGED).any(is_chat)) {
        return Some("`chats.list[]` with `messages[]`");
    }
    let about = record.get("about").and_then(Value::as_str).unwrap_or_default();
    let account = ["personal_information", "contacts", "sessions", "chats"];
    let found = about.contains("Telegram") && account.iter().any(|key| record.get(*key).is_some());
    found.then_some("an export of the account says so in `about`")
}

impl Reader for Telegram {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        let first = sample.json()?.records.first()?;
        let why = if is_chat(first) { "`messages[]` of a chat's `type`" } else { is_account(first)? };
        Some(Guess { confidence: 90, why: why.to_owned() })
    }

    fn open(&self, source: &Source, _: &Sample, settings: &ReadSettings) -> Result<Opened> {
        let feed = Feed::new(source.open(settings)?, source.name.clone());
        let limit = settings.limits.record_bytes;
        let chats = Chats::new(feed, source.name.clone(), source.index, limit);
        let of_two = settings.gap_ms.unwrap_or(GAP_OF_TWO_MS);
        let of_many = settings.gap_ms.unwrap_or(GAP_OF_MANY_MS);
        let mut stretches = Stretches::new(of_two, of_many);
        let sorter = move |frame: &Frame<'_>| stretches.belongs(frame.bytes);
        let frames = Box::new(Gathered::new(vec![Box::new(chats)], limit, Box::new(sorter)));
        let notes = vec![format!(
            "topics and replies are conversations of their own, everything else until a pause of {} in a \
             chat of two, of {} in others",
            shown_pause(of_two),
            shown_pause(of_many)
        )];
        Ok(Opened { frames, decoder: Arc::new(Conversations), notes })
    }
}

struct Conversations;

impl Decode for Conversations {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        let mut findings = Vec::new();
        let mut conversation = Conversation::default();
        let mut chat: Option<Extra> = None;
        let (mut clock, mut start) = (Clock::default(), 0);
        for row in frame.rows() {
            let (head, bytes) = parted(row);
            let part = |bytes| Frame { bytes, row_ends: &[], ..*frame };
            let at = start + head.len();
            let within = |mut rejection: Rejection| {
                rejection.span = rejection.span.map(|(from, to)| (from + at, to + at));
                rejection
            };
            let known = match &mut chat {
                Some(chat) => chat,
                None => chat.insert(object(&part(head), &mut findings).unwrap_or_default()),
            };
            let mut message = object(&part(bytes), &mut findings).map_err(within)?;
            if conversation.id.is_none() {
                let id = field::first(&message, &["id"]).unwrap_or_default();
                let chat_id = field::first(known, &["id", "chat"]).unwrap_or_default();
                conversation.id = Some(format!("{chat_id}/{id}"));
                if field::text(&message, "action") == "topic_created" {
                    let topic = field::take_text(&mut message, "title");
                    conversation.extra.insert("topic".into(), topic.into());
                }
            }
            message::add(message, known, &mut clock, &mut conversation.turns);
            start += row.len() + 1;
        }
        for key in ["name", "type"] {
            if let Some(value) = chat.as_mut().and_then(|chat| chat.shift_remove(key)) {
                conversation.extra.insert(key.into(), value);
            }
        }
        Ok(Decoded { raw: Raw::Conversation(conversation), findings })
    }
}
