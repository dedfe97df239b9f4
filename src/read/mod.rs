//! Reading: what a source is, which reader understands it and why, where its records begin and end, and how a
//! record becomes a conversation, an example or a preference; then assembling.
//!
//! Adding a format is one file here and one line in [`READERS`]. A reader never judges and never writes.

pub mod assemble;
pub mod codes;
pub mod detect;
pub mod exports;
pub mod frame;
pub mod json;
pub mod people;
pub mod phrases;
pub mod reader;
pub mod sample;
pub mod settings;
pub mod source;
pub mod speakers;
pub mod transcript;

mod alpaca;
mod channel;
mod csv;
mod irc;
mod kto;
mod labels;
mod nested;
mod openai_chat;
mod preference;
mod prompt_completion;
mod sharegpt;
mod whatsapp;

pub use detect::detect;
pub use frame::{Batch, Frame, Frames};
pub use reader::{Decode, Decoded, Gathered, Guess, Opened, Reader, ReaderSpec};
pub use sample::Sample;
pub use settings::ReadSettings;
pub use source::Source;

/// Every reader, sorted by name.
pub static READERS: &[&dyn Reader] = &[
    &alpaca::Alpaca,
    &csv::Csv,
    &irc::Irc,
    &kto::Kto,
    &nested::NestedJson,
    &openai_chat::OpenAiChat,
    &preference::PreferencePairs,
    &prompt_completion::PromptCompletion,
    &sharegpt::ShareGpt,
    &transcript::Transcript,
    &whatsapp::WhatsApp,
];

/// The reader of that name.
pub fn by_name(name: &str) -> Option<&'static dyn Reader> {
    READERS.iter().copied().find(|reader| reader.spec().name == name)
}
