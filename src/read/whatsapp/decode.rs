//! One stretch of the log to one conversation.

use memchr::memchr_iter;

use super::dates::Dates;
use super::header::{Header, header};
use super::message::{Message, add_turns};
use crate::diagnostic::{Finding, Rejection};
use crate::model::{Conversation, Event, Kind, Raw, Turn};
use crate::read::channel::{lines, name};
use crate::read::codes;
use crate::read::frame::{Frame, FrameFault};
use crate::read::reader::{Decode, Decoded};

pub(super) struct Decoder {
    pub dates: Dates,
    /// What the log is called.
    pub log: String,
}

impl Decode for Decoder {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        if let Some(FrameFault::TooLong { limit }) = frame.fault {
            let message = format!("more than {limit} bytes without a pause");
            return Err(Rejection::new(&codes::RECORD_TOO_LONG, message));
        }
        let (text, odd) = lines::text_of(frame.bytes);
        let (turns, edited) = turns(&text, self.dates.clone());
        let id = name::conversation_id(&self.log, turns.iter().find_map(|turn| turn.time));
        let mut findings: Vec<Finding> = lines::encoding_finding(odd).into_iter().collect();
        if edited > 0 {
            let marks = if edited == 1 { "mark was" } else { "marks were" };
            let message = format!("{edited} {marks} cut from the end of edited messages");
            findings.push(Finding::new(&codes::EDIT_MARK, "", message));
        }
        let raw = Raw::Conversation(Conversation { id: Some(id), turns, ..Conversation::default() });
        Ok(Decoded { raw, findings })
    }
}

/// The turns of a stretch, and how many marks of editing were cut. Lines before the first header are nobody's.
fn turns(text: &str, mut dates: Dates) -> (Vec<Turn>, usize) {
    let mut turns = Vec::new();
    let mut edited = 0;
    let mut begun: Option<(Header, usize)> = None;
    let mut at = 0;
    let mut close = |begun: Option<(Header, usize)>, end: usize| {
        if let Some((header, start)) = begun {
            let time = dates.time(&header.stamp);
            let text = text.get(start..end).unwrap_or_default();
            edited += usize::from(add_turns(&Message { header, time, text }, &mut turns));
            return;
        }
        let before = text.get(..end).unwrap_or_default().trim();
        if !before.is_empty() {
            let text = before.to_owned();
            turns.push(Turn { text, kind: Kind::Event(Event::Other), ..Turn::default() });
        }
    };
    for end in memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1).chain([text.len()]) {
        let line = text.as_bytes().get(at..end).unwrap_or_default();
        if let Some(header) = header(line.trim_ascii_end()) {
            close(begun, at);
            begun = Some((header, at + header.length));
        }
        at = end;
    }
    close(begun, at);
    (turns, edited)
}
