//! Which talk of a channel a line belongs to: many go on at once, and nothing but habit parts them.
//!
//! Who addresses somebody by nick joins the talk that this one last took part in; who goes on speaking within a quarter
//! of an hour goes on in the same talk; who begins to speak to nobody begins a talk, unless only one is going on among
//! very few people. What nobody said goes where its nick spoke, or to the last talk. The numbers are tuned on one half
//! of a corpus with people's reply links, see `tests/agreement/talks.py`.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::line::{Line, What, is_bot, line};
use super::plain::plain;
use crate::model::Event;
use crate::read::channel::clock::{Calendar, DAY};
use crate::read::channel::lines::text_of;
use crate::read::frame::{Belongs, Frame};

/// Most milliseconds between two lines of a speaker in the same talk, who addresses nobody.
const OWN_MS: i64 = 15 * 60_000;
/// Most lines between them, which is all there is where no clock is written.
const OWN_LINES: u64 = 150;
/// Lines kept to see what is going on.
const RECENT: usize = 150;
/// Most milliseconds since somebody took part in a talk for it to be the one in which this one is addressed.
const ADDRESSED_MS: i64 = 30 * 60_000;
/// A nick without a colon or comma addresses if it is at least so long …
const BARE_LENGTH: usize = 4;
/// … and spoke within so many lines: many nicks are words.
const BARE_LINES: u64 = 100;
/// Among so many people, one talk is one talk, whether they address each other or not.
const FEW: usize = 3;
/// Longest nick that is looked up, in bytes.
const LONGEST_NICK: usize = 64;

/// What the whole log says that a talk's own lines may not: which day it was, and who is who.
#[derive(Debug, Default)]
pub(super) struct History {
    /// The day from each of these lines on.
    days: BTreeMap<u64, i64>,
    /// The name under which somebody spoke first, from each of these lines on, by the nick that follows.
    names: FxHashMap<String, BTreeMap<u64, String>>,
}

impl History {
    /// The day at a line, in days since 1970; 0 where the log says none.
    pub(super) fn day(&self, line: u64) -> i64 {
        self.days.range(..=line).next_back().map_or(0, |(_, day)| *day)
    }

    /// The name of who bears `nick` at a line.
    pub(super) fn name(&self, nick: &str, line: u64) -> Option<String> {
        if self.names.is_empty() {
            return None;
        }
        let names = self.names.get(&nick.to_ascii_lowercase())?;
        names.range(..=line).next_back().map(|(_, name)| name.clone())
    }
}

/// The history of a source, written while its lines are sorted and read when that is done.
pub(super) type Shared = Arc<RwLock<History>>;

/// Where somebody is.
#[derive(Debug, Clone, Default)]
struct Person {
    /// The first nick under which this one spoke.
    name: Option<String>,
    place: Option<Place>,
    spoke: Option<(i64, u64)>,
}

/// A talk, and when and at which line somebody last took part in it.
#[derive(Debug, Clone, Copy)]
struct Place {
    talk: u64,
    time: i64,
    line: u64,
}

/// The state of a channel.
pub(super) struct Talks {
    calendar: Calendar,
    day: i64,
    history: Shared,
    own_ms: i64,
    addressed_ms: i64,
    /// Numbers of people by nick in lower case.
    nicks: FxHashMap<String, usize>,
    people: Vec<Person>,
    talks: u64,
    last_talk: Option<u64>,
    /// The talks and people of the last lines, for what is going on.
    recent: VecDeque<(i64, u64, usize)>,
    line: u64,
    key: String,
}

impl Talks {
    /// A channel whose log begins at `day`; `gap_ms` instead of the usual pauses, if the caller gives it.
    pub(super) fn new(day: Option<i64>, gap_ms: Option<i64>, history: Shared) -> Self {
        let mut talks = Self {
            calendar: Calendar::new(day.unwrap_or(0)),
            day: 0,
            history,
            own_ms: gap_ms.unwrap_or(OWN_MS),
            addressed_ms: gap_ms.unwrap_or(ADDRESSED_MS),
            nicks: FxHashMap::default(),
            people: Vec::new(),
            talks: 0,
            last_talk: None,
            recent: VecDeque::new(),
            line: 0,
            key: String::new(),
        };
        talks.note_day(day.unwrap_or(0), 0);
        talks
    }

    /// The talk of the next line.
    pub(super) fn sort(&mut self, frame: &Frame<'_>) -> Belongs {
        let (text, _) = text_of(frame.bytes);
        let text = plain(&text);
        let line = line(&text);
        self.line += 1;
        let time = self.time(&line, frame.origin.line);
        let talk = match line.what {
            What::Said(nick) | What::Action(nick) => {
                let person = self.person(nick);
                self.said(person, nick, line.text, time)
            }
            What::Renamed(old, new) => {
                let talk = self.talk_of(old);
                self.rename(old, new, frame.origin.line);
                talk
            }
            What::Notice(nick) | What::Happened(Event::Join | Event::Leave, nick) => self.talk_of(nick),
            What::Happened(..) | What::Other => self.near(),
        };
        Belongs { key: Some(talk.to_string()), joins: Vec::new() }
    }

    fn time(&mut self, line: &Line<'_>, number: u64) -> i64 {
        if let Some(day) = line.day {
            self.calendar.begin(day);
        }
        let time = line.clock.map(|clock| self.calendar.time(clock));
        let day = time.map_or(line.day.unwrap_or(self.day), |time| time.div_euclid(DAY));
        if day != self.day {
            self.note_day(day, number);
        }
        time.unwrap_or_else(|| self.recent.back().map_or(0, |(time, ..)| *time))
    }

    fn note_day(&mut self, day: i64, line: u64) {
        self.day = day;
        self.history.write().unwrap_or_else(PoisonError::into_inner).days.insert(line, day);
    }

    /// The number of who bears `nick`, a new one if nobody does.
    fn person(&mut self, nick: &str) -> usize {
        if let Some(person) = self.known(nick) {
            return person;
        }
        self.people.push(Person::default());
        self.nicks.insert(nick.to_ascii_lowercase(), self.people.len() - 1);
        self.people.len() - 1
    }

    fn known(&mut self, nick: &str) -> Option<usize> {
        if nick.len() > LONGEST_NICK {
            return None;
        }
        self.key.clear();
        self.key.push_str(nick);
        self.key.make_ascii_lowercase();
        self.nicks.get(&self.key).copied()
    }

    /// Whoever bears `old` bears `new` from here on.
    fn rename(&mut self, old: &str, new: &str, line: u64) {
        if old.is_empty() || new.is_empty() || old.eq_ignore_ascii_case(new) {
            return;
        }
        let person = self.person(old);
        self.nicks.remove(&old.to_ascii_lowercase());
        self.nicks.insert(new.to_ascii_lowercase(), person);
        if let Some(name) = self.people.get(person).and_then(|person| person.name.clone()) {
            let mut history = self.history.write().unwrap_or_else(PoisonError::into_inner);
            history.names.entry(new.to_ascii_lowercase()).or_default().insert(line, name);
            // Who takes the old nick later is somebody else.
            let old_name = old.to_owned();
            history.names.entry(old.to_ascii_lowercase()).or_default().insert(line + 1, old_name);
        }
    }

    /// The talk in which something happened to `nick`.
    fn talk_of(&mut self, nick: &str) -> u64 {
        let place = self.known(nick).and_then(|person| self.people.get(person)?.place);
        place.map_or_else(|| self.near(), |place| place.talk)
    }

    /// The last talk, or the first that will be.
    fn near(&self) -> u64 {
        self.last_talk.unwrap_or(0)
    }

    fn said(&mut self, person: usize, nick: &str, text: &str, time: i64) -> u64 {
        let addressed = self.addressed(text, person);
        let bot = is_bot(nick);
        let joined = self.joined(person, addressed, bot, time);
        // An address, even of somebody unknown, says that this is not for all.
        let to_all = addressed.is_none() && !text.starts_with('@') && !first_word_ends_with_colon(text);
        let only = || if to_all { self.only_one(time) } else { None };
        let talk = joined.or_else(only).unwrap_or_else(|| {
            self.talks += 1;
            self.talks - 1
        });
        let here = Place { talk, time, line: self.line };
        if let Some(person) = self.people.get_mut(person) {
            person.name.get_or_insert_with(|| nick.to_owned());
            person.place = Some(here);
            person.spoke = Some((time, self.line));
        }
        let own_ms = self.own_ms;
        if let Some(other) = addressed.and_then(|other| self.people.get_mut(other)) {
            // Who is spoken to is likely to answer; who is busy in another talk stays there.
            let free = other
                .place
                .is_none_or(|place| place.talk == talk || time.abs_diff(place.time) > own_ms.unsigned_abs());
            if free {
                other.place = Some(here);
            }
        }
        self.last_talk = Some(talk);
        self.recent.push_back((time, talk, person));
        while self.recent.front().is_some_and(|(then, ..)| time.abs_diff(*then) > own_ms.unsigned_abs())
            || self.recent.len() > RECENT
        {
            self.recent.pop_front();
        }
        talk
    }

    /// The talk that a line joins, if it joins one.
    fn joined(&self, person: usize, addressed: Option<usize>, bot: bool, time: i64) -> Option<u64> {
        let place = |person: usize| self.people.get(person).and_then(|person| person.place);
        let near = |place: &Place, ms: i64| time.abs_diff(place.time) <= ms.unsigned_abs();
        let his =
            addressed.and_then(place).filter(|place| near(place, self.addressed_ms)).map(|place| place.talk);
        if bot {
            return his.or(self.last_talk);
        }
        let own = place(person)
            .filter(|place| near(place, self.own_ms) && self.line - place.line <= OWN_LINES)
            .map(|place| place.talk);
        his.or(own)
    }

    /// The one talk that is going on, where there is no other and few people speak.
    fn only_one(&self, time: i64) -> Option<u64> {
        let mut people: Vec<usize> = Vec::new();
        let mut only = None;
        // The last lines show most channels to be busy.
        for (then, talk, person) in self.recent.iter().rev() {
            if time.abs_diff(*then) > self.own_ms.unsigned_abs() {
                break;
            }
            if *only.get_or_insert(*talk) != *talk {
                return None;
            }
            if !people.contains(person) {
                people.push(*person);
                if people.len() > FEW {
                    return None;
                }
            }
        }
        only
    }

    /// Whom `text` speaks to: its first word is a nick, with `:` or `,` behind it or `@` before it, or the nick of
    /// somebody who spoke lately.
    fn addressed(&mut self, text: &str, speaker: usize) -> Option<usize> {
        let text = text.trim_start();
        let at = text.strip_prefix('@');
        let text = at.unwrap_or(text);
        let end = text
            .find(|sign: char| matches!(sign, ':' | ',' | '>') || sign.is_whitespace())
            .unwrap_or(text.len());
        let (nick, rest) = text.split_at_checked(end)?;
        let other = self.known(nick).filter(|other| *other != speaker)?;
        let (_, line) = self.people.get(other)?.spoke?;
        let marked = at.is_some() || rest.starts_with([':', ',', '>']);
        let lately = nick.len() >= BARE_LENGTH && self.line - line < BARE_LINES;
        (marked || lately).then_some(other)
    }
}

fn first_word_ends_with_colon(text: &str) -> bool {
    text.split_whitespace().next().is_some_and(|word| word.ends_with(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The talk of each line.
    fn talks(text: &str) -> Vec<String> {
        let mut talks = Talks::new(None, None, Shared::default());
        let frame = |bytes| Frame { bytes, ..Frame::default() };
        text.lines().filter_map(|line| talks.sort(&frame(line.as_bytes())).key).collect()
    }

    #[test]
    fn addresses_part_what_time_does_not() {
        let text = "[10:00] <kim> my wifi drops\n[10:00] <lee> bo: how do I print?\n[10:01] <ana> kim: which card?\n\
                    [10:01] <bo> lee, which printer?\n[10:02] <kim> an old one\n[10:02] <lee> @bo the blue one\n\
                    [10:03] <ana> and which system\n[10:04] <zoe> hi all, where are the docs?\n[10:04] * kim looks\n\
                    [10:05] <ubottu> kim: wifi is explained there\n=== lee is now known as lee2\n[10:06] <lee2> thanks\n\
                    [10:40] <kim> another one: sound?";
        assert_eq!(talks(text), ["0", "1", "0", "1", "0", "1", "0", "2", "0", "0", "1", "1", "3"]);
    }

    #[test]
    fn few_people_need_no_addresses() {
        let text = "<kim> can I pay later?\n<ana> yes\n*** bob joins\n<kim> great\n<bob> hi\nno form at all";
        assert_eq!(talks(text), ["0"; 6]);
        assert_eq!(talks("*** Joins: kim (x)\n[10:00] <kim> a\n[23:00] <bo> b"), ["0", "0", "1"]);
    }

    #[test]
    fn people_keep_the_name_under_which_they_spoke() {
        let history = Shared::default();
        let mut talks = Talks::new(Some(19_783), None, Arc::clone(&history));
        for (number, line) in [
            "[23:59] <kim> a",
            "=== kim is now known as kim_away",
            "=== guest1 is now known as lee",
            "[00:01] <lee> b",
        ]
        .iter()
        .enumerate()
        {
            let origin = crate::model::Origin { line: number as u64 + 1, ..Default::default() };
            talks.sort(&Frame { origin, bytes: line.as_bytes(), ..Frame::default() });
        }
        let history = history.read().unwrap();
        assert_eq!(history.name("Kim_Away", 9).as_deref(), Some("kim"));
        assert_eq!((history.name("lee", 9), history.name("kim_away", 1)), (None, None));
        assert_eq!((history.day(1), history.day(4)), (19_783, 19_784));
    }
}
