//! Logs of channels: lines with a time and a name, one file for years of talk, and no boundary between conversations.
//!
//! What such logs have in common: a long pause begins a new conversation (`stretches`), a file may mix encodings from
//! line to line (`lines`), clocks without a date pass midnight (`clock`), and a conversation is called after its file
//! and its first time (`name`). What a line looks like is for the reader of each log.

pub(super) mod clock;
pub(super) mod lines;
pub(super) mod name;
pub(super) mod stretches;
