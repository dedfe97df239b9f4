//! One talk of a channel to one conversation.

use std::sync::PoisonError;

use rustc_hash::FxHashMap;

use super::line::{Line, What, is_bot, line};
use super::plain::plain;
use super::talks::Shared;
use crate::diagnostic::Rejection;
use crate::model::{Auto, Conversation, Event, Kind, Medium, Raw, Role, Turn};
use crate::read::channel::clock::{Calendar, DAY};
use crate::read::channel::{lines, name};
use crate::read::codes;
use crate::read::frame::{Frame, FrameFault};
use crate::read::reader::{Decode, Decoded};

pub(super) struct Decoder {
    /// What the log is called.
    pub log: String,
    pub history: Shared,
}

impl Decode for Decoder {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        if let Some(FrameFault::TooLong { limit }) = frame.fault {
            let message = format!("more than {limit} bytes in one talk");
            return Err(Rejection::new(&codes::RECORD_TOO_LONG, message));
        }
        let mut talk = Talk { reader: self, first_line: frame.origin.line, names: FxHashMap::default() };
        let mut calendar =
            Calendar::new(self.history.read().unwrap_or_else(PoisonError::into_inner).day(frame.origin.line));
        let mut turns = Vec::new();
        let mut odd = 0;
        for row in frame.rows() {
            let (text, not_utf8) = lines::text_of(row);
            odd += not_utf8;
            let text = plain(&text);
            turns.push(talk.turn(&line(text.trim_end()), &mut calendar));
        }
        let assumed = settle_roles(&mut turns);
        let raw = Raw::Conversation(Conversation {
            id: Some(self.id(frame, &turns)),
            turns,
            assumed,
            ..Conversation::default()
        });
        Ok(Decoded { raw, findings: lines::encoding_finding(odd).into_iter().collect() })
    }
}

impl Decoder {
    /// `log/2024-03-01T10:00:00/kim`: who asked, and when; without a date, the line.
    fn id(&self, frame: &Frame<'_>, turns: &[Turn]) -> String {
        let Some(asked) = turns.iter().find(|turn| turn.kind == Kind::Text) else {
            return format!("{}/line {}", self.log, frame.origin.line);
        };
        match asked.time.filter(|time| *time >= DAY) {
            Some(time) => format!("{}/{}", name::conversation_id(&self.log, Some(time)), asked.speaker),
            None => format!("{}/line {}/{}", self.log, frame.origin.line, asked.speaker),
        }
    }
}

/// A talk being read.
struct Talk<'d> {
    reader: &'d Decoder,
    first_line: u64,
    /// Names of people by nicks in lower case, which networks do not tell from capitals.
    names: FxHashMap<String, String>,
}

impl Talk<'_> {
    fn turn(&mut self, line: &Line<'_>, calendar: &mut Calendar) -> Turn {
        if let Some(day) = line.day {
            calendar.begin(day);
        }
        let time = line.clock.map(|clock| calendar.time(clock));
        let nick = line.nick();
        let speaker = self.name(nick);
        if let What::Renamed(old, new) = line.what {
            self.names.insert(new.to_ascii_lowercase(), speaker.clone());
            self.names.remove(&old.to_ascii_lowercase());
        }
        let kind = match line.what {
            What::Said(_) => Kind::Text,
            // Programs send notices: nothing may answer one by itself (RFC 2812, 3.3.2).
            What::Notice(_) => Kind::Auto(Auto::Other),
            What::Happened(event, _) => Kind::Event(event),
            What::Action(_) | What::Renamed(..) | What::Other => Kind::Event(Event::Other),
        };
        let role = (kind == Kind::Text && is_bot(nick)).then(|| Role::Other("bot".to_owned()));
        let (text, medium) = (line.text.trim().to_owned(), Medium::Channel);
        Turn { speaker, role, text, time, kind, medium, ..Turn::default() }
    }

    /// The name of who bears `nick`.
    fn name(&mut self, nick: &str) -> String {
        if nick.is_empty() {
            return String::new();
        }
        let key = nick.to_ascii_lowercase();
        if let Some(name) = self.names.get(&key) {
            return name.clone();
        }
        let history = self.reader.history.read().unwrap_or_else(PoisonError::into_inner);
        let name = history.name(nick, self.first_line).unwrap_or_else(|| nick.to_owned());
        self.names.insert(key, name.clone());
        name
    }
}

/// Who begins a talk and is answered by name by all others asked, and they answered. Where one of them speaks to nobody
/// by name, nothing is sure, and who is who is left to what is known of the speakers. Gives the speakers whose sides are
/// assumed so.
fn settle_roles(turns: &mut [Turn]) -> Vec<String> {
    let spoken = |turn: &&Turn| turn.kind == Kind::Text && turn.role.is_none();
    let Some(asker) = turns.iter().find(spoken).map(|turn| turn.speaker.clone()) else { return Vec::new() };
    let mut answers: FxHashMap<&str, bool> = FxHashMap::default();
    for turn in turns.iter().filter(spoken).filter(|turn| turn.speaker != asker) {
        *answers.entry(turn.speaker.as_str()).or_default() |= addresses(&turn.text, &asker);
    }
    let begins_by_asking = turns
        .iter()
        .find(spoken)
        .is_some_and(|first| !answers.keys().any(|other| addresses(&first.text, other)));
    if answers.is_empty() || !begins_by_asking || answers.values().any(|answers| !answers) {
        return Vec::new();
    }
    let mut assumed: Vec<String> = answers.keys().map(|other| (*other).to_owned()).collect();
    assumed.push(asker.clone());
    assumed.sort();
    for turn in turns.iter_mut().filter(|turn| turn.kind == Kind::Text && turn.role.is_none()) {
        turn.role = Some(if turn.speaker == asker { Role::User } else { Role::Assistant });
    }
    assumed
}

/// Whether `text` begins with `nick`.
fn addresses(text: &str, nick: &str) -> bool {
    let text = text.trim_start_matches(['@', ' ']);
    text.get(..nick.len()).is_some_and(|head| head.eq_ignore_ascii_case(nick))
        && !text.get(nick.len()..).is_some_and(|rest| rest.starts_with(|next: char| next.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(talk: &[(&str, &str)]) -> String {
        let turn = |(speaker, text): &(&str, &str)| Turn {
            speaker: (*speaker).to_owned(),
            text: (*text).to_owned(),
            ..Turn::default()
        };
        let mut turns: Vec<Turn> = talk.iter().map(turn).collect();
        settle_roles(&mut turns);
        let sign = |turn: &Turn| match turn.role {
            Some(Role::User) => 'u',
            Some(Role::Assistant) => 'a',
            _ => '-',
        };
        turns.iter().map(sign).collect()
    }

    #[test]
    fn roles_need_evidence() {
        assert_eq!(roles(&[("kim", "how?"), ("ana", "kim: so"), ("kim", "ok"), ("ana", "fine")]), "uaua");
        assert_eq!(roles(&[("kim", "how?"), ("ana", "so")]), "--");
        assert_eq!(roles(&[("kim", "ana: how?"), ("ana", "kim: so")]), "--");
        assert_eq!(roles(&[("kim", "how?"), ("ana", "kim: so"), ("bo", "or so")]), "---");
        assert_eq!(roles(&[("kim", "how?"), ("kim", "hello?")]), "--");
        assert_eq!(roles(&[]), "");
    }
}
