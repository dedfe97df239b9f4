//! tawk.to: the transcript that its webhook sends when a chat has ended.

use serde_json::Value;

use super::json::export::{Export, Known, Read};
use super::json::{Misfit, field};
use super::people::{People, scalar};
use super::reader::ReaderSpec;
use crate::model::{Conversation, Event, Extra, Kind, Role, Turn};
use crate::text::sanitize::excerpt;
use crate::text::time;

static SPEC: ReaderSpec = ReaderSpec {
    name: "tawk",
    title: "tawk.to: transcripts sent by the webhook `chat:transcript_created`",
    notes: "\
- One payload is one conversation: `chat.messages[]` with `sender.t` (`v` visitor, `a` agent, `s` system), `msg`, `time`. \
  The words `visitor`, `agent` and `system` under `sender.type` are understood too (not verified in transcripts).\n\
- What the system says is an event, a call (`webrtc-call`) too. Files are turns with their names, beside the text.\n\
- Payloads of other events (`chat:start`, `ticket:create`) hold no transcript and are rejected by name.",
    how_to_get: "\
tawk.to has no bulk export of this form. In *Administration → Settings → Webhooks* create a webhook for *Chat transcript \
created* and store the bodies it sends, one a line or one a file.",
    recognised_by: "`event` is `chat:transcript_created`",
};

/// The reader of tawk.to.
#[derive(Clone, Copy)]
pub struct Tawk;

const TRANSCRIPT: &str = "chat:transcript_created";

impl Export for Tawk {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn known(&self, record: &Extra) -> Option<Known> {
        if field::text(record, "event") == TRANSCRIPT {
            Known::conversation("`event` is `chat:transcript_created`")
        } else {
            None
        }
    }

    fn conversation(&self, mut record: Extra, _: &People) -> Read {
        let event = field::text(&record, "event");
        if event != TRANSCRIPT {
            let message = format!("`{}` is no transcript", excerpt(event, 40));
            return Err(Misfit::shape("event", message));
        }
        let Some(Value::Object(mut chat)) = record.shift_remove("chat") else {
            return Err(Misfit::shape("", "`chat` is missing or no object"));
        };
        let messages = field::take_list(&mut chat, "messages", "chat.messages")?;
        let visitor = field::object(&chat, "visitor")
            .map(|visitor| field::text(visitor, "name").to_owned())
            .filter(|name| !name.is_empty());
        let turns = field::turns(messages, |message, turns| add(message, visitor.as_deref(), turns));
        let id = field::first(&chat, &["id"]).or_else(|| field::first(&record, &["chatId"]));
        chat.shift_remove("id");
        record.extend(chat);
        Ok((Conversation { id, turns, extra: record, ..Conversation::default() }, Vec::new()))
    }
}

fn add(mut message: Extra, visitor: Option<&str>, turns: &mut Vec<Turn>) {
    let sender = field::object(&message, "sender");
    let word = sender.and_then(|sender| field::first(sender, &["t", "type"])).unwrap_or_default();
    let name = sender.and_then(|sender| field::first(sender, &["n", "name"]));
    let (role, shown) = match word.to_ascii_lowercase().as_str() {
        "v" | "visitor" => (Some(Role::User), visitor.unwrap_or("visitor")),
        "a" | "agent" => (Some(Role::Assistant), "agent"),
        "s" | "system" => (None, "system"),
        _ => (None, word.as_str()),
    };
    let system = shown == "system" && role.is_none();
    let kind = match field::text(&message, "type") {
        "webrtc-call" => Kind::Event(Event::Call),
        _ if system => Kind::Event(Event::Other),
        _ => Kind::Text,
    };
    let id = || sender.and_then(|sender| scalar(sender.get("id")?));
    let speaker = name.or_else(|| Some(shown.to_owned()).filter(|name| !name.is_empty())).or_else(id);
    let base = Turn {
        speaker: speaker.unwrap_or_default(),
        role,
        time: message.get("time").and_then(time::of_json),
        ..Turn::default()
    };
    let files: Vec<String> = field::objects(&message, "attchs").map(file_name).collect();
    let text = field::take_text(&mut message, "msg");
    let is_file = field::text(&message, "type") == "file";
    if is_file && files.is_empty() {
        turns.push(Turn { text, kind: Kind::Media, ..base });
        return;
    }
    if !text.is_empty() || files.is_empty() {
        turns.push(Turn { text, kind, ..base.clone() });
    }
    turns.extend(files.into_iter().map(|text| Turn { text, kind: Kind::Media, ..base.clone() }));
}

/// The name of a file, or where it lies.
fn file_name(attachment: &Extra) -> String {
    let file = field::object(attachment, "content")
        .and_then(|content| field::object(content, "file"))
        .unwrap_or(attachment);
    field::first(file, &["name", "url"]).unwrap_or_default()
}
