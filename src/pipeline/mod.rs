//! The order of the work: plan, belt, work, tail, judge.
//!
//! [`Plan::make`] settles everything; then one of [`prepare`], [`convert`], [`check`], [`inspect`] or [`measure`] walks.

mod belt;
pub mod check;
pub mod codes;
pub mod compare;
mod convert;
pub mod diff;
pub mod fate;
pub mod inspect;
mod judge;
pub mod lengths;
pub mod loss;
pub mod measure;
mod plan;
mod prepare;
pub mod pricing;
pub mod profile;
pub mod prompting;
mod provenance;
mod rows;
pub mod show;
mod tally;
mod walk;
pub mod watch;
mod work;

pub use check::{CheckOptions, FixTo, Fixing, Listener, check};
pub use convert::{Out, convert};
pub use inspect::inspect;
pub use plan::{Plan, PlannedSource};
pub use prepare::prepare;
