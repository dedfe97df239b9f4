//! `HubSpot`: messages of the threads of its conversations inbox.

use serde_json::Value;

use super::codes;
use super::desk::{Cast, Fields, attached, list, oldest_first, written};
use super::frame::Belongs;
use super::json::export::{Export, Known, Read};
use super::json::{Misfit, has};
use super::people::{People, scalar};
use super::reader::ReaderSpec;
use super::sample::Sample;
use crate::diagnostic::Finding;
use crate::model::{Auto, Conversation, Event, Extra, Kind, Medium, Role, Turn, Visibility};

static SPEC: ReaderSpec = ReaderSpec {
    name: "hubspot",
    title: "HubSpot: messages of the conversations inbox",
    notes: "\
- **Records**: messages in pages (`results[]`), lists or lines, gathered by `conversationsThreadId`; a page whose messages \
  do not name their thread is one conversation, and so is a thread with its `messages[]`.\n\
- **Types**: `MESSAGE` is speech, `COMMENT` internal, `WELCOME_MESSAGE` a canned greeting; changes of status, owner or \
  inbox are events.\n\
- **Sides**: `direction`. Answers of bots go out too: actors `B-…` are bots, `S-…` the system.\n\
- **Names**: `senders[].name`, else the list of actors, else the address, else the actor's identifier.\n\
- **Text**: `richText` (HTML), else `text`. A `truncationStatus` other than `NOT_TRUNCATED` is warned of.\n\
- Not verified: that channel `1002` is e-mail, that `archived` messages were removed, and the types of events.",
    how_to_get: "\
1. Create a private app with the scope `conversations.read` (*Settings → Integrations → Private apps*).\n\
2. `GET https://api.hubapi.com/conversations/v3/conversations/threads`, and for each \
   `GET …/threads/{threadId}/messages`, page by page; keep the pages as they come.\n\
3. Messages that are warned of as cut: `GET …/threads/{threadId}/messages/{messageId}/original-content`.\n\
4. Names: `POST https://api.hubapi.com/conversations/v3/conversations/actors/batch/read` with the actors' identifiers, as \
   `actors.json` beside.\n\n\
Not verified: the menu's exact words.",
    recognised_by: "`conversationsThreadId` or `truncationStatus` in messages with `direction`",
};

/// The reader of `HubSpot`.
#[derive(Debug, Clone, Copy)]
pub struct HubSpot;

/// Lists in which the messages of one thread may stand.
const LISTS: [&str; 2] = ["messages", "results"];
/// The channel of e-mails.
const MAIL_CHANNEL: &str = "1002";
const WHOLE: &str = "NOT_TRUNCATED";

impl Export for HubSpot {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn lists(&self) -> &'static [&'static str] {
        &["results", "messages"]
    }

    fn known(&self, record: &Extra) -> Option<Known> {
        if has(record, "conversationsThreadId") && has(record, "type") {
            return Known::message("`conversationsThreadId` and `type`");
        }
        for key in LISTS {
            let Some(messages) = record.get(key).and_then(Value::as_array) else { continue };
            let messages: Vec<&Extra> = messages.iter().filter_map(Value::as_object).collect();
            let marked = |message: &&&Extra| {
                has(message, "type")
                    && (message.contains_key("truncationStatus")
                        || message.contains_key("conversationsThreadId"))
            };
            let named = messages.iter().all(|message| has(message, "conversationsThreadId"));
            // A page of messages says of each which thread it belongs to.
            if messages.iter().filter(marked).count() > 0 && (!named || key == "messages") {
                return Known::conversation("`truncationStatus` in messages");
            }
        }
        None
    }

    fn companion_kind(&self, sample: &Sample) -> Option<&'static str> {
        let top = sample.json()?.records.first()?;
        let first = top.get("results").and_then(|list| list.get(0)).unwrap_or(top);
        let id = first.get("id")?.as_str()?;
        let actor = ["A-", "V-", "B-"].iter().any(|start| id.starts_with(start));
        (actor && first.get("type").is_some() && first.get("createdAt").is_none())
            .then_some("the list of actors")
    }

    fn belongs(&self, message: &Extra) -> Belongs {
        Belongs { key: message.get("conversationsThreadId").and_then(scalar), joins: Vec::new() }
    }

    fn conversation(&self, mut record: Extra, people: &People) -> Read {
        let key = LISTS.into_iter().find(|key| record.contains_key(*key)).unwrap_or("results");
        let messages = list(&record, key)?.unwrap_or_default();
        let fields = Fields::of(&record);
        let id = fields
            .id(&["id", "threadId", "conversationsThreadId"])
            .or_else(|| messages.first()?.id(&["conversationsThreadId"]));
        let (turns, mut findings) = read(messages, people)?;
        if record.get("paging").is_some_and(|paging| paging.get("next").is_some()) {
            let message = "the page says that another one follows";
            findings.push(Finding::new(&codes::PARTIAL_CONVERSATION, "paging", message));
        }
        for key in ["id", "results", "messages", "paging"] {
            record.shift_remove(key);
        }
        Ok((Conversation { id, turns, extra: record, ..Conversation::default() }, findings))
    }

    fn messages(&self, messages: Vec<Extra>, people: &People) -> Read {
        let rows: Vec<Fields<'_>> = messages.iter().map(Fields::of).collect();
        let id = rows.first().and_then(|row| row.id(&["conversationsThreadId"]));
        let (turns, findings) = read(rows, people)?;
        Ok((Conversation { id, turns, ..Conversation::default() }, findings))
    }
}

fn read(messages: Vec<Fields<'_>>, people: &People) -> Result<(Vec<Turn>, Vec<Finding>), Misfit> {
    let mut cast = Cast::default();
    let mut turns = Vec::with_capacity(messages.len());
    let mut cut = 0;
    for message in messages {
        cut += usize::from(!matches!(message.word("truncationStatus"), "" | WHOLE));
        turns.push(turn(message, people, &mut cast)?);
    }
    oldest_first(&mut turns);
    let mut findings = Vec::new();
    if cut > 0 {
        let says = if cut == 1 { "1 message was".to_owned() } else { format!("{cut} messages were") };
        let message = format!("{says} cut by the list; the whole text is under `original-content`");
        findings.push(Finding::new(&codes::CUT_TEXT, "truncationStatus", message));
    }
    Ok((turns, findings))
}

fn turn(message: Fields<'_>, people: &People, cast: &mut Cast) -> Result<Turn, Misfit> {
    let sender = message.objects("senders").next().map(Fields::of);
    let actor = sender.and_then(|sender| sender.id(&["actorId"])).or_else(|| message.id(&["createdBy"]));
    let address = sender.and_then(|sender| match sender.within("deliveryIdentifier") {
        Some(one) => one.first_word(&["value"]),
        None => sender
            .objects("deliveryIdentifiers")
            .next()
            .and_then(|one| Fields::of(one).first_word(&["value"])),
    });
    let listed = actor.as_deref().and_then(|id| people.get(id)).and_then(|person| person.name.as_deref());
    let name = sender.and_then(|sender| sender.first_word(&["name"])).or(listed);
    let (text, mut kind) =
        written(message, &["richText"], &["text"])?.into_text(attached(message, "attachments"));
    let word = message.word("type");
    let by_actor = actor.as_deref().and_then(|id| id.split_once('-')).map(|(start, _)| start);
    match (word, by_actor) {
        ("MESSAGE" | "COMMENT" | "", Some("S")) if kind == Kind::Text => kind = Kind::Auto(Auto::Other),
        ("MESSAGE" | "COMMENT" | "", _) => {}
        ("WELCOME_MESSAGE", _) => kind = Kind::Auto(Auto::Greeting),
        (word, _) if word.contains("INBOX") || word.contains("TRANSFER") => {
            kind = Kind::Event(Event::Transfer);
        }
        (word, _) if word.contains("STATUS") || word.contains("ASSIGN") => {
            kind = Kind::Event(Event::Assignment);
        }
        _ => kind = Kind::Event(Event::Other),
    }
    if message.flag("archived")? == Some(true) {
        kind = Kind::Event(Event::Deletion);
    }
    let bot = || Some(Role::Other("bot".into()));
    let role = match (message.word("direction"), by_actor) {
        (_, Some("B" | "S")) => bot(),
        _ if word == "WELCOME_MESSAGE" => bot(),
        ("INCOMING", _) => Some(Role::User),
        ("OUTGOING", _) | (_, Some("A")) => Some(Role::Assistant),
        (_, Some("V")) => Some(Role::User),
        _ if word == "COMMENT" => Some(Role::Assistant),
        _ => None,
    };
    let mail =
        message.id(&["channelId"]).as_deref() == Some(MAIL_CHANNEL) || !message.word("subject").is_empty();
    Ok(Turn {
        speaker: cast.speaker(actor.as_deref().or(address), name.or(address)),
        role,
        text,
        time: message.time(&["createdAt"]),
        visibility: if word == "COMMENT" { Visibility::Internal } else { Visibility::Public },
        kind,
        medium: if mail { Medium::Mail } else { Medium::Chat },
        ..Turn::default()
    })
}
