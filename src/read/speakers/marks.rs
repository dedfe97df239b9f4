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

/// Whether a name is written like that of a machine: `ShopBot`, `shop-bot`, and not `Talbot`. It may be anybody's whim,
/// so no side is known by it.
pub(super) fn is_machine_name(name: &str) -> bool {
    let name = name.trim();
    let Some((before, word)) = name.len().checked_sub(3).and_then(|at| name.split_at_checked(at)) else {
        return false;
    };
    match before.chars().next_back() {
        Some(last) if last.is_lowercase() => matches!(word, "Bot" | "BOT"),
        Some('-' | '_' | '.') => word.eq_ignore_ascii_case("bot"),
        _ => false,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_machines_and_of_people() {
        for name in ["ShopBot", "shop_bot", "Acme.Bot "] {
            assert!(is_machine_name(name), "{name}");
        }
        for name in ["Talbot", "Ben Bot", "TALBOT", "Bot", "", "ébot", "Botho"] {
            assert!(!is_machine_name(name), "{name}");
        }
    }
}
