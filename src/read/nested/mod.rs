//! Any other JSON: messages found by looking, or where the user says they are.
//!
//! [`records`] says where records begin and end, [`find`] where the messages of a record are, [`keys`] what their keys
//! mean, [`acts`] which messages nobody said; [`plan`] settles it once for a source and reads each record by it. Who is
//! user and who is assistant is left to assembling.

mod acts;
mod find;
mod keys;
mod missing;
mod path;
mod plan;
mod records;
mod turns;

use std::sync::Arc;

use serde_json::Value;

use keys::Given;
use missing::{empty_list, not_found};
use path::Path;
use plan::Plan;
use records::{Asked, Cut, Records};

use super::frame::{Elements, Feed, Frames, Whole};
use super::reader::{Decode, Decoded, Guess, Opened, Reader, ReaderSpec};
use super::sample::Layout;
use super::settings::PathSettings;
use super::{Frame, ReadSettings, Sample, Source, json};
use crate::diagnostic::{Finding, Rejection};
use crate::error::{Error, Result};
use crate::model::Raw;
use crate::text::sanitize::excerpt;

static SPEC: ReaderSpec = ReaderSpec {
    name: "nested-json",
    title: "Any other JSON with messages somewhere inside",
    notes: "Looks in each record for a list of objects with a speaker and a text, a list of `[speaker, text]`, either \
            of them as JSON in a string, or a text with a speaker's label on each turn. Records are lines, elements, \
            a list under a key, members of an object keyed by id, or the file itself. `--records-path`, \
            `--messages-path`, `--role-path`, `--text-path`, `--time-path`, `--id-path` and `--system-path` say where \
            things are. Messages without text are events, and so are those whose `type` or `subtype` \
            says that nobody said them (`channel_join`, `service`). Lists with tool calls are read as chat messages.",
    how_to_get: "",
    recognised_by: "a list of messages in most records",
};

/// How sure messages are that were found by looking, and by how much surer each point of [`find::Place::strength`] makes it.
const SURE: u8 = 35;
const SURER: u8 = 8;

/// The reader of any other JSON.
pub struct NestedJson;

impl Reader for NestedJson {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        let head = sample.json()?;
        let asked = Asked::default();
        if let (Layout::Object, Some(Value::Object(top))) = (head.layout, head.records.first())
            && let Some(key) = empty_list(top)
        {
            return Some(Guess {
                confidence: 20,
                why: format!("`{}` is an empty list of messages", excerpt(key, 40)),
            });
        }
        let records = records::find(&sample.file_name, head, sample.complete, &asked).ok()??;
        if let Cut::Whole = records.cut {
            return Some(Guess {
                confidence: 50,
                why: "the elements are the messages of one conversation".into(),
            });
        }
        if let Ok(Some(plan)) = Plan::settle(&records.sampled, &asked, None, None) {
            let confidence = SURE + SURER * plan.place.strength();
            return Some(Guess { confidence, why: plan.notes().swap_remove(0) });
        }
        let objects = head.records.iter().filter(|record| record.is_object()).count();
        (head.layout != Layout::Object && objects * 2 > head.records.len()).then(|| Guess {
            confidence: 10,
            why: "a list of objects, without messages that are known".into(),
        })
    }

    fn surest(&self) -> u8 {
        SURE + SURER * find::STRONGEST
    }

    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        let head = sample.json().ok_or_else(|| {
            Error::input(format!("`{}` does not begin like JSON", source.name))
                .with_hint("leave the file out, or choose another reader with `--from`")
        })?;
        let asked = asked(&settings.paths);
        let parse = |path: &Option<String>| path.as_deref().map(Path::parse);
        let (id, system) = (parse(&settings.paths.id), parse(&settings.paths.system));
        let Records { cut, sampled } = records::find(&source.name, head, sample.complete, &asked)?
            .unwrap_or_else(|| Records { cut: Cut::AsLaidOut, sampled: head.records.iter().collect() });
        let whole;
        let sampled = if cut == Cut::Whole {
            whole = Value::Array(head.records.clone());
            vec![&whole]
        } else {
            sampled
        };
        let plan = Plan::settle(&sampled, &asked, id.as_ref(), system.as_ref())
            .map_err(|error| of_file(&error, &source.name))?;
        let mut notes: Vec<String> = records_note(&cut).into_iter().collect();
        notes.extend(plan.iter().flat_map(Plan::notes));
        let keyed = matches!(cut, Cut::Members { keyed: true, .. });
        let frames = frames(&cut, source, sample, settings)?;
        Ok(Opened { frames, decoder: Arc::new(Decoder { plan, asked, id, system, keyed }), notes })
    }
}

fn asked(paths: &PathSettings) -> Asked {
    let parse = |path: &Option<String>| path.as_deref().map(Path::parse);
    Asked {
        records: parse(&paths.records),
        messages: parse(&paths.messages),
        keys: Given { speaker: parse(&paths.role), text: parse(&paths.text), time: parse(&paths.time) },
    }
}

/// Says which file it is about: of several, the others may be as the paths say.
fn of_file(error: &Error, name: &str) -> Error {
    let named = Error::new(error.kind(), format!("{}: {error}", excerpt(name, 200)));
    match error.hint() {
        Some(hint) => named.with_hint(hint),
        None => named,
    }
}

fn records_note(cut: &Cut) -> Option<String> {
    match cut {
        Cut::AsLaidOut => None,
        Cut::Whole => Some("records: the one list is one conversation".to_owned()),
        Cut::Members { path, keyed: true } if path.is_root() => {
            Some("records: members keyed by id".to_owned())
        }
        Cut::Members { path, keyed: true } => {
            Some(format!("records: members of `{}`, keyed by id", path.shown()))
        }
        Cut::Members { path, keyed: false } => Some(format!("records: elements of `{}`", path.shown())),
    }
}

fn frames(cut: &Cut, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Box<dyn Frames>> {
    let feed = || Ok::<_, Error>(Feed::new(source.open(settings)?, source.name.clone()));
    let limit = settings.limits.record_bytes;
    Ok(match cut {
        Cut::AsLaidOut => json::frames(source, sample, settings)?,
        Cut::Whole => Box::new(Whole::new(feed()?, source.index, limit)),
        Cut::Members { path, .. } => {
            Box::new(Elements::new(feed()?, source.name.clone(), source.index, limit, path.steps().to_vec()))
        }
    })
}

struct Decoder {
    plan: Option<Plan>,
    asked: Asked,
    id: Option<Path>,
    system: Option<Path>,
    keyed: bool,
}

impl Decode for Decoder {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        let mut findings = Vec::new();
        if !self.keyed {
            return Ok(Decoded { raw: self.record(None, frame, &mut findings)?, findings });
        }
        let (key, value) = json::records::member(*frame);
        let before = frame.bytes.len() - value.bytes.len();
        let raw = self.record(key, &value, &mut findings).map_err(|mut rejection| {
            // Places are counted from the beginning of the frame, where the key stands.
            rejection.span = rejection.span.map(|(start, end)| (start + before, end + before));
            rejection
        })?;
        Ok(Decoded { raw, findings })
    }
}

impl Decoder {
    fn record(
        &self,
        key: Option<String>,
        frame: &Frame<'_>,
        findings: &mut Vec<Finding>,
    ) -> Result<Raw, Rejection> {
        let record = json::value(frame, findings)?;
        let own;
        let plan = if self.plan.is_some() {
            self.plan.as_ref()
        } else {
            // The sample showed no messages: this record may have some all the same.
            own =
                Plan::settle(&[&record], &self.asked, self.id.as_ref(), self.system.as_ref()).ok().flatten();
            own.as_ref()
        };
        let raw = match plan {
            Some(plan) => plan.read(record, key),
            None => Err(not_found(&record, None)),
        };
        raw.map_err(|misfit| misfit.reject(frame))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_members_count_from_the_key() {
        let decoder = Decoder { plan: None, asked: Asked::default(), id: None, system: None, keyed: true };
        let bytes = br#""t1": {"a": tru}"#;
        let rejection = decoder.decode(&Frame { bytes, ..Frame::default() }).unwrap_err();
        let (start, _) = rejection.span.unwrap();
        assert!(start >= 12, "{start}");
    }
}
