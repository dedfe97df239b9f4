//! The words all stages speak: raw conversations, messages, examples, preferences, and where each came from.
//!
//! Nothing here reads, judges or writes. Text is owned; what is not understood is kept in `extra`, in order.

mod body;
mod conversation;
mod example;
mod facts;
mod message;
mod origin;
mod preference;
mod prints;
mod role;
mod tool;

pub use body::{Body, Raw};
pub use conversation::{Auto, Conversation, Event, Kind, Medium, Turn, Visibility};
pub use example::Example;
pub use facts::{Besides, Facts, Sequence, TokenCount};
pub use message::{Content, Message, Texts};
pub use origin::Origin;
pub use preference::Preference;
pub use prints::Prints;
pub use role::Role;
pub use tool::{ToolCall, wrapped_definition};

/// Keys that are kept without being understood, in the order of the source.
pub type Extra = serde_json::Map<String, serde_json::Value>;
