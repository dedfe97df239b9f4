//! Amazon Connect: transcripts of calls (Contact Lens), of chats, and the common subset of both that Amazon Lex takes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::json::export::{Export, Known, Read};
use super::json::field;
use super::people::{People, scalar};
use super::reader::ReaderSpec;
use crate::model::{Auto, Conversation, Event, Extra, Kind, Medium, Role, Turn};
use crate::text::time;

static SPEC: ReaderSpec = ReaderSpec {
    name: "amazon-connect",
    title: "Amazon Connect: Contact Lens files of calls, chat transcripts, Amazon Lex transcripts",
    notes: "\
- **Calls**: `Transcript[]` with `BeginOffsetMillis`; turns are ordered as in the file. Redacted files are read alike, \
  `[PII]` stays as it stands.\n\
- **Chats**: `Transcript[]` with `AbsoluteTime` and `Type`. The answer of the `GetTranscript` interface, which has no \
  `Participants`, is read too.\n\
- **Sides** come from `ParticipantRole`, where it is missing from `Participants`, else from a `ParticipantId` that is \
  itself `AGENT` or `CUSTOMER`. `CUSTOM_BOT` is a bot; so is `SYSTEM` under the name `BOT` (Amazon Lex; not verified). Other \
  texts of `SYSTEM` are announcements of the flow. `SUPERVISOR` is on the agent's side.\n\
- **Events** are told apart by `ContentType`. Interactive messages are menus, with their titles as text. A customer's \
  choice in one (`…interactive.response`) is a turn with the titles in it, or its JSON where it has none (form not \
  verified). An attachment is a turn with its file name.",
    how_to_get: "\
Transcripts lie in the S3 bucket of the instance (Amazon Connect console, *Data storage*): chats under \
`connect/<instance>/ChatTranscripts/`, Contact Lens files under `Analysis/Voice/` and `Analysis/Voice/Redacted/` (paths \
not verified). Copy them with `aws s3 cp --recursive s3://BUCKET/PREFIX ./transcripts` and name the folder.",
    recognised_by: "`Transcript[]` whose elements have `ParticipantId` or `ParticipantRole`",
};

/// The reader of Amazon Connect.
#[derive(Clone, Copy)]
pub struct AmazonConnect;

/// Elements of a transcript by which a record is judged.
const JUDGED: usize = 5;

impl Export for AmazonConnect {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn known(&self, record: &Extra) -> Option<Known> {
        let transcript = record.get("Transcript")?.as_array()?;
        let ours =
            |item: &Value| item.get("ParticipantId").is_some() || item.get("ParticipantRole").is_some();
        let by_items = transcript.iter().take(JUDGED).any(ours);
        let empty = transcript.is_empty() && record.get("Participants").is_some_and(Value::is_array);
        if by_items || empty { Known::conversation("`Transcript[]` of `ParticipantId`s") } else { None }
    }

    fn conversation(&self, mut record: Extra, _: &People) -> Read {
        let items = field::take_list(&mut record, "Transcript", "Transcript")?;
        let participants = participants(&record);
        let voice = field::text(&record, "Channel").eq_ignore_ascii_case("voice")
            || items.iter().any(|item| item.get("BeginOffsetMillis").is_some());
        let medium = if voice { Medium::Speech } else { Medium::Chat };
        let turns = field::turns(items, |item, turns| add(&item, &participants, medium, turns));
        let id = field::first(&record, &["ContactId", "InitialContactId"]).or_else(|| {
            field::object(&record, "CustomerMetadata").and_then(|known| field::first(known, &["ContactId"]))
        });
        record.shift_remove("Participants");
        Ok((Conversation { id, turns, extra: record, ..Conversation::default() }, Vec::new()))
    }
}

/// Roles by identifier.
fn participants(record: &Extra) -> BTreeMap<String, String> {
    field::objects(record, "Participants")
        .filter_map(|participant| {
            let role = field::text(participant, "ParticipantRole");
            Some((scalar(participant.get("ParticipantId")?)?, role.to_owned())).filter(|_| !role.is_empty())
        })
        .collect()
}

fn add(item: &Extra, participants: &BTreeMap<String, String>, medium: Medium, turns: &mut Vec<Turn>) {
    let id = field::text(item, "ParticipantId");
    let own = field::text(item, "ParticipantRole");
    let word = if own.is_empty() { participants.get(id).map_or(id, String::as_str) } else { own };
    let shown = field::text(item, "DisplayName");
    let named = !shown.is_empty() && shown != "SYSTEM_MESSAGE";
    let base = Turn {
        speaker: [if named { shown } else { "" }, word, id]
            .into_iter()
            .find(|name| !name.is_empty())
            .unwrap_or_default()
            .to_owned(),
        role: role(word),
        time: item.get("AbsoluteTime").and_then(time::of_json).or_else(|| {
            let offset = item.get("BeginOffsetMillis").or_else(|| item.get("BeginOffset"))?;
            field::number(offset)
        }),
        medium,
        ..Turn::default()
    };
    let content_type = field::text(item, "ContentType").to_owned();
    let attachments = field::list(item, "Attachments").to_vec();
    let content = match item.get("Content") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    let is_event = field::text(item, "Type") == "EVENT";
    if let Some((_, what)) =
        content_type.split_once(".connect.event.").filter(|_| is_event || content.is_empty())
    {
        let text = if content.is_empty() { what.to_owned() } else { content };
        turns.push(Turn { text, kind: Kind::Event(event(what)), ..base });
        return;
    }
    if is_event {
        turns.push(Turn { text: content, kind: Kind::Event(Event::Other), ..base });
        return;
    }
    if field::text(item, "Type") != "ATTACHMENT" || !content.is_empty() || attachments.is_empty() {
        turns.push(said(content, &content_type, word, shown, base.clone()));
    }
    for attachment in &attachments {
        let text = attachment.get("AttachmentName").and_then(Value::as_str).unwrap_or_default().to_owned();
        turns.push(Turn { text, kind: Kind::Media, ..base.clone() });
    }
}

/// A message, by what its content is.
fn said(content: String, content_type: &str, word: &str, shown: &str, base: Turn) -> Turn {
    let system = word.eq_ignore_ascii_case("system") && !shown.eq_ignore_ascii_case("bot");
    let spoken = if system { Kind::Auto(Auto::Greeting) } else { Kind::Text };
    let json = content_type.contains("json") || content_type.contains("message.interactive");
    let value = Some(&content).filter(|_| json).and_then(|text| serde_json::from_str::<Value>(text).ok());
    let menu = content_type.ends_with("message.interactive")
        || value.as_ref().is_some_and(|value| value.get("templateType").is_some());
    let is_response = content_type.ends_with("interactive.response");
    let mut titles = Titles::default();
    if let Some(value) = value.as_ref().filter(|_| menu || is_response) {
        titles.collect(value);
    }
    let text = if titles.shown.is_empty() { content } else { titles.shown.join("\n") };
    let kind = if menu && !is_response { Kind::Auto(Auto::Menu) } else { spoken };
    Turn { text, kind, ..base }
}

/// What a customer reads in an interactive message: titles, subtitles and labels, once each, in their order.
#[derive(Default)]
struct Titles<'a> {
    shown: Vec<&'a str>,
    seen: BTreeSet<&'a str>,
}

impl<'a> Titles<'a> {
    fn collect(&mut self, value: &'a Value) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    match (key.as_str(), value) {
                        ("title" | "subtitle" | "label", Value::String(text)) => {
                            if !text.is_empty() && self.seen.insert(text) {
                                self.shown.push(text);
                            }
                        }
                        // What is said once the customer has chosen.
                        ("replyMessage", _) => {}
                        (_, value) => self.collect(value),
                    }
                }
            }
            Value::Array(list) => list.iter().for_each(|value| self.collect(value)),
            _ => {}
        }
    }
}

fn role(word: &str) -> Option<Role> {
    match word.to_ascii_uppercase().as_str() {
        "CUSTOMER" => Some(Role::User),
        "AGENT" | "SUPERVISOR" => Some(Role::Assistant),
        "CUSTOM_BOT" | "BOT" | "SYSTEM" => Some(Role::Other("bot".into())),
        _ => None,
    }
}

/// The end of an event's content type.
fn event(what: &str) -> Event {
    match what.split_once('.').unwrap_or((what, "")) {
        ("transfer", _) => Event::Transfer,
        ("connection", _) | ("participant", "joined" | "invited") => Event::Join,
        ("chat", _) | ("participant", "left" | "autodisconnection") => Event::Leave,
        _ => Event::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_by_their_content_type() {
        for (what, wanted) in [
            ("participant.joined", Event::Join),
            ("participant.left", Event::Leave),
            ("participant.idle", Event::Other),
            ("transfer.succeeded", Event::Transfer),
            ("chat.ended", Event::Leave),
            ("typing", Event::Other),
            ("message.read", Event::Other),
        ] {
            assert_eq!(event(what), wanted, "{what}");
        }
    }
}
