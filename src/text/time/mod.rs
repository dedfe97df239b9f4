//! Points in time as exports write them, read leniently; `parts` has how their parts are written.
//!
//! Pure and without a clock or a zone database: a time without an offset is taken as UTC, since only
//! differences within one conversation matter. What cannot be read is `None`; the caller keeps the order of
//! the source then.

pub mod parts;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use serde_json::Value;

use self::parts::Clock;

/// Longest text that may be a point in time; the longest form met is some 60 characters.
const LONGEST: usize = 80;

/// Milliseconds since 1970-01-01T00:00Z.
///
/// Understood: ISO 8601 with `T` or a space, with or without offset; milliseconds after a point, comma or
/// colon (`2016-03-08T23:37:15:880Z`); seconds, milliseconds, microseconds or nanoseconds since 1970;
/// `01.03.2024 10:00`; `03/01/2024 10:00 AM` (month first unless it cannot be); names of months in any of the
/// usual places.
pub fn parse(text: &str) -> Option<i64> {
    parse_with(text, false)
}

/// Like [`parse`], with `03/04/2024` read as the third of April when `day_first`.
pub fn parse_with(text: &str, day_first: bool) -> Option<i64> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST || !text.is_ascii() {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && text.matches('.').count() <= 1 {
        return epoch(text);
    }
    if let Some(time) = iso(text) {
        return Some(time);
    }
    let mut found = Found::default();
    if let Some((date, rest)) = parts::date(text) {
        found.date = settle(date, written(text, rest), day_first);
        found.clock_and_zone(rest)?;
    } else {
        found.words(text, day_first)?;
    }
    found.milliseconds()
}

/// Milliseconds since 1970 of a number or text in JSON.
///
/// A number counts seconds, milliseconds, microseconds or nanoseconds, by its size. A text whose day and month may be
/// either (`03/04/2024`) is no time: nothing beside it says which, and a wrong order of turns is worse than none.
pub fn of_json(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_f64().and_then(since_1970),
        Value::String(text) if !is_ambiguous(text) => parse(text),
        _ => None,
    }
}

/// Above this a number counts milliseconds: as seconds it would lie beyond the year 5138. The next units are a
/// thousand times larger each.
const MILLISECONDS: f64 = 1e11;

#[expect(clippy::cast_possible_truncation, reason = "bounded just before")]
fn since_1970(number: f64) -> Option<i64> {
    let size = number.abs();
    let unit = [1000.0, 1.0, 1e-3, 1e-6]
        .into_iter()
        .zip([MILLISECONDS, MILLISECONDS * 1e3, MILLISECONDS * 1e6, MILLISECONDS * 1e9])
        .find(|(_, end)| size < *end)?
        .0;
    (size >= 1.0).then(|| (number * unit).round() as i64)
}

/// ISO 8601 as the standard has it; without an offset as UTC.
fn iso(text: &str) -> Option<i64> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time.as_millisecond());
    }
    let time: DateTime = text.parse().ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

/// With slashes the caller's order; other marks are European where they can be.
fn settle(date: parts::Date, written: &str, day_first: bool) -> Option<Date> {
    date.settle(day_first || !written.contains('/'))
}

/// `text` without the `rest` at its end.
fn written<'a>(text: &'a str, rest: &str) -> &'a str {
    text.strip_suffix(rest).unwrap_or(text)
}

/// For dates with slashes: `Some(true)` when only day first is possible, `Some(false)` when only month first
/// is.
pub fn day_first(text: &str) -> Option<bool> {
    let mut parts = text.trim().split('/');
    let first: u32 = parts.next()?.parse().ok()?;
    let second: u32 = parts.next()?.parse().ok()?;
    parts.next()?;
    match (first, second) {
        (13..=31, 1..=12) => Some(true),
        (1..=12, 13..=31) => Some(false),
        _ => None,
    }
}

/// Whether `text` begins with a date with slashes of which day and month may be either.
fn is_ambiguous(text: &str) -> bool {
    let text = text.trim();
    matches!(parts::date(text), Some((parts::Date::Either(first, second, _), rest))
        if written(text, rest).contains('/') && first <= 12 && second <= 12 && first != second)
}

/// Numbers alone: the count of digits tells the unit; 9 to 10 digits of seconds are the years 1973 to 2286.
fn epoch(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    match whole.len() {
        8 | 14 if fraction.is_empty() => compact(whole),
        9 | 10 | 12 | 13 | 15 | 16 | 18 | 19 => text.parse().ok().and_then(since_1970),
        _ => None,
    }
}

/// `20240301` and `20240301100000`.
fn compact(digits: &str) -> Option<i64> {
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i8>().ok();
    let date = Date::new(digits.get(..4)?.parse().ok()?, number(4, 6)?, number(6, 8)?).ok()?;
    if digits.len() == 14 {
        let time = Time::new(number(8, 10)?, number(10, 12)?, number(12, 14)?, 0).ok()?;
        return Some(date.to_datetime(time).to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond());
    }
    Found { date: Some(date), ..Found::default() }.milliseconds()
}

/// What has been found of a point in time.
#[derive(Default)]
struct Found {
    date: Option<Date>,
    clock: Option<Clock>,
    offset_minutes: i64,
}

impl Found {
    fn milliseconds(self) -> Option<i64> {
        let midnight = self.date?.to_datetime(Time::midnight()).to_zoned(TimeZone::UTC).ok()?;
        let clock = self.clock.map_or(0, Clock::milliseconds);
        Some(midnight.timestamp().as_millisecond() + clock - self.offset_minutes * 60_000)
    }

    /// What follows a date.
    fn clock_and_zone(&mut self, rest: &str) -> Option<()> {
        let rest = rest.trim_start_matches(['T', 't', ',', ' ', '_', '\t']);
        let words = rest.split([' ', ',', '\t']).filter(|word| !matches!(*word, "" | "at" | "on"));
        words.into_iter().try_for_each(|word| self.word(word))
    }

    /// A date with the name of a month, or behind a clock, in any order.
    fn words(&mut self, text: &str, day_first: bool) -> Option<()> {
        let (mut month, mut day, mut year) = (None, None, None);
        for (at, word) in text.split([' ', ',', '\t']).filter(|word| !word.is_empty()).enumerate() {
            if let Some((number, "")) = parts::month(word) {
                month = Some(number);
            } else if at == 0 && parts::after_weekday(word).is_empty() {
            } else if let Some((date, "")) = parts::date(word) {
                self.date = settle(date, word, day_first);
            } else if let Some(number) = ordinal(word) {
                match (word.len(), day) {
                    (4.., _) => year = Some(number),
                    (_, None) => day = Some(number),
                    _ => return None,
                }
            } else if !matches!(word, "at" | "on" | "of") {
                self.word(word)?;
            }
        }
        if self.date.is_none() {
            let (month, day) = (i8::try_from(month?).ok()?, i8::try_from(day?).ok()?);
            self.date = Some(Date::new(year?, month, day).ok()?);
        }
        Some(())
    }

    /// A clock time, a half of the day or a zone.
    fn word(&mut self, word: &str) -> Option<()> {
        let word = word.trim_matches(['(', ')', '[', ']']);
        match word.to_ascii_lowercase().as_str() {
            "am" | "a.m." => self.clock.as_mut()?.half = Some(false),
            "pm" | "p.m." => self.clock.as_mut()?.half = Some(true),
            "" | "uhr" => {}
            _ if self.clock.is_none() && word.starts_with(|first: char| first.is_ascii_digit()) => {
                let (clock, rest) = parts::clock(word)?;
                if clock.first > 23 {
                    return None;
                }
                self.clock = Some(clock);
                if !rest.is_empty() {
                    self.word(rest)?;
                }
            }
            lower => self.offset_minutes = offset(word, lower)?,
        }
        Some(())
    }
}

/// `1`, `01`, `1st`, `2024`.
fn ordinal(word: &str) -> Option<i16> {
    let word = word.trim_end_matches('.');
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    if digits.len() > 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// Minutes east of Greenwich. Abbreviations other than UTC differ between countries and are taken as UTC.
fn offset(word: &str, lower: &str) -> Option<i64> {
    let signed = lower.strip_prefix("utc").or_else(|| lower.strip_prefix("gmt")).unwrap_or(lower);
    if signed.starts_with(['+', '-']) {
        return parts::zone(signed).filter(|(_, rest)| rest.is_empty()).map(|(minutes, _)| minutes);
    }
    let zone = word.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'_'));
    zone.then_some(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_met_in_exports() {
        // 2024-03-01T10:00:00Z
        let ten = 1_709_287_200_000;
        for text in [
            "2024-03-01T10:00:00Z",
            "2024-03-01 10:00",
            "2024-03-01T11:00:00+01:00",
            "2024-03-01 05:00:00 -0500",
            "2024-03-01T10:00:00.000000Z",
            "2024/03/01 10:00:00 UTC",
            "01.03.2024 10:00",
            "1.3.24, 10:00",
            "01-03-2024 10:00:00",
            "03/01/2024 10:00 AM",
            "3/1/2024, 10:00:00AM",
            "Fri Mar 01 10:00:00 +0000 2024",
            "Friday, March 01, 2024, 05:00:00 (-0500)",
            "Fri, 1 Mar 2024 10:00:00 GMT",
            "1 March 2024 at 10:00 am",
            "March 1st, 2024 10:00",
            "01-Mar-2024 10:00",
            "20240301100000",
            "1709287200",
            "1709287200.000",
            "1709287200000",
            "1709287200000000",
        ] {
            assert_eq!(parse(text), Some(ten), "{text}");
        }
        assert_eq!(parse("2016-03-08T23:37:15:880Z"), Some(1_457_480_235_880));
        assert_eq!(parse("Tue Oct 31 22:10:47 +0000 2017"), Some(1_509_487_847_000));
        assert_eq!(parse("2024-03-01"), Some(ten - 36_000_000));
        assert_eq!(parse("12/31/2023 12:30 AM"), parse("2023-12-31 00:30"));
        assert_eq!(parse("12/31/2023 12:30 pm"), parse("2023-12-31 12:30"));
        assert_eq!(parse("2016-12-31T23:59:60Z"), parse("2016-12-31T23:59:59Z"));
    }

    #[test]
    fn slashes() {
        assert_eq!(parse("13/01/2024"), parse("2024-01-13"));
        assert_eq!(parse("03/04/2024"), parse("2024-03-04"));
        assert_eq!(parse_with("03/04/2024", true), parse("2024-04-03"));
        assert_eq!(parse_with("03/14/2024", true), parse("2024-03-14"));
        assert_eq!(parse("03-04-2024 10:00 Europe/Berlin"), parse("2024-04-03 10:00"));
        assert_eq!(day_first("13/01/2024 10:00"), Some(true));
        assert_eq!(day_first("01/13/2024"), Some(false));
        assert_eq!(day_first("01/02/2024"), None);
    }

    #[test]
    fn values_of_json() {
        use serde_json::json;
        for value in [
            json!(1_590_450_149),
            json!("1590450149"),
            json!(1_590_450_149_000_u64),
            json!(1_590_450_149_000_000_u64),
            json!(1_590_450_149_000_000_000_u64),
            json!("2020-05-25T23:42:29Z"),
            json!("2020-05-26T01:42:29+02:00"),
            json!("2020-05-26T01:42:29+02:00[Europe/Vienna]"),
            json!("20200525T234229Z"),
            json!("2020-05-25 23:42:29"),
            json!("05/25/2020 11:42:29 PM"),
            json!("23:42:29 25.05.2020"),
        ] {
            assert_eq!(of_json(&value), Some(1_590_450_149_000), "{value}");
        }
        assert_eq!(of_json(&json!(12.5)), Some(12_500));
        for value in [
            json!("yesterday"),
            json!(""),
            json!(null),
            json!(1e300),
            json!("12:30"),
            json!(true),
            json!(0),
            json!("05/06/2020 10:00"),
            json!("Mon 5/6/2020"),
        ] {
            assert_eq!(of_json(&value), None, "{value}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            " ",
            "hello",
            "12",
            "3.5",
            "2024-13-01",
            "2024-02-30",
            "25:00",
            "10:00",
            "2024-03-01 25:00",
            "..",
            "2024-03-01T",
            "2024-03-01 hello world 5",
            "99999999999999999999",
            "1/2",
            "march",
            "2024",
            "+-:",
            "2024-03-01 +",
            "2024-03-01 10:00 +99999",
            "überall",
            "0x10",
            "1-2-3-4",
            "Monday",
        ] {
            let expected = (text == "2024-03-01T").then_some(1_709_251_200_000);
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
