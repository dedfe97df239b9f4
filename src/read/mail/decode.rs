//! A thread as a conversation: its messages by date, each message once, each person under one name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::charset::Charsets;
use super::mailbox::{envelope, unmangled};
use super::turns::{self, Letter, Sentence};
use crate::diagnostic::{Finding, Rejection};
use crate::model::{Conversation, Event, Extra, Kind, Raw, Turn};
use crate::read::codes;
use crate::read::frame::Frame;
use crate::read::reader::{Decode, Decoded};
use crate::text::time;

/// Decodes threads.
pub struct Decoder {
    charsets: Charsets,
}

impl Decoder {
    /// With the encoding that the caller gives for what says none.
    pub fn new(encoding: Option<&str>) -> Self {
        Self { charsets: Charsets::new(encoding) }
    }

    fn letter(&self, row: &[u8]) -> Option<Letter> {
        let (line, message) = envelope(row);
        let Some(line) = line else { return turns::read(message, self.charsets) };
        let mut letter = turns::read(&unmangled(message), self.charsets)?;
        if letter.time.is_none()
            && let Some(time) = arrival(line)
        {
            letter.time = Some(time);
            for sentence in &mut letter.turns {
                sentence.turn.time = sentence.turn.time.or(Some(time));
            }
        }
        Some(letter)
    }
}

impl Decode for Decoder {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        let mut letters: Vec<Letter> = frame.rows().filter_map(|row| self.letter(row)).collect();
        if letters.is_empty() {
            let message = "the message begins with no header such as `From:` or `Subject:`";
            return Err(Rejection::new(&codes::WRONG_SHAPE, message));
        }
        order(&mut letters);
        let mut findings = Vec::new();
        if letters.iter().any(|letter| letter.guessed) {
            let message = "the text says no encoding that fits and is not UTF-8; it was read as Windows-1252";
            findings.push(Finding::new(&codes::WINDOWS_1252, "", message));
        }
        let (id, extra) = facts(&letters);
        let mut sentences = once(letters);
        name(&mut sentences);
        let turns = sentences.into_iter().map(|sentence| sentence.turn).collect();
        let conversation = Conversation { id, turns, extra, ..Conversation::default() };
        Ok(Decoded { raw: Raw::Conversation(conversation), findings })
    }
}

/// When a message came into the mailbox, by its `From ` line; a zone in it counts.
fn arrival(line: &[u8]) -> Option<i64> {
    let line = std::str::from_utf8(line).ok()?;
    let words: Vec<&str> = line.split_ascii_whitespace().skip(2).collect();
    time::parse(&words.join(" "))
}

/// By date; a message without one stays behind the one before it.
fn order(letters: &mut [Letter]) {
    let mut last = i64::MIN;
    let mut dated: Vec<(i64, Letter)> = letters
        .iter_mut()
        .map(|letter| {
            last = letter.time.unwrap_or(last);
            (last, std::mem::take(letter))
        })
        .collect();
    dated.sort_by_key(|(time, _)| *time);
    for (place, (_, letter)) in letters.iter_mut().zip(dated) {
        *place = letter;
    }
}

/// The identifier of the thread, its subject and its labels.
fn facts(letters: &[Letter]) -> (Option<String>, Extra) {
    let thread = letters.iter().find_map(|letter| letter.thread.clone());
    let id = thread.or_else(|| letters.first().and_then(|letter| letter.id.clone()));
    let mut extra = Extra::new();
    if let Some(letter) = letters.iter().find(|letter| !letter.subject.is_empty()) {
        extra.insert("subject".into(), Value::String(letter.subject.clone()));
    }
    let labels: BTreeSet<&String> = letters.iter().flat_map(|letter| &letter.labels).collect();
    if !labels.is_empty() {
        extra.insert("labels".into(), labels.into_iter().map(|label| Value::String(label.clone())).collect());
    }
    (id, extra)
}

/// The turns of all messages. A message that came before, from another mailbox or within another, stands right behind its
/// first copy: equal turns at one time are one turn (`drop-repeated-turn`), what differs is a later writing of it.
fn once(letters: Vec<Letter>) -> Vec<Sentence> {
    let mut sentences: Vec<Sentence> = Vec::new();
    // Where each message's own words and where its other turns begin.
    let mut by_id: BTreeMap<String, usize> = BTreeMap::new();
    let mut copies: Vec<(usize, Sentence)> = Vec::new();
    for letter in letters {
        let mut first = None;
        for (index, mut sentence) in letter.turns.into_iter().enumerate() {
            let known = match (index, &sentence.id) {
                (0, Some(id)) => {
                    first = by_id.get(id).copied();
                    first
                }
                (_, Some(id)) => by_id.get(id).copied(),
                // A file of a copy is the file of the first one.
                _ => first.map(|at| twin(&sentences, at, &sentence.turn)),
            };
            let Some(at) = known else {
                if let Some(id) = &sentence.id {
                    by_id.insert(id.clone(), sentences.len());
                }
                sentences.push(sentence);
                continue;
            };
            let original = sentences.get(at).map(|first| &first.turn);
            let is_equal =
                original.is_some_and(|first| first.time.is_some() && is_same(first, &sentence.turn));
            if !is_equal && sentence.turn.kind == Kind::Text {
                sentence.turn.kind = Kind::Event(Event::Edit);
            }
            copies.push((at, sentence));
        }
    }
    // Stable: copies of one turn keep their order.
    copies.sort_by_key(|(at, _)| *at);
    let mut copies = copies.into_iter().peekable();
    let mut all = Vec::with_capacity(sentences.len());
    for (index, sentence) in sentences.into_iter().enumerate() {
        all.push(sentence);
        while let Some((_, copy)) = copies.next_if(|(at, _)| *at == index) {
            all.push(copy);
        }
    }
    all
}

fn is_same(first: &Turn, second: &Turn) -> bool {
    first.text == second.text && first.kind == second.kind && first.time == second.time
}

/// The turn of the message at `at` that is the same as `turn`; the message's own words where there is none.
fn twin(sentences: &[Sentence], at: usize, turn: &Turn) -> usize {
    let others = sentences.iter().enumerate().skip(at + 1).take_while(|(_, other)| other.id.is_none());
    others.into_iter().find(|(_, other)| is_same(&other.turn, turn)).map_or(at, |(index, _)| index)
}

/// Gives each turn its speaker: `Ana <help@shop.example>`, with the name that an address has first in the thread, since
/// phones and web pages write other names or none. Recipients are written the same way.
fn name(sentences: &mut [Sentence]) {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for Sentence { author: (name, address), .. } in sentences.iter() {
        if !name.is_empty() && !address.is_empty() {
            names.entry(address.to_lowercase()).or_insert_with(|| name.clone());
        }
    }
    let shown = |name: &str, address: &str| {
        let known = names.get(&address.to_lowercase()).filter(|_| !address.is_empty());
        let known = known.map_or(name, String::as_str);
        match (known.is_empty(), address.is_empty()) {
            (false, false) => format!("{known} <{address}>"),
            (true, _) => address.to_owned(),
            (false, true) => known.to_owned(),
        }
    };
    for Sentence { author: (name, address), turn, .. } in sentences {
        turn.speaker = shown(name, address);
        for recipient in &mut turn.recipients {
            *recipient = shown("", recipient);
        }
    }
}
