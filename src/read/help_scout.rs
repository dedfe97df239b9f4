//! Help Scout: conversations with their threads, newest first.

use serde_json::Value;

use super::codes;
use super::desk::{Cast, Fields, attached, list_at, oldest_first, written};
use super::json::Misfit;
use super::json::export::{Export, Known, Read};
use super::people::People;
use super::reader::ReaderSpec;
use super::sample::Sample;
use crate::diagnostic::Finding;
use crate::model::{Conversation, Event, Extra, Kind, Medium, Role, Turn, Visibility};

static SPEC: ReaderSpec = ReaderSpec {
    name: "help-scout",
    title: "Help Scout: conversations with their threads",
    notes: "\
- **Records**: a conversation with `_embedded.threads[]`, a page of threads, or a page of conversations \
  (`_embedded.conversations[]`, asked for with `embed=threads`). The interface gives the newest thread first; they are \
  put in order.\n\
- **Threads**: `customer` is the customer, `message` and `reply` an agent, `note` internal, `lineitem` an event, `phone` \
  a call; `chat` and `beaconchat` are whoever `createdBy` says. What is forwarded to somebody else is internal.\n\
- **States**: only `published` was sent; `draft`, `hidden` and threads under `review` are internal.\n\
- `system_user` is the vendor's AI, which version 2 of the interface reports as a user like any other.\n\
- `savedReplyId`s of canned answers are kept beside the conversation as `savedReplyIds`.\n\
- Not verified: the types `phone`, `forwardparent`, `forwardchild` and `beaconchat`.",
    how_to_get: "\
1. Create an application under *Your profile → My apps*, and fetch a token with `POST https://api.helpscout.net/v2/oauth2/token`.\n\
2. `GET https://api.helpscout.net/v2/conversations?status=all&embed=threads`, page by page; keep the pages as they come. \
   For long conversations `GET /v2/conversations/{id}/threads`.\n\n\
Not verified: how many threads the embedded form holds.",
    recognised_by: "`_embedded.threads`",
};

/// The reader of Help Scout.
#[derive(Debug, Clone, Copy)]
pub struct HelpScout;

const THREADS: &str = "_embedded.threads";

impl Export for HelpScout {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn lists(&self) -> &'static [&'static str] {
        &["_embedded.conversations"]
    }

    fn known(&self, record: &Extra) -> Option<Known> {
        let threads = record.get("_embedded")?.get("threads")?.as_array()?;
        let is_thread = |thread: &Value| thread.get("type").is_some() && thread.get("createdAt").is_some();
        if threads.iter().all(is_thread) { Known::conversation("`_embedded.threads`") } else { None }
    }

    fn companion_kind(&self, sample: &Sample) -> Option<&'static str> {
        let top = sample.json()?.records.first()?;
        let users = top.get("_embedded")?.get("users")?.as_array()?;
        users.first()?.get("firstName").is_some().then_some("the list of users")
    }

    fn conversation(&self, mut record: Extra, people: &People) -> Read {
        let fields = Fields::of(&record);
        let threads = list_at(&record, THREADS)?;
        let mail = match fields.word("type") {
            "" => None,
            word => Some(word == "email"),
        };
        let mut cast = Cast::default();
        let mut turns = Vec::with_capacity(threads.len());
        let mut saved = Vec::new();
        for thread in &threads {
            turns.push(turn(*thread, mail, people, &mut cast)?);
            saved.extend(thread.map().get("savedReplyId").filter(|id| !id.is_null() && **id != 0).cloned());
        }
        oldest_first(&mut turns);
        let findings = partial(fields, threads.len());
        let id = fields.id(&["id"]);
        for key in ["id", "_embedded", "_links", "page", "threads"] {
            record.shift_remove(key);
        }
        if !saved.is_empty() {
            record.insert("savedReplyIds".into(), Value::Array(saved));
        }
        Ok((Conversation { id, turns, extra: record, ..Conversation::default() }, findings))
    }
}

/// Whether the page holds fewer threads than there are.
fn partial(fields: Fields<'_>, held: usize) -> Vec<Finding> {
    let counted = |value: Option<&Value>| value.and_then(Value::as_u64);
    let total = fields.within("page").and_then(|page| counted(page.map().get("totalElements")));
    match total {
        Some(total) if total > held as u64 => {
            let message = format!("{held} of {total} threads are here");
            vec![Finding::new(&codes::PARTIAL_CONVERSATION, THREADS, message)]
        }
        _ => Vec::new(),
    }
}

fn turn(thread: Fields<'_>, mail: Option<bool>, people: &People, cast: &mut Cast) -> Result<Turn, Misfit> {
    let word = thread.word("type");
    let author = thread.within("createdBy").or_else(|| thread.within("customer"));
    let made_by = author.map(|author| author.word("type")).unwrap_or_default();
    let bot = || Some(Role::Other("bot".into()));
    let role = match (word, made_by) {
        // An agent may write down what a customer said.
        ("customer", _) => Some(Role::User),
        (_, "system_user") => bot(),
        ("message" | "reply", _) | (_, "user" | "team") => Some(Role::Assistant),
        (_, "customer") => Some(Role::User),
        _ => None,
    };
    let action = thread.within("action").and_then(|action| action.first_word(&["text", "type"]));
    let body = written(thread, &["body"], &["text"])?;
    let attachments = thread.within("_embedded").and_then(|inner| attached(inner, "attachments"));
    let (text, kind) = body.into_text(attachments.or_else(|| attached(thread, "attachments")));
    let (text, kind) = match word {
        "lineitem" if text.is_empty() => {
            (action.unwrap_or_default().to_owned(), Kind::Event(happened(thread)))
        }
        "lineitem" => (text, Kind::Event(happened(thread))),
        "phone" => (text, Kind::Event(Event::Call)),
        _ => (text, kind),
    };
    let aside = matches!(word, "note" | "forwardparent" | "forwardchild");
    let sent = matches!(thread.word("state"), "" | "published");
    let id = author.and_then(|author| author.id(&["id"]));
    let listed = id.as_deref().and_then(|id| people.get(id)).and_then(|person| person.name.clone());
    let name = author.and_then(full_name).or(listed);
    let mail =
        mail.unwrap_or_else(|| thread.within("source").is_some_and(|source| source.word("type") == "email"));
    let chat = matches!(word, "chat" | "beaconchat");
    let nobody = Some(made_by).filter(|_| id.is_none());
    Ok(Turn {
        speaker: cast.speaker(id.as_deref(), name.as_deref().or(nobody)),
        role,
        text,
        time: thread.time(&["createdAt"]),
        visibility: if aside || !sent { Visibility::Internal } else { Visibility::Public },
        kind,
        medium: if mail && !chat { Medium::Mail } else { Medium::Chat },
        ..Turn::default()
    })
}

/// `first` and `last` (version 2), `firstName` and `lastName`, else the address.
fn full_name(person: Fields<'_>) -> Option<String> {
    let first = person.first_word(&["first", "firstName"]);
    let last = person.first_word(&["last", "lastName"]);
    match (first, last) {
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        (first, last) => first.or(last).or_else(|| person.first_word(&["email"])).map(str::to_owned),
    }
}

/// What a line item tells.
fn happened(thread: Fields<'_>) -> Event {
    match thread.within("action").map(|action| action.word("type")).unwrap_or_default() {
        word if word.contains("moved") || word.contains("transfer") => Event::Transfer,
        word if word.contains("rating") => Event::Rating,
        _ => Event::Assignment,
    }
}
