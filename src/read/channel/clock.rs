//! Days and clocks: from the parts that a log writes to milliseconds since 1970, midnight included.

use jiff::civil;

/// Milliseconds of a day.
pub(in crate::read) const DAY: i64 = 86_400_000;

/// Days since 1970-01-01; `None` where there is no such day.
pub(in crate::read) fn day_number(year: i16, month: u32, day: u32) -> Option<i64> {
    let date = civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    days_since_1970(date)
}

/// Days since 1970-01-01.
pub(in crate::read) fn days_since_1970(date: civil::Date) -> Option<i64> {
    let epoch = civil::Date::constant(1970, 1, 1);
    date.since(epoch).ok().map(|span| i64::from(span.get_days()))
}

/// Turns clocks into times where the date stands elsewhere or nowhere.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::read) struct Calendar {
    day: i64,
    last: Option<i64>,
}

impl Calendar {
    /// Begins at a day, in days since 1970-01-01.
    pub(in crate::read) fn new(day: i64) -> Self {
        Self { day, last: None }
    }

    /// The log says which day begins.
    pub(in crate::read) fn set_day(&mut self, day: i64) {
        self.day = day;
        self.last = None;
    }

    /// A line says its own day, which is new or the one at hand.
    pub(in crate::read) fn begin(&mut self, day: i64) {
        if day != self.day {
            self.set_day(day);
        }
    }

    /// The time of a clock, in milliseconds since 1970. A clock that runs back by half a day has passed midnight; by
    /// less, lines are out of order.
    pub(in crate::read) fn time(&mut self, clock: i64) -> i64 {
        if self.last.is_some_and(|last| last - clock > DAY / 2) {
            self.day += 1;
        }
        self.last = Some(clock);
        self.day * DAY + clock
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_passes_and_disorder_does_not() {
        let mut calendar = Calendar::new(10);
        let minute = 60_000;
        assert_eq!(calendar.time(23 * 60 * minute), 10 * DAY + 23 * 60 * minute);
        assert_eq!(calendar.time(22 * 60 * minute), 10 * DAY + 22 * 60 * minute);
        assert_eq!(calendar.time(minute), 11 * DAY + minute);
        calendar.set_day(20);
        assert_eq!(calendar.time(0), 20 * DAY);
    }

    #[test]
    fn days() {
        assert_eq!(day_number(1970, 1, 2), Some(1));
        assert_eq!(day_number(2024, 2, 29), Some(19_782));
        assert_eq!(day_number(2023, 2, 29), None);
        assert_eq!(day_number(2023, 300, 1), None);
    }
}
