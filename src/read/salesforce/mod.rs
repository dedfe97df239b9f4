//! Salesforce: chats whose whole text is HTML in one cell, e-mails of cases, comments of cases, entries of messaging.
//!
//! [`transcript`] reads the HTML of chats, [`messages`] the objects of which a row is one message.

mod messages;
mod transcript;

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
    name: "salesforce",
    title: "Salesforce: LiveChatTranscript, EmailMessage, CaseComment, ConversationEntry",
    notes: "\
Tables as Data Loader and the weekly export write them, and the same records as JSON (`records`, `result.records`).\n\n\
- **`LiveChatTranscript`**: the `Body` of a row is a chat. A message stands behind the time that has passed, \
  `( 1m 13s ) Name: text<br>`; announcements between `<p>` are events. Who is announced by `Agent NAME` is the agent; where \
  that was never filled in (`Agent (UserFirstName)`), the first who speaks after it is. The other speaker is the customer; \
  of several, the one who still speaks with the agent, and who fell silent before is a bot.\n\
- **`EmailMessage`**: gathered by `ParentId` (the case); `Incoming` tells the side. Drafts are internal.\n\
- **`CaseComment`**: gathered by `ParentId`; `IsPublished` false is a note. Names and sides come from `User.csv` beside it, \
  or from `--users`.\n\
- **`ConversationEntry`**: gathered by `ConversationId`; `ActorType` tells the side, `EntryType` what is speech. What a \
  supervisor whispers is internal.\n\
- Mails and comments of one case stand in different tables and become different conversations.\n\
- Not verified: the columns of `CaseComment` and `EmailMessage` beyond those named, the column that holds the text of a \
  `ConversationEntry` (`Message`, `MessageText`, `EntryPayload` and `Text` are tried).",
    how_to_get: "\
1. *Setup → Data → Data Export → Export Now* (the weekly export): tick the objects, fetch the zip, unpack it.\n\
2. Or Data Loader: *Export*, choose the object (tick *Show all Salesforce objects*), take all fields.\n\
3. Or `sf data query --query \"SELECT Id, CaseId, StartTime, Body FROM LiveChatTranscript\" --result-format csv`.\n\
4. Export `User` (`Id`, `Name`, `UserType`) too, and leave it beside as `User.csv`.\n\n\
Not verified: the menus' exact words in current releases.",
    recognised_by: "the columns `Body` with chats in it, `ParentId` with `Incoming` or `IsPublished`, or `ConversationId` with `ActorType`",
};

/// The reader of Salesforce.
#[derive(Debug, Clone, Copy)]
pub struct Salesforce;

static TABLES: &[Form] = &[
    Form { what: "chats (LiveChatTranscript)", columns: &["Body"], key: None, fits: Some(is_chat) },
    Form {
        what: "chats (LiveChatTranscript)",
        columns: &["Body", "ChatKey", "LiveChatVisitorId"],
        key: None,
        fits: None,
    },
    Form {
        what: "e-mails of cases (EmailMessage)",
        columns: &["ParentId", "Incoming", "MessageDate"],
        key: Some("ParentId"),
        fits: None,
    },
    Form {
        what: "comments of cases (CaseComment)",
        columns: &["ParentId", "IsPublished", "CommentBody"],
        key: Some("ParentId"),
        fits: None,
    },
    Form {
        what: "entries of messaging (ConversationEntry)",
        columns: &["ConversationId", "ActorType", "EntryType"],
        key: Some("ConversationId"),
        fits: None,
    },
];

/// Whether the body of a row is the HTML of a chat. Chats that nobody took have none.
fn is_chat(row: &Extra) -> bool {
    row.get("Body").and_then(Value::as_str).is_some_and(transcript::is_chat)
}

impl Export for Salesforce {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn lists(&self) -> &'static [&'static str] {
        &["records", "result.records"]
    }

    fn tables(&self) -> &'static [Form] {
        TABLES
    }

    fn known(&self, record: &Extra) -> Option<Known> {
        if is_chat(record) {
            return Known::conversation("chats in `Body`");
        }
        if has(record, "ParentId") && record.contains_key("Incoming") {
            return Known::message("`ParentId` and `Incoming`");
        }
        if has(record, "ParentId") && record.contains_key("CommentBody") {
            return Known::message("`ParentId` and `CommentBody`");
        }
        if has(record, "ConversationId") && has(record, "ActorType") && has(record, "EntryType") {
            return Known::message("`ConversationId`, `ActorType` and `EntryType`");
        }
        None
    }

    fn companion_kind(&self, sample: &Sample) -> Option<&'static str> {
        let named = columns(sample);
        let has = |column: &str| named.iter().any(|name| name == column);
        let table = ["Id", "Name"].iter().all(|column| has(column)) && (has("UserType") || has("ProfileId"));
        table.then_some("the list of users")
    }

    fn belongs(&self, message: &Extra) -> Belongs {
        let key = ["ParentId", "ConversationId"].iter().find_map(|key| scalar(message.get(*key)?));
        Belongs { key, joins: Vec::new() }
    }

    fn conversation(&self, record: Extra, _: &People) -> Read {
        transcript::read(record)
    }

    fn messages(&self, messages: Vec<Extra>, people: &People) -> Read {
        messages::read(&messages, people)
    }
}
