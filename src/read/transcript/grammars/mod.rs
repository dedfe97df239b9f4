//! What a header line looks like in each form: pure matchers of one line, linear in its length.
//!
//! One file a family. A matcher gives the speaker, the stamp and where the text begins, or nothing; which form is
//! tried is settled elsewhere.

pub(super) mod block;
pub(super) mod label;
pub(super) mod stamp;
pub(super) mod tabs;

use super::time::Stamp;
use crate::model::{Event, Kind};
use crate::text::time::parts::spaces;

/// Longest name of a speaker, in characters.
pub(super) const LONGEST_SPEAKER: usize = 60;
/// Bytes in which a colon after a speaker must come, with a stamp and four bytes a character at most.
const LABEL_BYTES: usize = LONGEST_SPEAKER * 4 + 40;

/// One line of a transcript, without its end and without invisible marks before its first character.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    pub text: &'a str,
    /// Nothing or a blank line stands before it.
    pub after_blank: bool,
}

impl<'a> Line<'a> {
    /// Exports in scripts written from right to left put direction marks before brackets and names.
    pub(super) fn new(text: &'a str, after_blank: bool) -> Self {
        let marks = |character| matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        Self { text: text.trim_start_matches(marks), after_blank }
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// What a line says of the turn that it begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header<'a> {
    /// Who, as written; empty for what nobody said.
    pub speaker: &'a str,
    pub stamp: Option<Stamp>,
    /// What is said on the same line.
    pub text: &'a str,
    /// [`Kind::Event`] for what happened, otherwise [`Kind::Text`].
    pub kind: Kind,
}

impl<'a> Header<'a> {
    fn speech(speaker: &'a str, stamp: Option<Stamp>, text: &'a str) -> Self {
        Self { speaker, stamp, text, kind: Kind::Text }
    }

    fn event(speaker: &'a str, stamp: Option<Stamp>, text: &'a str) -> Self {
        Self { speaker, stamp, text, kind: Kind::Event(Event::Other) }
    }
}

/// The name before the first colon that white space, the end of the line or (`：`) nothing follows.
fn before_colon(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let head = bytes.get(..LABEL_BYTES).unwrap_or(bytes);
    // The wide colon begins with 0xef, as few other characters do.
    let colon = memchr::memchr2_iter(b':', 0xef, head).find(|&at| {
        head.get(at) == Some(&b':') || bytes.get(at..).is_some_and(|rest| rest.starts_with("：".as_bytes()))
    })?;
    let width = if head.get(colon) == Some(&b':') { 1 } else { '：'.len_utf8() };
    let (name, rest) = text.split_at(colon);
    let rest = rest.get(width..)?;
    (width > 1 || rest.is_empty() || rest.starts_with(char::is_whitespace))
        .then_some((name.trim(), spaces(rest)))
}

/// Whether `name` can be somebody's: 1 to 60 characters on one line, without the marks of markup and data.
fn is_name(name: &str) -> bool {
    let count = name.chars().take(LONGEST_SPEAKER + 1).count();
    (1..=LONGEST_SPEAKER).contains(&count)
        && !name.contains(['\t', '<', '>', '{', '}', '"', '=', ';'])
        && name.chars().any(char::is_alphanumeric)
}

/// Whether `name` can be a label without any other mark: it begins like a name, has a letter or is a telephone number,
/// and is no sentence.
fn is_label(name: &str) -> bool {
    let begins = |first: char| {
        first.is_alphabetic() || first.is_ascii_digit() || matches!(first, '@' | '+' | '~' | '_')
    };
    is_name(name)
        && name.starts_with(begins)
        && (name.starts_with('+') || name.chars().any(char::is_alphabetic))
        && !name.contains(['[', '*', '`', '\\'])
        && !name.contains(". ")
        && !name.contains(", ")
        && !name.contains(['?', '!'])
        && name.split_whitespace().count() <= 6
}
