//! Intercom: conversations whose first message stands outside the list of the others.

use std::collections::BTreeSet;

use serde_json::Value;

use super::codes;
use super::desk::{Cast, Fields, Written, attached, list, list_at, oldest_first};
use super::json::export::{Export, Known, Read};
use super::json::{Misfit, has};
use super::people::People;
use super::reader::ReaderSpec;
use super::sample::Sample;
use crate::diagnostic::Finding;
use crate::model::{Auto, Conversation, Event, Extra, Kind, Medium, Role, Turn, Visibility};
use crate::text::html::{looks_like_html, to_text};

static SPEC: ReaderSpec = ReaderSpec {
    name: "intercom",
    title: "Intercom: conversations with their parts",
    notes: "\
- **Records**: a conversation a line, a list, pages with `conversations[]`, or notifications of webhooks \
  (`data.item`). The first message is `source` (`conversation_message` in older versions), the others \
  `conversation_parts.conversation_parts[]`.\n\
- **Speech** is every part with a body that is no note, whatever its type: agents answer and close in one \
  (`part_type: \"close\"` with a body). Parts without body are events. Times are Unix seconds.\n\
- **Sides**: `user`, `lead` and `contact` are customers, `admin` an agent, `bot` a bot (Fin, Operator).\n\
- **Notes** are internal. **Campaigns** (`delivered_as` other than by customer or admin) open with an automatic message. \
  Parts that stand twice are read once, the second as a repeated text; redacted ones are events.\n\
- **HTML** becomes text; with `display_as=plaintext` bodies are taken as they stand.\n\
- The interface gives the last 500 parts of a conversation (not verified); a warning names conversations with fewer parts \
  than they say they have, or with 500.",
    how_to_get: "\
1. `GET https://api.intercom.io/conversations` (pages of up to 150, `starting_after`) for the identifiers, then \
   `GET /conversations/{id}` for each, since the list has no parts; write one a line.\n\
2. Or *Settings → Workspace → Data → Data export* (conversation data to S3): one JSON file of lines an hour.\n\n\
Not verified: the menu's exact words, and how often the S3 export writes.",
    recognised_by: "`conversation_parts.conversation_parts`, or `source.delivered_as` in a conversation",
};

/// The reader of Intercom.
#[derive(Debug, Clone, Copy)]
pub struct Intercom;

/// Parts at which the interface stops.
const MOST_PARTS: usize = 500;

impl Export for Intercom {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn lists(&self) -> &'static [&'static str] {
        &["conversations", "data"]
    }

    fn known(&self, record: &Extra) -> Option<Known> {
        let conversation = item(record).unwrap_or(record);
        let parts = conversation.get("conversation_parts");
        if parts.is_some_and(|parts| parts.get("conversation_parts").is_some_and(Value::is_array)) {
            return Known::conversation("`conversation_parts.conversation_parts`");
        }
        let first = FIRST.iter().find_map(|key| conversation.get(*key)?.as_object());
        if parts.is_some_and(Value::is_array) && first.is_some_and(|first| has(first, "author")) {
            return Known::conversation("`conversation_parts` and `source.author`");
        }
        let listed = conversation.get("type").and_then(Value::as_str) == Some("conversation");
        if listed && first.is_some_and(|first| first.contains_key("author") && first.contains_key("body")) {
            return Known::conversation("`source.author` in a conversation");
        }
        None
    }

    fn companion_kind(&self, sample: &Sample) -> Option<&'static str> {
        let top = sample.json()?.records.first()?.as_object()?;
        let listed =
            matches!(top.get("type").and_then(Value::as_str), Some("admin.list" | "admin" | "contact"));
        (listed && !top.contains_key("source")).then_some("the list of people")
    }

    fn conversation(&self, mut record: Extra, people: &People) -> Read {
        if item(&record).is_some()
            && let Some(Value::Object(mut data)) = record.shift_remove("data")
            && let Some(Value::Object(inner)) = data.shift_remove("item")
        {
            record = inner;
        }
        let (turns, findings) = read(&record, people)?;
        let id = Fields::of(&record).id(&["id"]);
        for key in ["id", "conversation_parts", "source", "conversation_message", "type"] {
            record.shift_remove(key);
        }
        Ok((Conversation { id, turns, extra: record, ..Conversation::default() }, findings))
    }
}

/// Keys of the first message.
const FIRST: [&str; 2] = ["source", "conversation_message"];

/// The conversation in the notification of a webhook.
fn item(record: &Extra) -> Option<&Extra> {
    record.get("data")?.get("item")?.as_object()
}

fn read(record: &Extra, people: &People) -> Result<(Vec<Turn>, Vec<Finding>), Misfit> {
    let conversation = Fields::of(record);
    let nested = record.get("conversation_parts").is_some_and(Value::is_object);
    let parts = match (nested, record.contains_key("conversation_parts")) {
        (true, _) => list_at(record, "conversation_parts.conversation_parts")?,
        (false, true) => list(record, "conversation_parts")?.unwrap_or_default(),
        (false, false) => Vec::new(),
    };
    let first = FIRST.into_iter().find_map(|key| conversation.within(key));
    // Whether bodies are HTML is a choice of whoever exported, for the whole conversation.
    let mut all = first.iter().chain(&parts);
    let is_html = all.any(|part| part.word("body").contains('<') && looks_like_html(part.word("body")));
    let kind = first.map(|first| first.word("type")).unwrap_or_default();
    let medium = match kind {
        "email" => Medium::Mail,
        "sms" | "twitter" | "facebook_post" => Medium::Post,
        _ => Medium::Chat,
    };
    let mut reading = Reading { people, cast: Cast::default(), is_html, medium, seen: BTreeSet::new() };
    let mut turns = Vec::with_capacity(parts.len() + 1);
    let created = conversation.time(&["created_at"]);
    if let Some(first) = first {
        turns.push(reading.first(first, created)?);
    }
    for part in &parts {
        turns.push(reading.part(*part)?);
    }
    if turns.is_empty() {
        return Err(Misfit::new(
            &codes::NO_CHAT_SHAPE,
            "",
            "neither `source` nor parts are in the conversation",
        ));
    }
    oldest_first(&mut turns);
    let mut findings = Vec::new();
    let total =
        conversation.within("conversation_parts").and_then(|list| list.map().get("total_count")?.as_u64());
    let held = parts.len();
    if total.is_some_and(|total| total > held as u64) || (total.is_none() && held == MOST_PARTS) {
        let of = total.map_or(String::new(), |total| format!(" of {total}"));
        let message = format!("{held}{of} parts are here; the interface gives the last {MOST_PARTS}");
        findings.push(Finding::new(&codes::PARTIAL_CONVERSATION, "conversation_parts", message));
    }
    Ok((turns, findings))
}

struct Reading<'a> {
    people: &'a People,
    cast: Cast,
    is_html: bool,
    medium: Medium,
    /// What was read: identifiers, and author, time and body of what has words.
    seen: BTreeSet<String>,
}

impl Reading<'_> {
    fn first(&mut self, first: Fields<'_>, created: Option<i64>) -> Result<Turn, Misfit> {
        let mut turn = self.turn(first, first.time(&["created_at"]).or(created))?;
        let campaign = !matches!(first.word("delivered_as"), "" | "customer_initiated" | "admin_initiated");
        if campaign && turn.role != Some(Role::User) && turn.kind == Kind::Text {
            turn.kind = Kind::Auto(Auto::Greeting);
        }
        Ok(turn)
    }

    fn part(&mut self, part: Fields<'_>) -> Result<Turn, Misfit> {
        let known = part.id(&["id"]).is_some_and(|id| !self.seen.insert(format!("id {id}")));
        let mut turn = self.turn(part, part.time(&["created_at", "notified_at"]))?;
        let word = part.word("part_type");
        if known {
            turn.kind = Kind::Event(Event::Edit);
        } else if turn.text.trim().is_empty() && turn.kind == Kind::Text {
            turn.kind = Kind::Event(event(word));
        } else if word == "channel_and_reply_time_expectation" && turn.kind == Kind::Text {
            turn.kind = Kind::Auto(Auto::Reply);
        } else if turn.role.is_none() && turn.kind == Kind::Text {
            // Only people and bots speak; what has no author is the software's account.
            turn.kind = Kind::Event(event(word));
        }
        if word == "note" || word.starts_with("note_") {
            turn.visibility = Visibility::Internal;
        }
        Ok(turn)
    }

    fn turn(&mut self, part: Fields<'_>, time: Option<i64>) -> Result<Turn, Misfit> {
        let body = part.text("body")?.unwrap_or_default();
        let text = if self.is_html { to_text(body) } else { body.to_owned() };
        let media = self.is_html && body.contains("<img");
        let (text, mut kind) = Written { text, media }.into_text(attached(part, "attachments"));
        let author = part.within("author");
        let id = author.and_then(|author| author.id(&["id"]));
        let person = id.as_deref().and_then(|id| self.people.get(id));
        let name = author
            .and_then(|author| author.first_word(&["name", "email"]))
            .or_else(|| person?.name.as_deref());
        let kind_of_author = author.map(|author| author.word("type")).unwrap_or_default();
        let nobody = Some(kind_of_author).filter(|_| id.is_none());
        let speaker = self.cast.speaker(id.as_deref(), name.or(nobody));
        let spoken = !text.trim().is_empty();
        if spoken && !self.seen.insert(format!("said {speaker}\n{time:?}\n{text}")) {
            kind = Kind::Event(Event::Edit);
        }
        if part.flag("redacted")? == Some(true) {
            kind = Kind::Event(Event::Deletion);
        }
        let role = match kind_of_author {
            "user" | "lead" | "contact" | "visitor" => Some(Role::User),
            "admin" | "team" | "teammate" => Some(Role::Assistant),
            "bot" => Some(Role::Other("bot".into())),
            _ => None,
        };
        Ok(Turn { speaker, role, text, time, kind, medium: self.medium, ..Turn::default() })
    }
}

/// What happened in a part without words.
fn event(word: &str) -> Event {
    match word {
        "open" | "close" | "reopened" => Event::Assignment,
        "participant_added" => Event::Join,
        "participant_removed" => Event::Leave,
        "title_changed" => Event::Room,
        word if word.contains("assignment")
            || word.contains("snooze")
            || word.contains("attribute_updated") =>
        {
            Event::Assignment
        }
        word if word.contains("rating") => Event::Rating,
        word if word.contains("call") => Event::Call,
        _ => Event::Other,
    }
}
