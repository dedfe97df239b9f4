//! Who is the customer, who is to be learned: speakers to roles, from the best evidence to the worst.
//!
//! In order: what the caller says, the data's own marks, well-known labels, statistics over the survey (who offers help
//! or signs for a department, who answers many different people), and the complement within one conversation. Who is still unknown after that stays undecided; guessing would teach the
//! customer's side. A [`Survey`] looks at a sample, [`Survey::settle`] makes the [`SpeakerTable`] that assembling
//! asks. Dropping and joining turns is left to `assemble`.

mod cast;
mod habits;
mod marks;
mod pattern;
mod row;
mod settings;
mod statistics;
mod survey;
mod system;
mod table;

#[cfg(test)]
mod stories;

use std::fmt;

pub use row::{SpeakerRow, Unmatched};
pub use settings::SpeakerSettings;
pub use survey::Survey;
pub(super) use system::LONGEST_NEWS;
pub use table::SpeakerTable;

/// What a speaker is in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpeakerRole {
    /// The one who is to be learned.
    Assistant,
    /// The customer's side.
    User,
    /// Gives instructions.
    System,
    /// A machine of the support side beside a human of that side; alone with the customer it is the assistant.
    Bot,
    /// A tool, an interface or a knowledge base.
    Tool,
    /// Nobody: reports what happened, or instructs a participant of a study.
    Event,
    /// Left out at the caller's wish.
    Ignored,
}

impl SpeakerRole {
    /// The word shown to people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Assistant => "assistant",
            Self::User => "user",
            Self::System => "system",
            Self::Bot => "bot",
            Self::Tool => "tool",
            Self::Event => "event",
            Self::Ignored => "ignored",
        }
    }

    /// Whether the speaker is one of the two sides of the conversation (or nobody's known side).
    fn is_side(self) -> bool {
        matches!(self, Self::Assistant | Self::User)
    }
}

impl fmt::Display for SpeakerRole {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// The form in which names are compared: case and white space folded.
pub(super) fn key_of(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    crate::text::normalize::normalize_into(name, &mut bytes);
    String::from_utf8(bytes).unwrap_or_else(|_| name.to_lowercase())
}
