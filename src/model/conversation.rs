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
    /// Something happened; the text, if any, is the software's account of it.
    Event(Event),
    /// A file or picture stands here.
    Media,
    /// A machine said it.
    Auto(Auto),
}

impl Kind {
    /// Whether something happened, whatever it was.
    pub fn is_event(self) -> bool {
        matches!(self, Self::Event(_))
    }
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Event {
    /// Somebody came in, was invited or added.
    Join,
    /// Somebody went, was removed or lost the connection; the chat was closed.
    Leave,
    /// Handed to another agent, department or queue.
    Transfer,
    /// Given to somebody, opened, snoozed, tagged: the state of the ticket changed.
    Assignment,
    /// Rated, or asked for a rating.
    Rating,
    /// An emoji under a message.
    Reaction,
    /// A message was taken back.
    Deletion,
    /// A message was written anew; the earlier or the repeated text.
    Edit,
    /// A call began, ended or was missed.
    Call,
    /// The room itself changed: its name, topic, picture, pinned messages.
    Room,
    /// Anything else.
    #[default]
    Other,
}

/// Why a machine spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Auto {
    /// A canned greeting or announcement ("You are now chatting with Ana").
    Greeting,
    /// A menu of choices, a form.
    Menu,
    /// An automatic reply: a receipt, out of office.
    Reply,
    /// A message that could not be delivered.
    Bounce,
    /// The same message once more in another language.
    Translation,
    /// Anything else.
    #[default]
    Other,
}

/// How a turn reached the other side, which decides what surrounds the words: a mail has quotations and a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Medium {
    /// Typed into a chat or ticket.
    #[default]
    Chat,
    /// Sent as e-mail.
    Mail,
    /// Sent as a post or short message with a bound on its length (SMS, tweets).
    Post,
    /// Spoken, and written down by a machine or a person.
    Speech,
    /// Written in a messenger, where people stand under their names.
    Messenger,
    /// Written in a channel of many, where people stand under nicks and begin with the nick of whom they mean.
    Channel,
}

impl Medium {
    /// Whether speakers bear the names of people there, which say nothing of their sides.
    pub fn has_names(self) -> bool {
        matches!(self, Self::Messenger | Self::Channel)
    }
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
    /// How it reached the other side.
    pub medium: Medium,
    /// To whom it was sent, written like speakers; empty where the source does not say it.
    pub recipients: Vec<String>,
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
    /// Speakers whose role in [`Turn::role`] the reader assumed, since the source does not say it.
    pub assumed: Vec<String>,
    /// What else the source says of the conversation, in order.
    pub extra: Extra,
}
