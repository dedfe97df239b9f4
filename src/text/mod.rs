//! Bytes and text, without any knowledge of chats: JSON with places, encodings, normalising, hashing, safe display,
//! points in time, and the text that people wrote behind the mark-up, escapes and damage of exports.

pub mod beyond_ascii;
pub mod cut;
pub mod encoding;
pub mod entities;
pub mod hash;
pub mod html;
pub mod json;
pub mod mail;
pub mod markdown;
pub mod marks;
pub mod masks;
pub mod memory;
pub mod mojibake;
pub mod normalize;
pub mod number;
pub mod sanitize;
pub mod shingle;
pub mod signs;
pub mod similar;
pub mod time;
pub mod wildcard;
pub mod word_edits;
