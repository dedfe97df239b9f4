//! Who speaks, as a model sees it.

use std::fmt;

/// The role of a message.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Role {
    /// Instructions to the model.
    System,
    /// Instructions to reasoning models; stands where `system` stood.
    Developer,
    /// The customer.
    User,
    /// The one who is to be learned.
    Assistant,
    /// A tool's result.
    Tool,
    /// A function's result (deprecated predecessor of `tool`).
    Function,
    /// A role that no target knows, kept as written.
    Other(String),
}

impl Role {
    /// The role written exactly as in the chat format; anything else becomes [`Role::Other`].
    pub fn from_name(name: &str) -> Self {
        match name {
            "system" => Self::System,
            "developer" => Self::Developer,
            "user" => Self::User,
            "assistant" => Self::Assistant,
            "tool" => Self::Tool,
            "function" => Self::Function,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The role as written in the chat format.
    pub fn name(&self) -> &str {
        match self {
            Self::System => "system",
            Self::Developer => "developer",
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
            Self::Function => "function",
            Self::Other(name) => name,
        }
    }

    /// Whether the role gives instructions (`system` or `developer`).
    pub fn is_instruction(&self) -> bool {
        matches!(self, Self::System | Self::Developer)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
