//! A pair of answers to one prompt, one preferred.

use serde_json::Value;

use super::{Extra, Message};

/// Prompt, chosen and rejected answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Preference {
    /// The messages both answers follow.
    pub prompt: Vec<Message>,
    /// The preferred continuation.
    pub chosen: Vec<Message>,
    /// The other continuation.
    pub rejected: Vec<Message>,
    /// Definitions of the tools, as written.
    pub tools: Option<Vec<Value>>,
    /// Everything else on the top level, in order.
    pub extra: Extra,
}
