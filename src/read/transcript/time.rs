//! The stamps of header lines, and the time of turns made of them: clocks without a date, day after day.
//!
//! How dates, clocks and zones are written is settled in `text::time`.

use jiff::civil;

use crate::text::time::parts::{self, Date, spaces};

const DAY: i64 = 86_400_000;

/// How ambiguous digits are to be read in one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Style {
    /// `3/1/2024` is the first of March.
    pub month_first: bool,
    /// `12:03` counts minutes and seconds from the beginning of a recording.
    pub elapsed: bool,
}

/// A clock time, perhaps with a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    date: Option<Date>,
    clock: parts::Clock,
}

impl Stamp {
    /// A count of seconds from the beginning of a log.
    pub(super) fn seconds(count: u32) -> Self {
        let clock = parts::Clock {
            first: count / 3600,
            second: count / 60 % 60,
            rest: Some(count % 60 * 1000),
            half: None,
            bare_zero: true,
        };
        Self { date: None, clock }
    }

    /// Milliseconds since midnight, or since the beginning of the recording.
    fn milliseconds(self, style: Style) -> i64 {
        match self.clock {
            parts::Clock { first, second, rest: None, half: None, .. } if style.elapsed => {
                i64::from(first) * 60_000 + i64::from(second) * 1000
            }
            clock => clock.milliseconds(),
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
        let clock = stamp.clock;
        half |= clock.half.is_some();
        elapsed |= clock.rest.is_none() && clock.half.is_none() && (clock.first > 23 || clock.bare_zero);
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
        let clock = stamp.milliseconds(self.style);
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
    let epoch = civil::Date::constant(1970, 1, 1);
    date.settle(!style.month_first)?.since(epoch).ok().map(|span| i64::from(span.get_days()))
}

/// A stamp at the beginning of `text`, and what follows it.
pub(super) fn stamp(text: &str) -> Option<(Stamp, &str)> {
    // Nearly every line is decided by its first byte: a digit, or the letter of a month or weekday.
    if !text.as_bytes().first()?.is_ascii_alphanumeric() {
        return None;
    }
    match parts::date(text) {
        Some((date, rest)) => {
            let rest = spaces(rest.strip_prefix(',').unwrap_or(rest));
            let rest = rest.strip_prefix('T').or_else(|| rest.strip_prefix("at ")).unwrap_or(rest);
            let (clock, rest) = parts::clock(spaces(rest))?;
            // A zone's mark is passed over: only differences of times matter.
            let rest = parts::zone(rest).map_or(rest, |(_, rest)| rest);
            Some((Stamp { date: Some(date), clock }, rest))
        }
        None => parts::clock(text).map(|(clock, rest)| (Stamp { date: None, clock }, rest)),
    }
}

/// Text of which nothing but a stamp is made.
pub(super) fn whole_stamp(text: &str) -> Option<Stamp> {
    stamp(text.trim()).filter(|(_, rest)| rest.is_empty()).map(|(stamp, _)| stamp)
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
        assert_eq!(times(&["12h03", "12:03:11:250"]), [43_380_000, 43_391_250]);
        for text in [
            "12:3",
            "12:03:11:25",
            "12:60",
            "1234:00",
            "12:034",
            "10:30x",
            "13:00 PM",
            "12",
            "",
            ":",
            "12:",
            "é",
        ] {
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
