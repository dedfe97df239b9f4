//! Discord channels as `DiscordChatExporter` writes them: JSON, CSV and plain text. One file is one channel.

mod json;
mod message;
mod names;
mod plain;
mod table;
#[cfg(test)]
mod tests;
mod text;

use std::sync::Arc;

use serde_json::Value;

use self::json::{Channel, Messages};
use self::plain::{Form, Plain};
use super::frame::{Elements, Feed, Frames, Gathered};
use super::reader::{Guess, Opened, Reader, ReaderSpec};
use super::sample::{Layout, Sample};
use super::settings::{ReadSettings, TALK_GAP_MS};
use super::source::Source;
use crate::error::Result;
use crate::text::number::pause;

/// The reader.
pub struct Discord;

static SPEC: ReaderSpec = ReaderSpec {
    name: "discord",
    title: "Discord channels as DiscordChatExporter writes them, as JSON, CSV or text",
    notes: "\
- One file is one channel. A reply belongs to the conversation of the message it replies to; other talk is cut where nobody says anything for half an hour (`--gap`). A thread, or a post in a forum, is one conversation. Joins, pins and calls are events, which bridge no pause.
- Types other than `Default` and `Reply` (and the answers to commands) are events, although their `content` is a sentence.
- An export that was interrupted is read as far as it is whole; what is left of it is rejected with that reason.
- `isBot` marks bots. A role on the server (`Support`, `Customer`) marks a side when it is a common word for one; what else says who answers is for `--assistant` and `--user`.
- People are named by their account (`kim`, or `kim#1234` where the export has the old number).
- Mentions are written as names; custom emoji as `:name:`. Embeds are read for messages without words of their own; embeds beside words are previews. A message that was forwarded, attachments and stickers are media. Reactions are events.
- CSV and text have no identifiers and no types: replies are talk there, and what Discord itself says (\"Joined the server.\") cannot be told from what people say. Export JSON where you can.
- Dates in CSV and text are written as the exporting machine writes them; the order of day and month is the one that all dates allow, else the one in which they ascend.",
    how_to_get: "With [DiscordChatExporter](https://github.com/Tyrrrz/DiscordChatExporter): choose the channels and the format JSON. Discord's own data package holds only what one person wrote.",
    recognised_by: "`guild`, `channel` and `messages` with `author` (JSON), the header `AuthorID,Author,Date,Content,Attachments,Reactions` (CSV), a line of 62 `=` above `Guild:` (text)",
};

/// Which of the forms a sample is.
fn form_of(sample: &Sample) -> Option<Form> {
    if table::is_table(&sample.head) {
        Some(Form::Table)
    } else if text::is_text(&sample.head) {
        Some(Form::Text)
    } else {
        None
    }
}

/// The object around the messages of a JSON export.
fn top(sample: &Sample) -> Option<&Value> {
    let head = sample.json()?;
    let top = head.records.first().filter(|_| head.layout != Layout::Array)?;
    let is_export = top.get("guild").is_some_and(Value::is_object)
        && top.get("channel").is_some_and(Value::is_object)
        && top.get("messages").is_some_and(Value::is_array);
    is_export.then_some(top)
}

impl Reader for Discord {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        let why = if top(sample).is_some() {
            "`guild`, `channel` and `messages`"
        } else {
            match form_of(sample)? {
                Form::Table => "the header of a DiscordChatExporter table",
                Form::Text => "the heading of a DiscordChatExporter text",
            }
        };
        Some(Guess { confidence: 95, why: why.to_owned() })
    }

    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        let feed = Feed::new(source.open(settings)?, source.name.clone());
        let (limit, gap) = (settings.limits.record_bytes, settings.gap_ms.unwrap_or(TALK_GAP_MS));
        let mut notes = vec![format!("talk is cut at pauses of more than {}", pause(gap))];
        let gathered = |messages, placer| Box::new(Gathered::with_talk(vec![messages], limit, gap, placer));
        if let Some(form) = form_of(sample) {
            let plain = Plain::of(form, sample);
            notes.extend(plain.note());
            let messages: Box<dyn Frames> = match form {
                Form::Table => Box::new(table::rows(feed, source.index, limit)),
                Form::Text => Box::new(text::Texts::new(feed, source.index, limit)),
            };
            let frames = gathered(messages, plain.placer());
            return Ok(Opened { frames, decoder: Arc::new(plain), notes });
        }
        let channel = Channel::of(top(sample));
        if channel.thread {
            notes = vec!["the channel is a thread, so it is one conversation".to_owned()];
        }
        let path = vec!["messages".to_owned()];
        let messages = Elements::new(feed, source.name.clone(), source.index, limit, path).may_be_cut();
        let frames = gathered(Box::new(messages), json::placer(channel.thread));
        Ok(Opened { frames, decoder: Arc::new(Messages { channel }), notes })
    }
}
