//! One frame to one conversation: header block, what stands before the first turn, turns.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use super::Rules;
use super::boundary::{LONGEST_BLOCK, Mark, field};
use super::grammar::{Labels, lines};
use super::grammars::Line;
use super::{turns, words, zoom};
use crate::diagnostic::{Finding, Rejection};
use crate::model::{Conversation, Extra, Raw};
use crate::read::codes;
use crate::read::frame::{Frame, FrameFault};
use crate::read::reader::{Decode, Decoded};
use crate::text::encoding::{Stored, to_text};
use crate::text::sanitize::excerpt_bytes;

/// Under which key a title line is kept.
const BOUNDARY: &str = "boundary";

pub(super) struct Decoder {
    pub rules: Arc<Rules>,
}

impl Decode for Decoder {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        if let Some(FrameFault::TooLong { limit }) = frame.fault {
            let message = format!("the conversation is longer than {limit} bytes");
            return Err(Rejection::new(&codes::RECORD_TOO_LONG, message));
        }
        let (text, stored) = to_text(frame.bytes);
        let mut conversation = conversation(&text, &self.rules);
        let mut quotes = 0;
        if self.rules.reading.form.name == zoom::FORM {
            quotes = zoom::mend(&mut conversation.turns);
        }
        if conversation.turns.iter().all(|turn| turn.kind.is_event()) {
            let form = self.rules.reading.form;
            let start = excerpt_bytes(frame.bytes, 60);
            return Err(Rejection::new(
                &codes::NO_CHAT_SHAPE,
                format!("nobody speaks in the form `{}` in the lines from `{start}`", form.example),
            ));
        }
        let mut findings = Vec::new();
        if stored == Stored::Windows1252 {
            findings.push(Finding::new(
                &codes::WINDOWS_1252,
                "",
                "the conversation was read as Windows-1252",
            ));
        }
        if quotes > 0 {
            let what = match quotes {
                1 => "the quotation was cut from one reply".to_owned(),
                many => format!("the quotation was cut from {many} replies"),
            };
            findings.push(Finding::new(&codes::REPLY_QUOTE, "", what));
        }
        Ok(Decoded { raw: Raw::Conversation(conversation), findings })
    }
}

/// The conversation that `text` holds.
pub(super) fn conversation(text: &str, rules: &Rules) -> Conversation {
    let mut labels = rules.reading.labels_with(text);
    let mut all: Vec<&str> = lines(text).collect();
    // A rule at the end parts this conversation from the next one.
    while all.last().is_some_and(|line| {
        line.trim().is_empty() || rules.boundaries.mark(line, 0, true) == Some(Mark::Rule)
    }) {
        all.pop();
    }
    named_in_card(&all, rules, &mut labels);
    let mut conversation = Conversation::default();
    let first = header_block(&all, &labels, rules, &mut conversation);
    let rest = all.get(first..).unwrap_or_default().iter().copied();
    let spoken = turns::walk(rest, rules.reading.form, &labels, &mut rules.reading.clock());
    conversation.turns.extend(spoken);
    conversation
}

/// Takes the lines before the first turn into `conversation`; the index of that turn's line.
fn header_block(all: &[&str], labels: &Labels, rules: &Rules, conversation: &mut Conversation) -> usize {
    let form = rules.reading.form;
    let card = card_end(all, labels, rules);
    let (mut blanks, mut apart) = (0, true);
    let mut before = Vec::new();
    let mut first = all.len();
    for (index, text) in all.iter().enumerate() {
        if text.trim().is_empty() {
            blanks += 1;
            continue;
        }
        let line = Line::new(text, apart || blanks > 0);
        let turn = index >= card && form.header(&line, labels).is_some();
        match rules.boundaries.mark(text, blanks, apart || blanks > 0) {
            Some(Mark::Rule) => apart = true,
            Some(Mark::Title { id, .. } | Mark::Asked { id }) => {
                if conversation.id.is_none() {
                    conversation.id = id.map(ToOwned::to_owned);
                }
                if turn {
                    first = index;
                    break;
                }
                keep(&mut conversation.extra, BOUNDARY, text.trim());
                apart = true;
            }
            _ if turn => {
                first = index;
                break;
            }
            _ => {
                match field(text) {
                    Some((key, value)) if index < card || labels.is_field(key) => {
                        keep(&mut conversation.extra, key, value);
                    }
                    _ => before.push(text.trim()),
                }
                apart = false;
            }
        }
        blanks = 0;
    }
    if !before.is_empty() {
        conversation.turns.push(turns::event(&before.join("\n")));
    }
    first
}

/// `Agent: Ana` and `Customer name: Bob` among the fields at the top name who speaks below.
fn named_in_card(all: &[&str], rules: &Rules, labels: &mut Cow<'_, Labels>) {
    let mut names = Vec::new();
    let mut has_field = false;
    for text in all.iter().take(LONGEST_BLOCK) {
        let Some((key, value)) = field(text) else {
            if text.trim().is_empty() && names.is_empty() && !has_field || is_mark(text, rules) {
                continue;
            }
            break;
        };
        let role = key
            .rsplit_once(' ')
            .filter(|(_, last)| last.eq_ignore_ascii_case("name"))
            .map_or(key, |(role, _)| role);
        if words::is_role(role) {
            names.push(value);
        }
        has_field |= words::is_field(key);
    }
    if has_field && names.iter().any(|name| !labels.is_speaker(name)) {
        labels.to_mut().extend(names);
    }
}

fn is_mark(text: &str, rules: &Rules) -> bool {
    matches!(rules.boundaries.mark(text, 0, true), Some(Mark::Rule | Mark::Title { .. } | Mark::Asked { .. }))
}

/// Where a card at the top ends: a run of fields closed by an empty line or a rule, in which `Agent: Ana` names who
/// speaks below and is not itself said.
fn card_end(all: &[&str], labels: &Labels, rules: &Rules) -> usize {
    let start =
        all.iter().position(|text| !text.trim().is_empty() && !is_mark(text, rules)).unwrap_or(all.len());
    let run = all.get(start..).unwrap_or_default();
    let length = run
        .iter()
        .take(LONGEST_BLOCK + 1)
        .position(|text| text.trim().is_empty() || is_mark(text, rules))
        .unwrap_or(run.len());
    if length > LONGEST_BLOCK {
        return 0;
    }
    let (run, below) = run.split_at(length);
    let fields: Option<Vec<(&str, &str)>> = run.iter().map(|text| field(text)).collect();
    let Some(fields) = fields else { return 0 };
    let is_plain = |key: &str| words::is_field(key) && !labels.is_speaker(key);
    let last_field = fields.iter().rposition(|(key, _)| is_plain(key));
    let Some(last_field) = last_field else { return 0 };
    // A role after the last field belongs to the card when what it names speaks below.
    let speaks_below = |name: &str| {
        !name.is_empty()
            && below.iter().any(|text| {
                let header = rules.reading.form.header(&Line::new(text, true), labels);
                header.is_some_and(|header| header.speaker == name)
            })
    };
    let more = fields.iter().skip(last_field + 1).take_while(|(_, value)| speaks_below(value)).count();
    if below.iter().all(|text| text.trim().is_empty()) {
        return 0;
    }
    // A card names each key once; a role that comes twice is talking.
    let mut keys: Vec<String> = fields.iter().map(|(key, _)| key.to_lowercase()).collect();
    keys.sort_unstable();
    let twice = keys.windows(2).any(|pair| matches!(pair, [one, other] if one == other));
    if twice { 0 } else { start + last_field + 1 + more }
}

/// Keeps a field; one that comes again adds a line.
fn keep(extra: &mut Extra, key: &str, value: &str) {
    match extra.get_mut(key) {
        Some(Value::String(text)) => {
            text.push('\n');
            text.push_str(value);
        }
        _ => {
            extra.insert(key.to_owned(), Value::String(value.to_owned()));
        }
    }
}
