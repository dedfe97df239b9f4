//! Checking: rules over one example, rules over the whole dataset.
//!
//! A rule is one file under `rules/`, described by a [`RuleDef`] and listed in [`RULES`]. [`Rules::select`] builds
//! those that apply to a target and that the user wants. Rules read the target's spec and never name a target; they
//! look and never mend. Faults of structure (a row that is no object, a message without a role) are found by
//! decoding, before any rule.

mod answers;
pub mod claims;
mod columns;
mod compared;
mod dataset;
mod def;
pub mod file;
mod fix;
pub mod grader;
mod job;
pub mod leak;
mod marks;
mod place;
mod refusal;
mod related;
mod rules;
mod select;
mod settings;
mod severities;

pub use answers::Answered;
pub use columns::Columns;
pub use compared::{Compared, Comparing, Habit};
pub use dataset::{DatasetFacts, DatasetTally, RowFacts, SYSTEM_PROMPTS_KEPT};
pub use def::{Check, DatasetRule, EXAMPLE_LIMIT, Item, JobRule, Needs, Rule, RuleDef};
pub use fix::{Fix, Fixes, Safety};
pub use job::{About, FileSize, JobFacts};
pub use marks::Marks;
pub use rules::{RULES, is_too_long};
pub use select::{Rules, Selection};
pub use settings::LintSettings;
pub use severities::{severities, severities_in_words};
