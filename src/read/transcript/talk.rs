//! A conversation in a string by itself: a cell of a table, a value in JSON, a prompt.
//!
//! The forms and matchers are those of files; what differs is how little a string shows: one conversation, often of
//! two turns. Which strings are looked at, and what becomes of the head, is for the readers that hold them.

use std::collections::BTreeSet;

use super::grammar::{self, FORMS, Form, LABEL, Labels, Reading, lines};
use super::grammars::Line;
use super::time::{self, Clock};
use super::turns;
use crate::model::Turn;
use crate::read::labels;

/// How often a name must stand before a colon within one string to be a speaker although it names no role.
const REPEATS: u32 = 2;

/// The turns of `text` in the form that fits it, what stands before the first of them as an event of nobody. `None`
/// where nobody speaks.
pub fn turns(text: &str) -> Option<Vec<Turn>> {
    let form = form_of(text)?;
    let (labels, style) = grammar::settle(form, text, BTreeSet::new(), REPEATS);
    let turns = turns::walk(lines(text), form, &labels, &mut Clock::new(style));
    speaks(&turns).then_some(turns)
}

/// Whether anybody says something in `turns`.
pub fn speaks(turns: &[Turn]) -> bool {
    turns.iter().any(|turn| !turn.kind.is_event())
}

/// The form of `text`: of those that its first line is in, else of all, the one that matches most lines. What begins
/// with a turn is a conversation in that form, whatever lists and bold words an answer has further down.
fn form_of(text: &str) -> Option<&'static Form> {
    if grammar::is_human_assistant(text) {
        return FORMS.first();
    }
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let all = Labels::permissive_of_all();
    let leads = |form: &&Form| form.header(&Line::new(first, true), &all).is_some();
    let leading: Vec<&'static Form> = FORMS.iter().filter(leads).collect();
    let best = |forms: &mut dyn Iterator<Item = &'static Form>| {
        grammar::best_of(forms, text, &BTreeSet::new(), &|_| false, REPEATS).map(|fit| fit.form)
    };
    best(&mut leading.into_iter()).or_else(|| best(&mut FORMS.iter()))
}

/// The turns of `text` if it is a conversation by its looks alone: it begins with a turn, of a known party or with a
/// time, and has two at least.
pub fn opening(text: &str) -> Option<Vec<Turn>> {
    let turns = turns(text)?;
    let first = turns.first()?;
    let known = first.time.is_some() || labels::speaks(&first.speaker.to_lowercase());
    let spoken = turns.iter().filter(|turn| !turn.kind.is_event()).count();
    (known && !first.kind.is_event() && spoken >= 2).then_some(turns)
}

/// What stands before the first turn, and the turns.
pub fn parted(mut turns: Vec<Turn>) -> (Option<String>, Vec<Turn>) {
    let first = turns
        .iter()
        .position(|turn| !turn.kind.is_event() || !turn.speaker.is_empty())
        .unwrap_or(turns.len());
    let rest = turns.split_off(first);
    let head: Vec<String> = turns.into_iter().map(|turn| turn.text).collect();
    ((!head.is_empty()).then(|| head.join("\n")), rest)
}

/// How texts like `samples` (the cells of a column) are to be read, if they are conversations in one form.
pub fn reading<'a>(samples: impl Iterator<Item = &'a str>) -> Option<Reading> {
    let all: Vec<&str> = samples.collect();
    let text = all.join("\n\n");
    let form = form_of(&text)?;
    Some(Reading::of(form, &text, REPEATS))
}

/// The label of a line `Label: text` and its text, whoever the label names; names of fields are none.
pub fn label_of_line(line: &str) -> Option<(&str, &str)> {
    let header = LABEL.header(&Line::new(line, true), &Labels::permissive_of_all())?;
    Some((header.speaker, header.text))
}

/// The label that alone makes the last line: what a completion is asked to go on from.
pub fn trailing_label(text: &str) -> Option<&str> {
    let (label, rest) = label_of_line(text.trim_end().rsplit('\n').next()?)?;
    rest.trim().is_empty().then_some(label)
}

/// The turns of lines `Label: text` where it is known who speaks.
pub fn turns_of<'a>(text: &str, speakers: impl IntoIterator<Item = &'a str>) -> Vec<Turn> {
    let mut labels = Labels::default();
    labels.extend(speakers);
    turns::walk(lines(text), LABEL, &labels, &mut Clock::new(time::Style::default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(String, String)> {
        turns(text).unwrap_or_default().into_iter().map(|turn| (turn.speaker, turn.text)).collect()
    }

    fn pair(speaker: &str, text: &str) -> (String, String) {
        (speaker.into(), text.into())
    }

    #[test]
    fn a_name_that_comes_twice_speaks() {
        let text =
            "Chat started\nCustomer: hi,\nsee http://x.y: it\n\nis broken\nAna P: sorry\nAna P: wait: now\n";
        assert_eq!(
            told(text),
            [
                pair("", "Chat started"),
                pair("Customer", "hi,\nsee http://x.y: it\n\nis broken"),
                pair("Ana P", "sorry"),
                pair("Ana P", "wait: now")
            ]
        );
        for text in ["", "just text", "Note: nothing here", "Order: 5\nOrder: 6", "https://x.y/a:b"] {
            assert_eq!(turns(text), None, "{text}");
        }
    }

    #[test]
    fn bold_words_and_lists_in_an_answer_begin_no_turn() {
        let text =
            "user: how?\nassistant: so:\n**One:** a\n**Two:** b\n**Three:** c\n- Four: d\nuser: thanks";
        let speakers: Vec<String> = told(text).into_iter().map(|(speaker, _)| speaker).collect();
        assert_eq!(speakers, ["user", "assistant", "user"]);
        assert!(opening(text).is_some());
        assert!(
            opening("**One:** a\n**Two:** b").is_none() && opening("Note: a\nuser: b\nuser: c").is_none()
        );
        assert!(opening("user: a").is_none() && opening("[10:02] Ann: a\n[10:03] Bob: b").is_some());
    }

    #[test]
    fn heads_part_from_turns() {
        let (head, rest) = parted(turns("Be kind.\n\nuser: a\nNote: b\r\nassistant: c\n\nd\nuser:").unwrap());
        assert_eq!(head.as_deref(), Some("Be kind."));
        let texts: Vec<&str> = rest.iter().map(|turn| turn.text.as_str()).collect();
        assert_eq!(texts, ["a\nNote: b", "c\n\nd", ""]);
    }

    #[test]
    fn labels_are_short_words_before_a_colon() {
        assert_eq!(label_of_line("Customer: hi"), Some(("Customer", "hi")));
        assert_eq!(label_of_line("Support agent:"), Some(("Support agent", "")));
        for line in ["https://x.y", "at 12:30", "- a: b", "", ":", "this goes on and on, as no label does: x"]
        {
            assert_eq!(label_of_line(line), None, "{line}");
        }
        assert_eq!(trailing_label("Hello\nAgent:\n"), Some("Agent"));
        assert_eq!(trailing_label("Hello\nAgent: yes"), None);
        let turns = turns_of("Summary: a\nAnn: b\nBob:", ["Ann", "Bob"]);
        assert_eq!(turns.len(), 3);
    }

    #[test]
    fn blocks_of_human_and_assistant_need_their_blank_line() {
        assert_eq!(
            told("\n\nHuman: a\n\n \nb\nHuman: b\n\nAssistant:\n\nHuman: c\n(She left)\n "),
            [pair("Human", "a\n\n \nb\nHuman: b"), pair("Assistant", ""), pair("Human", "c\n(She left)")]
        );
    }
}
