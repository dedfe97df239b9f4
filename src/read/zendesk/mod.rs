//! Zendesk Support: tickets with their comments, as files of the account's export, pages of the interface, audits, and
//! tables of a warehouse.
//!
//! [`ticket`] makes conversations of tickets, [`comment`] turns of comments, [`audit`] turns of audits, [`chat`] takes a
//! chat apart that stands as one text in a comment. The chats of Zendesk Chat have a reader of their own.

mod audit;
mod chat;
mod comment;
mod sides;
mod ticket;

use serde_json::Value;

use super::csv::export::{Form, columns};
use super::frame::Belongs;
use super::json::export::{Export, Known, Read};
use super::json::has;
use super::people::{People, scalar};
use super::reader::ReaderSpec;
use super::sample::Sample;
use crate::model::Extra;

static SPEC: ReaderSpec = ReaderSpec {
    name: "zendesk",
    title: "Zendesk Support: tickets with comments, audits, warehouse tables of comments",
    notes: "\
- **Tickets with `comments[]`**: a ticket a line (the account's export), `{\"tickets\": […], \"users\": […]}`, or \
  `{\"ticket\": {…}, \"comments\": […]}`. Tickets alone hold their `description` only, since the interface gives comments \
  elsewhere.\n\
- **Comments of one ticket** as the interface gives them (`{\"comments\": […], \"users\": […]}`), and comments of many \
  tickets with a `ticket_id` each, in any order.\n\
- **Audits** (`{\"audits\": […]}`, in a ticket, or one a line) and `ticket_events[]`: comments are speech, notifications \
  are automatic messages, changes are events. A comment made private later counts as private.\n\
- **Fivetran's table** of comments, whose rows come in no order.\n\
- **Sides**: who requested the ticket is the customer, others are what the list of users says (sideloaded `users`, a file \
  `users.json` or `user.csv` beside, or `--users`). Without a list, people in copy (`email_cc_ids`, `collaborator_ids`) \
  are taken for customers, with a warning; of others nothing is assumed: who is assigned a ticket is an agent in all of \
  them, and the one unknown beside customers answers. Comments without their ticket say nothing of sides.\n\
- **`public: false`** makes a note of either side's comment.\n\
- **Text**: `html_body`, else `body`, else `plain_body`. The `description` is the first comment again and is read once.\n\
- **Chats as text**: lines `(09:12:05) Name: text` in a comment of a chat ticket become turns; the clock in them is \
  counted back from the time of the comment. The requester's name, however written, is the customer, and the others beside \
  it answer; where it does not stand (the visitor had none yet), lists of users, labels (`Visitor 8`) and the other tickets \
  say who is who. Not verified against an export: the form with `*** Name joined ***`.\n\
- Calls (`VoiceComment`) and comments about merged tickets are events; author -1 is Zendesk itself.",
    how_to_get: "\
1. For all tickets: an owner of the account asks Zendesk to switch exports on, then *Admin Center → Account → Tools → \
   Reports → Export*, and *Full JSON export* (recommended above 200,000 tickets). The link comes by mail. The CSV export \
   has no comments.\n\
2. For some: `GET /api/v2/tickets.json` (or `/api/v2/incremental/tickets/cursor.json?start_time=0`), and for each ticket \
   `GET /api/v2/tickets/{id}/comments.json?include=users`; write `{\"ticket\": …, \"comments\": …, \"users\": …}` a line.\n\
3. The people: `GET /api/v2/users.json` as `users.json` beside it.\n\n\
Not verified: the menu's exact words in the current Admin Center.",
    recognised_by: "`comments[].author_id` with `requester_id`, `audits[].events`, or comments with `author_id` and `public`",
};

/// The reader of Zendesk Support.
#[derive(Debug, Clone, Copy)]
pub struct Zendesk;

/// Tables that a warehouse has of it.
static TABLES: &[Form] = &[Form {
    what: "ticket comments as Fivetran writes them",
    columns: &["ticket_id", "user_id", "body", "created", "public", "voice_comment"],
    key: Some("ticket_id"),
    fits: None,
}];

impl Export for Zendesk {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn lists(&self) -> &'static [&'static str] {
        &["tickets", "results", "audits", "ticket_audits", "ticket_events", "comments"]
    }

    fn tables(&self) -> &'static [Form] {
        TABLES
    }

    fn known(&self, record: &Extra) -> Option<Known> {
        let ticket = record.get("ticket").and_then(Value::as_object).unwrap_or(record);
        let comments = of_objects(record, "comments").or_else(|| of_objects(ticket, "comments"));
        let is_comment = |comment: &&Extra| has(comment, "author_id") && !has(comment, "conversation_id");
        if has(ticket, "requester_id") && !ticket.contains_key("responder_id") {
            if comments.as_ref().is_some_and(|list| list.is_empty() || list.iter().any(is_comment)) {
                return Known::conversation("`comments[].author_id` and `requester_id`");
            }
            if of_objects(record, "audits").or_else(|| of_objects(ticket, "audits")).is_some() {
                return Known::conversation("`audits` and `requester_id`");
            }
            if has(ticket, "submitter_id") && ticket.contains_key("description") {
                return Known::conversation("`requester_id`, `submitter_id` and `description`");
            }
        }
        if has(record, "ticket_id") {
            let of_audit = |key: &str| record.get(key).is_some_and(Value::is_array);
            if of_audit("child_events") || (of_audit("events") && record.contains_key("author_id")) {
                return Known::message("`ticket_id` and `events[]`");
            }
            if has(record, "author_id") && record.contains_key("public") && record.contains_key("body") {
                return Known::message("`ticket_id`, `author_id` and `public`");
            }
            return None;
        }
        let alone = |comment: &&Extra| {
            is_comment(comment)
                && !has(comment, "ticket_id")
                && ["public", "html_body", "plain_body"].iter().any(|key| comment.contains_key(*key))
        };
        if comments.is_some_and(|list| !list.is_empty() && list.iter().all(alone)) {
            return Known::conversation("`comments[].author_id` and `comments[].public`");
        }
        None
    }

    fn companion_kind(&self, sample: &Sample) -> Option<&'static str> {
        let word = |role: &str| matches!(role, "end-user" | "agent" | "admin");
        let user = |entry: &Extra| {
            has(entry, "id")
                && entry.get("role").and_then(Value::as_str).is_some_and(word)
                && (entry.contains_key("default_group_id")
                    || entry.contains_key("restricted_agent")
                    || entry.contains_key("ticket_restriction")
                    || entry.contains_key("shared_agent")
                    || entry.get("role").and_then(Value::as_str) == Some("end-user"))
        };
        if let Some(head) = sample.json() {
            let listed = head.records.first().and_then(|top| top.get("users")?.as_array());
            let entries = listed.unwrap_or(&head.records);
            let (some, all) = (
                entries.iter().filter_map(Value::as_object).filter(|entry| user(entry)).count(),
                entries.len(),
            );
            return (some > 0 && entries.iter().all(|entry| entry.get("comments").is_none()) && all > 0)
                .then_some("the list of users");
        }
        let named = columns(sample);
        ["id", "name", "role", "ticket_restriction"]
            .iter()
            .all(|column| named.iter().any(|name| name == column))
            .then_some("the list of users")
    }

    fn people_list(&self) -> Option<&'static str> {
        Some("users")
    }

    fn belongs(&self, message: &Extra) -> Belongs {
        Belongs { key: message.get("ticket_id").and_then(scalar), joins: Vec::new() }
    }

    fn conversation(&self, record: Extra, people: &People) -> Read {
        ticket::read(record, people)
    }

    fn messages(&self, messages: Vec<Extra>, people: &People) -> Read {
        ticket::gathered(&messages, people)
    }
}

/// The list under a key, if all its elements are objects.
fn of_objects<'a>(record: &'a Extra, key: &str) -> Option<Vec<&'a Extra>> {
    record.get(key)?.as_array()?.iter().map(Value::as_object).collect()
}
