//! Which of the three numbers of a date is the day: one answer for a file.
//!
//! A number above 12 decides. Where there is none, the order in which times do not run backwards does; where several
//! orders do not, the one in which the log spans the least time, since days come one after another and months do not.
//! A log of one date is read by its looks, and says that this was assumed.

use super::header::{Stamp, header};
use crate::read::channel::clock::{DAY, day_number};
use crate::read::channel::stretches::Times;

/// Which number is which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    DayMonthYear,
    MonthDayYear,
    YearMonthDay,
}

impl Order {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::DayMonthYear => "day first",
            Self::MonthDayYear => "month first",
            Self::YearMonthDay => "year first",
        }
    }
}

/// Days since 1970 of what `stamp` says in `order`, or in another where that is no day.
fn day_of(stamp: &Stamp, order: Order) -> Option<i64> {
    let [a, b, c] = stamp.fields;
    // Two digits are of this century: the app is from 2009.
    let day = |year: u16, month: u16, day: u16, short: bool| {
        let year = if short { 2000 + year } else { year };
        day_number(i16::try_from(year).ok()?, month.into(), day.into())
    };
    if stamp.year_first {
        return day(a, b, c, false).or_else(|| day(a, c, b, false));
    }
    let short = !stamp.year_last;
    let (day_first, month_first) = (|| day(c, b, a, short), || day(c, a, b, short));
    match order {
        Order::YearMonthDay if short => day(a, b, c, true).or_else(day_first),
        Order::MonthDayYear => month_first().or_else(day_first),
        _ => day_first().or_else(month_first),
    }
}

/// Stamps to times; remembers the last date, since most messages share the date of the one before.
#[derive(Debug, Clone)]
pub(super) struct Dates {
    order: Order,
    last: Option<([u16; 3], i64)>,
}

impl Dates {
    pub(super) fn new(order: Order) -> Self {
        Self { order, last: None }
    }

    /// Milliseconds since 1970.
    pub(super) fn time(&mut self, stamp: &Stamp) -> Option<i64> {
        let day = match self.last {
            Some((fields, day)) if fields == stamp.fields => day,
            _ => {
                let day = day_of(stamp, self.order)?;
                self.last = Some((stamp.fields, day));
                day
            }
        };
        Some(day * DAY + stamp.clock)
    }
}

impl Times for Dates {
    fn time(&mut self, line: &[u8]) -> Option<i64> {
        header(line).and_then(|header| Self::time(self, &header.stamp))
    }
}

/// What a file shows of the order of its dates.
#[derive(Debug, Default)]
pub(super) struct Survey {
    highest: [u16; 3],
    year_last: bool,
    year_first: bool,
    ambiguous: bool,
    padded: bool,
    american: bool,
    /// All dates are written with dots.
    dots: bool,
    tracks: [Track; 3],
}

/// How times run if one order is right.
#[derive(Debug, Default, Clone, Copy)]
struct Track {
    last: Option<i64>,
    first: Option<i64>,
    backwards: u64,
    days: u64,
}

const ORDERS: [Order; 3] = [Order::DayMonthYear, Order::MonthDayYear, Order::YearMonthDay];

/// The order of a file, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Settled {
    pub order: Order,
    pub why: Why,
}

/// What speaks for an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// The year has four digits and comes first.
    Written,
    /// A number above 12.
    Number,
    /// Times run backwards in all other orders, or span more.
    Times,
    /// Dots, between which the day comes first everywhere.
    Dots,
    /// Nothing but habit.
    Assumed,
}

impl Survey {
    /// Takes note of a line.
    pub(super) fn line(&mut self, line: &[u8]) {
        let Some(header) = header(line) else { return };
        let stamp = &header.stamp;
        if stamp.year_first {
            self.year_first = true;
            return;
        }
        self.dots = header.dots && (self.dots || !self.ambiguous);
        self.ambiguous = true;
        self.year_last |= stamp.year_last;
        self.padded |= stamp.padded;
        self.american |= stamp.capital_half;
        for (highest, field) in self.highest.iter_mut().zip(stamp.fields) {
            *highest = field.max(*highest);
        }
        for (track, order) in self.tracks.iter_mut().zip(ORDERS) {
            let Some(day) = day_of(stamp, order) else { continue };
            track.first = track.first.or(Some(day));
            if let Some(last) = track.last {
                track.backwards += u64::from(day < last);
                track.days += day.abs_diff(last);
            }
            track.last = Some(day);
        }
    }

    /// Whether a number above 12 has decided, so that no more lines need to be looked at.
    pub(super) fn is_sure(&self) -> bool {
        let [first, second, _] = self.highest;
        let year_is_out =
            self.is_year_last() || self.backwards(Order::YearMonthDay) > self.backwards(Order::DayMonthYear);
        if !self.ambiguous {
            return self.year_first;
        }
        first > 31 || year_is_out && (first > 12) != (second > 12)
    }

    /// Whether the third number can only be a year.
    fn is_year_last(&self) -> bool {
        self.year_last || self.highest[2] > 31
    }

    fn backwards(&self, order: Order) -> u64 {
        ORDERS
            .iter()
            .zip(&self.tracks)
            .find(|(one, _)| **one == order)
            .map_or(0, |(_, track)| track.backwards)
    }

    /// The order.
    pub(super) fn settle(&self) -> Settled {
        let [first, second, _] = self.highest;
        if !self.ambiguous {
            return Settled { order: Order::YearMonthDay, why: Why::Written };
        }
        if first > 31 {
            return Settled { order: Order::YearMonthDay, why: Why::Number };
        }
        let possible = |order: Order| match order {
            Order::DayMonthYear => second <= 12,
            Order::MonthDayYear => first <= 12,
            Order::YearMonthDay => !self.is_year_last() && second <= 12,
        };
        let mut left: Vec<(Order, Track)> =
            ORDERS.into_iter().zip(self.tracks).filter(|(order, _)| possible(*order)).collect();
        left.sort_by_key(|(order, track)| (track.backwards, track.days, *order));
        let by_times = match left.as_slice() {
            [(best, one), (_, other), ..] if (one.backwards, one.days) < (other.backwards, other.days) => {
                Some(*best)
            }
            _ => None,
        };
        // Two digits of a year come first in hardly any log, so only times may say so.
        if by_times == Some(Order::YearMonthDay) {
            return Settled { order: Order::YearMonthDay, why: Why::Times };
        }
        match (possible(Order::DayMonthYear), possible(Order::MonthDayYear)) {
            (true, false) => Settled { order: Order::DayMonthYear, why: Why::Number },
            (false, true) => Settled { order: Order::MonthDayYear, why: Why::Number },
            // Where both are impossible, two logs of different habits stand in one file: each date that has only one
            // reading gets it.
            _ => match by_times {
                Some(order) => Settled { order, why: Why::Times },
                None if self.dots => Settled { order: Order::DayMonthYear, why: Why::Dots },
                None => Settled { order: self.habit(), why: Why::Assumed },
            },
        }
    }

    /// American phones write `1/4/23, 7:02 PM`, without zeros; all others put the day first.
    fn habit(&self) -> Order {
        if self.american && !self.padded { Order::MonthDayYear } else { Order::DayMonthYear }
    }
}

impl Settled {
    /// What was settled, for a note.
    pub(super) fn says(self) -> String {
        let order = self.order.name();
        match self.why {
            Why::Written => "dates are written year first".to_owned(),
            Why::Number => format!("dates are read {order}: a number above 12 says so"),
            Why::Times => {
                format!("dates are read {order}: in the other order times run backwards or far apart")
            }
            Why::Dots => format!("dates are read {order}, as dates with dots are written"),
            Why::Assumed => format!(
                "dates are read {order}, which is assumed: no number above 12 and no order of times says so; only pauses between days depend on it"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(dates: &[&str]) -> (Order, Why) {
        let mut survey = Survey::default();
        for date in dates {
            survey.line(format!("{date}, 10:30 - Ana: hi").as_bytes());
        }
        let settled = survey.settle();
        (settled.order, settled.why)
    }

    #[test]
    fn numbers_decide_first() {
        assert_eq!(settled(&["15/01/2024", "01/02/2024"]), (Order::DayMonthYear, Why::Number));
        assert_eq!(settled(&["01/02/24", "1/15/24"]), (Order::MonthDayYear, Why::Number));
        assert_eq!(settled(&["15.01.24"]), (Order::DayMonthYear, Why::Number));
        assert_eq!(settled(&["01/02/2024", "1/15/2024"]), (Order::MonthDayYear, Why::Number));
        assert_eq!(settled(&["2024/1/5"]), (Order::YearMonthDay, Why::Written));
        assert_eq!(settled(&["32-01-05"]).0, Order::YearMonthDay);
    }

    #[test]
    fn then_times_and_then_habit() {
        assert_eq!(settled(&["11/12/2023", "12/12/2023", "01/01/2024"]), (Order::DayMonthYear, Why::Times));
        assert_eq!(settled(&["12/11/2023", "12/12/2023", "01/01/2024"]), (Order::MonthDayYear, Why::Times));
        assert_eq!(settled(&["01/02/2024", "02/02/2024", "03/02/2024"]), (Order::DayMonthYear, Why::Times));
        assert_eq!(settled(&["05.05.2024"]), (Order::DayMonthYear, Why::Dots));
        assert_eq!(settled(&["05/05/2024"]), (Order::DayMonthYear, Why::Assumed));
        let mut survey = Survey::default();
        survey.line(b"1/4/23, 7:02 PM - Ana: hi");
        assert_eq!(survey.settle().order, Order::MonthDayYear);
        // Both at once.
        assert_eq!(settled(&["15/01/2024", "01/15/2024"]).1, Why::Assumed);
    }

    #[test]
    fn short_years_may_come_first() {
        let days = ["15-01-20", "15-01-21", "15-02-01"];
        assert_eq!(settled(&days), (Order::YearMonthDay, Why::Times));
        assert_eq!(settled(&["20-01-24", "21-01-24", "01-02-24"]), (Order::DayMonthYear, Why::Number));
    }

    #[test]
    fn days_that_cannot_be_are_read_the_other_way() {
        let mut dates = Dates::new(Order::DayMonthYear);
        let day = |dates: &mut Dates, text: &str| Times::time(dates, text.as_bytes()).map(|time| time / DAY);
        assert_eq!(day(&mut dates, "1/15/2024, 10:30 - Ana: hi"), Some(19_737));
        assert_eq!(day(&mut dates, "15/1/2024, 10:30 - Ana: hi"), Some(19_737));
        assert_eq!(day(&mut dates, "31/02/2024, 10:30 - Ana: hi"), None);
    }
}
