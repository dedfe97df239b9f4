//! Slack exports: a folder for each channel with a file for each day, and lists of users and channels beside them.
//!
//! The day files of a channel are read as one, since replies may lie in the file of another day than their thread's
//! first message. A thread is a conversation; talk outside threads is cut at long pauses.

mod blocks;
mod decode;
mod directory;
mod export;
mod mark_up;
mod message;
mod sort;
mod subtype;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use self::decode::Decoder;
use self::directory::Directory;
use self::sort::looks_like_message;
use super::frame::{Chained, Elements, Feed, Frames, Gathered as Conversations};
use super::json::majority;
use super::reader::{Gathered, Guess, Opened, Reader, ReaderSpec};
use super::sample::{JsonHead, Layout, Sample};
use super::settings::{ReadSettings, TALK_GAP_MS};
use super::source::Source;
use crate::error::Result;
use crate::text::number::pause;

/// The reader.
pub struct Slack;

static SPEC: ReaderSpec = ReaderSpec {
    name: "slack",
    title: "Slack export: a zip or folder with a folder for each channel and a file for each day",
    notes: "\
- The day files of one channel are read as one, in the order of their dates. A thread is one conversation, whatever days its replies lie in; talk outside threads is cut where nobody says anything for half an hour (`--gap`). Joins and other events bridge no pause.
- Conversations are named `<channel>/<ts>` by their thread or first message; a direct message, whose folder bears an identifier, by the names of its members.
- People are named as in `users.json` or `org_users.json`, by display name; of several with one name each bears the identifier too (`Ana (U123)`). Without the lists, names come from the profiles in the messages, or people are named by identifier.
- Nothing in an export says who answers and who asks: say it with `--assistant` and `--user`. Bots are marked by the list of users and by their messages.
- Mentions, channels and links are written as people saw them (`@Ana`, `#general`, `[label](address)`), entities are decoded once, code and `:emoji:` stay. Entities that are escaped twice are reported.
- Messages of apps that have no text, or attachments beside it, are read from their attachments or blocks: that is what people saw. `fallback` counts only where an attachment has nothing else, since it says the same again. A post of an app without any text of its own is a card, news of a service: an automatic message (`--no-mend drop-auto-message` keeps it). Previews of links are nobody's words.
- Joins, topics, calls, reminders and other subtypes are events. A changed message has its last text, and the earlier one is an event; a deleted message, a tombstone and the second copy of a reply sent to the channel too are events. Files are media, with their titles.
- A thread without its first message, or with fewer replies than it counts, is read and reported: a day's file may be missing.
- Also read: one day file alone, the answer of `conversations.history` (an object with `messages`), one message a line.
- Not verified: how exports with the history of edits write it; `message_changed` is understood with the new version under `message` and the old one under `previous_message` or `original`.",
    how_to_get: "Workspace settings, *Import/Export data*, *Export*, then *Start export*; the mail that follows leads to a zip. Give chatmill the zip as it is.",
    recognised_by: "day files `<channel>/2024-03-01.json` beside `users.json` or `channels.json`; in a file alone, `type: \"message\"` with a `ts` of seconds and microseconds",
};

/// Key of the list of messages in the answer of an API.
const MESSAGES: &str = "messages";

/// How many records look like messages, and the path of their list.
fn seen(head: &JsonHead) -> Option<(usize, usize, Option<&'static str>)> {
    if let Some(count) = majority(head, looks_like_message) {
        return Some((count, head.records.len(), None));
    }
    let list = head.records.first()?.get(MESSAGES)?.as_array()?;
    let fits =
        list.iter().filter_map(|record| record.as_object()).filter(|record| looks_like_message(record));
    let fits = fits.count();
    (head.layout != Layout::Array && fits * 2 > list.len()).then_some((fits, list.len(), Some(MESSAGES)))
}

impl Reader for Slack {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        let (fits, of, _) = seen(sample.json()?)?;
        let why = format!("`type: \"message\"` and `ts` in {fits} of {of} records looked at");
        Some(Guess { confidence: 90, why })
    }

    fn gather(&self, files: &[Source]) -> Vec<Gathered> {
        export::gather(files)
    }

    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        let names = Directory::beside(source, settings)?;
        let folder = if export::is_day(&source.file_name()) { export::channel_of(source) } else { "" };
        let channel = names.room(folder).unwrap_or(folder).to_owned();
        let gap = settings.gap_ms.unwrap_or(TALK_GAP_MS);
        let messages: Box<dyn Frames> =
            if source.parts.is_empty() { alone(source, sample, settings)? } else { parts(source, settings) };
        let frames =
            Conversations::with_talk(vec![messages], settings.limits.record_bytes, gap, sort::placer());
        let mut notes = vec![format!("talk outside threads is cut at pauses of more than {}", pause(gap))];
        notes.push(match names.people() {
            0 => "no list of users lies beside the messages, so people may be named by identifier: keep `users.json` \
                  of the export beside its folders, or give it with `--users`"
                .to_owned(),
            1 => "1 person is known by the export's list of users".to_owned(),
            many => format!("{many} people are known by the export's list of users"),
        });
        Ok(Opened { frames: Box::new(frames), decoder: Arc::new(Decoder { names, channel }), notes })
    }
}

/// The messages of a file by itself.
fn alone(source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Box<dyn Frames>> {
    match sample.json().and_then(seen).and_then(|(_, _, list)| list) {
        Some(list) => Ok(Box::new(elements(source, settings, vec![list.to_owned()])?)),
        None => super::json::frames(source, sample, settings),
    }
}

/// The messages of all day files of a channel, each with the place in its own file.
fn parts(source: &Source, settings: &ReadSettings) -> Box<dyn Frames> {
    let (parts, settings) = (Arc::clone(&source.parts), settings.clone());
    Box::new(Chained::new(Box::new(move |number| {
        let part = parts.get(number)?;
        Some(elements(part, &settings, Vec::new()).map(|elements| Box::new(elements) as Box<dyn Frames>))
    })))
}

fn elements(source: &Source, settings: &ReadSettings, path: Vec<String>) -> Result<Elements> {
    let feed = Feed::new(source.open(settings)?, source.name.clone());
    Ok(Elements::new(feed, source.name.clone(), source.index, settings.limits.record_bytes, path))
}
