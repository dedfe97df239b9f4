//! The bill: per epoch and in all, as an interval with its assumptions.
//!
//! [`Tally`] adds up what examples are billed for, the [`Book`] says what providers charge and how sure that is,
//! [`estimate`] makes the [`Bill`], [`Residual`] narrows it by what finished jobs taught. Counting is `tokens`' work; no clock
//! is read here, the caller says what day it is.

mod assumptions;
mod bill;
mod billing;
mod book;
mod break_even;
mod calibrate;
mod end;
mod epochs;
mod finished_job;
mod local;
mod method;
mod money;
mod prompts;
mod tally;

pub use bill::{Bill, Order, Rows, estimate, title_of};
pub use billing::{Billing, Job, Tokens};
pub use book::{Book, Class, Day, Entry, Gpu, Hosting, Source, Sourced, Sure, Tariff, Training, Use};
pub use break_even::{Against, BreakEven, HOURS_A_MONTH, Traffic, Verdict, break_even};
pub use calibrate::{Billed, Learned, Residual};
pub use end::End;
pub use epochs::{DefaultEpochs, EPOCHS_MAX, EpochsHow, cookbook, epochs, passes};
pub use finished_job::FinishedJob;
pub use local::{
    ARCHITECTURES, Architecture, Memory, OnGpu, Precision, SelfHosted, Span, Training as LocalTraining, Work,
    architecture, self_hosted,
};
pub use method::{Kind, Method, Weights};
pub use money::{Interval, Money, Rate};
pub use prompts::{Constant, Own, Part, Prompting, Prompts, Requests, Step};
pub use tally::{Limit, Tally};
