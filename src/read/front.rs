//! Front: messages of a conversation, and the comments of the team in a list of their own.

use serde_json::Value;

use super::desk::{Cast, Fields, attached, list, list_at, oldest_first, written};
use super::frame::Belongs;
use super::json::export::{Export, Known, Read};
use super::json::{Misfit, has};
use super::people::{People, scalar};
use super::reader::ReaderSpec;
use super::sample::Sample;
use crate::model::{Conversation, Event, Extra, Kind, Medium, Role, Turn, Visibility};
use crate::text::html::{looks_like_html, to_text};

static SPEC: ReaderSpec = ReaderSpec {
    name: "front",
    title: "Front: messages and comments of conversations",
    notes: "\
- **Records**: a conversation with its messages in `_results[]` or `messages[]` and its comments in `comments[]` (or in \
  `_results` of either); messages of many conversations, gathered by the conversation that `_links` names.\n\
- **Sides**: `is_inbound` is the customer, everything else an agent.\n\
- **Comments** are internal; so are drafts (`is_draft`), which nobody has sent.\n\
- **`[REDACTED]`**: of tweets the interface gives that word only; such a message becomes the trace of one taken back.\n\
- **Text**: `body` (HTML), else `text`. Calls are events.",
    how_to_get: "\
1. Create a token under *Settings → Company → Developers → API tokens*.\n\
2. `GET https://api2.frontapp.com/conversations`, and for each `GET /conversations/{id}/messages` and \
   `GET /conversations/{id}/comments`; write `{\"id\": …, \"messages\": …, \"comments\": …}` a line.\n\n\
Not verified: the menu's exact words.",
    recognised_by: "`is_inbound` with `is_draft` in messages",
};

/// The reader of Front.
#[derive(Debug, Clone, Copy)]
pub struct Front;

/// What stands in place of a text that may not be given out.
const REDACTED: &str = "[REDACTED]";
/// Where the messages of a conversation may stand, and its comments.
const MESSAGES: [&str; 4] = ["messages", "messages._results", "_results", "conversation_messages"];
const COMMENTS: [&str; 3] = ["comments", "comments._results", "_comments"];

impl Export for Front {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn lists(&self) -> &'static [&'static str] {
        &["_results"]
    }

    fn known(&self, record: &Extra) -> Option<Known> {
        if is_message(record) && has(record, "type") {
            return Known::message("`is_inbound` and `is_draft`");
        }
        if is_comment(record) && conversation_of(record).is_some() {
            return Known::message("`com_…` with `posted_at`");
        }
        let messages = MESSAGES.iter().find_map(|path| at(record, path)?.as_array())?;
        let objects: Option<Vec<&Extra>> = messages.iter().map(Value::as_object).collect();
        let objects = objects.filter(|objects| !objects.is_empty())?;
        let named = has(record, "id") || has(record, "conversation");
        let linked = objects.iter().all(|message| conversation_of(message).is_some());
        // A page of messages says of each which conversation it belongs to.
        if objects.iter().any(|message| is_message(message)) && (named || !linked) {
            return Known::conversation("`is_inbound` and `is_draft` in messages");
        }
        None
    }

    fn companion_kind(&self, sample: &Sample) -> Option<&'static str> {
        let top = sample.json()?.records.first()?;
        let first = top.get("_results").and_then(|list| list.get(0)).unwrap_or(top);
        first.get("id")?.as_str()?.starts_with("tea_").then_some("the list of teammates")
    }

    fn belongs(&self, message: &Extra) -> Belongs {
        Belongs { key: conversation_of(message), joins: Vec::new() }
    }

    fn conversation(&self, mut record: Extra, people: &People) -> Read {
        let mut cast = Cast::default();
        let mut turns = Vec::new();
        if let Some(path) = MESSAGES.iter().find(|path| at(&record, path).is_some_and(Value::is_array)) {
            for message in list_at(&record, path)? {
                turns.push(turn(message, people, &mut cast)?);
            }
        } else {
            // Names the key where something else than a list stands.
            list(&record, "messages")?;
        }
        if let Some(path) = COMMENTS.iter().find(|path| at(&record, path).is_some_and(Value::is_array)) {
            for remark in list_at(&record, path)? {
                turns.push(comment(remark, people, &mut cast)?);
            }
        }
        oldest_first(&mut turns);
        let inner = record.get("conversation").and_then(Value::as_object);
        let id = Fields::of(&record).id(&["id"]).or_else(|| Fields::of(inner?).id(&["id"]));
        for key in [
            "id",
            "messages",
            "comments",
            "_comments",
            "_results",
            "_pagination",
            "_links",
            "conversation_messages",
        ] {
            record.shift_remove(key);
        }
        Ok((Conversation { id, turns, extra: record, ..Conversation::default() }, Vec::new()))
    }

    fn messages(&self, messages: Vec<Extra>, people: &People) -> Read {
        let mut cast = Cast::default();
        let mut turns = Vec::with_capacity(messages.len());
        for message in &messages {
            let fields = Fields::of(message);
            turns.push(if is_comment(message) {
                comment(fields, people, &mut cast)?
            } else {
                turn(fields, people, &mut cast)?
            });
        }
        oldest_first(&mut turns);
        let id = messages.first().and_then(conversation_of);
        Ok((Conversation { id, turns, ..Conversation::default() }, Vec::new()))
    }
}

fn at<'a>(record: &'a Extra, path: &str) -> Option<&'a Value> {
    let mut steps = path.split('.');
    let first = record.get(steps.next()?);
    steps.fold(first, |value, step| value?.get(step))
}

fn is_message(record: &Extra) -> bool {
    record.contains_key("is_inbound") && record.contains_key("is_draft")
}

fn is_comment(record: &Extra) -> bool {
    record.contains_key("posted_at")
        && record.get("id").and_then(Value::as_str).is_some_and(|id| id.starts_with("com_"))
}

/// The conversation that a message or comment links to: the last part of the address.
fn conversation_of(message: &Extra) -> Option<String> {
    let own = message.get("conversation_id").and_then(scalar);
    own.or_else(|| {
        let link = message.get("_links")?.get("related")?.get("conversation")?.as_str()?;
        link.trim_end_matches('/').rsplit('/').next().filter(|id| !id.is_empty()).map(str::to_owned)
    })
}

fn turn(message: Fields<'_>, people: &People, cast: &mut Cast) -> Result<Turn, Misfit> {
    let inbound = message.flag("is_inbound")?;
    let draft = message.flag("is_draft")? == Some(true);
    let body = message.text("body")?.unwrap_or_default();
    let plain = message.text("text")?.unwrap_or_default();
    let redacted = body.trim() == REDACTED || (body.trim().is_empty() && plain.trim() == REDACTED);
    // Chats and short messages have the same words in both, without mark-up.
    let html: &[&str] = if looks_like_html(body) || plain.trim().is_empty() { &["body"] } else { &[] };
    let (text, kind) = written(message, html, &["text"])?.into_text(attached(message, "attachments"));
    let word = message.word("type");
    let kind = match word {
        _ if redacted => Kind::Event(Event::Deletion),
        "call" | "phone-call" | "aircall" | "dialpad" => Kind::Event(Event::Call),
        _ => kind,
    };
    let author = message.within("author");
    let id = author.and_then(|author| author.id(&["id"]));
    let sender = || {
        let from = message.objects("recipients").map(Fields::of).find(|one| one.word("role") == "from");
        from.and_then(|from| from.first_word(&["name", "handle"])).map(str::to_owned)
    };
    let name = author.and_then(teammate).or_else(|| people.get(id.as_deref()?)?.name.clone()).or_else(sender);
    Ok(Turn {
        speaker: cast.speaker(id.as_deref(), name.as_deref()),
        role: inbound.map(|inbound| if inbound { Role::User } else { Role::Assistant }),
        text,
        time: message.time(&["created_at"]),
        visibility: if draft { Visibility::Internal } else { Visibility::Public },
        kind,
        medium: match word {
            "email" => Medium::Mail,
            "sms" | "tweet" | "tweet_dm" | "twilio" | "truly-call" => Medium::Post,
            _ => Medium::Chat,
        },
        ..Turn::default()
    })
}

fn comment(remark: Fields<'_>, people: &People, cast: &mut Cast) -> Result<Turn, Misfit> {
    let author = remark.within("author");
    let id = author.and_then(|author| author.id(&["id"])).or_else(|| remark.id(&["author_id"]));
    let name = author.and_then(teammate).or_else(|| people.get(id.as_deref()?)?.name.clone());
    let body = remark.text("body")?.unwrap_or_default();
    Ok(Turn {
        speaker: cast.speaker(id.as_deref(), name.as_deref()),
        role: Some(Role::Assistant),
        text: if looks_like_html(body) { to_text(body) } else { body.to_owned() },
        time: remark.time(&["posted_at", "created_at"]),
        visibility: Visibility::Internal,
        ..Turn::default()
    })
}

fn teammate(author: Fields<'_>) -> Option<String> {
    match (author.first_word(&["first_name"]), author.first_word(&["last_name"])) {
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        (first, last) => {
            first.or(last).or_else(|| author.first_word(&["username", "email"])).map(str::to_owned)
        }
    }
}
