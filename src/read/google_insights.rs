//! Google Customer Experience Insights (earlier CCAI Insights): one conversation a file, entries in the order of time.

use serde_json::Value;

use super::json::export::{Export, Known, Read};
use super::json::field;
use super::people::{People, scalar};
use super::reader::ReaderSpec;
use crate::model::{Conversation, Extra, Role, Turn};
use crate::text::time;

static SPEC: ReaderSpec = ReaderSpec {
    name: "google-insights",
    title: "Google Customer Experience Insights (CCAI): conversation files",
    notes: "\
- `entries[]` with `text`, `start_timestamp_usec` (microseconds, as a number or a text) and `user_id`.\n\
- **Sides** come from `role`: `CUSTOMER` and `AGENT`; `END_USER`, `HUMAN_AGENT` and `AUTOMATED_AGENT` of Google's other \
  interfaces are understood too (not verified in files). Without a role the speaker is the `user_id`, and `--assistant` says \
  which of them answers.\n\
- What `conversation_info` says is kept.",
    how_to_get: "\
These are the files that are uploaded to Customer Experience Insights: take them from the Cloud Storage bucket of the \
upload, `gcloud storage cp -r gs://BUCKET/FOLDER ./conversations`.",
    recognised_by: "`entries[]` with `start_timestamp_usec`, or with `user_id` beside `conversation_info`",
};

/// The reader of Google's conversation files.
#[derive(Clone, Copy)]
pub struct GoogleInsights;

/// Entries by which a record is judged.
const JUDGED: usize = 5;

impl Export for GoogleInsights {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn known(&self, record: &Extra) -> Option<Known> {
        let entries = record.get("entries")?.as_array()?;
        let info = record.contains_key("conversation_info");
        let ours = |entry: &Value| {
            entry.get("start_timestamp_usec").is_some() || (info && entry.get("user_id").is_some())
        };
        let found = entries.iter().take(JUDGED).any(ours) || (entries.is_empty() && info);
        if found { Known::conversation("`entries[].start_timestamp_usec`") } else { None }
    }

    fn conversation(&self, mut record: Extra, _: &People) -> Read {
        let entries = field::take_list(&mut record, "entries", "entries")?;
        let turns = field::turns(entries, |entry, turns| turns.push(turn(entry)));
        let id = field::first(&record, &["conversation_id", "conversationId", "name"]);
        Ok((Conversation { id, turns, extra: record, ..Conversation::default() }, Vec::new()))
    }
}

fn turn(mut entry: Extra) -> Turn {
    let word = field::text(&entry, "role").to_owned();
    let user = entry.get("user_id").and_then(scalar);
    Turn {
        role: role(&word),
        speaker: if word.is_empty() { user.unwrap_or_default() } else { word },
        // The size of the number says nothing: files may count from the beginning of the conversation.
        time: entry
            .get("start_timestamp_usec")
            .and_then(field::number)
            .map(|time| time / 1_000)
            .or_else(|| entry.get("start_timestamp").and_then(time::of_json)),
        text: field::take_text(&mut entry, "text"),
        ..Turn::default()
    }
}

fn role(word: &str) -> Option<Role> {
    match word.to_ascii_uppercase().as_str() {
        "CUSTOMER" | "END_USER" => Some(Role::User),
        "AGENT" | "HUMAN_AGENT" => Some(Role::Assistant),
        "AUTOMATED_AGENT" | "BOT" => Some(Role::Other("bot".into())),
        _ => None,
    }
}
