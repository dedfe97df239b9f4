//! Twins: what is compared, and who is the twin of whom.
//!
//! Of twins the one with the smallest identity (source, then place in it) is kept. Keys are compared, never text.

pub mod codes;
mod compare;
mod exact;
pub mod history;
pub mod near;
mod prompts;

pub use compare::{Compare, fingerprint};
pub use exact::Twins;
pub use prompts::{PromptKeys, SharedKey, prompt, questions};
