//! Sources of which one record is one conversation, whatever holds the records: lines, elements, members of an object
//! keyed by id, or several lists in one object.
//!
//! [`Export`](super::export::Export) is for systems with people beside the messages; here a reader is its description,
//! by which keys it knows a record and how it reads one, and may give an example as well as a conversation.

use std::sync::Arc;

use serde_json::Value;

use super::{Misfit, frames, object};
use crate::diagnostic::Rejection;
use crate::error::Result;
use crate::model::Extra;
use crate::read::frame::{Elements, Feed, Frame, Frames};
use crate::read::reader::{Decode, Decoded, Guess, Opened, Reader, ReaderSpec};
use crate::read::sample::{JsonHead, Layout, Sample};
use crate::read::settings::ReadSettings;
use crate::read::source::Source;
use crate::text::json::{Bounds, Scanner};

/// Records by which a source is judged.
const JUDGED: usize = 20;

/// A reader of such records.
#[derive(Debug, Clone, Copy)]
pub struct Records {
    /// The description.
    pub spec: &'static ReaderSpec,
    /// The keys by which a record is known, for the user; `None` for what is not this format.
    pub known: fn(&Extra) -> Option<&'static str>,
    /// Reads a record, with its key where records are members of an object.
    pub read: fn(Option<String>, Extra) -> Result<Decoded, Misfit>,
    /// See [`Reader::companion`].
    pub companion: fn(&Sample) -> Option<&'static str>,
}

/// What holds the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    /// The source as it is laid out.
    Plainly,
    /// One object, by their ids.
    ById,
    /// Lists in one object.
    InLists,
}

struct Found {
    by: &'static str,
    held: Held,
    fits: usize,
    looked_at: usize,
}

impl Records {
    /// The reader of one kind of file, with none beside it.
    pub const fn new(
        spec: &'static ReaderSpec,
        known: fn(&Extra) -> Option<&'static str>,
        read: fn(Option<String>, Extra) -> Result<Decoded, Misfit>,
    ) -> Self {
        Self { spec, known, read, companion: |_| None }
    }

    fn find(&self, head: &JsonHead) -> Option<Found> {
        let judge = |records: &mut dyn Iterator<Item = &Value>, held| {
            let judged: Vec<&Value> = records.take(JUDGED).collect();
            let known: Vec<&'static str> =
                judged.iter().filter_map(|record| (self.known)(record.as_object()?)).collect();
            let by = *known.first()?;
            let (fits, looked_at) = (known.len(), judged.len());
            (fits * 2 > looked_at).then_some(Found { by, held, fits, looked_at })
        };
        judge(&mut head.records.iter(), Held::Plainly).or_else(|| {
            // One object on one line looks like one value a line.
            let alone =
                head.layout == Layout::Object || (head.layout == Layout::Lines && head.records.len() == 1);
            let top = head.records.first().filter(|_| alone)?.as_object()?;
            judge(&mut top.values(), Held::ById).or_else(|| {
                let mut lists = top.values().filter_map(Value::as_array).flatten();
                judge(&mut lists, Held::InLists)
            })
        })
    }
}

impl Reader for Records {
    fn spec(&self) -> &'static ReaderSpec {
        self.spec
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        let found = self.find(sample.json()?)?;
        let why = if found.looked_at == 1 {
            found.by.to_owned()
        } else {
            format!("{} in {} of {} records looked at", found.by, found.fits, found.looked_at)
        };
        // Before the readers of rows (92 at most), whose keys may stand in such a record, too.
        Some(Guess { confidence: 95, why })
    }

    fn companion(&self, sample: &Sample) -> Option<&'static str> {
        (self.companion)(sample)
    }

    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        let held = sample.json().and_then(|head| self.find(head)).map_or(Held::Plainly, |found| found.held);
        let (name, limit) = (source.name.clone(), settings.limits.record_bytes);
        let feed = || Ok::<_, crate::error::Error>(Feed::new(source.open(settings)?, name.clone()));
        let frames: Box<dyn Frames> = match held {
            Held::Plainly => frames(source, sample, settings)?,
            Held::ById => Box::new(Elements::new(feed()?, name.clone(), source.index, limit, Vec::new())),
            Held::InLists => Box::new(Elements::of_each_list(feed()?, name.clone(), source.index, limit)),
        };
        let notes = match held {
            Held::Plainly => Vec::new(),
            Held::ById => vec!["records: members keyed by id".to_owned()],
            Held::InLists => vec!["records: elements of every list in the object".to_owned()],
        };
        let decoder = Decoder { read: self.read, by_id: held == Held::ById };
        Ok(Opened { frames, decoder: Arc::new(decoder), notes })
    }
}

struct Decoder {
    read: fn(Option<String>, Extra) -> Result<Decoded, Misfit>,
    by_id: bool,
}

impl Decode for Decoder {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        let (key, inner) = if self.by_id { member(*frame) } else { (None, *frame) };
        let before = frame.bytes.len() - inner.bytes.len();
        let mut findings = Vec::new();
        let read = object(&inner, &mut findings)
            .and_then(|record| (self.read)(key, record).map_err(|misfit| misfit.reject(&inner)));
        let decoded = read.map_err(|mut rejection| {
            // Places are counted from the beginning of the frame, where the key stands.
            rejection.span = rejection.span.map(|(start, end)| (start + before, end + before));
            rejection
        })?;
        findings.extend(decoded.findings);
        Ok(Decoded { raw: decoded.raw, findings })
    }
}

/// The key and the value of a frame `"key": value`.
pub fn member(frame: Frame<'_>) -> (Option<String>, Frame<'_>) {
    let Bounds::End(end) = Scanner::default().feed(frame.bytes) else { return (None, frame) };
    let Ok(key) = serde_json::from_slice::<String>(&frame.bytes[..end]) else { return (None, frame) };
    let rest = frame.bytes[end..].trim_ascii_start();
    match rest.strip_prefix(b":") {
        Some(value) => (Some(key), Frame { bytes: value.trim_ascii_start(), ..frame }),
        None => (None, frame),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Raw;

    #[test]
    fn members_are_key_and_value() {
        let cut = |text: &str| {
            let (key, value) = member(Frame { bytes: text.as_bytes(), ..Frame::default() });
            (key, String::from_utf8(value.bytes.to_vec()).unwrap())
        };
        assert_eq!(cut(r#""a\"b" : {"c":1}"#), (Some("a\"b".into()), r#"{"c":1}"#.into()));
        assert_eq!(cut(r#""a""#), (None, r#""a""#.into()));
        assert_eq!(cut("12"), (None, "12".into()));
    }

    static SPEC: ReaderSpec =
        ReaderSpec { name: "talks", title: "", notes: "", how_to_get: "", recognised_by: "" };

    static RECORDS: Records = Records::new(
        &SPEC,
        |record| record.contains_key("talk").then_some("`talk`"),
        |_, record| match record.get("talk") {
            Some(Value::Number(_)) => Err(Misfit::shape("talk", "a number")),
            _ => Ok(Raw::Conversation(crate::model::Conversation::default()).into()),
        },
    );

    fn held(text: &str) -> Option<Held> {
        let sample = Sample::new("x", text.as_bytes().to_vec(), true);
        RECORDS.find(sample.json()?).map(|found| found.held)
    }

    #[test]
    fn records_wherever_they_are() {
        assert_eq!(held("{\"talk\":[]}\n{\"talk\":[]}\n"), Some(Held::Plainly));
        assert_eq!(held("[{\"talk\":[]},{\"x\":1}]"), None);
        assert_eq!(held("[{\"talk\":[]},{\"x\":1},{\"talk\":[]}]"), Some(Held::Plainly));
        assert_eq!(held("{\"a\":{\"talk\":[]}}\n"), Some(Held::ById));
        assert_eq!(held("{\n\"a\":{\"talk\":[]},\"b\":{\"talk\":[]}}"), Some(Held::ById));
        assert_eq!(held("{\n\"v\":1,\"train\":[{\"talk\":[]}],\"dev\":[]}"), Some(Held::InLists));
        assert_eq!(held("{\n\"v\":1}"), None);
    }

    #[test]
    fn places_in_members_count_from_the_key() {
        let decoder = Decoder { read: RECORDS.read, by_id: true };
        let bytes = br#""t1": {"talk": 7}"#;
        let rejection = decoder.decode(&Frame { bytes, ..Frame::default() }).unwrap_err();
        let (start, end) = rejection.span.unwrap();
        assert_eq!(&bytes[start..end], b"7");
    }
}
