//! The parts of a point in time at the beginning of a text: a date, a clock, a zone, each with what follows it.
//!
//! One vocabulary for timestamps in cells and for the stamps of transcripts. What a part means together with the
//! others (which day an ambiguous date is, whether a clock counts from the beginning of a recording) is for the caller.

use jiff::civil;

/// A date as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Date {
    /// Only one day can be meant.
    Certain(civil::Date),
    /// Day and month, or month and day; then the year.
    Either(i8, i8, i16),
}

impl Date {
    /// The day meant if days come first, or else months; the other order where that is no day.
    pub fn settle(self, day_first: bool) -> Option<civil::Date> {
        match self {
            Self::Certain(date) => Some(date),
            Self::Either(first, second, year) => {
                let (day, month) = if day_first { (first, second) } else { (second, first) };
                civil::Date::new(year, month, day).or_else(|_| civil::Date::new(year, day, month)).ok()
            }
        }
    }
}

/// A clock as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// The field before the first colon: hours, or the minutes of a recording.
    pub first: u32,
    /// The field after it.
    pub second: u32,
    /// The seconds in milliseconds, where they are written.
    pub rest: Option<u32>,
    /// `Some(true)`: afternoon.
    pub half: Option<bool>,
    /// The first field is a single `0`, which no clock on a wall shows.
    pub bare_zero: bool,
}

impl Clock {
    /// Milliseconds since midnight, hours being first.
    pub fn milliseconds(self) -> i64 {
        let hour = match self.half {
            Some(afternoon) => half_day(self.first, afternoon),
            None => self.first,
        };
        i64::from(hour) * 3_600_000 + i64::from(self.second) * 60_000 + i64::from(self.rest.unwrap_or(0))
    }
}

/// The hour of the day that a clock of twelve hours means; an hour above twelve needs no half.
fn half_day(hour: u32, afternoon: bool) -> u32 {
    if hour > 12 { hour } else { hour % 12 + if afternoon { 12 } else { 0 } }
}

/// `12:03`, `12:03:11`, `12:03:11.250`, `12:03:11:250`, `12h03`, each with AM or PM.
pub fn clock(text: &str) -> Option<(Clock, &str)> {
    let (first, width, rest) = number(text, 2)?;
    let (second, two, rest) = number(rest.strip_prefix([':', 'h'])?, 2)?;
    if two != 2 || second > 59 {
        return None;
    }
    let mut clock = Clock { first, second, rest: None, half: None, bare_zero: width == 1 && first == 0 };
    let mut rest = rest;
    if let Some((seconds, 2, after)) = rest.strip_prefix(':').and_then(|rest| number(rest, 2)) {
        if seconds > 60 {
            return None;
        }
        // Leap seconds are written and cannot be computed with.
        let mut millis = seconds.min(59) * 1000;
        rest = after;
        if let Some((fraction, after)) = fraction(rest) {
            millis += fraction;
            rest = after;
        }
        clock.rest = Some(millis);
    }
    if let Some((afternoon, after)) = half(spaces(rest)) {
        if first > 12 {
            return None;
        }
        clock.half = Some(afternoon);
        rest = after;
    }
    // `12:034` and `10:30x` are no clocks.
    (!rest.starts_with(|next: char| next.is_alphanumeric() && next != 'Z')).then_some((clock, rest))
}

/// Milliseconds after a point or comma, in any number of digits; after a colon in three, since two count frames.
fn fraction(text: &str) -> Option<(u32, &str)> {
    let digits = text.strip_prefix(['.', ',', ':'])?;
    let width = digits.bytes().take_while(u8::is_ascii_digit).count();
    if width == 0 || (text.starts_with(':') && width != 3) {
        return None;
    }
    let (fraction, after) = digits.split_at(width);
    let padded: String = fraction.chars().chain("000".chars()).take(3).collect();
    Some((padded.parse().ok()?, after))
}

/// `AM`, `p.m.`, `p. m.`: whether it is afternoon.
fn half(text: &str) -> Option<(bool, &str)> {
    let first = text.chars().next()?;
    let afternoon = match first {
        'a' | 'A' => false,
        'p' | 'P' => true,
        _ => return None,
    };
    let rest = &text[1..];
    let dotted = rest.strip_prefix('.').map(spaces);
    let rest = dotted.unwrap_or(rest).strip_prefix(['m', 'M'])?;
    let rest = if dotted.is_some() { rest.strip_prefix('.').unwrap_or(rest) } else { rest };
    (!rest.starts_with(|next: char| next.is_alphanumeric())).then_some((afternoon, rest))
}

/// Minutes east of Greenwich: `Z`, ` UTC`, `+02:00`, `-0500`, `+2`.
pub fn zone(text: &str) -> Option<(i64, &str)> {
    if let Some(rest) = text.strip_prefix('Z').or_else(|| text.strip_prefix(" UTC")) {
        return (!rest.starts_with(|next: char| next.is_alphanumeric())).then_some((0, rest));
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+')?),
    };
    let (minutes, rest) = match number(digits, 4)? {
        (value, 3 | 4, rest) => (value / 100 * 60 + value % 100, rest),
        (hours, _, rest) => match rest.strip_prefix(':').and_then(|rest| number(rest, 2)) {
            Some((minutes, 2, rest)) => (hours * 60 + minutes, rest),
            _ => (hours * 60, rest),
        },
    };
    Some((sign * i64::from(minutes), rest))
}

/// A date in digits, or with an English month, after an optional weekday.
pub fn date(text: &str) -> Option<(Date, &str)> {
    let text = after_weekday(text);
    if let Some((month, rest)) = month(text) {
        let (day, _, rest) = number(spaces(rest), 2)?;
        let (year, 4, rest) = number(spaces(rest.strip_prefix(',').unwrap_or(rest)), 4)? else { return None };
        return certain(year, month, day).map(|date| (date, rest));
    }
    let (first, width, rest) = number(text, 4)?;
    let separator = rest.chars().next()?;
    if !matches!(separator, '-' | '/' | '.' | ' ') {
        return None;
    }
    let rest = rest.get(1..)?;
    if let Some((month, rest)) = month(rest) {
        let rest = rest.strip_prefix(separator).or_else(|| rest.strip_prefix([',', ' ']))?;
        let (year, width, rest) = number(spaces(rest), 4)?;
        return certain(full_year(year, width)?, month, first).map(|date| (date, rest));
    }
    if separator == ' ' {
        return None;
    }
    let (second, _, rest) = number(rest, 2)?;
    let (third, third_width, rest) = number(rest.strip_prefix(separator)?, 4)?;
    if width == 4 {
        return (third_width <= 2).then(|| certain(first, second, third)).flatten().map(|date| (date, rest));
    }
    let year = full_year(third, third_width)?;
    let date = if separator == '.' {
        certain(year, second, first).or_else(|| certain(year, first, second))?
    } else {
        if !(1..=31).contains(&first) || !(1..=31).contains(&second) {
            return None;
        }
        Date::Either(i8::try_from(first).ok()?, i8::try_from(second).ok()?, i16::try_from(year).ok()?)
    };
    Some((date, rest))
}

fn certain(year: u32, month: u32, day: u32) -> Option<Date> {
    let (year, month, day) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    civil::Date::new(year, month, day).ok().map(Date::Certain)
}

fn full_year(year: u32, width: usize) -> Option<u32> {
    match width {
        4 => Some(year),
        2 => Some(2000 + year),
        _ => None,
    }
}

/// The name of a month in English, whole or its first three letters, and what follows it.
pub fn month(text: &str) -> Option<(u32, &str)> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let (word, rest) = word(text);
    (3..=9).contains(&word.len()).then_some(())?;
    let word = word.to_ascii_lowercase();
    let found = MONTHS.iter().position(|month| {
        *month == word
            || (word.len() == 3 && month.starts_with(&word))
            || (word == "sept" && *month == "september")
    })?;
    Some((u32::try_from(found).ok()? + 1, rest.strip_prefix('.').unwrap_or(rest)))
}

/// `text` without the name of a weekday in English at its beginning.
pub fn after_weekday(text: &str) -> &str {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let (word, rest) = word(text);
    let word = word.to_ascii_lowercase();
    if word.len() >= 3 && DAYS.iter().any(|day| day.starts_with(&word)) {
        let rest = rest.strip_prefix('.').unwrap_or(rest);
        spaces(rest.strip_prefix(',').unwrap_or(rest))
    } else {
        text
    }
}

fn word(text: &str) -> (&str, &str) {
    let end = text.bytes().take(10).take_while(u8::is_ascii_alphabetic).count();
    text.split_at(end)
}

/// A number of at most `most` digits, how many digits it has, and what follows; `None` when more digits follow.
pub fn number(text: &str, most: usize) -> Option<(u32, usize, &str)> {
    let width = text.bytes().take(most + 1).take_while(u8::is_ascii_digit).count();
    if width == 0 || width > most {
        return None;
    }
    let (digits, rest) = text.split_at(width);
    Some((digits.parse().ok()?, width, rest))
}

/// `text` without leading spaces, the narrow and unbreakable ones included.
pub fn spaces(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\u{a0}', '\u{2009}', '\u{202f}'])
}
