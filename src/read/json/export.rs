//! Exports of support systems as JSON: what all of them share.
//!
//! A system says by which keys its records are known, where a list of them may stand, and how one becomes a
//! conversation; framing, grouping of single messages, parsing and the people beside it are the same for all.

use std::sync::Arc;

use serde_json::Value;

use super::{Misfit, frames, value};
use crate::diagnostic::{Finding, Rejection};
use crate::error::Result;
use crate::model::{Conversation, Extra, Raw};
use crate::read::codes;
use crate::read::csv::export as table;
use crate::read::frame::{Belongs, Divided, Elements, Feed, Frame, Frames, Gathered, Place, Talk};
use crate::read::people::{self, People};
use crate::read::reader::{Decode, Decoded, Guess, Opened, Reader, ReaderSpec};
use crate::read::sample::{JsonHead, Layout, Sample};
use crate::read::settings::{ReadSettings, TALK_GAP_MS};
use crate::read::source::Source;
use crate::text::json::parse;

/// What a record of an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// A conversation with its messages.
    Conversation,
    /// One message, which says to which conversation it belongs.
    Message,
}

/// How one record was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// What it is.
    pub holds: Holds,
    /// The keys that show it, for the user: "`comments[].author_id` and `requester_id`".
    pub by: &'static str,
}

impl Known {
    /// A conversation, known by these keys.
    pub const fn conversation(by: &'static str) -> Option<Self> {
        Some(Self { holds: Holds::Conversation, by })
    }

    /// A message, known by these keys.
    pub const fn message(by: &'static str) -> Option<Self> {
        Some(Self { holds: Holds::Message, by })
    }
}

/// A conversation, and what was noticed on the way.
pub type Read = Result<(Conversation, Vec<Finding>), Misfit>;

/// Says of each message which conversation it belongs to.
pub type MessageSorter = Box<dyn FnMut(&Extra) -> Belongs + Send>;

/// A system that exports its conversations as JSON. Whoever implements it is a [`Reader`].
pub trait Export: Sync {
    /// The description.
    fn spec(&self) -> &'static ReaderSpec;

    /// Paths (keys joined by dots) under which a list of records may stand where the source is one object that is no
    /// record itself.
    fn lists(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether a record is of this system. Keys only this system has; a record that any other reader might claim gives
    /// `None`.
    fn known(&self, record: &Extra) -> Option<Known>;

    /// Tables of the same system, known by their columns. Rows arrive as records whose values are texts: those of one
    /// conversation in [`Export::messages`], a row that is a conversation in [`Export::conversation`].
    fn tables(&self) -> &'static [table::Form] {
        &[]
    }

    /// What a file beside the export is that holds no conversations.
    fn companion_kind(&self, sample: &Sample) -> Option<&'static str> {
        let _ = sample;
        None
    }

    /// Key of a list of people that stands in the source beside the list of records (`users`).
    fn people_list(&self) -> Option<&'static str> {
        None
    }

    /// Which conversation a single message belongs to.
    fn belongs(&self, message: &Extra) -> Belongs {
        let _ = message;
        Belongs::default()
    }

    /// What says instead of [`Export::belongs`], in the order of the source, which conversation each message belongs to,
    /// where that depends on the messages before it (a pause begins a new conversation).
    fn sorter(&self, settings: &ReadSettings) -> Option<MessageSorter> {
        let _ = settings;
        None
    }

    /// Key of a list in a conversation's record whose elements are each a conversation of its own: `conversation` is
    /// then given the record once for each element, with only that one in the list.
    fn divides(&self) -> Option<&'static str> {
        None
    }

    /// The place of a single message in the talk of a room, for systems that leave conversations to be found by their
    /// pauses.
    fn talk(&self, message: &Extra) -> Option<Talk> {
        let _ = message;
        None
    }

    /// A record as a conversation. Every utterance in it becomes a turn.
    fn conversation(&self, record: Extra, people: &People) -> Read;

    /// Single messages of one conversation, in the order of the source.
    fn messages(&self, messages: Vec<Extra>, people: &People) -> Read {
        let (_, _) = (messages, people);
        Err(Misfit::shape("", "single messages are not known in this format"))
    }
}

/// Records by which a source is judged.
const JUDGED: usize = 20;

/// Where the records stand and what they are.
struct Laid {
    known: Known,
    /// The path of the list in the one object; `None` where the layout's own records are meant.
    list: Option<&'static str>,
    fits: usize,
    looked_at: usize,
}

/// Finds the records of the export in the head of a source.
fn laid(export: &(impl Export + ?Sized), head: &JsonHead) -> Option<Laid> {
    let judge = |records: &[Value], list| {
        let judged = &records[..records.len().min(JUDGED)];
        let known: Vec<Known> =
            judged.iter().filter_map(|record| export.known(record.as_object()?)).collect();
        let first = *known.first()?;
        let fits = known.iter().filter(|known| known.holds == first.holds).count();
        (fits * 2 > judged.len()).then_some(Laid { known: first, list, fits, looked_at: judged.len() })
    };
    judge(&head.records, None).or_else(|| {
        // Pages of an interface follow one another where a script appended them.
        let top = head.records.first().filter(|_| head.layout != Layout::Array)?;
        export.lists().iter().find_map(|path| {
            let list = path.split('.').try_fold(top, |value, step| value.get(step))?;
            judge(list.as_array()?, Some(*path))
        })
    })
}

impl<E: Export + Copy + Send + 'static> Reader for E {
    fn spec(&self) -> &'static ReaderSpec {
        Export::spec(self)
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        if let Some(form) = table::known(sample, self.tables()) {
            let why = format!("a table of {}, by its columns `{}`", form.what, form.columns.join("`, `"));
            return Some(Guess { confidence: 90, why });
        }
        let laid = laid(self, sample.json()?)?;
        let whole = laid.looked_at == 1;
        let why = if whole {
            laid.known.by.to_owned()
        } else {
            format!("{} in {} of {} records looked at", laid.known.by, laid.fits, laid.looked_at)
        };
        Some(Guess { confidence: 90, why })
    }

    fn companion(&self, sample: &Sample) -> Option<&'static str> {
        self.companion_kind(sample)
    }

    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        let mut people = People::beside(source, settings)?;
        if let Some(form) = table::known(sample, self.tables()) {
            let (frames, rows) = table::open(source, sample, settings, form)?;
            let holds = if form.key.is_some() { Holds::Message } else { Holds::Conversation };
            let notes = notes(&people);
            let decoder = Arc::new(Decoder { export: *self, holds, people, rows: Some(rows) });
            return Ok(Opened { frames, decoder, notes });
        }
        let head = sample.json();
        let laid = head.and_then(|head| laid(self, head));
        if let Some(key) = self.people_list()
            && let Some(head) = head
            && (head.layout == Layout::Object || laid.as_ref().is_some_and(|laid| laid.list.is_some()))
            && let Some(top) = head.records.first()
            && top.get(key).and_then(Value::as_array).is_some_and(|list| people::is_list(list))
        {
            // A later page without people ends the list; a fault of the file shows again when its records are read.
            people.read(source, settings, &[key]).ok();
        }
        let records: Box<dyn Frames> = match laid.as_ref().and_then(|laid| laid.list) {
            Some(path) => {
                let feed = Feed::new(source.open(settings)?, source.name.clone());
                let path = path.split('.').map(str::to_owned).collect();
                let limit = settings.limits.record_bytes;
                Box::new(Elements::new(feed, source.name.clone(), source.index, limit, path))
            }
            None => frames(source, sample, settings)?,
        };
        let holds = laid.map_or(Holds::Conversation, |laid| laid.known.holds);
        let frames: Box<dyn Frames> = match holds {
            Holds::Conversation => match self.divides() {
                Some(key) => Box::new(Divided::new(records, key)),
                None => records,
            },
            Holds::Message => {
                let export = *self;
                let mut belongs =
                    self.sorter(settings).unwrap_or_else(|| Box::new(move |message| export.belongs(message)));
                let placer = move |frame: &Frame<'_>| match parse(frame.bytes).map(|parsed| parsed.value) {
                    Ok(Value::Object(message)) => {
                        Place { belongs: belongs(&message), talk: export.talk(&message) }
                    }
                    _ => Place::default(),
                };
                let (limit, gap) = (settings.limits.record_bytes, settings.gap_ms.unwrap_or(TALK_GAP_MS));
                Box::new(Gathered::with_talk(vec![records], limit, gap, Box::new(placer)))
            }
        };
        let notes = notes(&people);
        let decoder = Arc::new(Decoder { export: *self, holds, people, rows: None });
        Ok(Opened { frames, decoder, notes })
    }
}

fn notes(people: &People) -> Vec<String> {
    match people.count() {
        0 => Vec::new(),
        1 => vec!["1 person is known by the export's list of users".to_owned()],
        many => vec![format!("{many} people are known by the export's list of users")],
    }
}

struct Decoder<E> {
    export: E,
    holds: Holds,
    people: People,
    /// What reads the rows, where the source is a table.
    rows: Option<table::Rows>,
}

impl<E: Export> Decoder<E> {
    fn table(&self, rows: &table::Rows, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        let (mut records, mut findings) = rows.records(frame)?;
        let read = match (self.holds, records.len()) {
            (Holds::Conversation, 1) => {
                self.export.conversation(records.pop().unwrap_or_default(), &self.people)
            }
            _ => self.export.messages(records, &self.people),
        };
        // The keys of a misfit are columns, which have no place in the bytes that could be looked up as in JSON.
        let (conversation, noticed) = read.map_err(Misfit::reject_row)?;
        findings.extend(noticed);
        Ok(Decoded { raw: Raw::Conversation(conversation), findings })
    }
}

impl<E: Export + Send> Decode for Decoder<E> {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        if let Some(rows) = &self.rows {
            return self.table(rows, frame);
        }
        let mut findings = Vec::new();
        let read = match self.holds {
            Holds::Conversation => {
                let record = match self.export.divides().filter(|_| !frame.row_ends.is_empty()) {
                    Some(key) => divided(frame, key, &mut findings)?,
                    None => object(value(frame, &mut findings)?).map_err(|misfit| misfit.reject(frame))?,
                };
                self.export.conversation(record, &self.people)
            }
            Holds::Message => {
                let mut messages = Vec::new();
                for row in frame.rows() {
                    let row = Frame { bytes: row, row_ends: &[], ..*frame };
                    messages.push(object(value(&row, &mut findings)?).map_err(|misfit| misfit.reject(&row))?);
                }
                self.export.messages(messages, &self.people)
            }
        };
        let (conversation, noticed) = read.map_err(|misfit| misfit.reject(frame))?;
        findings.extend(noticed);
        Ok(Decoded { raw: Raw::Conversation(conversation), findings })
    }
}

/// The record of a divided frame, with its one element in the list under `key`.
fn divided(frame: &Frame<'_>, key: &str, findings: &mut Vec<Finding>) -> Result<Extra, Rejection> {
    let mut rows = frame.rows().map(|bytes| Frame { bytes, row_ends: &[], ..*frame });
    let (head, own) = (rows.next().unwrap_or_default(), rows.next().unwrap_or_default());
    let mut record = object(value(&head, findings)?).map_err(|misfit| misfit.reject(&head))?;
    record.insert(key.to_owned(), Value::Array(vec![value(&own, findings)?]));
    Ok(record)
}

fn object(value: Value) -> Result<Extra, Misfit> {
    match value {
        Value::Object(record) => Ok(record),
        other => {
            let kind = crate::text::json::kind(&other);
            Err(Misfit::new(
                &codes::WRONG_SHAPE,
                "",
                format!("the record is {kind}, not an object with keys"),
            ))
        }
    }
}
