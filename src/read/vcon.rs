//! vCon, the IETF's container of conversations: parties, dialogs (texts, recordings, transfers) and transcripts.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use super::json::export::{Export, Known, Read};
use super::json::{Misfit, field};
use super::people::{People, scalar, side};
use super::reader::ReaderSpec;
use super::transcript::talk;
use crate::model::{Conversation, Event, Extra, Kind, Medium, Role, Turn};
use crate::text::html;
use crate::text::time;

static SPEC: ReaderSpec = ReaderSpec {
    name: "vcon",
    title: "vCon: the IETF's container of conversations",
    notes: "\
- The drafts from 2024 to 2026 are understood (`mimetype` and `mediatype`, `parties` as a number or a list). Unsigned containers \
  only: a signed one holds its vCon in `payload`, encoded.\n\
- `dialog[]`: a `text` is a turn of its `originator`, else of the first of its `parties`; HTML is resolved. A `recording` \
  is a turn without words, followed by its transcript. `transfer` and `incomplete` are events, and so is what `party_history` says.\n\
- **Transcripts** stand in `analysis[]` of the type `transcript`. Their form belongs to the vendor, so several are \
  understood (not verified for any): a list of utterances, also under `segments`, `utterances`, `messages`, `turns` or \
  `transcript`; labelled lines; else the whole text as one turn of nobody.\n\
- Bodies may be plain, JSON (`encoding: json`) or `base64url`. What lies behind a `url` is not fetched.\n\
- **Sides** come from `parties[].role`: `agent`, `supervisor` and `sme` answer, `customer` and `contact` ask; words that \
  mean a bot are bots. A party is named by `name`, else by address or number.",
    how_to_get: "\
Systems that write vCon put one container a file (`.vcon`, `.json`); Webex Contact Center and vCon servers (`GET /vcon/{uuid}`) do. \
How each system exports them is not verified.",
    recognised_by: "`vcon` beside `parties[]` or `dialog[]`",
};

/// The reader of vCon.
#[derive(Clone, Copy)]
pub struct VCon;

/// Both alphabets are met; padding is left out as a rule.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const BASE64URL: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::URL_SAFE, LENIENT);
const BASE64: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, LENIENT);

impl Export for VCon {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn known(&self, record: &Extra) -> Option<Known> {
        let lists = ["parties", "dialog"].iter().any(|key| record.get(*key).is_some_and(Value::is_array));
        if record.contains_key("vcon") && lists {
            Known::conversation("`vcon`, `parties[]` and `dialog[]`")
        } else {
            None
        }
    }

    fn conversation(&self, mut record: Extra, _: &People) -> Read {
        let parties = Parties::of(field::list(&record, "parties"));
        let analyses = match record.shift_remove("analysis") {
            Some(Value::Array(list)) => list,
            _ => Vec::new(),
        };
        let mut transcripts = Transcripts::of(&analyses);
        let dialogs = match record.shift_remove("dialog") {
            Some(Value::Array(list)) => list,
            None if !transcripts.is_empty() => Vec::new(),
            Some(_) => return Err(Misfit::shape("dialog", "is not a list")),
            None => return Err(Misfit::shape("", "`dialog` is missing")),
        };
        let mut turns = Vec::new();
        for (index, dialog) in dialogs.into_iter().enumerate() {
            let Value::Object(dialog) = dialog else {
                turns.push(field::stray(&dialog));
                continue;
            };
            let start = dialog.get("start").and_then(time::of_json);
            add(&dialog, start, &parties, &mut turns);
            for body in transcripts.take(index) {
                spoken(body, start, &parties, &mut turns);
            }
        }
        for body in transcripts.rest() {
            spoken(body, None, &parties, &mut turns);
        }
        if turns.is_empty() {
            return Err(Misfit::shape("dialog", "the list is empty"));
        }
        record.shift_remove("parties");
        let id = field::first(&record, &["uuid"]);
        Ok((Conversation { id, turns, extra: record, ..Conversation::default() }, Vec::new()))
    }
}

/// Somebody in the conversation.
struct Party {
    name: String,
    role: Option<Role>,
}

impl Party {
    fn of(party: &Value) -> Self {
        let Value::Object(party) = party else { return Self { name: String::new(), role: None } };
        let word = field::text(party, "role");
        let role = match word.to_ascii_lowercase().as_str() {
            "" => None,
            "agent" | "supervisor" | "sme" => Some(Role::Assistant),
            "customer" | "contact" => Some(Role::User),
            _ => side(word),
        };
        let name = field::first(party, &["name", "mailto", "tel", "sip", "uuid", "id"]);
        Self { name: name.unwrap_or_else(|| word.to_owned()), role }
    }
}

/// Everybody in the conversation.
struct Parties {
    list: Vec<Party>,
    by_name: BTreeMap<String, usize>,
}

impl Parties {
    fn of(list: &[Value]) -> Self {
        let list: Vec<Party> = list.iter().map(Party::of).collect();
        let by_name = list.iter().enumerate().rev().map(|(at, party)| (party.name.clone(), at)).collect();
        Self { list, by_name }
    }

    /// The turn of a party, without words.
    fn turn(&self, index: Option<i64>) -> Turn {
        let party = index.and_then(|index| self.list.get(usize::try_from(index).ok()?));
        Turn {
            speaker: party.map(|party| party.name.clone()).unwrap_or_default(),
            role: party.and_then(|party| party.role.clone()),
            ..Turn::default()
        }
    }

    /// The side of the party of that name.
    fn role(&self, name: &str) -> Option<Role> {
        let index = self.by_name.get(name).filter(|_| !name.is_empty())?;
        self.list.get(*index)?.role.clone()
    }
}

/// Transcripts by the dialog that they are of.
struct Transcripts {
    by_dialog: BTreeMap<usize, Vec<Value>>,
    others: Vec<Value>,
}

impl Transcripts {
    fn of(analyses: &[Value]) -> Self {
        let mut found = Self { by_dialog: BTreeMap::new(), others: Vec::new() };
        for analysis in analyses.iter().filter_map(Value::as_object) {
            if field::text(analysis, "type") != "transcript" {
                continue;
            }
            let Some(body) = body(analysis) else { continue };
            let dialog = match analysis.get("dialog") {
                Some(Value::Array(list)) => list.first().and_then(field::number),
                Some(other) => field::number(other),
                None => None,
            };
            match dialog.and_then(|index| usize::try_from(index).ok()) {
                Some(index) => found.by_dialog.entry(index).or_default().push(body),
                None => found.others.push(body),
            }
        }
        found
    }

    fn is_empty(&self) -> bool {
        self.by_dialog.is_empty() && self.others.is_empty()
    }

    fn take(&mut self, dialog: usize) -> Vec<Value> {
        self.by_dialog.remove(&dialog).unwrap_or_default()
    }

    /// Those of no dialog that is there.
    fn rest(self) -> impl Iterator<Item = Value> {
        self.by_dialog.into_values().flatten().chain(self.others)
    }
}

/// What an object holds inline: a text, or JSON.
fn body(holder: &Extra) -> Option<Value> {
    let body = holder.get("body")?;
    let Value::String(text) = body else { return Some(body.clone()).filter(|body| !body.is_null()) };
    let encoding = field::text(holder, "encoding").to_ascii_lowercase();
    let json = |text: &str| serde_json::from_str::<Value>(text).ok();
    match encoding.as_str() {
        "json" => Some(json(text).unwrap_or_else(|| body.clone())),
        "base64url" | "base64" => {
            let packed: String = text.split_ascii_whitespace().collect();
            let bytes = BASE64URL.decode(&packed).or_else(|_| BASE64.decode(&packed)).ok()?;
            String::from_utf8(bytes).ok().map(Value::String)
        }
        // A vendor's transcript may be JSON and not say so.
        _ if text.trim_start().starts_with(['{', '[']) => Some(json(text).unwrap_or_else(|| body.clone())),
        _ => Some(body.clone()),
    }
}

fn add(dialog: &Extra, start: Option<i64>, parties: &Parties, turns: &mut Vec<Turn>) {
    let first_party = match dialog.get("parties") {
        Some(Value::Array(list)) => list.iter().find_map(field::number),
        Some(other) => field::number(other),
        None => None,
    };
    let originator = dialog.get("originator").and_then(field::number).or(first_party);
    let base = Turn { time: start, ..parties.turn(originator) };
    let media_type =
        field::first(dialog, &["mediatype", "mimetype"]).unwrap_or_default().to_ascii_lowercase();
    match field::text(dialog, "type") {
        "text" => turns.push(written(dialog, &media_type, base)),
        "transfer" => {
            let text = field::first(dialog, &["disposition"]).unwrap_or_else(|| "transfer".into());
            turns.push(Turn { text, kind: Kind::Event(Event::Transfer), ..base });
        }
        "incomplete" => {
            let text = field::first(dialog, &["disposition"]).unwrap_or_else(|| "incomplete".into());
            turns.push(Turn { text, kind: Kind::Event(Event::Call), ..base });
        }
        "recording" => {
            let text = field::first(dialog, &["filename", "url"]).unwrap_or_default();
            turns.push(Turn { text, kind: Kind::Media, medium: Medium::Speech, ..base });
        }
        other => turns.push(Turn { text: other.to_owned(), kind: Kind::Event(Event::Other), ..base }),
    }
    for change in field::objects(dialog, "party_history") {
        let event = match field::text(change, "event") {
            "join" => Event::Join,
            "drop" => Event::Leave,
            _ => Event::Other,
        };
        turns.push(Turn {
            text: field::text(change, "event").to_owned(),
            time: change.get("time").and_then(time::of_json),
            kind: Kind::Event(event),
            ..parties.turn(change.get("party").and_then(field::number))
        });
    }
}

/// A dialog that was written.
fn written(dialog: &Extra, media_type: &str, base: Turn) -> Turn {
    let medium = if media_type.starts_with("message/") { Medium::Mail } else { Medium::Chat };
    match body(dialog) {
        Some(Value::String(text)) if media_type.starts_with("text/html") => {
            Turn { text: html::to_text(&text), medium, ..base }
        }
        Some(Value::String(text)) => Turn { text, medium, ..base },
        Some(other) => {
            let text = other.get("text").or_else(|| other.get("body")).and_then(Value::as_str);
            Turn { text: text.map_or_else(|| other.to_string(), str::to_owned), medium, ..base }
        }
        // Held elsewhere, or in bytes that are no text.
        None => {
            let text = field::first(dialog, &["filename", "url"]).unwrap_or_default();
            Turn { text, kind: Kind::Media, medium, ..base }
        }
    }
}

/// Keys under which transcripts hold their utterances.
const LISTS: &[&str] =
    &["segments", "utterances", "messages", "turns", "transcript", "transcripts", "results"];
/// Keys of the words of an utterance.
const TEXTS: &[&str] = &["text", "message", "transcript", "utterance", "content", "body"];
/// Keys of who says it.
const SPEAKERS: &[&str] =
    &["speaker", "speaker_label", "speaker_name", "role", "participant", "name", "channel"];
/// Keys of when, in seconds from the beginning or as a point in time.
const TIMES: &[&str] = &["start", "start_time", "startTime", "timestamp", "begin"];

/// The turns of a transcript of a dialog that began at `start`.
fn spoken(body: Value, start: Option<i64>, parties: &Parties, turns: &mut Vec<Turn>) {
    match body {
        Value::Array(list) => {
            for one in list {
                turns.push(utterance(one, start, parties));
            }
        }
        Value::Object(mut map) => {
            let key = LISTS.iter().find(|key| map.get(**key).is_some_and(Value::is_array));
            if let Some(list) = key.and_then(|key| map.shift_remove(*key)) {
                spoken(list, start, parties, turns);
            } else if let Some(text) = TEXTS.iter().find_map(|key| map.get(*key)?.as_str()) {
                labelled(text, start, parties, turns);
            } else {
                turns.push(field::stray(&Value::Object(map)));
            }
        }
        Value::String(text) => labelled(&text, start, parties, turns),
        other => turns.push(field::stray(&other)),
    }
}

fn utterance(one: Value, start: Option<i64>, parties: &Parties) -> Turn {
    let Value::Object(map) = one else { return field::stray(&one) };
    let party = ["party", "parties"].iter().find_map(|key| field::number(map.get(*key)?));
    let speaker = SPEAKERS.iter().find_map(|key| scalar(map.get(*key)?));
    let base = parties.turn(party);
    let text = TEXTS.iter().find_map(|key| map.get(*key)?.as_str()).map(str::to_owned);
    let time = TIMES.iter().find_map(|key| moment(map.get(*key)?, start));
    let kind = if text.is_some() { Kind::Text } else { Kind::Event(Event::Other) };
    Turn {
        role: base.role.or_else(|| parties.role(speaker.as_deref().unwrap_or_default())),
        speaker: if base.speaker.is_empty() { speaker.unwrap_or_default() } else { base.speaker },
        text: text.unwrap_or_else(|| Value::Object(map).to_string()),
        time,
        kind,
        medium: Medium::Speech,
        ..Turn::default()
    }
}

/// A day in seconds: smaller numbers count from the beginning of the recording.
const DAY_SECONDS: f64 = 86_400.0;
/// The same in milliseconds.
const DAY_MS: i64 = 86_400_000;

#[expect(clippy::cast_possible_truncation, reason = "bounded just before")]
fn moment(value: &Value, start: Option<i64>) -> Option<i64> {
    match value.as_f64() {
        Some(seconds) if (0.0..DAY_SECONDS).contains(&seconds) => {
            Some(start?.saturating_add((seconds * 1_000.0).round() as i64))
        }
        _ => time::of_json(value),
    }
}

/// A transcript that is one text.
fn labelled(text: &str, start: Option<i64>, parties: &Parties, turns: &mut Vec<Turn>) {
    let Some(said) = talk::turns(text) else {
        turns.push(Turn { text: text.to_owned(), time: start, medium: Medium::Speech, ..Turn::default() });
        return;
    };
    for turn in said {
        // Times without a date count from the beginning of the recording.
        let time = match (turn.time, start) {
            (Some(time), Some(start)) if (0..DAY_MS).contains(&time) => Some(start.saturating_add(time)),
            (time, _) => time,
        };
        let role = turn.role.clone().or_else(|| parties.role(&turn.speaker));
        turns.push(Turn { role, time, medium: Medium::Speech, ..turn });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn held(holder: &Value) -> Option<Value> {
        body(holder.as_object().unwrap())
    }

    #[test]
    fn bodies_in_every_encoding() {
        assert_eq!(held(&json!({"body": "a", "encoding": "none"})), Some(json!("a")));
        assert_eq!(held(&json!({"body": "[1]", "encoding": "json"})), Some(json!([1])));
        assert_eq!(held(&json!({"body": "not json", "encoding": "json"})), Some(json!("not json")));
        assert_eq!(held(&json!({"body": [1], "encoding": "json"})), Some(json!([1])));
        assert_eq!(held(&json!({"body": "R3LDvMOfZQ", "encoding": "base64url"})), Some(json!("Grüße")));
        assert_eq!(held(&json!({"body": "R3LDvMOfZQ==", "encoding": "base64"})), Some(json!("Grüße")));
        assert_eq!(held(&json!({"body": "????", "encoding": "base64url"})), None);
        assert_eq!(held(&json!({"body": null})), None);
        assert_eq!(held(&json!({})), None);
    }

    #[test]
    fn moments_of_a_recording() {
        assert_eq!(moment(&json!(1.5), Some(10_000)), Some(11_500));
        assert_eq!(moment(&json!(1.5), None), None);
        assert_eq!(moment(&json!("2024-03-01T10:00:00Z"), Some(1)), Some(1_709_287_200_000));
    }
}
