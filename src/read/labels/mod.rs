//! Well-known labels of speakers, in the languages of common exports: one table for all who ask.
//!
//! A label says what a speaker is, not who: `Customer`, `Agent 2`, `Ana (Support)`. Ambiguous words (`speaker 1`,
//! `me`, `admin`) name somebody and no side on purpose: a wrong label teaches the wrong side. What is no speaker at
//! all (`Order`, `Subject`) is left to those who read lines.

mod table;

use std::borrow::Cow;

use self::table::{DEPARTMENTS, LABELS, MACHINES, NAMES};
use super::speakers::SpeakerRole::{self, Assistant, Bot, Event, System, User};
use super::speakers::key_of;

/// What a label says of a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Label {
    /// The label as it stands in the table.
    pub word: &'static str,
    /// What it means.
    pub role: SpeakerRole,
    /// Whether the name carries a number (`agent_1`): two numbered speakers of one label who talk to each other
    /// are rivals, and neither is the assistant (Topical-Chat writes `agent_1` and `agent_2` for two people).
    pub numbered: bool,
}

/// What a word of the table means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Means {
    /// A side, wherever it stands.
    Side(SpeakerRole),
    /// A side as the value of a column or key; before a colon in a text it names a thing (`Model: XPS 13`).
    Value(SpeakerRole),
    /// Somebody who speaks, and no telling on which side.
    Somebody,
}

/// The label of a name, if it names a side. `key` is the folded form of the name.
pub(super) fn label_of(key: &str) -> Option<Label> {
    let plain = plain(key);
    if let Some(label) = side(&plain) {
        return Some(label);
    }
    // `Ana (Support)`, `Bob [Agent]`: what stands in brackets at the end is a mark, not a name.
    if let Some(label) = in_brackets(key) {
        return Some(label);
    }
    // `Acme Customer Support`: a brand before the name of a department.
    let department = DEPARTMENTS.iter().find(|word| {
        plain.strip_suffix(**word).is_some_and(|brand| brand.len() > 1 && brand.ends_with(' '))
    })?;
    Some(Label { word: department, role: SpeakerRole::Assistant, numbered: false })
}

/// The label of a name under which somebody writes to others: a brand with its department, a mark in brackets, a word
/// that nobody is called. Numbered names are nicks or come from a counter.
pub(super) fn label_of_name(key: &str) -> Option<Label> {
    let of_people = |label: &Label| !label.numbered && matches!(label.role, User | Assistant | Bot);
    let marked = in_brackets(key).filter(of_people);
    marked.or_else(|| label_of(key).filter(of_people).filter(|label| !NAMES.contains(&label.word)))
}

/// Whether a value names a party of a conversation, rather than a thing or an event.
pub(super) fn is_party(name: &str) -> bool {
    let known = exact(&plain(&key_of(name)));
    known.is_some_and(|(_, means, _)| !matches!(means, Means::Value(Event)))
}

/// Whether a label names a party that answers.
pub(super) fn is_answering(name: &str) -> bool {
    side(&plain(&key_of(name))).is_some_and(|label| matches!(label.role, Assistant | Bot))
}

/// Whether a name is the word for the software of a chat, or for instructions.
pub(super) fn is_system(name: &str) -> bool {
    side(&plain(&key_of(name))).is_some_and(|label| label.role == System)
}

/// Whether a name is that of a machine which answers alone, to whom instructions are given.
pub(super) fn is_machine(name: &str) -> bool {
    label_of(&key_of(name)).is_some_and(|label| label.role == Bot || MACHINES.contains(&label.word))
}

/// Whether a name is in the table, for a thing before a colon.
pub(super) fn is_thing(name: &str) -> bool {
    exact(&plain(&key_of(name))).is_some_and(|(_, means, _)| matches!(means, Means::Value(_)))
}

/// Whether somebody speaks in a line that begins with `lower` and a colon: a label, numbered or not, alone (`agent`,
/// `speaker_00`), in brackets (`ana (support)`) or before them (`agent [ana]`). `lower` is in lower case.
pub(super) fn speaks(lower: &str) -> bool {
    let known = |words: &str| {
        exact(&plain(words)).is_some_and(|(_, means, _)| matches!(means, Means::Side(_) | Means::Somebody))
    };
    known(lower) || bracketed(lower).is_some_and(|(name, inside)| known(inside) || known(name))
}

/// What the bracket at the end of a name says of the side: `Ana (Support)`, `Helper [bot]`.
pub(super) fn in_brackets(name: &str) -> Option<Label> {
    bracketed(name.trim_end()).and_then(|(_, inside)| side(&plain(&key_of(inside))))
}

/// A name and what the bracket at its end holds.
fn bracketed(name: &str) -> Option<(&str, &str)> {
    let (open, inner) = match (name.strip_suffix(')'), name.strip_suffix(']')) {
        (Some(inner), _) => ('(', inner),
        (_, Some(inner)) => ('[', inner),
        _ => return None,
    };
    inner.rsplit_once(open).filter(|(name, _)| !name.trim().is_empty())
}

/// The label of a side.
fn side(plain: &str) -> Option<Label> {
    let (word, means, numbered) = exact(plain)?;
    // `agent99` and `user6` are nicks and identifiers: somebody speaks under them, and no side is known by them.
    let stem = plain.trim_end_matches(|character: char| character.is_ascii_digit());
    if numbered && !stem.ends_with([' ', '#']) {
        return None;
    }
    match means {
        Means::Side(role) | Means::Value(role) => Some(Label { word, role, numbered }),
        Means::Somebody => None,
    }
}

/// The word of the table, with or without a number after it.
fn exact(plain: &str) -> Option<(&'static str, Means, bool)> {
    let find = |word: &str| {
        LABELS.binary_search_by(|(known, _)| known.cmp(&word)).ok().and_then(|at| LABELS.get(at))
    };
    if let Some(&(word, means)) = find(plain) {
        return Some((word, means, false));
    }
    let stem = plain.trim_end_matches(|character: char| character.is_ascii_digit());
    if stem.len() == plain.len() {
        return None;
    }
    let &(word, means) = find(stem.trim_end_matches([' ', '#']))?;
    Some((word, means, true))
}

/// The folded name with every separator a space: `end-user`, `end_user` and `End User` are one label.
fn plain(key: &str) -> Cow<'_, str> {
    let parts = |character: char| matches!(character, '_' | '-' | '/' | '.' | ':' | '*');
    let key = key.trim();
    if !key.contains(parts) && !key.contains("  ") {
        return Cow::Borrowed(key);
    }
    let mut plain = String::with_capacity(key.len());
    for character in key.chars() {
        let character = if parts(character) { ' ' } else { character };
        if character != ' ' || !(plain.is_empty() || plain.ends_with(' ')) {
            plain.push(character);
        }
    }
    plain.truncate(plain.trim_end().len());
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(name: &str) -> Option<SpeakerRole> {
        label_of(&key_of(name)).map(|label| label.role)
    }

    #[test]
    fn the_table_is_sorted_folded_and_has_no_twins() {
        for pair in LABELS.windows(2) {
            assert!(pair[0].0 < pair[1].0, "`{}` before `{}`", pair[0].0, pair[1].0);
        }
        for (word, _) in LABELS {
            assert_eq!(plain(&key_of(word)), *word);
        }
        // Words with more to be said of them are in the table too, under the same name.
        for word in [NAMES, MACHINES].concat() {
            assert!(side(word).is_some_and(|label| label.word == word), "{word}");
        }
        assert!(DEPARTMENTS.iter().all(|word| side(word).is_some_and(|label| label.role == Assistant)));
    }

    #[test]
    fn case_separators_numbers_and_brackets_do_not_matter() {
        assert_eq!(role(" CUSTOMER "), Some(User));
        assert_eq!(role("End_User"), Some(User));
        assert_eq!(role("end-user 12"), Some(User));
        assert_eq!(role("Agent#3"), Some(Assistant));
        assert_eq!(role("Ana Lima (Support)"), Some(Assistant));
        assert_eq!(role("Bob [Customer]"), Some(User));
        assert_eq!(role("Acme Customer Support"), Some(Assistant));
        assert_eq!(role("KnowledgeBase"), Some(SpeakerRole::Tool));
        assert_eq!(role("Kundin"), Some(User));
        assert_eq!(role("CONSEILLÈRE"), Some(Assistant));
        assert!(label_of("agent_1").unwrap().numbered);
    }

    #[test]
    fn nicks_and_names_of_people_are_no_labels() {
        for nick in ["agent99", "system404", "user6", "Bot2000"] {
            assert_eq!(role(nick), None, "{nick}");
        }
        assert!(speaks("agent1") && speaks("speaker1"));
        let of_name = |name: &str| label_of_name(&key_of(name)).map(|label| label.role);
        for name in ["Ai", "Guest", "agent_99", "Agent 2", "system", "api", "Kim"] {
            assert_eq!(of_name(name), None, "{name}");
        }
        assert_eq!(of_name("Acme Support"), Some(Assistant));
        assert_eq!(of_name("Kim (Guest)"), Some(User));
        assert_eq!(of_name("Ana (Support)"), Some(Assistant));
        assert_eq!(of_name("Kundenservice"), Some(Assistant));
        assert_eq!(role("AI"), Some(Assistant));
    }

    #[test]
    fn names_are_no_labels() {
        for name in [
            "",
            "Bob",
            "Agent Smith",
            "speaker 1",
            "12",
            "(",
            "x (",
            "Support Bob",
            "é)",
            "()",
            "admin",
            "(support)",
        ] {
            assert_eq!(role(name), None, "{name}");
        }
    }

    #[test]
    fn who_speaks_in_a_line_and_who_in_a_value() {
        for label in
            ["agent", "speaker_00", "speaker 1", "ana (support)", "agent 2", "客服", "agent [ana]", "me"]
        {
            assert!(speaks(label), "{label}");
        }
        // A customer's `Model: XPS 13` is a detail; as a value of `role` it is the assistant.
        for thing in ["model", "note", "requester", "knowledge base", "ana"] {
            assert!(!speaks(thing), "{thing}");
        }
        assert!(is_party("Model") && is_party("agent_1") && is_party("Speaker 2"));
        assert!(!is_party("note") && !is_party("Bob") && !is_party("event"));
        assert!(is_answering("Virtual Assistant") && !is_answering("Customer") && !is_answering("speaker"));
    }
}
