//! Targets: where a file goes, and what is accepted there.
//!
//! A target's rules are data in its [`TargetSpec`]; lint rules read the spec. Adding a target is one file here and one
//! line in [`TARGETS`].

pub mod codes;
mod fit;
pub mod openai_chat;
pub mod openai_dpo;
pub mod rows;
mod spec;
pub mod strict;

use crate::diagnostic::{Finding, Rejection};
use crate::model::Body;

pub use fit::fit;
pub use spec::{Adjacent, Last, Limits, Shape, SystemPlace, TargetSpec, ToolResults};

/// A format, both directions.
pub trait Target: Sync {
    /// The description: names, rules and limits as data.
    fn spec(&self) -> &'static TargetSpec;

    /// Appends `body` as one line without its line feed, with everything it has: [`fit`] takes away before what the
    /// target does not take. A body that cannot be expressed at all is a rejection.
    fn encode(&self, body: &Body, out: &mut Vec<u8>) -> Result<(), Rejection>;

    /// Reads one row of this format; every structural fault is named. What is merely against a rule is kept.
    fn decode(&self, row: serde_json::Value) -> Result<Body, Vec<Finding>>;
}

/// Every target, sorted by name.
pub static TARGETS: &[&dyn Target] = &[&openai_chat::TARGET, &openai_dpo::TARGET, &strict::TARGET];

/// The target of that name.
pub fn by_name(name: &str) -> Option<&'static dyn Target> {
    TARGETS.iter().copied().find(|target| target.spec().name == name)
}
