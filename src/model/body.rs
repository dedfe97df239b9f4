//! What rides the belt: before assembling a [`Raw`], after it a [`Body`].

use super::{Conversation, Example, Message, Preference};

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

impl Body {
    /// Every message, in the order of the row: of a preference the prompt, then the chosen and the rejected answer.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        let lists = match self {
            Self::Example(example) => [example.messages.as_slice(), &[], &[]],
            Self::Preference(Preference { prompt, chosen, rejected, .. }) => {
                [&**prompt, &**chosen, &**rejected]
            }
        };
        lists.into_iter().flatten()
    }

    /// Every message, in the order of the row, to be changed.
    pub fn messages_mut(&mut self) -> impl Iterator<Item = &mut Message> {
        let lists = match self {
            Self::Example(example) => [example.messages.as_mut_slice(), &mut [], &mut []],
            Self::Preference(Preference { prompt, chosen, rejected, .. }) => {
                [&mut **prompt, &mut **chosen, &mut **rejected]
            }
        };
        lists.into_iter().flatten()
    }
}
