//! From what a record holds to examples: roles for speakers, then named, counted, switchable mendings.
//!
//! Nothing is invented: turns are dropped under a name, joined by a line feed, put in the order of time or split into
//! parts. Every turn read is kept, merged or dropped, and [`Assembled::is_balanced`] says so. Whether the result is
//! fit for a target is left to the rules of `lint`; what the mendings do not touch on purpose says their own page.

mod add_system;
pub mod codes;
mod conversation;
mod counts;
mod cut_agent_initials;
mod cut_disclaimer;
mod cut_into_windows;
mod cut_mention;
mod cut_quoted_mail;
mod cut_signature;
mod cut_tracking;
mod cut_trailing_tool;
mod cut_trailing_user;
mod draft;
mod drop_auto_message;
mod drop_empty_turn;
mod drop_event;
mod drop_internal_note;
mod drop_media;
mod drop_opening_assistant;
mod drop_repeated_turn;
mod drop_tool_turn;
mod example;
mod join_split_answer;
mod mending;
mod merge_bursts;
mod merge_system;
mod order_by_time;
mod preference;
mod preference_to_chosen;
mod repair_mojibake;
mod settings;
mod split_answers;
mod split_at_gap;
mod strip_invisible;
mod talk;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod stories;

use crate::diagnostic::{Def, Rejection};
use crate::model::{Body, Raw};

use super::speakers::SpeakerTable;
use counts::Counts;

pub use cut_into_windows::cuts;
pub use example::id_of;
pub use mending::{MENDINGS, MendingDef, mending_by_name};
pub use settings::AssembleSettings;
pub use split_answers::{answer_ends, mask_earlier};

/// What became of one record.
#[derive(Debug, Clone, PartialEq)]
pub struct Assembled {
    /// The source's own identifier, where it has one.
    pub id: Option<String>,
    /// Turns (or messages) in the record.
    pub read: u64,
    /// Examples made of it; empty when it is rejected.
    pub parts: Vec<Part>,
    /// Turns that are in no part, by reason, sorted by code.
    pub dropped: Vec<(&'static Def, u64)>,
    /// Why nothing could be made of it.
    pub rejected: Option<Rejection>,
}

/// The identifier that a row has of its own, under its usual names.
pub fn id(body: &Body) -> Option<String> {
    match body {
        Body::Example(example) => example::id_of(&example.extra),
        Body::Preference(preference) => example::id_of(&preference.extra),
    }
}

/// One example made of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The example or preference.
    pub body: Body,
    /// What was done to it, sorted by code: turns dropped, turns merged, or how often it was done. What was dropped
    /// before a conversation was split counts for its first part.
    pub mendings: Vec<(&'static Def, u64)>,
    /// Turns that became messages of their own.
    pub kept: u64,
    /// Turns that were joined to a message that is kept.
    pub merged: u64,
    /// Whether the next part says the same and more: then that one stands for both where texts are compared.
    pub goes_on: bool,
}

impl Assembled {
    /// Whether every turn read is kept, merged or dropped.
    pub fn is_balanced(&self) -> bool {
        let parts: u64 = self.parts.iter().map(|part| part.kept + part.merged).sum();
        let dropped: u64 = self.dropped.iter().map(|(_, turns)| turns).sum();
        self.read == parts + dropped
    }

    /// All turns go under the reason.
    fn rejected(id: Option<String>, read: u64, rejection: Rejection) -> Self {
        Self::rejected_after(id, read, rejection, Counts::default())
    }

    /// Turns that were dropped before stay under their names, the others go under the reason.
    fn rejected_after(id: Option<String>, read: u64, rejection: Rejection, mut dropped: Counts) -> Self {
        let left = read.saturating_sub(dropped.total());
        dropped.add(rejection.def, left);
        Self { id, read, parts: Vec::new(), dropped: dropped.sorted(), rejected: Some(rejection) }
    }
}

/// Makes examples of one record: pure, and no message of a settled example is copied.
///
/// `measure` gives the tokens of a body; it is asked only when [`AssembleSettings::max_tokens`] is set.
pub fn assemble(
    raw: Raw,
    table: &SpeakerTable,
    settings: &AssembleSettings,
    measure: Option<&dyn Fn(&Body) -> u64>,
) -> Assembled {
    match raw {
        Raw::Conversation(conversation) => conversation::assemble(conversation, table, settings, measure),
        Raw::Example(example) => example::assemble(example, settings, measure),
        Raw::Preference(preference) => preference::assemble(preference, settings, measure),
    }
}
