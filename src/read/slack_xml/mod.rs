//! Channels of Slack (Chatterjee and others, 2020) and Discord (DISCO, Subash and others, 2022) in XML: each message says
//! which conversation a program put it in.

mod frames;

use std::sync::Arc;

use quick_xml::XmlVersion;
use quick_xml::events::Event as Xml;

use super::codes;
use super::frame::{Belongs, Feed, Frame, Gathered};
use super::reader::{Decode, Decoded, Guess, Opened, Reader, ReaderSpec};
use super::{ReadSettings, Sample, Source};
use crate::diagnostic::Rejection;
use crate::error::Result;
use crate::model::{Conversation, Medium, Raw, Turn};
use crate::text::{entities, time};

static SPEC: ReaderSpec = ReaderSpec {
    name: "slack-xml",
    title: "Slack and Discord channels in XML, disentangled (DISCO)",
    notes: "Messages of different conversations stand between each other and are put together by `conversation_id`; a \
            message without it stands alone. Speakers are people of a channel, and nothing says who answers: name them \
            with `--assistant`. Slack escapes `&`, `<` and `>` itself and the XML does so again: both are decoded. \
            Slack's own mark-up (`<@U1>`, `<https://…|words>`) stays as written.",
    how_to_get: "clone <https://github.com/preethac/Software-related-Slack-Chats-with-Disentangled-Conversations> (Slack) or \
                 get DISCO (Discord) from its authors' archive, and name the XML files.",
    recognised_by: "`<message conversation_id=…>` with `<ts>`, `<user>` and `<text>`",
};

/// The reader of disentangled channels.
pub struct SlackXml;

impl Reader for SlackXml {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        let text = sample.text();
        let found = text.trim_start().starts_with('<')
            && text.contains("<message conversation_id=")
            && text.contains("<text>")
            && text.contains("<user>");
        found.then(|| Guess {
            confidence: 95,
            why: "`<message conversation_id=…>` with `<user>` and `<text>`".into(),
        })
    }

    fn open(&self, source: &Source, _: &Sample, settings: &ReadSettings) -> Result<Opened> {
        let feed = Feed::new(source.open(settings)?, source.name.clone());
        let limit = settings.limits.record_bytes;
        let messages = frames::Messages::new(feed, source.index, limit);
        let sorter = |frame: &Frame<'_>| Belongs { key: conversation_of(frame.bytes), joins: Vec::new() };
        Ok(Opened {
            frames: Box::new(Gathered::new(vec![Box::new(messages)], limit, Box::new(sorter))),
            decoder: Arc::new(Decoder),
            notes: vec!["messages put together by `conversation_id`".to_owned()],
        })
    }
}

/// The conversation that a message names in its tag.
fn conversation_of(bytes: &[u8]) -> Option<String> {
    let end = memchr::memchr(b'>', bytes)?;
    let tag = std::str::from_utf8(bytes.get(..=end)?).ok()?;
    let Ok(Xml::Start(tag) | Xml::Empty(tag)) = quick_xml::Reader::from_str(tag).read_event() else {
        return None;
    };
    let id = tag.try_get_attribute("conversation_id").ok()??;
    let id = id.normalized_value(XmlVersion::Implicit1_0).ok()?;
    (!id.trim().is_empty()).then(|| id.trim().to_owned())
}

struct Decoder;

impl Decode for Decoder {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        let turns = frame.rows().map(turn).collect::<Result<Vec<Turn>, Rejection>>()?;
        let id = frame.rows().next().and_then(conversation_of);
        Ok(Raw::Conversation(Conversation { id, turns, ..Conversation::default() }).into())
    }
}

/// The fields of a message.
#[derive(Clone, Copy, PartialEq)]
enum Field {
    Time,
    User,
    Text,
}

fn turn(bytes: &[u8]) -> Result<Turn, Rejection> {
    let refuse = |why: String| Rejection::new(&codes::WRONG_SHAPE, format!("a message is {why}"));
    let xml = std::str::from_utf8(bytes)
        .map_err(|error| Rejection::new(&codes::NOT_UTF8, format!("a message is not UTF-8 ({error})")))?;
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut turn = Turn { medium: Medium::Messenger, ..Turn::default() };
    let (mut field, mut depth, mut when) = (None, 0_usize, String::new());
    loop {
        let event = reader.read_event().map_err(|error| refuse(format!("no well-formed XML ({error})")))?;
        // Mark-up inside a text is not expected; its words are kept.
        let words = match event {
            Xml::Start(tag) => {
                depth += 1;
                if depth == 2 {
                    field = match tag.name().as_ref() {
                        "ts" => Some(Field::Time),
                        "user" => Some(Field::User),
                        "text" => Some(Field::Text),
                        _ => None,
                    };
                }
                continue;
            }
            Xml::End(_) => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
                if depth == 1 {
                    field = None;
                }
                continue;
            }
            Xml::Text(text) => text.xml10_content().into_owned(),
            Xml::CData(text) => text.xml10_content().into_owned(),
            Xml::GeneralRef(reference) => format!("&{};", reference.xml10_content()),
            Xml::Eof if depth > 0 => return Err(refuse("cut short".to_owned())),
            Xml::Eof => break,
            _ => continue,
        };
        match field {
            Some(Field::Time) => when.push_str(&words),
            Some(Field::User) => turn.speaker.push_str(&words),
            Some(Field::Text) => turn.text.push_str(&words),
            None => {}
        }
    }
    // Once for the XML, and once for Slack, which escapes `&`, `<` and `>` in every text.
    turn.text = entities::decode(&entities::decode(&turn.text)).into_owned();
    turn.speaker = entities::decode(turn.speaker.trim()).into_owned();
    turn.time = time::parse(when.trim());
    Ok(turn)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(xml: &str) -> Result<(String, String, bool), String> {
        turn(xml.as_bytes())
            .map(|turn| (turn.speaker, turn.text, turn.time.is_some()))
            .map_err(|rejection| rejection.message)
    }

    #[test]
    fn messages_become_turns() {
        let message = |text: &str| {
            format!(
                "<message conversation_id=\"1\"><ts>2019-01-01T00:00:05.123</ts><user>Ana</user><text>{text}</text></message>"
            )
        };
        let said = |text: &str| Ok(("Ana".to_owned(), text.to_owned(), true));
        assert_eq!(read(&message("a &amp;gt; b &lt;c&gt; &amp;amp; &#39;d&#39;")), said("a > b <c> & 'd'"));
        assert_eq!(read(&message("<![CDATA[if a < b]]>\n  x")), said("if a < b\n  x"));
        assert_eq!(read(&message("&unknown; <b>bold</b>")), said("&unknown; bold"));
        assert_eq!(read(&message("")), said(""));
        assert_eq!(read("<message/>"), Ok((String::new(), String::new(), false)));
        assert!(read("<message><text>cut").unwrap_err().contains("cut short"));
        assert!(read("<message><text>a</user></message>").unwrap_err().contains("XML"));
    }

    #[test]
    fn conversations_are_named_in_the_tag() {
        assert_eq!(conversation_of(b"<message conversation_id=\"12\"><ts/>").as_deref(), Some("12"));
        assert_eq!(conversation_of(b"<message x='1' conversation_id=' 7 '/>").as_deref(), Some("7"));
        for none in
            [&b"<message>"[..], b"<message conversation_id=\"\">", b"<message conversation_id", b"\xff>"]
        {
            assert_eq!(conversation_of(none), None);
        }
    }
}
