//! One training example.

use serde_json::Value;

use super::{Extra, Message};

/// Messages and tools: the unit of everything after reading.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Example {
    /// The messages, in order.
    pub messages: Vec<Message>,
    /// Definitions of the tools the assistant may call, as written.
    pub tools: Option<Vec<Value>>,
    /// For unpaired preferences (KTO): whether the answer is wanted.
    pub label: Option<bool>,
    /// Everything else on the top level, in order.
    pub extra: Extra,
}
