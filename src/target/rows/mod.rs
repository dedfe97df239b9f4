//! The layouts of rows, each in both directions; a target is its spec and one of these.

mod answers;
mod chat;
mod chat_line;
mod claude;
mod contents;
mod converse;
mod instruction;
mod json_line;
mod masked;
mod pair;
mod parts;
mod preference;
mod take;
mod text;
mod turns;

pub use answers::Answers;
pub use chat::{Chat, decode_example, decode_messages};
pub use claude::Claude;
pub use contents::Contents;
pub use converse::Converse;
pub use instruction::Instructions;
pub use masked::{Masked, TRAIN};
pub use pair::Pairs;
pub use preference::{Preferences, decode_preference};
pub use text::Texts;
pub use turns::Turns;

use crate::model::{Body, Message, Role};

/// The index in `messages[3].content`, and what stands behind it.
fn message_index(path: &str) -> Option<(usize, &str)> {
    let (index, rest) = path.strip_prefix("messages[")?.split_once(']')?;
    Some((index.parse().ok()?, rest))
}

/// The instructions at the beginning, which stand beside the messages, and the rest.
fn system_apart(messages: &[Message]) -> (Option<&Message>, &[Message]) {
    match messages.split_first() {
        Some((first, rest)) if first.role == Role::System => (Some(first), rest),
        _ => (None, messages),
    }
}

/// A path into messages where the instructions stand beside them, under `system`.
fn beside_system(body: &Body, path: String, at: impl Fn(usize, &str) -> String, system: &str) -> String {
    let messages = match body {
        Body::Example(example) => &example.messages,
        Body::Preference(preference) => &preference.prompt,
    };
    match message_index(&path) {
        None => path,
        Some((0, _)) if system_apart(messages).0.is_some() => system.to_owned(),
        Some((index, rest)) => at(index - usize::from(system_apart(messages).0.is_some()), rest),
    }
}
