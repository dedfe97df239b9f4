//! Points in time as exports write them, read leniently.
//!
//! Pure and without a clock or a zone database: a time without an offset is taken as UTC, since only
//! differences within one conversation matter. What cannot be read is `None`; the caller keeps the order of
//! the source then.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

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
    let mut cursor = Cursor { rest: text };
    let (date, numeric) = match numeric_date(&mut cursor, day_first) {
        Some(date) => (Some(date), true),
        None => (None, false),
    };
    let mut parts = Parts { date, ..Parts::default() };
    if numeric {
        parts.clock_and_zone(cursor.rest)?;
    } else {
        parts.words(text)?;
    }
    parts.milliseconds()
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

/// Numbers alone: the count of digits tells the unit; 9 to 10 digits of seconds are the years 1973 to 2286.
fn epoch(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let value: i64 = whole.parse().ok()?;
    match whole.len() {
        8 | 14 if fraction.is_empty() => compact(whole),
        9 | 10 => {
            let millis: String = fraction.chars().chain("000".chars()).take(3).collect();
            Some(value * 1000 + millis.parse::<i64>().ok()?)
        }
        12 | 13 => Some(value),
        15 | 16 => Some(value / 1_000),
        18 | 19 => Some(value / 1_000_000),
        _ => None,
    }
}

/// `20240301` and `20240301100000`.
fn compact(digits: &str) -> Option<i64> {
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i8>().ok();
    let date = Date::new(digits.get(..4)?.parse().ok()?, number(4, 6)?, number(6, 8)?).ok()?;
    let mut parts = Parts { date: Some(date), ..Parts::default() };
    if digits.len() == 14 {
        parts.time = Time::new(number(8, 10)?, number(10, 12)?, number(12, 14)?, 0).ok();
        parts.time?;
    }
    parts.milliseconds()
}

#[derive(Default)]
struct Parts {
    date: Option<Date>,
    time: Option<Time>,
    afternoon: Option<bool>,
    offset_minutes: i64,
}

impl Parts {
    fn milliseconds(self) -> Option<i64> {
        let mut time = self.time.unwrap_or_else(Time::midnight);
        if let Some(afternoon) = self.afternoon {
            let hour = match (time.hour(), afternoon) {
                (12, false) => 0,
                (hour @ 1..=11, true) => hour + 12,
                (hour, _) => hour,
            };
            time = time.with().hour(hour).build().ok()?;
        }
        let zoned = self.date?.to_datetime(time).to_zoned(TimeZone::UTC).ok()?;
        Some(zoned.timestamp().as_millisecond() - self.offset_minutes * 60_000)
    }

    /// What follows a date of numbers.
    fn clock_and_zone(&mut self, rest: &str) -> Option<()> {
        let rest = rest.trim_start_matches(['T', 't', ',', ' ', '_', '\t']);
        for word in rest.split([' ', ',', '\t']).filter(|word| !word.is_empty()) {
            self.word(word)?;
        }
        Some(())
    }

    /// A date with the name of a month, in any order.
    fn words(&mut self, text: &str) -> Option<()> {
        let (mut month, mut day, mut year) = (None, None, None);
        for (at, word) in text.split([' ', ',', '\t']).filter(|word| !word.is_empty()).enumerate() {
            if let Some(number) = month_of(word) {
                month = Some(number);
            } else if at == 0 && is_weekday(word) {
            } else if let Some((d, m, y)) = day_month_year(word) {
                (day, month, year) = (Some(d), Some(m), Some(y));
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
        self.date = Some(Date::new(year?, i8::try_from(month?).ok()?, i8::try_from(day?).ok()?).ok()?);
        Some(())
    }

    /// A clock time, a half of the day or a zone.
    fn word(&mut self, word: &str) -> Option<()> {
        let word = word.trim_matches(['(', ')', '[', ']']);
        match word.to_ascii_lowercase().as_str() {
            "am" | "a.m." => self.afternoon = Some(false),
            "pm" | "p.m." => self.afternoon = Some(true),
            "" | "uhr" => {}
            _ if self.time.is_none() && word.starts_with(|first: char| first.is_ascii_digit()) => {
                let rest = self.clock(word)?;
                if !rest.is_empty() {
                    self.word(rest)?;
                }
            }
            lower => self.offset_minutes = offset(word, lower)?,
        }
        Some(())
    }

    /// `10:00`, `10:00:01`, `10:00:01.5`, `10:00:01:880`; what follows it.
    fn clock<'a>(&mut self, word: &'a str) -> Option<&'a str> {
        let mut cursor = Cursor { rest: word };
        let hour = cursor.number(1, 2)?;
        cursor.one_of(":h")?;
        let minute = cursor.number(2, 2)?;
        let (mut second, mut nanos) = (0, 0);
        if cursor.rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) && cursor.one_of(":").is_some() {
            second = cursor.number(2, 2)?;
            if cursor.rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) && cursor.one_of(".,:").is_some()
            {
                let digits = cursor.digits();
                cursor.rest = cursor.rest.get(digits.len()..)?;
                let padded: String = digits.chars().chain("000000000".chars()).take(9).collect();
                nanos = padded.parse().ok()?;
            }
        }
        // Leap seconds are written and cannot be computed with.
        let second = if second == 60 { 59 } else { second };
        let (hour, minute, second) =
            (i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second).ok()?);
        self.time = Some(Time::new(hour, minute, second, nanos).ok()?);
        Some(cursor.rest)
    }
}

/// `2024-03-01`, `01.03.2024`, `3/1/24`.
fn numeric_date(cursor: &mut Cursor<'_>, day_first: bool) -> Option<Date> {
    let digits = cursor.digits().len();
    let first = cursor.take_number(digits)?;
    let mark = cursor.one_of("-/.")?;
    let second = cursor.number(1, 2)?;
    cursor.exactly(mark)?;
    let length = cursor.digits().len();
    let third = cursor.take_number(length)?;
    let (year, month, day) = match (digits, mark, length) {
        (4, _, 1 | 2) => (first, second, third),
        (1 | 2, _, 2 | 4) => {
            let year = if length == 2 { 2000 + third } else { third };
            let day_leads =
                if mark == '/' { second <= 12 && (first > 12 || day_first) } else { second <= 12 };
            if day_leads { (year, second, first) } else { (year, first, second) }
        }
        _ => return None,
    };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `01-Mar-2024`.
fn day_month_year(word: &str) -> Option<(i16, i16, i16)> {
    let mut parts = word.split('-');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let year: i16 = year.parse().ok()?;
    Some((day.parse().ok()?, month_of(month)?, if year < 100 { 2000 + year } else { year }))
}

fn month_of(word: &str) -> Option<i16> {
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
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    let found = MONTHS.iter().position(|month| {
        *month == word
            || (word.len() == 3 && month.starts_with(&word))
            || (word == "sept" && *month == "september")
    })?;
    i16::try_from(found + 1).ok()
}

fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    word.len() >= 3 && DAYS.iter().any(|day| day.starts_with(&word))
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
    let sign = match word.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => {
            if let Some(signed) = lower.strip_prefix("utc").or_else(|| lower.strip_prefix("gmt"))
                && !signed.is_empty()
            {
                return offset(signed, signed);
            }
            let zone = word.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'_'));
            return zone.then_some(0);
        }
    };
    let digits: String = word.get(1..)?.chars().filter(|character| *character != ':').collect();
    if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value: i64 = digits.parse().ok()?;
    let minutes = if digits.len() <= 2 { value * 60 } else { value / 100 * 60 + value % 100 };
    Some(sign * minutes)
}

struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    /// The digits at the front, left where they are.
    fn digits(&self) -> &'a str {
        let end = self.rest.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(self.rest.len());
        self.rest.split_at(end).0
    }

    /// Takes `length` digits as a number.
    fn take_number(&mut self, length: usize) -> Option<i16> {
        let number = self.rest.get(..length)?.parse().ok()?;
        self.rest = self.rest.get(length..)?;
        Some(number)
    }

    fn number(&mut self, least: usize, most: usize) -> Option<i16> {
        let length = self.digits().len();
        if length < least || length > most {
            return None;
        }
        self.take_number(length)
    }

    fn one_of(&mut self, marks: &str) -> Option<char> {
        let first = self.rest.chars().next().filter(|first| marks.contains(*first))?;
        self.rest = self.rest.get(1..)?;
        Some(first)
    }

    fn exactly(&mut self, mark: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(mark)?;
        Some(())
    }
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
        assert_eq!(day_first("13/01/2024 10:00"), Some(true));
        assert_eq!(day_first("01/13/2024"), Some(false));
        assert_eq!(day_first("01/02/2024"), None);
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
