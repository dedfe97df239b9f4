//! The word `system`: instructions in some data, the assistant in other, a note of the chat software in a third.
//!
//! SGD and `CrossWOZ` call their assistant `SYSTEM` and `sys`. The word is never mapped without looking at the
//! whole survey; only where nothing was surveyed does one conversation decide for itself.

use crate::model::Turn;

use super::SpeakerRole;
use super::cast::{Cast, is_spoken};
use super::marks::mark_of;
use crate::read::labels::is_machine;

/// How the word is used in one conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// More than once, in turn with the one other speaker, and nobody else could be the assistant.
    Answers,
    /// Beside a known assistant or several others, or once and first.
    Stands,
}

/// In how many conversations the word is used how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Uses {
    /// As the assistant.
    pub answers: u64,
    /// As instructions or notes.
    pub stands: u64,
}

impl Uses {
    /// Counts one conversation.
    pub fn add(&mut self, seen: Option<Use>) {
        match seen {
            Some(Use::Answers) => self.answers += 1,
            Some(Use::Stands) => self.stands += 1,
            None => {}
        }
    }

    /// Whether `system` is the assistant in a conversation where it is used as `here`.
    pub fn is_assistant(self, here: Option<Use>) -> bool {
        if self.answers + self.stands == 0 {
            return here == Some(Use::Answers);
        }
        self.answers > self.stands
    }
}

/// Whether the word means the software of the chat: two or more people speak beside it, given by name and role. A
/// machine is told what to do; people read who joined and who left.
pub(super) fn is_software<'a>(others: impl Iterator<Item = (&'a str, Option<SpeakerRole>)>) -> bool {
    let is_person = |(name, role): &(&str, Option<SpeakerRole>)| {
        role.is_none_or(SpeakerRole::is_side) && !is_machine(name)
    };
    others.filter(is_person).take(2).count() == 2
}

/// Longest line of software, in characters (our choice); what is longer and
/// stands first is instructions.
pub(in crate::read) const LONGEST_NEWS: usize = 120;
/// How instructions begin, in lower case.
const ORDERS: &[&str] = &["you are a ", "you are an ", "you are the ", "you're a ", "act as ", "your task "];

/// Whether a text of the word `system` is instructions, whoever speaks beside it.
pub(super) fn instructs(text: &str) -> bool {
    let text = text.trim_start();
    let long = text.char_indices().nth(LONGEST_NEWS);
    long.is_some() || {
        let start = text.to_lowercase();
        ORDERS.iter().any(|order| start.starts_with(order))
    }
}

/// How the word is used in this conversation; `None` when nobody bears it or it is not clear.
///
/// `roles` are what is known of each speaker of the cast so far, [`SpeakerRole::System`] for those who bear the word.
pub(super) fn use_of(turns: &[Turn], cast: &Cast<'_>, roles: &[Option<SpeakerRole>]) -> Option<Use> {
    let known = |speaker: usize| roles.get(speaker).copied().flatten();
    let spoken = || turns.iter().zip(&cast.of_turn).filter(|(turn, _)| is_spoken(turn));
    let mut others: Vec<usize> = Vec::new();
    // Turns of `system`, and those of them that follow somebody else's.
    let (mut said, mut replies, mut first, mut assistant) = (0_u64, 0_u64, false, false);
    let mut before: Option<bool> = None;
    for (turn, &speaker) in spoken() {
        let role = mark_of(turn).or(known(speaker));
        match role {
            Some(SpeakerRole::System) => {
                said += 1;
                first |= before.is_none();
                replies += u64::from(before == Some(false));
                before = Some(true);
            }
            Some(SpeakerRole::Tool | SpeakerRole::Event | SpeakerRole::Ignored | SpeakerRole::Bot) => {}
            side => {
                assistant |= side == Some(SpeakerRole::Assistant);
                // One or more is all that matters, and a channel may have thousands.
                if others.len() < 2 && !others.contains(&speaker) {
                    others.push(speaker);
                }
                before = Some(false);
            }
        }
    }
    let could_reply = said - u64::from(first);
    if said == 0 {
        None
    } else if assistant || others.len() > 1 {
        Some(Use::Stands)
    } else if others.len() == 1 && said > 1 && replies > 0 && replies * 2 >= could_reply {
        Some(Use::Answers)
    } else if said == 1 && first {
        Some(Use::Stands)
    } else {
        None
    }
}
