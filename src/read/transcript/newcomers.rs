//! Speakers who say too little to be known by counting: of whom the chat says that they came or went, and whose one
//! line stands between lines of known speakers.
//!
//! Where they are missed, what they say is put into somebody else's mouth. Where a line is taken for somebody's who is
//! nobody, the conversation waits for a role and is named; so chats with a machine, whose answers hold lists of
//! `Word: text`, are left alone.

use super::grammar::{Form, Labels, headers, lines};
use super::grammars::Header;
use super::{turns, words};
use crate::read::labels;
use crate::read::speakers::LONGEST_NEWS;

/// What software says of who answers, besides words for coming and going.
const MEETINGS: &[&str] = &["chatting with", "speaking with", "speaking to", "talking to", "talking with"];
/// Most words of a name.
const MOST_WORDS: usize = 3;
/// Fewest words of what somebody says who speaks once; `Model: XPS 13` is a detail.
const FEWEST_WORDS: usize = 3;

/// Labels of `text` that are speakers besides the `known` ones; `all` lets every label pass that is no field.
pub(super) fn newcomers<'a>(form: &Form, text: &'a str, known: &Labels, all: &Labels) -> Vec<&'a str> {
    let read = headers(form, lines(text), known).zip(headers(form, lines(text), all));
    let rows: Vec<_> = lines(text).zip(read).filter(|(line, _)| !line.trim().is_empty()).collect();
    if !rows.iter().any(|(_, (met, any))| met.is_none() && any.is_some()) {
        return Vec::new();
    }
    let news: Vec<String> = rows.iter().filter_map(|(line, (met, _))| news(line, *met)).collect();
    let machine = rows.iter().any(|(_, (met, _))| met.is_some_and(|met| labels::is_machine(met.speaker)));
    let mut found = Vec::new();
    let (mut before, mut waiting) = (false, None);
    for (_, (met, any)) in rows {
        if let (Some(name), true) = (waiting.take(), met.is_some()) {
            found.push(name);
        }
        if let (None, Some(new)) = (met, any) {
            if news.iter().any(|news| names(news, &new.speaker.to_lowercase())) {
                found.push(new.speaker);
            } else if before && !machine && is_name(new.speaker, known) && is_said(new.text) {
                waiting = Some(new.speaker);
            }
        }
        before = met.is_some();
    }
    found
}

/// What the software tells in a line, in lower case.
fn news(line: &str, met: Option<Header<'_>>) -> Option<String> {
    let told = match met {
        Some(header) if labels::is_system(header.speaker) => header.text,
        None if turns::is_happening(line) => line,
        _ => return None,
    };
    let short = told.chars().nth(LONGEST_NEWS).is_none();
    let lower = told.to_lowercase();
    (short && (words::tells_event(told) || MEETINGS.iter().any(|meeting| lower.contains(meeting))))
        .then_some(lower)
}

/// Whether `news` holds `name` as words of its own; both in lower case.
fn names(news: &str, name: &str) -> bool {
    let apart = |next: Option<char>| !next.is_some_and(char::is_alphanumeric);
    news.match_indices(name).any(|(at, found)| {
        let (before, after) = (news.get(..at).unwrap_or_default(), news.get(at + found.len()..));
        apart(before.chars().next_back()) && apart(after.unwrap_or_default().chars().next())
    })
}

/// Whether a label is written like the name of a person.
fn is_name(label: &str, known: &Labels) -> bool {
    let word = |word: &str| {
        word.starts_with(|first: char| first.is_alphabetic() && !first.is_lowercase())
            && word
                .chars()
                .all(|character| character.is_alphabetic() || matches!(character, '-' | '\'' | '.'))
    };
    label.split_whitespace().count() <= MOST_WORDS
        && label.split_whitespace().all(word)
        && !known.is_field(label)
        && !labels::is_thing(label)
}

/// Whether a text is a sentence of some words.
fn is_said(text: &str) -> bool {
    text.split_whitespace().count() >= FEWEST_WORDS
        && text.trim_end().ends_with(['.', '!', '?', '…', '。', '！', '？'])
}

#[cfg(test)]
mod tests {
    use super::super::grammar::Reading;

    fn speakers(text: &str) -> Vec<String> {
        let form = super::super::grammar::by_name("label").unwrap();
        let turns = Reading::new(form, text, std::collections::BTreeSet::new()).turns(text);
        turns.into_iter().map(|turn| turn.speaker).collect()
    }

    #[test]
    fn who_came_speaks() {
        for news in
            ["System: Ana joined", "System: You are now chatting with Ana.", "*** Agent Ana joined ***"]
        {
            let text = format!("Visitor: hello?\n{news}\nAna: Hi\nVisitor: too high\nAnalysis: none\n");
            let speakers = speakers(&text);
            assert_eq!(speakers.iter().filter(|name| *name == "Ana").count(), 1, "{news}");
            assert!(!speakers.contains(&"Analysis".to_owned()));
        }
    }

    #[test]
    fn who_says_one_line_between_known_speakers_speaks() {
        let text = "Visitor: my parcel?\nMary: I take over. It left today.\nVisitor: thanks\nAgent: bye\n";
        assert_eq!(speakers(text), ["Visitor", "Mary", "Visitor", "Agent"]);
        for detail in [
            "Model: XPS 13",
            "Address: We live in Main Street.",
            "Mary: ok",
            "what i mean: it does not start.",
            "Mary: I take over. It left today.\nand more",
        ] {
            let text = format!("Visitor: my parcel?\n{detail}\nVisitor: thanks\nAgent: bye\n");
            assert_eq!(speakers(&text), ["Visitor", "Visitor", "Agent"], "{detail}");
        }
        let text = "User: what to eat?\nAssistant: Well.\nBreakfast: Eat some oats.\nUser: thanks\n";
        assert_eq!(speakers(text), ["User", "Assistant", "User"]);
    }
}
