//! Zendesk Chat (Zopim): chats with their history, messages left while nobody was there, and the tables that a warehouse
//! has of both kinds of chat.

use serde_json::Value;

use super::csv::export::Form;
use super::desk::{Cast, Fields, attached, list_at};
use super::frame::Belongs;
use super::json::export::{Export, Known, Read};
use super::json::{Misfit, has};
use super::people::{People, Person, scalar};
use super::reader::ReaderSpec;
use super::speakers::key_of;
use crate::model::{Auto, Conversation, Event, Extra, Kind, Role, Turn};

static SPEC: ReaderSpec = ReaderSpec {
    name: "zendesk-chat",
    title: "Zendesk Chat and messaging: chats with history, offline messages, warehouse tables",
    notes: "\
- **Chats** with `history[]` (a list, lines, or pages with `chats[]`), and `offline_msg` with one `message`, which nobody \
  answers there.\n\
- **Rows of `chat_history`** (JSON or CSV), gathered by `chat_id` and ordered by `index`.\n\
- **Rows of the event table of messaging tickets** (`ChatMessage`, `ChatJoin`, …), gathered by `chat_id` and ordered by \
  time, then `chat_index`. Rows with `is_history_context` repeat older text. `original_message` is what was written, \
  `message` its translation.\n\
- **Speech** is `chat.msg` and `ChatMessage`; joins, leaves, transfers, ratings and files go under their own names.\n\
- **Sides**: `sender_type` (Visitor, Agent, Trigger), else `nick`, else the names of visitor and agents in the chat. In \
  the event table `actor_id` is looked up in the list given with `--users`. Triggers are canned greetings.\n\
- Not verified: names of row types other than `chat.msg`, and the values of `sender_type`.",
    how_to_get: "\
1. `GET /api/v2/chats` of the Chat API (`https://{subdomain}.zendesk.com/api/v2/chat/chats` for accounts of the newer \
   kind), or `GET /api/v2/chat/incremental/chats`; keep the pages as they come.\n\
2. Messaging tickets have no such interface: their talk is in the event table of a warehouse connector \
   (`ticket_chat_event`), or in the ticket's audits.\n\n\
Not verified: the second address of the first step.",
    recognised_by: "`history[]` with types like `chat.msg`, `type: \"offline_msg\"`, or `chat_id` with `chat_index` or `sender_type`",
};

/// The reader of Zendesk Chat.
#[derive(Debug, Clone, Copy)]
pub struct ZendeskChat;

static TABLES: &[Form] = &[
    Form {
        what: "the history of chats",
        columns: &["chat_id", "msg", "type", "name", "sender_type"],
        key: Some("chat_id"),
        fits: None,
    },
    Form {
        what: "events of messaging chats",
        columns: &["chat_id", "chat_index", "actor_id", "message", "type"],
        key: Some("chat_id"),
        fits: None,
    },
];

impl Export for ZendeskChat {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn lists(&self) -> &'static [&'static str] {
        &["chats", "results", "chat_history"]
    }

    fn tables(&self) -> &'static [Form] {
        TABLES
    }

    fn known(&self, record: &Extra) -> Option<Known> {
        let word = |key: &str| record.get(key).and_then(Value::as_str).unwrap_or_default();
        if has(record, "chat_id") && has(record, "type") {
            if record.contains_key("chat_index") && record.contains_key("actor_id") {
                return Known::message("`chat_id`, `chat_index` and `actor_id`");
            }
            if word("type").starts_with("chat.") {
                return Known::message("`chat_id` and types like `chat.msg`");
            }
        }
        if record.get("visitor").is_some_and(Value::is_object)
            && word("type") == "offline_msg"
            && record.contains_key("message")
        {
            return Known::conversation("`type` is `offline_msg`");
        }
        let history = record.get("history")?.as_array()?;
        let typed = |row: &Value| {
            row.get("type").and_then(Value::as_str).is_some_and(|kind| kind.starts_with("chat."))
        };
        let of_chat = history.iter().any(typed)
            || (history.is_empty() && word("type") == "chat" && record.contains_key("visitor"));
        if of_chat { Known::conversation("`history[]` with types like `chat.msg`") } else { None }
    }

    fn belongs(&self, message: &Extra) -> Belongs {
        Belongs { key: message.get("chat_id").and_then(scalar), joins: Vec::new() }
    }

    fn conversation(&self, mut record: Extra, people: &People) -> Read {
        let fields = Fields::of(&record);
        let names = Names::of(fields);
        let mut cast = Cast::default();
        let turns = if fields.word("type") == "offline_msg" {
            vec![offline(fields, &names)?]
        } else {
            let rows = list_at(&record, "history")?;
            read(rows, &names, people, &mut cast)?
        };
        let id = fields.id(&["id", "chat_id"]);
        for key in ["history", "message", "id"] {
            record.shift_remove(key);
        }
        Ok((Conversation { id, turns, extra: record, ..Conversation::default() }, Vec::new()))
    }

    fn messages(&self, messages: Vec<Extra>, people: &People) -> Read {
        let rows: Vec<Fields<'_>> = messages.iter().map(Fields::of).collect();
        let id = rows.first().and_then(|row| row.id(&["chat_id"]));
        let turns = read(rows, &Names::default(), people, &mut Cast::default())?;
        Ok((Conversation { id, turns, ..Conversation::default() }, Vec::new()))
    }
}

/// Who speaks in a chat, as far as the chat itself says it.
#[derive(Default)]
struct Names {
    visitor: Option<String>,
    agents: Vec<String>,
}

impl Names {
    fn of(chat: Fields<'_>) -> Self {
        let visitor = chat.within("visitor").and_then(|visitor| visitor.first_word(&["name", "email"]));
        let agents = chat.map().get("agent_names").and_then(Value::as_array);
        let agents = agents.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        Self { visitor: visitor.map(str::to_owned), agents }
    }
}

/// A message left while nobody was there.
fn offline(chat: Fields<'_>, names: &Names) -> Result<Turn, Misfit> {
    let text = chat.text("message")?.unwrap_or_default().to_owned();
    let speaker = names.visitor.clone().unwrap_or_default();
    let time = chat.time(&["timestamp", "created_at"]);
    Ok(Turn { speaker, role: Some(Role::User), text, time, ..Turn::default() })
}

/// The rows of one chat in order: by index where every row has one (older exports begin a new count after a transfer, so
/// time goes first), as turns.
fn read(
    mut rows: Vec<Fields<'_>>,
    names: &Names,
    people: &People,
    cast: &mut Cast,
) -> Result<Vec<Turn>, Misfit> {
    let place = |row: &Fields<'_>| {
        let time = row.time(TIMES);
        let index: Option<u64> = row.id(&["chat_index", "index"]).and_then(|index| index.parse().ok());
        (time, index.unwrap_or(u64::MAX))
    };
    if rows.iter().all(|row| place(row).0.is_some()) {
        rows.sort_by_cached_key(place);
    } else if rows.iter().all(|row| place(row).1 != u64::MAX) {
        rows.sort_by_cached_key(|row| place(row).1);
    }
    let mut turns = Vec::with_capacity(rows.len());
    for row in rows {
        turn(row, names, people, cast, &mut turns)?;
    }
    Ok(turns)
}

const TIMES: &[&str] = &["timestamp", "timestamps", "created_at"];

/// Adds the turns of one row: two where a translation stands beside what was written.
fn turn(
    row: Fields<'_>,
    names: &Names,
    people: &People,
    cast: &mut Cast,
    turns: &mut Vec<Turn>,
) -> Result<(), Misfit> {
    let id = row.id(&["actor_id", "agent_id"]).filter(|id| id != "0");
    let person = id.as_deref().and_then(|id| people.get(id));
    let named = row.first_word(&["name", "display_name", "actor_name"]);
    let name = named.or_else(|| person.and_then(|person| person.name.as_deref()));
    let (role, auto) = side(row, name, id.is_some(), names, person);
    let mut kind = kind(row);
    let file = row.first_word(&["filename"]).map(str::to_owned).or_else(|| attached(row, "attachments"));
    let file = file
        .or_else(|| row.within("attachment").and_then(|file| file.first_word(&["name"])).map(str::to_owned));
    let shown = row.first_text(&["msg", "message"])?;
    let original = row.first_text(&["original_message"])?.filter(|original| Some(*original) != shown);
    if kind == Kind::Text && shown.is_none() && original.is_none() && file.is_some() {
        kind = Kind::Media;
    }
    let written = original.or(shown).map(str::to_owned);
    let text = match kind {
        Kind::Media => written.or(file).or_else(|| row.first_word(&["url"]).map(str::to_owned)),
        _ => written.or_else(|| {
            row.first_word(&["new_rating", "rating", "new_comment", "reason"]).map(str::to_owned)
        }),
    };
    if kind == Kind::Text
        && let Some(auto) = auto
    {
        kind = Kind::Auto(auto);
    }
    // Rows that repeat what was said before this chat began are no speech in it.
    if row.flag("is_history_context")? == Some(true) {
        kind = Kind::Event(Event::Edit);
    }
    let turn = Turn {
        speaker: cast.speaker(id.as_deref(), name),
        role,
        text: text.unwrap_or_default(),
        time: row.time(TIMES),
        kind,
        ..Turn::default()
    };
    let translation = original.and(shown).filter(|_| kind == Kind::Text).map(|shown| Turn {
        text: shown.to_owned(),
        kind: Kind::Auto(Auto::Translation),
        ..turn.clone()
    });
    turns.push(turn);
    turns.extend(translation);
    Ok(())
}

/// What the row says of the side, and whether a machine spoke.
fn side(
    row: Fields<'_>,
    name: Option<&str>,
    has_agent: bool,
    names: &Names,
    person: Option<&Person>,
) -> (Option<Role>, Option<Auto>) {
    let bot = || Some(Role::Other("bot".into()));
    let word = row.first_word(&["sender_type", "actor_type"]).unwrap_or_default();
    match key_of(word).as_str() {
        "visitor" | "end-user" | "end_user" | "enduser" | "customer" => return (Some(Role::User), None),
        "agent" => return (Some(Role::Assistant), None),
        "trigger" => return (bot(), Some(Auto::Greeting)),
        "bot" | "answer_bot" | "answerbot" => return (bot(), None),
        "system" => return (bot(), Some(Auto::Other)),
        _ => {}
    }
    match row.word("nick") {
        "agent:trigger" | "trigger" => return (bot(), Some(Auto::Greeting)),
        nick if nick.starts_with("agent:") => return (Some(Role::Assistant), None),
        nick if nick.starts_with("visitor") => return (Some(Role::User), None),
        _ => {}
    }
    if let Some(person) = person {
        let role = match person.word.as_deref() {
            Some("admin") => Some(Role::Assistant),
            _ => person.role.clone(),
        };
        return (role, None);
    }
    let role = match name {
        Some(name) if names.agents.iter().any(|agent| agent == name) => Some(Role::Assistant),
        Some(name) if names.visitor.as_deref() == Some(name) => Some(Role::User),
        _ if has_agent && row.map().contains_key("agent_id") => Some(Role::Assistant),
        _ => None,
    };
    (role, None)
}

/// What a type of row means: `chat.memberjoin` and `ChatJoin` are the same.
fn kind(row: Fields<'_>) -> Kind {
    let written = row.word("type");
    let name: String = written
        .trim_start_matches("chat.")
        .trim_start_matches("Chat")
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    let menu = matches!(row.word("original_message_type"), "form" | "carousel" | "list" | "quick_replies");
    match name.as_str() {
        "msg" | "message" if menu => Kind::Auto(Auto::Menu),
        "msg" | "message" => Kind::Text,
        "memberjoin" | "join" | "agentjoin" => Kind::Event(Event::Join),
        "memberleave" | "leave" | "end" | "ended" => Kind::Event(Event::Leave),
        "rating" | "requestrating" | "comment" | "ratingcomment" => Kind::Event(Event::Rating),
        "file" | "attachment" | "fileattachment" | "messagefile" => Kind::Media,
        name if name.contains("transfer") => Kind::Event(Event::Transfer),
        name if name.contains("redact") || name.contains("delete") => Kind::Event(Event::Deletion),
        _ => Kind::Event(Event::Other),
    }
}
