//! Clock times and dates at the beginning or end of a header line, and the time of turns made of them.
//!
//! Forms seen in transcripts only: `12:03`, `12:03:11.5`, `10:02 p. m.`, with or without a date in digits or with an
//! English month. Complete timestamps in cells and keys are parsed elsewhere.

use jiff::civil;

const DAY: i64 = 86_400_000;

/// How ambiguous digits are to be read in one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Style {
    /// `3/1/2024` is the first of March.
    pub month_first: bool,
    /// `12:03` counts minutes and seconds from the beginning of a recording.
    pub elapsed: bool,
}

/// A date as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Date {
    Certain(civil::Date),
    /// Day and month, or month and day.
    Either(i8, i8, i16),
}

/// A clock time, perhaps with a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    date: Option<Date>,
    /// The fields before and after the first colon, the seconds in milliseconds, where they are written.
    first: u32,
    second: u32,
    rest: Option<u32>,
    /// `Some(true)`: afternoon.
    half: Option<bool>,
    /// The first field is a single `0`, which no clock on a wall shows.
    bare_zero: bool,
}

impl Stamp {
    /// A count of seconds from the beginning of a log.
    pub(super) fn seconds(count: u32) -> Self {
        let (first, second) = (count / 3600, count / 60 % 60);
        Self { date: None, first, second, rest: Some(count % 60 * 1000), half: None, bare_zero: true }
    }

    /// Milliseconds since midnight, or since the beginning of the recording.
    fn clock(self, style: Style) -> i64 {
        let (first, second) = (i64::from(self.first), i64::from(self.second));
        match (self.rest, self.half) {
            (None, None) if style.elapsed => first * 60_000 + second * 1000,
            (rest, half) => {
                let hour = match half {
                    Some(afternoon) => first % 12 + if afternoon { 12 } else { 0 },
                    None => first,
                };
                hour * 3_600_000 + second * 60_000 + i64::from(rest.unwrap_or(0))
            }
        }
    }
}

/// The style that the stamps of a sample speak for.
pub(super) fn style(stamps: impl Iterator<Item = Stamp>) -> Style {
    let (mut day_first, mut month_first, mut half, mut elapsed) = (false, false, false, false);
    for stamp in stamps {
        if let Some(Date::Either(first, second, _)) = stamp.date {
            day_first |= first > 12;
            month_first |= second > 12;
        }
        half |= stamp.half.is_some();
        elapsed |= stamp.rest.is_none() && stamp.half.is_none() && (stamp.first > 23 || stamp.bare_zero);
    }
    // Where no day settles the order, clocks with AM and PM are mostly American.
    Style { month_first: !day_first && (month_first || half), elapsed }
}

/// Turns stamps into times, day after day.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    style: Style,
    day: i64,
    last: Option<i64>,
}

impl Clock {
    pub(super) fn new(style: Style) -> Self {
        Self { style, day: 0, last: None }
    }

    /// Milliseconds since 1970-01-01, or since the midnight before the first turn where no date is known.
    pub(super) fn time(&mut self, stamp: Stamp) -> i64 {
        let clock = stamp.clock(self.style);
        if let Some(day) = stamp.date.and_then(|date| day(date, self.style)) {
            self.day = day;
        } else if !self.style.elapsed && self.last.is_some_and(|last| last - clock > DAY / 2) {
            // A clock that runs back by half a day has passed midnight; by less, lines are out of order.
            self.day += 1;
        }
        self.last = Some(clock);
        self.day * DAY + clock
    }
}

/// Days since 1970-01-01.
fn day(date: Date, style: Style) -> Option<i64> {
    let date = match date {
        Date::Certain(date) => date,
        Date::Either(first, second, year) => {
            let (day, month) = if style.month_first { (second, first) } else { (first, second) };
            civil::Date::new(year, month, day).or_else(|_| civil::Date::new(year, day, month)).ok()?
        }
    };
    let epoch = civil::Date::constant(1970, 1, 1);
    date.since(epoch).ok().map(|span| i64::from(span.get_days()))
}

/// A stamp at the beginning of `text`, and what follows it.
pub(super) fn stamp(text: &str) -> Option<(Stamp, &str)> {
    // Nearly every line is decided by its first byte: a digit, or the letter of a month or weekday.
    if !text.as_bytes().first()?.is_ascii_alphanumeric() {
        return None;
    }
    match date(text) {
        Some((date, rest)) => {
            let rest = spaces(rest.strip_prefix(',').unwrap_or(rest));
            let rest = rest.strip_prefix('T').or_else(|| rest.strip_prefix("at ")).unwrap_or(rest);
            let (mut stamp, rest) = clock(spaces(rest))?;
            stamp.date = Some(date);
            Some((stamp, zone(rest)))
        }
        None => clock(text),
    }
}

/// Text of which nothing but a stamp is made.
pub(super) fn whole_stamp(text: &str) -> Option<Stamp> {
    stamp(text.trim()).filter(|(_, rest)| rest.is_empty()).map(|(stamp, _)| stamp)
}

/// `12:03`, `12:03:11`, `12:03:11.250`, each with AM or PM.
fn clock(text: &str) -> Option<(Stamp, &str)> {
    let (first, width, rest) = number(text, 2)?;
    let (second, two, rest) = number(rest.strip_prefix(':')?, 2)?;
    if two != 2 || second > 59 {
        return None;
    }
    let mut stamp =
        Stamp { date: None, first, second, rest: None, half: None, bare_zero: width == 1 && first == 0 };
    let mut rest = rest;
    if let Some((seconds, 2, after)) = rest.strip_prefix(':').and_then(|rest| number(rest, 2)) {
        if seconds > 60 {
            return None;
        }
        let mut millis = seconds * 1000;
        rest = after;
        if let Some((fraction, width, after)) = rest.strip_prefix(['.', ',']).and_then(|rest| number(rest, 9))
        {
            let scaled = f64::from(fraction) * 10f64.powi(3 - i32::try_from(width).unwrap_or(3));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 1,000")]
            let scaled = scaled as u32;
            millis += scaled;
            rest = after;
        }
        stamp.rest = Some(millis);
    }
    let after = spaces(rest);
    if let Some((afternoon, after)) = half(after) {
        if first > 12 {
            return None;
        }
        stamp.half = Some(afternoon);
        rest = after;
    }
    // `12:034` and `10:30x` are no clocks.
    (!rest.starts_with(|next: char| next.is_alphanumeric() && next != 'Z')).then_some((stamp, rest))
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

/// A zone's mark is passed over: only differences of times matter.
fn zone(text: &str) -> &str {
    if let Some(rest) = text.strip_prefix('Z').or_else(|| text.strip_prefix(" UTC")) {
        return if rest.starts_with(|next: char| next.is_alphanumeric()) { text } else { rest };
    }
    let Some(rest) = text.strip_prefix(['+', '-']) else { return text };
    match number(rest, 4) {
        Some((_, 4, rest)) => rest,
        Some((_, 2, rest)) => match rest.strip_prefix(':').and_then(|rest| number(rest, 2)) {
            Some((_, 2, rest)) => rest,
            _ => text,
        },
        _ => text,
    }
}

/// A date in digits, or with an English month, after an optional weekday.
fn date(text: &str) -> Option<(Date, &str)> {
    let text = weekday(text);
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
        certain(year, second, first)?
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

fn month(text: &str) -> Option<(u32, &str)> {
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
    let found =
        MONTHS.iter().position(|month| *month == word || (word.len() == 3 && month.starts_with(&word)))?;
    Some((u32::try_from(found).ok()? + 1, rest.strip_prefix('.').unwrap_or(rest)))
}

fn weekday(text: &str) -> &str {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let (word, rest) = word(text);
    if !(3..=9).contains(&word.len()) {
        return text;
    }
    let word = word.to_ascii_lowercase();
    if DAYS.iter().any(|day| *day == word || (word.len() == 3 && day.starts_with(&word))) {
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
fn number(text: &str, most: usize) -> Option<(u32, usize, &str)> {
    let width = text.bytes().take(most + 1).take_while(u8::is_ascii_digit).count();
    if width == 0 || width > most {
        return None;
    }
    let (digits, rest) = text.split_at(width);
    Some((digits.parse().ok()?, width, rest))
}

/// `text` without leading spaces, the narrow and unbreakable ones included.
pub(super) fn spaces(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\u{a0}', '\u{2009}', '\u{202f}'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(texts: &[&str]) -> Vec<i64> {
        let stamps: Vec<Stamp> = texts.iter().map(|text| whole_stamp(text).expect(text)).collect();
        let mut clock = Clock::new(style(stamps.iter().copied()));
        stamps.into_iter().map(|stamp| clock.time(stamp)).collect()
    }

    #[test]
    fn clocks_of_all_forms() {
        assert_eq!(
            times(&["12:03", "12:03:11", "12:03:11.25"]),
            [12 * 3_600_000 + 180_000, 43_391_000, 43_391_250]
        );
        assert_eq!(times(&["12:03 AM", "1:03 p. m.", "1:03\u{202f}PM"]), [180_000, 46_980_000, 46_980_000]);
        for text in ["12:3", "12:60", "1234:00", "12:034", "10:30x", "13:00 PM", "12", "", ":", "12:", "é"] {
            assert_eq!(whole_stamp(text), None, "{text}");
        }
    }

    #[test]
    fn dates_of_all_forms() {
        let want = 1_709_294_591_000; // 2024-03-01T12:03:11Z
        for text in [
            "2024-03-01 12:03:11",
            "2024-03-01T12:03:11Z",
            "2024-03-01T12:03:11+02:00",
            "2024/03/01 12:03:11",
            "01.03.24, 12:03:11",
            "1/3/2024, 12:03:11",
            "3/1/2024 12:03:11 PM",
            "Mar 1, 2024 12:03:11",
            "1 March 2024, 12:03:11",
            "01-Mar-24 12:03:11 PM",
            "Fri Mar 1 2024 12:03:11",
            "2024-03-01 12:03:11.000",
        ] {
            assert_eq!(times(&[text]), [want], "{text}");
        }
        assert_eq!(times(&["13/02/2024 00:00", "01/03/2024 00:00"]), [1_707_782_400_000, 1_709_251_200_000]);
        assert_eq!(whole_stamp("2024-13-01 10:00"), None);
    }

    #[test]
    fn midnight_and_recordings() {
        assert_eq!(times(&["23:59", "00:01"]), [86_340_000, DAY + 60_000]);
        assert_eq!(times(&["10:05", "10:04"]), [36_300_000, 36_240_000]);
        assert_eq!(times(&["0:04", "12:03", "59:59", "1:00:01"]), [4_000, 723_000, 3_599_000, 3_601_000]);
    }
}
