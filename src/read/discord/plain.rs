//! What CSV and text have in common: messages without identifiers, with dates as the exporting machine writes them.

use super::{table, text};
use crate::diagnostic::Rejection;
use crate::model::{Conversation, Event, Kind, Medium, Raw, Turn};
use crate::read::frame::{Belongs, Frame, Place, Placer, Talk};
use crate::read::reader::{Decode, Decoded};
use crate::read::sample::Sample;
use crate::text::time;

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A table.
    Table,
    /// Plain text.
    Text,
}

/// A message as it stands.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub author: String,
    pub date: String,
    pub content: String,
    /// Words of embeds.
    pub embedded: String,
    /// Attachments and stickers.
    pub media: Vec<String>,
    pub reactions: Vec<String>,
}

/// Reads messages of one of the forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plain {
    form: Form,
    day_first: bool,
    /// Whether the dates leave open which of their first two numbers is the day.
    open: bool,
}

impl Plain {
    /// The order of day and month is the one that all dates of the sample allow; where both do, the one in which they
    /// ascend, else month first.
    pub fn of(form: Form, sample: &Sample) -> Self {
        let text = sample.text();
        let dates: Vec<String> = match form {
            Form::Table => table::dates(&text),
            Form::Text => text::dates(&text),
        };
        let ascends = |day_first: bool| {
            dates.iter().filter_map(|date| time_of(date, day_first)).collect::<Vec<_>>().is_sorted()
        };
        let told = dates.iter().find_map(|date| time::day_first(date));
        let day_first = told.unwrap_or_else(|| ascends(true) && !ascends(false));
        let open = told.is_none()
            && ascends(true) == ascends(false)
            && dates.iter().any(|date| time_of(date, true) != time_of(date, false));
        Self { form, day_first, open }
    }

    /// What was settled, where it was not clear.
    pub fn note(self) -> Option<String> {
        let says = "the dates do not show which number is the day; they are read with the month first, and pauses may be wrong";
        self.open.then(|| says.to_owned())
    }

    /// Says where each message belongs: all is talk.
    pub fn placer(self) -> Placer {
        let mut last = 0;
        Box::new(move |frame: &Frame<'_>| {
            // What is no message is rejected by itself.
            let Ok(written) = self.written(&String::from_utf8_lossy(frame.bytes)) else {
                return Place::default();
            };
            last = self.time(&written.date).unwrap_or(last);
            Place { belongs: Belongs::default(), talk: Some(Talk { room: 0, time: last, said: true }) }
        })
    }

    /// The time of a date as it stands.
    pub fn time(self, date: &str) -> Option<i64> {
        time_of(date, self.day_first)
    }

    fn written(self, row: &str) -> Result<Written, Rejection> {
        match self.form {
            Form::Table => table::read(row),
            Form::Text => Ok(text::read(row)),
        }
    }

    fn tell(self, written: Written, turns: &mut Vec<Turn>) {
        let Written { author, date, content, embedded, media, reactions } = written;
        let time = self.time(&date);
        let before = turns.len();
        let medium = Medium::Messenger;
        let turn = |text, kind| Turn { speaker: author.clone(), text, time, kind, medium, ..Turn::default() };
        let words = if content.trim().is_empty() { embedded } else { content };
        turns.extend((!words.trim().is_empty()).then(|| turn(words, Kind::Text)));
        turns.extend(media.into_iter().map(|name| turn(name, Kind::Media)));
        if turns.len() == before {
            turns.push(turn(String::new(), Kind::Text));
        }
        let kind = Kind::Event(Event::Reaction);
        turns.extend(reactions.into_iter().map(|text| Turn { text, time, kind, ..Turn::default() }));
    }
}

impl Decode for Plain {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        let mut turns = Vec::new();
        for row in frame.rows() {
            let (row, _) = crate::text::encoding::to_text(row);
            self.tell(self.written(&row)?, &mut turns);
        }
        Ok(Raw::Conversation(Conversation { turns, ..Conversation::default() }).into())
    }
}

/// The time of a date as it stands, also in the form of the exporter's first years (`01-Jan-20 01:33 AM`).
pub(super) fn time_of(date: &str, day_first: bool) -> Option<i64> {
    let old = || {
        let (day, rest) = date.trim().split_once('-')?;
        let (month, rest) = rest.split_once('-')?;
        let (year, clock) = rest.split_once(' ')?;
        let digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        let fits = digits(day) && digits(year) && month.bytes().all(|byte| byte.is_ascii_alphabetic());
        time::parse(&fits.then(|| format!("{day} {month} 20{year} {clock}"))?)
    };
    old().or_else(|| time::parse_with(date, day_first))
}
