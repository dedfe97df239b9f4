//! What the data itself says of a turn's role.

use crate::model::{Role, Turn};

use super::{SpeakerRole, key_of};
use crate::read::labels::{Label, label_of, label_of_name};

/// What the source's own mark says of one turn.
pub(super) fn mark_of(turn: &Turn) -> Option<SpeakerRole> {
    match turn.role.as_ref()? {
        Role::User => Some(SpeakerRole::User),
        Role::Assistant => Some(SpeakerRole::Assistant),
        Role::System | Role::Developer => Some(SpeakerRole::System),
        Role::Tool | Role::Function => Some(SpeakerRole::Tool),
        Role::Other(word) => label_of(&key_of(word)).map(|label| label.role),
    }
}

/// The label under which somebody speaks; `named`: as people stand in messengers and channels.
pub(super) fn label_of_speaker(key: &str, named: bool) -> Option<Label> {
    if named { label_of_name(key) } else { label_of(key) }
}

/// The marks on a speaker's turns, in one conversation or in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Marks {
    /// None of the turns is marked.
    #[default]
    None,
    /// All marks say the same.
    One(SpeakerRole),
    /// The marks differ: each turn follows its own.
    Mixed,
}

impl Marks {
    /// Adds one mark.
    pub fn add(&mut self, mark: SpeakerRole) {
        *self = match *self {
            Self::None => Self::One(mark),
            Self::One(role) if role == mark => Self::One(role),
            _ => Self::Mixed,
        };
    }

    /// Adds the marks of another part of the data.
    pub fn merge(&mut self, other: Self) {
        match other {
            Self::None => {}
            Self::One(mark) => self.add(mark),
            Self::Mixed => *self = Self::Mixed,
        }
    }
}
