//! The bill: per epoch and in all, as an interval with its assumptions.
//!
//! [`Tally`] adds up what examples are billed for, [`Prices`] says what a token costs and how sure that is, [`estimate`]
//! makes the [`Bill`]. Counting is `tokens`' work; no clock is read here, the caller says what day it is.

mod bill;
mod epochs;
mod money;
mod prices;
mod tally;

pub use bill::{Bill, EpochsHow, Interval, estimate};
pub use epochs::{EPOCHS_MAX, heuristic};
pub use money::money;
pub use prices::{Price, Prices, Sure};
pub use tally::Tally;
