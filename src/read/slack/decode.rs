//! The messages of one thread, or of one stretch of talk, as a conversation.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::directory::Directory;
use super::message::{ALL, Reading, USUAL, means_of, needs_all, solid, time_of};
use super::sort::about;
use super::subtype::Means;
use crate::diagnostic::{Finding, Rejection};
use crate::model::{Conversation, Event, Extra, Kind, Raw, Turn};
use crate::read::frame::Frame;
use crate::read::json::members;
use crate::read::people::scalar;
use crate::read::reader::{Decode, Decoded};
use crate::read::{codes, json};
use crate::text::number::count;

/// Decodes conversations of one channel.
pub(super) struct Decoder {
    /// Who is who.
    pub names: Arc<Directory>,
    /// The name of the channel; empty when it is not known.
    pub channel: String,
}

impl Decode for Decoder {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        let mut findings = Vec::new();
        let mut talk = Talk {
            reading: Reading { names: &self.names, twice: 0 },
            turns: Vec::new(),
            places: FxHashMap::default(),
            thread: None,
            first: None,
            replies: 0,
            counted: None,
        };
        let mut start = 0;
        for row in frame.rows() {
            let message = self.message(row, frame, &mut findings).map_err(|mut rejection| {
                rejection.span = rejection.span.map(|(from, to)| (start + from, start + to));
                rejection
            })?;
            talk.add(&message);
            start += row.len() + 1;
        }
        talk.notice(&mut findings);
        let id = talk.thread.or(talk.first).map(|ts| match self.channel.as_str() {
            "" => ts,
            channel => format!("{channel}/{ts}"),
        });
        let conversation = Conversation { id, turns: talk.turns, ..Conversation::default() };
        Ok(Decoded { raw: Raw::Conversation(conversation), findings })
    }
}

impl Decoder {
    fn message(
        &self,
        row: &[u8],
        frame: &Frame<'_>,
        findings: &mut Vec<Finding>,
    ) -> Result<Extra, Rejection> {
        let row = Frame { bytes: row, row_ends: &[], ..*frame };
        let noticed = findings.len();
        let mut message = members(&row, USUAL, findings)?;
        if message.as_object().is_some_and(|message| needs_all(message, &self.names)) {
            findings.truncate(noticed);
            message = members(&row, ALL, findings)?;
        }
        match message {
            Value::Object(message) => Ok(message),
            other => {
                let kind = crate::text::json::kind(&other);
                Err(json::Misfit::shape("", format!("the message is {kind}, not an object with keys"))
                    .reject(&row))
            }
        }
    }
}

/// A conversation being put together.
struct Talk<'a> {
    reading: Reading<'a>,
    turns: Vec<Turn>,
    /// Where the turns of a message stand, by its `ts`; nowhere when it was deleted before it came.
    places: FxHashMap<String, Option<(usize, usize)>>,
    thread: Option<String>,
    first: Option<String>,
    replies: u64,
    /// How many replies the first message of the thread counts.
    counted: Option<u64>,
}

impl Talk<'_> {
    fn add(&mut self, message: &Extra) {
        let ts = message.get("ts").and_then(scalar);
        let means = means_of(message);
        if self.first.is_none() {
            self.first.clone_from(&ts);
        }
        if let Some(thread) = solid(message, "thread_ts") {
            self.thread.get_or_insert_with(|| thread.to_owned());
            if ts.as_deref() == Some(thread) {
                let counted = message.get("reply_count").and_then(Value::as_u64).unwrap_or(0);
                self.counted = Some(self.counted.unwrap_or(0).max(counted));
            } else if !matches!(means, Means::Changed | Means::Deleted) {
                self.replies += 1;
            }
        }
        let start = self.turns.len();
        match means {
            Means::Turn(kind) => self.reading.turns(message, kind, &mut self.turns),
            Means::FileComment => self.reading.file_comment(message, &mut self.turns),
            Means::Changed => return self.changed(message),
            Means::Deleted => return self.deleted(message),
        }
        if let Some(ts) = ts {
            self.place(ts, start);
        }
    }

    /// Remembers where the turns of a message stand. What came before is not said twice, and what was taken back is
    /// taken back whichever of the two comes first.
    fn place(&mut self, ts: String, start: usize) {
        let end = self.turns.len();
        let (before, fresh) = self.turns.split_at_mut(start);
        match self.places.get(&ts) {
            None => _ = self.places.insert(ts, Some((start, end))),
            Some(None) => mark(fresh, Event::Deletion),
            Some(Some((from, _))) => {
                let speaker = |turn: Option<&Turn>| turn.map(|turn| turn.speaker.clone());
                if speaker(before.get(*from)) == speaker(fresh.first()) {
                    self.replies = self.replies.saturating_sub(1);
                    mark(fresh, Event::Edit);
                }
            }
        }
    }

    /// A new version: the first turn of the message takes the new text, and the earlier text stays as an event.
    fn changed(&mut self, report: &Extra) {
        let Some(message) = about(report) else {
            return self.reading.turns(report, Kind::Event(Event::Edit), &mut self.turns);
        };
        let ts = message.get("ts").and_then(scalar);
        let place = ts.as_ref().and_then(|ts| self.places.get(ts).copied()).flatten();
        let earlier = place.and_then(|(start, end)| self.turns.get_mut(start..end)?.first_mut());
        if let Some(turn) = earlier.filter(|turn| turn.kind == Kind::Text) {
            let text = std::mem::replace(&mut turn.text, self.reading.text(message));
            let edit = Turn { text, time: time_of(report), kind: Kind::Event(Event::Edit), ..turn.clone() };
            self.turns.push(edit);
        } else if place.is_some() {
            self.reading.turns(message, Kind::Event(Event::Edit), &mut self.turns);
        } else {
            // The export has no more of it than this version.
            let start = self.turns.len();
            match means_of(message) {
                Means::Turn(kind) => self.reading.turns(message, kind, &mut self.turns),
                _ => self.reading.turns(message, Kind::Event(Event::Edit), &mut self.turns),
            }
            if let Some(ts) = ts {
                self.place(ts, start);
            }
        }
    }

    fn deleted(&mut self, report: &Extra) {
        let message = about(report);
        let ts = scalar_of(report, "deleted_ts").or_else(|| scalar_of(message?, "ts"));
        let start = self.turns.len();
        self.reading.turns(message.unwrap_or(report), Kind::Event(Event::Deletion), &mut self.turns);
        let time = time_of(report);
        self.turns.iter_mut().skip(start).for_each(|turn| turn.time = time);
        let Some(ts) = ts else { return };
        let place = self.places.insert(ts, None).flatten();
        if let Some(turns) = place.and_then(|(start, end)| self.turns.get_mut(start..end)) {
            mark(turns, Event::Deletion);
        }
    }

    /// Says what is missing and what is odd.
    fn notice(&self, findings: &mut Vec<Finding>) {
        if let Some(thread) = &self.thread {
            let replies = count(self.replies, "reply");
            match self.counted {
                None => findings.push(Finding::new(
                    &codes::INCOMPLETE_THREAD,
                    "",
                    format!("the first message of thread {thread} is missing; {replies} of it are there"),
                )),
                Some(counted) if counted > self.replies => findings.push(Finding::new(
                    &codes::INCOMPLETE_THREAD,
                    "",
                    format!(
                        "thread {thread} has {} by its own count, of which {} are there",
                        count(counted, "reply"),
                        self.replies
                    ),
                )),
                Some(_) => {}
            }
        }
        if self.reading.twice > 0 {
            let entities = if self.reading.twice == 1 { "entity is" } else { "entities are" };
            let says = format!("{} {entities} escaped twice, as in `&amp;gt;`", self.reading.twice);
            findings.push(Finding::new(&codes::DOUBLE_ESCAPE, "", says));
        }
    }
}

/// Makes events of what was said; what is an event already stays what it is.
fn mark(turns: &mut [Turn], event: Event) {
    for turn in turns.iter_mut().filter(|turn| !turn.kind.is_event()) {
        turn.kind = Kind::Event(event);
    }
}

fn scalar_of(map: &Extra, key: &str) -> Option<String> {
    map.get(key).and_then(scalar)
}
