//! Genesys Cloud: transcripts of speech and text analytics, and recordings of chats and messages.

use serde_json::Value;

use super::frame::Belongs;
use super::json::export::{Export, Known, Read};
use super::json::field;
use super::people::{People, scalar};
use super::reader::ReaderSpec;
use crate::model::{Conversation, Event, Extra, Kind, Medium, Role, Turn};
use crate::text::time;

static SPEC: ReaderSpec = ReaderSpec {
    name: "genesys",
    title: "Genesys Cloud: transcripts of calls and messages, recordings of chats",
    notes: "\
- **Transcripts**: `transcripts[].phrases[]`. A conversation has a transcript for each leg of its communication; all with one \
  `conversationId` in a file are one conversation, ordered by time. `decoratedText` (with capitals and stops) is taken \
  before `text`. `startTimeMs` may be a point in time, or count from the beginning of the leg (both are met).\n\
- **Sides**: `external` is the customer; `internal` is everybody on the other side. Whether an agent or a machine (`acd`, \
  `ivr`, `bot`, `voicemail`) speaks is taken from the `participants[]` who were there at that time; without them it is the agent. \
  The words `customer`, `agent` and `user` in their place are understood too.\n\
- **Recordings of chats**: a list of `{from, body, utc}`, which is one conversation where no `conversationId` stands in it, \
  and recordings with `transcript[]`, `messagingTranscript[]` or `emailTranscript[]` (forms of the programming interface, not verified). \
  The side is the `purpose` or `participantPurpose`; without it `--assistant` says who answers.\n\
- `mediaType` decides whether it was spoken; without it a transcript is speech.",
    how_to_get: "\
Transcripts: `GET /api/v2/speechandtextanalytics/conversations/{conversationId}/communications/{communicationId}/transcripturl` \
gives a link to the JSON. Recordings: `GET /api/v2/conversations/{conversationId}/recordings`, or a bulk export by a recording \
policy to S3. (Paths not verified.)",
    recognised_by: "`transcripts[].phrases[]`, or a list of messages with `from`, `body` and `utc`",
};

/// The reader of Genesys Cloud.
#[derive(Clone, Copy)]
pub struct Genesys;

/// The lists of messages that a recording holds.
const RECORDED: &[&str] = &["transcript", "messagingTranscript", "emailTranscript"];

fn is_transcript(record: &Extra) -> bool {
    field::objects(record, "transcripts").any(|one| one.get("phrases").is_some_and(Value::is_array))
}

fn is_chat_message(record: &Extra) -> bool {
    ["from", "body", "utc"].iter().all(|key| record.contains_key(*key))
}

fn is_recording(record: &Extra) -> bool {
    let holds = |key: &&str| {
        field::objects(record, key).any(|one| {
            is_chat_message(one)
                || ["messageText", "textBody", "htmlBody"].iter().any(|key| one.contains_key(*key))
        })
    };
    record.contains_key("conversationId") && RECORDED.iter().any(holds)
}

impl Export for Genesys {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn known(&self, record: &Extra) -> Option<Known> {
        if is_transcript(record) {
            Known::message("`transcripts[].phrases[]`")
        } else if is_recording(record) {
            Known::message("a recording with `conversationId` and a transcript")
        } else if is_chat_message(record) {
            Known::message("`from`, `body` and `utc`")
        } else {
            None
        }
    }

    fn lists(&self) -> &'static [&'static str] {
        &["entities", "conversations", "transcript"]
    }

    fn belongs(&self, message: &Extra) -> Belongs {
        // A list of chat messages that names no conversation is one.
        let whole = || is_chat_message(message).then(String::new);
        Belongs { key: field::first(message, &["conversationId"]).or_else(whole), joins: Vec::new() }
    }

    fn conversation(&self, record: Extra, people: &People) -> Read {
        self.messages(vec![record], people)
    }

    fn messages(&self, messages: Vec<Extra>, _: &People) -> Read {
        let mut turns = Vec::new();
        let mut extra = Extra::new();
        let id = messages.iter().find_map(|leg| field::first(leg, &["conversationId"]));
        for mut leg in messages {
            if leg.contains_key("transcripts") {
                add_transcripts(&leg, &mut turns);
            } else if let Some(key) = RECORDED.iter().find(|key| leg.get(**key).is_some_and(Value::is_array))
            {
                if let Some(Value::Array(list)) = leg.shift_remove(*key) {
                    turns.extend(field::turns(list, |message, turns| add_chat_message(&message, turns)));
                }
            } else {
                add_chat_message(&leg, &mut turns);
            }
            for key in ["mediaType", "media", "language"] {
                if let Some(value) = leg.shift_remove(key) {
                    extra.entry(key).or_insert(value);
                }
            }
        }
        field::order(&mut turns);
        Ok((Conversation { id, turns, extra, ..Conversation::default() }, Vec::new()))
    }
}

/// Numbers below this count from the beginning of the leg: as points in time they would lie in 1973 or before.
const POINT_IN_TIME: i64 = 100_000_000_000;

fn add_transcripts(leg: &Extra, turns: &mut Vec<Turn>) {
    let medium = medium(leg, &field::first(leg, &["mediaType"]).unwrap_or_default());
    let participants: Vec<Participant> =
        field::objects(leg, "participants").take(MOST).map(Participant::of).collect();
    for transcript in field::list(leg, "transcripts") {
        let Value::Object(transcript) = transcript else {
            turns.push(field::stray(transcript));
            continue;
        };
        let begin = |map: &Extra, key: &str| map.get(key).and_then(field::number);
        let start = begin(transcript, "startTime")
            .or_else(|| begin(leg, "startTime"))
            .or_else(|| begin(leg, "conversationStartTime"));
        let medium = match field::text(transcript, "messageType") {
            "sms" => Medium::Post,
            "" => medium,
            _ => Medium::Chat,
        };
        for phrase in field::list(transcript, "phrases") {
            let Value::Object(phrase) = phrase else {
                turns.push(field::stray(phrase));
                continue;
            };
            let given = phrase.get("startTimeMs").and_then(field::number);
            let time = given.map(|time| match start {
                Some(start) if time.abs() < POINT_IN_TIME => start.saturating_add(time),
                _ => time,
            });
            let word = field::text(phrase, "participantPurpose");
            let purpose = if word == "internal" { inside(&participants, [time, given]) } else { word };
            turns.push(Turn {
                speaker: purpose.to_owned(),
                role: role(purpose),
                text: ["decoratedText", "text"]
                    .into_iter()
                    .map(|key| field::text(phrase, key))
                    .find(|text| !text.is_empty())
                    .unwrap_or_default()
                    .to_owned(),
                time,
                medium,
                ..Turn::default()
            });
        }
    }
}

/// Most participants of a leg that are looked at for each phrase; real ones have a handful.
const MOST: usize = 256;

/// Somebody who took part, and when.
struct Participant {
    purpose: String,
    from: Option<i64>,
    to: Option<i64>,
}

impl Participant {
    fn of(map: &Extra) -> Self {
        let moment = |key: &str| map.get(key).and_then(field::number);
        Self {
            purpose: field::text(map, "participantPurpose").to_owned(),
            from: moment("startTimeMs"),
            to: moment("endTimeMs"),
        }
    }

    fn is_there(&self, times: [Option<i64>; 2]) -> bool {
        let within =
            |time: i64| self.from.is_none_or(|from| from <= time) && self.to.is_none_or(|to| time <= to);
        times.into_iter().flatten().any(within)
    }
}

/// Who of the inner side spoke: an agent who was there, else a machine that was, else it is only known that it was somebody
/// of that side. `times` are the phrase's time and the number as it stands, since participants may count as either does.
fn inside(participants: &[Participant], times: [Option<i64>; 2]) -> &str {
    let there = |person: bool| {
        participants.iter().find(|participant| {
            let fits = match role(&participant.purpose) {
                Some(Role::Assistant) => person,
                Some(Role::Other(_)) => !person,
                _ => false,
            };
            fits && participant.is_there(times)
        })
    };
    there(true).or_else(|| there(false)).map_or("internal", |participant| participant.purpose.as_str())
}

fn role(purpose: &str) -> Option<Role> {
    match purpose.to_ascii_lowercase().as_str() {
        "external" | "customer" => Some(Role::User),
        "internal" | "agent" | "user" => Some(Role::Assistant),
        "acd" | "ivr" | "bot" | "botflow" | "voicemail" | "workflow" => Some(Role::Other("bot".into())),
        _ => None,
    }
}

fn medium(leg: &Extra, word: &str) -> Medium {
    match word.to_ascii_lowercase().as_str() {
        "call" | "voice" | "callback" => Medium::Speech,
        "email" => Medium::Mail,
        "" if leg.contains_key("transcripts") => Medium::Speech,
        _ => Medium::Chat,
    }
}

/// A message of a recorded chat, of a messaging channel or of a mail.
fn add_chat_message(message: &Extra, turns: &mut Vec<Turn>) {
    let purpose = field::first(message, &["participantPurpose", "purpose"]).unwrap_or_default();
    let name = |key: &str| match message.get(key)? {
        Value::Object(person) => field::first(person, &["name", "displayName", "email", "id"]),
        other => scalar(other),
    };
    let agent = message.get("user").or_else(|| message.get("fromUser")).is_some_and(Value::is_object);
    let speaker = name("fromUser").or_else(|| name("user")).or_else(|| name("from"));
    let mail = ["textBody", "htmlBody"].iter().any(|key| message.contains_key(*key));
    let base = Turn {
        role: role(&purpose).or_else(|| agent.then_some(Role::Assistant)),
        speaker: speaker.unwrap_or(purpose),
        time: ["utc", "timestamp", "time"].iter().find_map(|key| time::of_json(message.get(*key)?)),
        medium: if mail { Medium::Mail } else { Medium::Chat },
        ..Turn::default()
    };
    let html = field::text(message, "htmlBody");
    let text = field::first(message, &["body", "messageText", "textBody"])
        .or_else(|| Some(crate::text::html::to_text(html)).filter(|_| !html.is_empty()))
        .unwrap_or_default();
    let kind = field::first(message, &["bodyType", "type"]).unwrap_or_default();
    let kind = match kind.to_ascii_lowercase().replace('-', "_").as_str() {
        "member_join" | "memberjoin" => Kind::Event(Event::Join),
        "member_leave" | "memberleave" => Kind::Event(Event::Leave),
        "notice" | "activity" | "typing_indicator" => Kind::Event(Event::Other),
        _ => Kind::Text,
    };
    let files: Vec<String> = ["messageMediaAttachments", "messageStickerAttachments", "attachments"]
        .iter()
        .flat_map(|key| field::objects(message, key))
        .map(|file| field::first(file, &["name", "url", "id"]).unwrap_or_default())
        .collect();
    if !text.is_empty() || files.is_empty() {
        turns.push(Turn { text, kind, ..base.clone() });
    }
    turns.extend(files.into_iter().map(|text| Turn { text, kind: Kind::Media, ..base.clone() }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_of_the_inner_side_spoke() {
        let participant = |purpose: &str, from, to| Participant { purpose: purpose.into(), from, to };
        let all = [participant("ivr", Some(0), Some(9)), participant("agent", Some(10), None)];
        assert_eq!(inside(&all, [Some(5), None]), "ivr");
        assert_eq!(inside(&all, [Some(15), None]), "agent");
        assert_eq!(inside(&all, [None, None]), "internal");
        assert_eq!(inside(&[], [Some(5), None]), "internal");
    }
}
