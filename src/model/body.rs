//! What rides the belt: before assembling a [`Raw`], after it a [`Body`].

use super::{Conversation, Example, Preference};

/// What a record holds, as its reader found it.
#[derive(Debug, Clone, PartialEq)]
pub enum Raw {
    /// Turns of speakers whose roles are not settled.
    Conversation(Conversation),
    /// Messages whose roles the source states.
    Example(Example),
    /// A prompt with a chosen and a rejected answer.
    Preference(Preference),
}

/// What is checked, counted and written.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Messages and tools.
    Example(Example),
    /// A prompt with a chosen and a rejected answer.
    Preference(Preference),
}
