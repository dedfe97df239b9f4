//! What can be said about data: codes with their descriptions, findings with a place.
//!
//! Every stage describes what it may say as static [`Def`]s; `explain`, the reference pages and the tests are
//! made from them. A finding never holds personal data of its own making: a place, a masked form, an excerpt.

mod baseline;
mod change;
mod def;
mod finding;
mod placed;
mod severity;

pub use baseline::Baseline;
pub use change::Change;
pub use def::Def;
pub use finding::{FINDINGS_KEPT, Finding, Rejection, keep_few};
pub use placed::{Checked, Fixed, FixedFile, Mark, NotFixed, Placed, Print};
pub use severity::Severity;
