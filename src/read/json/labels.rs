//! Several turns in one string: lines that begin with a speaker's label (`Customer: …`), and the `Human` and
//! `Assistant` blocks of Anthropic's published transcripts.

use crate::model::{Message, Role};

/// Longest label in bytes: names and functions fit, sentences with a colon do not.
const LABEL_BYTES: usize = 32;

/// Labels that name a party of a conversation, in lower case. A line that begins with another word and a colon may as
/// well be part of the text.
const PARTIES: &[&str] = &[
    "advisor",
    "agent",
    "ai",
    "api",
    "assistant",
    "bot",
    "caller",
    "chatbot",
    "client",
    "customer",
    "function",
    "gpt",
    "human",
    "model",
    "operator",
    "patient",
    "rep",
    "representative",
    "student",
    "support",
    "system",
    "teacher",
    "tool",
    "tutor",
    "user",
    "visitor",
];

/// Those of them that answer.
const ANSWERING: &[&str] = &[
    "advisor",
    "agent",
    "ai",
    "assistant",
    "bot",
    "chatbot",
    "gpt",
    "model",
    "operator",
    "rep",
    "representative",
    "support",
    "teacher",
    "tutor",
];

fn among(words: &[&str], label: &str) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(label))
}

/// Whether the label names a party of a conversation.
pub fn is_party(label: &str) -> bool {
    among(PARTIES, label)
}

/// Whether the label names a party that answers.
pub fn is_answering(label: &str) -> bool {
    among(ANSWERING, label)
}

/// The label at the beginning of a line, and what follows its colon.
pub fn line_label(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let colon = memchr::memchr(b':', &line.as_bytes()[..line.len().min(LABEL_BYTES + 1)])?;
    let (label, rest) = (line.get(..colon)?.trim_end(), line.get(colon + 1..)?);
    let proper = label.starts_with(char::is_alphabetic)
        && label
            .chars()
            .all(|one| one.is_alphanumeric() || matches!(one, ' ' | '_' | '-' | '.' | '\'' | '/'));
    // `https://` and `12:30` are no labels; a label stands alone or before white space.
    (proper && (rest.is_empty() || rest.starts_with(char::is_whitespace))).then_some((label, rest))
}

/// The label that alone makes the last line: what a completion is asked to go on from.
pub fn trailing_label(text: &str) -> Option<&str> {
    let last = text.trim_end().rsplit('\n').next()?;
    let (label, rest) = line_label(last)?;
    rest.trim().is_empty().then_some(label)
}

/// A string cut at the lines that begin with a speaker's label.
#[derive(Debug, PartialEq)]
pub struct Labelled<'a> {
    /// What stands before the first label, trimmed.
    pub head: &'a str,
    /// Label and text of each turn, trimmed.
    pub turns: Vec<(&'a str, &'a str)>,
}

/// Cuts `text` at every line whose label is a speaker's.
pub fn split(text: &str, is_speaker: impl Fn(&str) -> bool) -> Labelled<'_> {
    let mut turns = Vec::new();
    let mut head = None;
    // Label and first byte of the text of the turn that is going on.
    let mut current: Option<(&str, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some((label, rest)) = line_label(line.trim_end_matches(['\n', '\r']))
            && is_speaker(label)
        {
            match current {
                Some((speaker, start)) => turns.push((speaker, text[start..at].trim())),
                None => head = Some(text[..at].trim()),
            }
            let line_end = at + line.trim_end_matches(['\n', '\r']).len();
            current = Some((label, line_end - rest.len()));
        }
        at += line.len();
    }
    if let Some((speaker, start)) = current {
        turns.push((speaker, text[start..].trim()));
    }
    Labelled { head: head.unwrap_or_else(|| text.trim()), turns }
}

/// Whether a text is a conversation by itself: it begins with a party's label, and two lines at least do.
pub fn is_labelled(text: &str) -> bool {
    line_label(text.trim_start().lines().next().unwrap_or_default()).is_some_and(|(label, _)| is_party(label))
        && text.lines().filter_map(line_label).filter(|(label, _)| is_party(label)).take(2).count() == 2
}

/// Marks of the transcripts of hh-rlhf, exactly as published: a blank line before each.
const BLOCKS: [(&str, Role); 2] = [("\n\nHuman:", Role::User), ("\n\nAssistant:", Role::Assistant)];

/// Whether a text is such a transcript.
pub fn is_block_transcript(text: &str) -> bool {
    BLOCKS.iter().any(|(mark, _)| text.starts_with(mark))
}

/// The messages of such a transcript, texts trimmed, empty ones kept.
pub fn block_messages(text: &str) -> Vec<Message> {
    let mut messages = Vec::new();
    let mut rest = text;
    while let Some((role, after)) =
        BLOCKS.iter().find_map(|(mark, role)| rest.strip_prefix(mark).map(|after| (role, after)))
    {
        let end = BLOCKS.iter().filter_map(|(mark, _)| after.find(mark)).min().unwrap_or(after.len());
        messages.push(Message::text(role.clone(), after[..end].trim()));
        rest = &after[end..];
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_short_words_before_a_colon() {
        assert_eq!(line_label("Customer: hi"), Some(("Customer", " hi")));
        assert_eq!(line_label("Support agent:"), Some(("Support agent", "")));
        for line in
            ["https://x.y", "at 12:30", "- a: b", "", ":", "no colon here at all, whatever the length: x"]
        {
            assert_eq!(line_label(line), None, "{line}");
        }
        assert_eq!(trailing_label("Hello\nAgent:\n"), Some("Agent"));
        assert_eq!(trailing_label("Hello\nAgent: yes"), None);
    }

    #[test]
    fn turns_keep_their_lines() {
        let cut = split("Be kind.\n\nuser: a\nNote: b\r\nassistant: c\n\nd\nuser:", is_party);
        assert_eq!(cut.head, "Be kind.");
        assert_eq!(cut.turns, [("user", "a\nNote: b"), ("assistant", "c\n\nd"), ("user", "")]);
        assert_eq!(split("nothing", is_party), Labelled { head: "nothing", turns: vec![] });
        assert!(is_labelled("user: a\nassistant: b") && !is_labelled("Note: a\nuser: b\nuser: c"));
    }

    #[test]
    fn blocks_need_their_blank_line() {
        let texts: Vec<(String, String)> =
            block_messages("\n\nHuman: a\nHuman: b\n\nAssistant:\n\nHuman: c ")
                .iter()
                .map(|one| (one.role.name().to_owned(), one.texts().collect()))
                .collect();
        let wanted = [("user", "a\nHuman: b"), ("assistant", ""), ("user", "c")];
        assert_eq!(texts, wanted.map(|(role, text)| (role.to_owned(), text.to_owned())));
        assert!(block_messages("Human: a").is_empty());
    }
}
