//! The layouts of rows, each in both directions; a target is its spec and one of these.

mod chat;
mod json_line;
mod preference;

pub use chat::{Chat, decode_example, decode_messages};
pub use preference::{Preferences, decode_preference};
