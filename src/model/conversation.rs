//! A raw conversation: turns of speakers, before roles are settled.

use super::{Extra, Role};

/// Who may see a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Visibility {
    /// Both sides.
    #[default]
    Public,
    /// The support side only: notes among agents.
    Internal,
}

/// What sort of thing a turn is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Somebody said it.
    #[default]
    Text,
    /// Something happened (joined, assigned, rated).
    Event,
    /// A file or picture stands here.
    Media,
    /// A machine said it (auto-reply, bot menu).
    Auto,
}

/// One utterance.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Turn {
    /// The speaker as the source writes it (a name or a role label); empty when the source names nobody.
    pub speaker: String,
    /// What the source's own marks say of the role (an agent flag, an inbound column); `None` when it says nothing.
    pub role: Option<Role>,
    /// What was said.
    pub text: String,
    /// When, in milliseconds since 1970-01-01T00:00Z (local times are taken as UTC: only differences matter).
    pub time: Option<i64>,
    /// Who may see it.
    pub visibility: Visibility,
    /// What sort of thing it is.
    pub kind: Kind,
}

/// The turns of one ticket, chat, thread or call.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Conversation {
    /// The source's own identifier, where it has one.
    pub id: Option<String>,
    /// Instructions that the source gives for this conversation, if any.
    pub system: Option<String>,
    /// The turns, in the order of the source.
    pub turns: Vec<Turn>,
    /// What else the source says of the conversation, in order.
    pub extra: Extra,
}
