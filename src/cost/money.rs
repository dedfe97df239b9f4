//! Money in whole numbers: what a token costs is exact, and sums that grow beyond all bounds are errors.
//!
//! A price has six decimals at most ([`Rate`]); a million tokens at it is then a whole number of millionths of a
//! millionth of the currency ([`Money`]), so that nothing is rounded before an amount is shown.

use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Result};
use crate::text::number::{thousands, whole};

/// Parts of one unit of money in [`Rate`].
const MICRO: u64 = 1_000_000;
/// Parts of one unit of money in [`Money`].
const PICO: i128 = 1_000_000_000_000;
/// Parts of a cent in [`Money`].
const CENT: i128 = PICO / 100;
/// No price is higher, whatever it is for: a bound against a slip of the decimal point.
const RATE_MAX: f64 = 1e6;

/// A price: for a million tokens, an hour, a month or a job, as its place says; in millionths of the currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Rate(u64);

impl Rate {
    /// Whether nothing is charged.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// What so many tokens cost, the rate being for a million of them.
    pub fn of_tokens(self, tokens: u64) -> Money {
        // Below 2^40 times 2^64.
        Money(i128::from(self.0) * i128::from(tokens))
    }

    /// What so many seconds cost, the rate being for an hour; what is below the smallest part is left out.
    pub fn of_seconds(self, seconds: u64) -> Money {
        Money(i128::from(self.0) * i128::from(seconds) * i128::from(MICRO) / 3_600)
    }

    /// The rate once, as for a job.
    pub fn once(self) -> Money {
        Money(i128::from(self.0) * i128::from(MICRO))
    }

    /// As people read it, with its currency: `$3.00`, `$0.075`.
    pub fn show(self, currency: &str) -> String {
        let micro = self.0 % MICRO;
        let mut decimals = format!("{micro:06}");
        while decimals.len() > 2 && decimals.ends_with('0') {
            decimals.pop();
        }
        with_currency("", &format!("{}.{decimals}", thousands(self.0 / MICRO)), currency)
    }
}

impl TryFrom<f64> for Rate {
    type Error = &'static str;

    /// The price as a price list writes it; what is wrong with it otherwise.
    fn try_from(price: f64) -> std::result::Result<Self, &'static str> {
        if !price.is_finite() {
            return Err("a price must be a number");
        }
        if price < 0.0 {
            return Err("a price cannot be negative");
        }
        if price > RATE_MAX {
            return Err("a price above 1,000,000 is a slip of the decimal point");
        }
        let micro = price * MICRO as f64;
        // A decimal fraction is not exact in binary: this much is the error of writing it, not a further digit.
        if (micro - micro.round()).abs() > 1e-3 {
            return Err("a price has six decimals at most");
        }
        Ok(Self(whole(micro.round())))
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0 as f64 / MICRO as f64)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Price;
        impl Visitor<'_> for Price {
            type Value = Rate;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a price, such as 3.00")
            }

            fn visit_f64<E: de::Error>(self, price: f64) -> std::result::Result<Rate, E> {
                Rate::try_from(price).map_err(E::custom)
            }

            fn visit_i64<E: de::Error>(self, price: i64) -> std::result::Result<Rate, E> {
                self.visit_f64(price as f64)
            }

            fn visit_u64<E: de::Error>(self, price: u64) -> std::result::Result<Rate, E> {
                self.visit_f64(price as f64)
            }
        }
        deserializer.deserialize_any(Price)
    }
}

/// An amount of money, exact; what is saved may be below nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Money(i128);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The sum.
    pub fn plus(self, other: Self) -> Result<Self> {
        self.0.checked_add(other.0).map(Self).ok_or_else(beyond)
    }

    /// The difference.
    pub fn minus(self, other: Self) -> Result<Self> {
        self.0.checked_sub(other.0).map(Self).ok_or_else(beyond)
    }

    /// So many times the amount.
    pub fn times(self, number: u64) -> Result<Self> {
        self.0.checked_mul(i128::from(number)).map(Self).ok_or_else(beyond)
    }

    /// One of so many equal parts, rounded down; of no parts the whole.
    #[must_use]
    pub fn by(self, parts: u64) -> Self {
        Self(self.0.div_euclid(i128::from(parts.max(1))))
    }

    /// How many times `part` it takes to reach the amount: rounded up; `None` where `part` never reaches it.
    pub fn over(self, part: Self) -> Option<u64> {
        if self.0 <= 0 {
            return Some(0);
        }
        if part.0 <= 0 {
            return None;
        }
        let times = self.0 / part.0 + i128::from(self.0 % part.0 != 0);
        u64::try_from(times).ok()
    }

    /// In units of the currency, for machines and for drawing.
    pub fn units(self) -> f64 {
        self.0 as f64 / PICO as f64
    }

    /// As people read it, rounded to cents: `$1,234.50`, `12.00 EUR`; what is above nothing and below a cent is
    /// `under $0.01`, so that no cost is shown as none.
    pub fn show(self, currency: &str) -> String {
        if self.0 > 0 && self.0 < CENT {
            return with_currency("under ", "0.01", currency);
        }
        let cents = (self.0.unsigned_abs() + CENT.unsigned_abs() / 2) / CENT.unsigned_abs();
        let sign = if self.0 < 0 && cents > 0 { "-" } else { "" };
        with_currency(sign, &decimal(cents, 2), currency)
    }

    /// With as many decimals as small amounts need to be told apart, for what one request costs: `$0.000123`.
    pub fn show_small(self, currency: &str) -> String {
        let micro = (self.0.unsigned_abs() + 500_000) / 1_000_000;
        let sign = if self.0 < 0 && micro > 0 { "-" } else { "" };
        with_currency(sign, &decimal(micro, 6), currency)
    }
}

/// `parts` of a unit that has 10^`decimals` of them.
fn decimal(parts: u128, decimals: u32) -> String {
    let unit = 10_u128.pow(decimals);
    let whole = u64::try_from(parts / unit).map_or_else(|_| (parts / unit).to_string(), thousands);
    format!("{whole}.{:0width$}", parts % unit, width = decimals as usize)
}

fn with_currency(before: &str, number: &str, currency: &str) -> String {
    match currency {
        "USD" => format!("{before}${number}"),
        other => format!("{before}{number} {other}"),
    }
}

fn beyond() -> Error {
    Error::input("the amounts of money grow beyond all bounds").with_hint("count the inputs in parts")
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.units())
    }
}

/// Amounts of money between which the truth lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Interval {
    /// At least.
    pub low: Money,
    /// At most.
    pub high: Money,
}

impl Interval {
    /// As people read it: `$1.20 to $1.35`, or one amount where both ends round to it.
    pub fn show(&self, currency: &str) -> String {
        if self.high.0 > 0 && self.high.0 < CENT {
            return self.high.show(currency);
        }
        let (low, high) = (self.low.show(currency), self.high.show(currency));
        if low == high { low } else { format!("{low} to {high}") }
    }

    /// The same for a narrow column: `$1.20–1.35`, `<$0.01`.
    pub fn show_short(&self, currency: &str) -> String {
        let short = |amount: Money| amount.show(currency).replace("under ", "<");
        let (low, high) = (short(self.low), short(self.high));
        if low == high {
            return low;
        }
        let high = high.trim_start_matches('$');
        format!("{}\u{2013}{high}", low.trim_end_matches(&format!(" {currency}")))
    }

    /// With as many decimals as small amounts need: `$0.000123 to $0.000130`.
    pub fn show_small(&self, currency: &str) -> String {
        let (low, high) = (self.low.show_small(currency), self.high.show_small(currency));
        if low == high { low } else { format!("{low} to {high}") }
    }

    /// One of so many equal parts of both ends.
    #[must_use]
    pub fn by(&self, parts: u64) -> Self {
        Self { low: self.low.by(parts), high: self.high.by(parts) }
    }

    /// No less than `least`.
    #[must_use]
    pub fn at_least(&self, least: Money) -> Self {
        Self { low: self.low.max(least), high: self.high.max(least) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(price: f64) -> Rate {
        Rate::try_from(price).unwrap()
    }

    #[test]
    fn prices_are_exact_to_the_token() {
        // OpenAI's guide: 100,000 tokens, 3 epochs, gpt-4o-mini: 0.90 dollars.
        assert_eq!(rate(3.0).of_tokens(300_000).show("USD"), "$0.90");
        assert_eq!(rate(0.075).of_tokens(1), Money(75_000));
        assert_eq!(rate(0.1).of_tokens(3_000_000), rate(0.3).of_tokens(1_000_000));
        assert_eq!(rate(1.70).of_seconds(7_200).show("USD"), "$3.40");
        assert_eq!(rate(4.0).once().show("USD"), "$4.00");
    }

    #[test]
    fn prices_that_are_none_are_refused() {
        let said = |price: f64| Rate::try_from(price).unwrap_err();
        assert!(said(-0.01).contains("negative"));
        assert!(said(f64::NAN).contains("number") && said(f64::INFINITY).contains("number"));
        assert!(said(1.5e6).contains("slip"));
        assert!(said(0.000_000_1).contains("six decimals"));
        assert_eq!(rate(0.0), Rate::default());
    }

    #[test]
    fn amounts_read_well() {
        let shown = |pico: i128| Money(pico).show("USD");
        assert_eq!(shown(0), "$0.00");
        assert_eq!(shown(4_000_000_000), "under $0.01");
        assert_eq!(shown(CENT), "$0.01");
        assert_eq!(shown(1_005_000_000_000), "$1.01");
        assert_eq!(shown(1_234_567_891_000_000_000), "$1,234,567.89");
        assert_eq!(shown(-2 * PICO), "-$2.00");
        assert_eq!(Money(12 * PICO).show("EUR"), "12.00 EUR");
        assert_eq!(Money(123_456_789).show_small("USD"), "$0.000123");
        assert_eq!(
            (rate(3.0).show("USD"), rate(0.075).show("USD"), rate(1_000.5).show("USD")),
            ("$3.00".into(), "$0.075".into(), "$1,000.50".into())
        );
    }

    #[test]
    fn sums_beyond_all_bounds_are_errors() {
        let most = Money(i128::MAX);
        assert!(
            most.plus(Money(1)).is_err()
                && most.times(2).is_err()
                && Money(i128::MIN).minus(Money(1)).is_err()
        );
        let tokens = rate(1e6).of_tokens(u64::MAX);
        assert!(tokens.times(1_000).is_ok() && tokens.times(u64::MAX).is_err());
        assert!(rate(1e6).of_seconds(u64::MAX).units().is_finite());
    }

    #[test]
    fn intervals_fit_a_narrow_column() {
        let shown = |low, high| Interval { low: Money(low), high: Money(high) }.show_short("USD");
        assert_eq!(shown(PICO, 2 * PICO), "$1.00\u{2013}2.00");
        assert_eq!((shown(PICO, PICO), shown(1, 2)), ("$1.00".into(), "<$0.01".into()));
        assert_eq!(shown(1, CENT * 7), "<$0.01\u{2013}0.07");
        assert_eq!(
            Interval { low: Money(PICO), high: Money(2 * PICO) }.show_short("EUR"),
            "1.00\u{2013}2.00 EUR"
        );
    }

    #[test]
    fn how_often_a_saving_fits() {
        assert_eq!(Money(10).over(Money(3)), Some(4));
        assert_eq!(Money(9).over(Money(3)), Some(3));
        assert_eq!(Money(10).over(Money(0)), None);
        assert_eq!(Money(10).over(Money(-1)), None);
        assert_eq!(Money(0).over(Money(0)), Some(0));
        assert_eq!(Money(i128::MAX).over(Money(1)), None);
    }
}
