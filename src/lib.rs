//! chatmill prepares training data for chat fine-tuning.
//!
//! # The walk
//!
//! Paths become sources, and a reader's framing cuts each source into frames: bytes and an origin, found by one
//! thread in order ([`read`]). Batches of frames go to a pool of workers, where pure functions take one frame
//! each down the same road: decode, assemble, mend, measure, check, encode ([`pipeline`]). Outcomes come
//! back in the order of the input to one tail, which moves bytes and small integers into a spool and, once all is
//! seen, lets the judge decide who is a twin of whom and which side each example goes to ([`dedup`], [`split`]).
//! Outputs appear whole or not at all ([`write`]), and a report accounts for every record ([`report`]).
//!
//! # Use
//!
//! Settings become a plan, and a plan runs:
//!
//! ```
//! use chatmill::config::Settings;
//! use chatmill::pipeline::watch::Silent;
//! use chatmill::pipeline::{Plan, prepare};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let home = tempfile::tempdir()?;
//! # let folder = home.path().join("set");
//! let inputs = vec!["fixtures/guide/talks.jsonl".to_owned()];
//! let plan = Plan::make(Settings { inputs, ..Settings::default() })?;
//! let summary = prepare(&plan, &folder, false, &Silent)?;
//! assert_eq!(summary.ledger.records, 14);
//! assert!(summary.ledger.balanced && folder.join("train.jsonl").exists());
//! # Ok(())
//! # }
//! ```
//!
//! The commands are functions of [`pipeline`]: `examples/prepare.rs` in the repository is one of them as a program.
//!
//! # Layers
//!
//! A module imports only from lower layers; `tests/layers.rs` holds it so. From the ground up:

// 0: no knowledge of chats
pub mod disk;
pub mod error;
pub mod text;
// 1: the words all stages speak
pub mod diagnostic;
pub mod model;
// 2: formats, counting, finding: pure
pub mod detect;
pub mod target;
pub mod tokens;
// 3: stages: siblings, none imports another
pub mod cost;
pub mod dedup;
pub mod lint;
pub mod read;
pub mod split;
// 4: out
pub mod report;
pub mod write;
// 5: file and flags to settings
pub mod config;
// 6: the belt, the judge, the plan
pub mod pipeline;

pub use error::{Error, ErrorKind, Result};
