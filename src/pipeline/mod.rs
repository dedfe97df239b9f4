//! The order of the work: plan, belt, work, tail, judge.
//!
//! [`Plan::make`] settles everything; then one of [`prepare`], [`convert`], [`check`], [`inspect`] or [`measure`] walks.

mod alike;
mod as_it_stands;
mod belt;
mod bodies;
mod certify;
pub mod check;
pub mod codes;
pub mod compare;
pub mod conflicts;
mod convert;
pub mod destination;
pub mod diff;
mod divided;
mod earlier;
pub mod fate;
mod held;
pub mod inspect;
mod judge;
mod judgement;
pub mod lengths;
pub mod loss;
mod manifest;
pub mod measure;
mod parting;
mod plan;
mod pool;
mod prepare;
pub mod pricing;
pub mod profile;
pub mod prompting;
mod provenance;
mod recording;
pub mod refused;
mod rows;
mod rows_back;
pub mod show;
mod sides;
pub mod standing;
mod stretch;
mod tally;
mod tasks;
pub mod validation;
mod verdicts;
mod verify;
mod walk;
pub mod watch;
mod work;

pub use check::{CheckOptions, FixTo, Fixing, Listener, check};
pub use convert::{Out, convert};
pub use inspect::inspect;
pub use plan::{Plan, PlannedSource};
pub use prepare::prepare;
pub use verify::verify;
