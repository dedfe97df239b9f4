//! Twilio: messages of conversations (JSON) and of phone numbers (JSON or the log as CSV).
//!
//! `resources` reads what the programming interface gives; the log of messages is a table, whose rows the tables' own
//! framing gathers by the two numbers.

mod author;
mod resources;

use resources::Resources;

use super::csv::{self, Pairs};
use super::json::export::Export;
use super::reader::{Guess, Opened, Reader, ReaderSpec};
use super::{ReadSettings, Sample, Source};
use crate::error::Result;

static SPEC: ReaderSpec = ReaderSpec {
    name: "twilio",
    title: "Twilio: conversations, Programmable Chat, SMS",
    notes: "\
- **Conversations and Programmable Chat**: `messages[]` with `conversation_sid` (or `channel_sid`), one conversation for each of \
  them, ordered by `index`. Pages of the interface, lists, JSON Lines and objects that hold a conversation with its `messages` and \
  `participants` are understood.\n\
- **Sides** come from the participants, in the same file or in one beside it (`participants.json`, `--users`): an address in \
  `messaging_binding` is a customer's. An `identity` is an agent's where somebody else in the conversation has an address; where \
  all have identities (web chat), no side is known and `--assistant` says who answers. Without participants an `author` that is a \
  phone number or an address of a channel (`whatsapp:+49…`) is the customer.\n\
- **`author: system`** is what Twilio writes for messages posted without an author: a bot's.\n\
- **SMS**: messages with `from`, `to` and `direction`, as JSON or as the log in CSV (`From`, `To`, `Body`, `Direction`, \
  `SentDate`; columns not verified). The two numbers, in either order, make a conversation; a pause of more than 24 hours, or \
  what `--gap` says, begins another. `inbound` is the customer.\n\
- `media` are turns with the file's name. `attributes` (JSON in a string) are not read.",
    how_to_get: "\
Conversations: `GET https://conversations.twilio.com/v1/Conversations/{sid}/Messages?PageSize=100` and `…/Participants`, page by \
page (`meta.next_page_url`); store the answers. SMS: `GET /2010-04-01/Accounts/{sid}/Messages.json`, or in the Console *Monitor → \
Logs → Messaging → Export to CSV* (steps not verified). Bulk exports of messages are JSON Lines (gzip) and are read as they are.",
    recognised_by: "`conversation_sid` or `channel_sid` beside `author`; `from`, `to` and `direction` of messages with a `sid`; \
                    columns `From`, `To`, `Body` and `Direction`",
};

/// A day: a customer who writes again after longer begins anew.
const GAP_MS: i64 = 24 * 3_600_000;

/// The reader of Twilio.
pub struct Twilio;

fn pairs(settings: &ReadSettings) -> Pairs {
    Pairs {
        from: "from",
        to: "to",
        direction: "direction",
        text: "body",
        times: &["sentdate", "datesent", "datecreated"],
        gap_ms: settings.gap_ms.unwrap_or(GAP_MS),
    }
}

impl Reader for Twilio {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        if sample.json().is_some() {
            return Reader::sniff(&Resources, sample);
        }
        let found = csv::has_pairs(sample, &pairs(&ReadSettings::default()));
        found.then(|| Guess { confidence: 90, why: "columns `From`, `To`, `Body` and `Direction`".into() })
    }

    fn companion(&self, sample: &Sample) -> Option<&'static str> {
        Resources.companion_kind(sample)
    }

    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        if sample.json().is_none()
            && let Some(opened) = csv::open_pairs(source, sample, settings, &pairs(settings))
        {
            return Ok(opened);
        }
        Reader::open(&Resources, source, sample, settings)
    }
}
