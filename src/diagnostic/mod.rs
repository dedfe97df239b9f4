//! What can be said about data: codes with their descriptions, findings with a place.
//!
//! Every stage describes what it may say as static [`Def`]s; `explain`, the reference pages and the tests are
//! made from them. A finding never holds personal data of its own making: a place, a masked form, an excerpt.

mod def;
mod finding;
mod placed;
mod severity;

pub use def::Def;
pub use finding::{Finding, Rejection};
pub use placed::{Checked, Placed};
pub use severity::Severity;
