//! Freshdesk: tickets whose description is the first message, and whose conversations are the others.

use serde_json::Value;

use super::codes;
use super::csv::export::columns;
use super::desk::{Cast, Fields, attached, list, oldest_first, written};
use super::frame::Belongs;
use super::json::export::{Export, Known, Read};
use super::json::{Misfit, has, keys_seen};
use super::people::{People, scalar};
use super::reader::ReaderSpec;
use super::sample::Sample;
use crate::model::{Auto, Conversation, Event, Extra, Kind, Medium, Role, Turn, Visibility};

static SPEC: ReaderSpec = ReaderSpec {
    name: "freshdesk",
    title: "Freshdesk: tickets with their conversations",
    notes: "\
- **Tickets** of the interface with `conversations[]`, and the wrapper of the account's export \
  (`{\"helpdesk_ticket\": {…, \"notes\": […]}}`); entries of conversations alone, gathered by `ticket_id`.\n\
- **The first message** is the ticket's `description`; it is not in `conversations`. A ticket that an agent began \
  (`source` 10, outbound mail) opens with the agent.\n\
- **Sides**: `incoming`, or the requester's own identifier, is the customer; everything else an agent. Customers may \
  write public notes.\n\
- **`private: true`** is a note. A forwarded mail (`source` 8 going out) talks to somebody else and counts as one.\n\
- **Text**: `body` (HTML), else `body_text`; in HTML the quoted mail can be told from the answer.\n\
- `source` 6 is a survey and becomes a rating; `auto_response` an automatic reply. Not verified: the numbers of `source`, \
  the key `notes` and the `note` wrapper in the account's export.",
    how_to_get: "\
1. `GET https://{domain}.freshdesk.com/api/v2/tickets?per_page=100&include=description`, then for each \
   `GET /api/v2/tickets/{id}?include=conversations` (ten conversations), or `/tickets/{id}/conversations` with its pages; \
   write one ticket a line.\n\
2. Or *Admin → Account → Account details → Export data* (an account administrator): the mail brings a zip of JSON \
   files.\n\n\
Not verified: the menu's exact words, and how many conversations the first form includes.",
    recognised_by: "`conversations[].incoming` with `private`, or `helpdesk_ticket`",
};

/// The reader of Freshdesk.
#[derive(Debug, Clone, Copy)]
pub struct Freshdesk;

/// Wrappers of a ticket and of a note.
const TICKET: &str = "helpdesk_ticket";
const NOTES: [&str; 2] = ["note", "helpdesk_note"];

impl Export for Freshdesk {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn lists(&self) -> &'static [&'static str] {
        &["tickets", "results", "conversations"]
    }

    fn known(&self, record: &Extra) -> Option<Known> {
        if record.get(TICKET).is_some_and(Value::is_object) {
            return Known::conversation("`helpdesk_ticket`");
        }
        let is_entry = |entry: &Extra| entry.contains_key("incoming") && entry.contains_key("private");
        if has(record, "ticket_id") && is_entry(record) {
            return Known::message("`ticket_id`, `incoming` and `private`");
        }
        let entries = record.get("conversations").and_then(Value::as_array);
        let first = entries.and_then(|list| list.first()).and_then(Value::as_object);
        if first.is_some_and(is_entry) && (has(record, "id") || has(record, "requester_id")) {
            return Known::conversation("`conversations[].incoming` and `private`");
        }
        let alone = has(record, "requester_id")
            && record.contains_key("responder_id")
            && (has(record, "description") || has(record, "description_text"));
        if alone { Known::conversation("`requester_id`, `responder_id` and `description`") } else { None }
    }

    fn companion_kind(&self, sample: &Sample) -> Option<&'static str> {
        let agent = |entry: &Extra| entry.contains_key("ticket_scope") && entry.contains_key("contact");
        let contact =
            |entry: &Extra| entry.contains_key("view_all_tickets") || entry.contains_key("other_companies");
        if let Some(head) = sample.json() {
            let first = head.records.first().and_then(Value::as_object)?;
            return (agent(first) || contact(first)).then_some("the list of people");
        }
        let named = columns(sample);
        let has = |column: &str| named.iter().any(|name| name == column);
        (has("id") && has("name") && has("view_all_tickets")).then_some("the list of people")
    }

    fn belongs(&self, message: &Extra) -> Belongs {
        Belongs { key: message.get("ticket_id").and_then(scalar), joins: Vec::new() }
    }

    fn conversation(&self, mut record: Extra, people: &People) -> Read {
        if let Some(Value::Object(ticket)) = record.get_mut(TICKET) {
            record = std::mem::take(ticket);
        }
        let ticket = Fields::of(&record);
        let mut desk = Desk::of(ticket, people);
        let mut turns: Vec<Turn> = desk.description(ticket)?.into_iter().collect();
        let key = if record.contains_key("conversations") { "conversations" } else { "notes" };
        for entry in list(&record, key)?.unwrap_or_default() {
            let inner = NOTES.into_iter().find_map(|wrapper| entry.within(wrapper));
            turns.push(desk.turn(inner.unwrap_or(entry))?);
        }
        if turns.is_empty() {
            let says =
                format!("`description` and `conversations` are missing or empty; {}", keys_seen(&record));
            return Err(Misfit::new(&codes::NO_CHAT_SHAPE, "", says));
        }
        oldest_first(&mut turns);
        let id = ticket.id(&["id", "display_id"]);
        for key in ["id", "conversations", "notes", "description", "description_text", "description_html"] {
            record.shift_remove(key);
        }
        Ok((Conversation { id, turns, extra: record, ..Conversation::default() }, Vec::new()))
    }

    fn messages(&self, messages: Vec<Extra>, people: &People) -> Read {
        let none = Extra::new();
        let mut desk = Desk::of(Fields::of(&none), people);
        let mut turns = Vec::with_capacity(messages.len());
        for entry in &messages {
            turns.push(desk.turn(Fields::of(entry))?);
        }
        oldest_first(&mut turns);
        let id = messages.first().and_then(|entry| Fields::of(entry).id(&["ticket_id"]));
        Ok((Conversation { id, turns, ..Conversation::default() }, Vec::new()))
    }
}

/// Numbers of `source` of a ticket.
const TICKET_MAIL: &str = "1";
const TICKET_CHAT: &str = "7";
const TICKET_OUTBOUND_MAIL: &str = "10";
/// Numbers of `source` of an entry.
const REPLY: &str = "0";
const TWEET: &str = "5";
const SURVEY: &str = "6";
const FACEBOOK: &str = "7";
const FORWARDED: &str = "8";

struct Desk<'a> {
    requester: Option<String>,
    /// The name of the requester, where the ticket says it.
    name: Option<String>,
    source: String,
    people: &'a People,
    cast: Cast,
}

impl<'a> Desk<'a> {
    fn of(ticket: Fields<'_>, people: &'a People) -> Self {
        let requester = ticket.within("requester");
        let name = requester.and_then(|person| person.first_word(&["name", "email"]));
        Self {
            requester: ticket.id(&["requester_id"]).or_else(|| requester?.id(&["id"])),
            name: name.or_else(|| ticket.first_word(&["requester_name"])).map(str::to_owned),
            source: ticket.id(&["source"]).unwrap_or_default(),
            people,
            cast: Cast::default(),
        }
    }

    fn speaker(&mut self, id: Option<&str>) -> String {
        let own = self.name.as_deref().filter(|_| id.is_some() && id == self.requester.as_deref());
        let listed = || self.people.get(id?)?.name.as_deref();
        self.cast.speaker(id, own.or_else(listed))
    }

    fn description(&mut self, ticket: Fields<'_>) -> Result<Option<Turn>, Misfit> {
        // The older interface has the text in `description` and HTML beside it.
        let older = ticket.map().contains_key("description_html");
        let html = if older { "description_html" } else { "description" };
        let plain: &[&str] = if older { &["description"] } else { &["description_text"] };
        let body = written(ticket, &[html], plain)?;
        let (text, kind) = body.into_text(attached(ticket, "attachments"));
        if text.trim().is_empty() && kind == Kind::Text && !ticket.map().contains_key("description") {
            return Ok(None);
        }
        let outbound = self.source == TICKET_OUTBOUND_MAIL;
        let author = if outbound { ticket.id(&["responder_id"]) } else { self.requester.clone() };
        let mail = matches!(self.source.as_str(), TICKET_MAIL | TICKET_OUTBOUND_MAIL);
        Ok(Some(Turn {
            speaker: self.speaker(author.as_deref()),
            role: Some(if outbound { Role::Assistant } else { Role::User }),
            text,
            time: ticket.time(&["created_at"]),
            kind,
            medium: if mail { Medium::Mail } else { Medium::Chat },
            ..Turn::default()
        }))
    }

    fn turn(&mut self, entry: Fields<'_>) -> Result<Turn, Misfit> {
        let source = entry.id(&["source"]).unwrap_or_default();
        let (incoming, private) = (entry.flag("incoming")?, entry.flag("private")?);
        let body = written(entry, &["body_html", "body"], &["body_text"])?;
        let (text, mut kind) = body.into_text(attached(entry, "attachments"));
        if source == SURVEY {
            kind = Kind::Event(Event::Rating);
        } else if entry.flag("auto_response")? == Some(true) {
            kind = Kind::Auto(Auto::Reply);
        }
        let author = entry.id(&["user_id"]);
        let own = author.is_some() && author == self.requester;
        let role = match incoming {
            Some(true) => Some(Role::User),
            _ if own => Some(Role::User),
            Some(false) => Some(Role::Assistant),
            None => None,
        };
        let aside = source == FORWARDED && incoming != Some(true);
        let medium = match source.as_str() {
            TWEET | FACEBOOK => Medium::Post,
            REPLY | FORWARDED if self.source != TICKET_CHAT => Medium::Mail,
            _ => Medium::Chat,
        };
        Ok(Turn {
            speaker: self.speaker(author.as_deref()),
            role,
            text,
            time: entry.time(&["created_at"]),
            visibility: if private == Some(true) || aside {
                Visibility::Internal
            } else {
                Visibility::Public
            },
            kind,
            medium,
            ..Turn::default()
        })
    }
}
