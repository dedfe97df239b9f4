//! Lines to turns: a header line begins one, other lines continue it.

use super::grammar::{Form, Labels};
use super::grammars::{Header, Line};
use super::time::Clock;
use super::words;
use crate::model::{Event, Kind, Medium, Role, Turn, Visibility};

/// The turns of `lines`. Each line that is not blank ends up in one of them.
pub(super) fn walk<'a>(
    lines: impl Iterator<Item = &'a str>,
    form: &Form,
    labels: &Labels,
    clock: &mut Clock,
) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    let mut after_blank = true;
    let mut blanks: Vec<&str> = Vec::new();
    for text in lines {
        let line = Line::new(text, after_blank);
        after_blank = line.is_blank();
        if after_blank {
            blanks.push(text);
            continue;
        }
        match form.header(&line, labels) {
            Some(header) => turns.push(turn(&header, form, clock)),
            None if !form.is_published() && is_happening(line.text) => turns.push(event(line.text)),
            None => match turns.last_mut() {
                Some(turn) => continue_turn(turn, line.text, &blanks),
                None => turns.push(event(line.text)),
            },
        }
        blanks.clear();
    }
    for turn in &mut turns {
        turn.text.truncate(turn.text.trim_end().len());
    }
    turns
}

fn turn(header: &Header<'_>, form: &Form, clock: &mut Clock) -> Turn {
    let (mut role, kind) = words::side(header.speaker);
    if form.is_published() {
        role = Some(if header.speaker == "Human" { Role::User } else { Role::Assistant });
    }
    Turn {
        speaker: header.speaker.to_owned(),
        role,
        text: header.text.trim_start().to_owned(),
        time: header.stamp.map(|stamp| clock.time(stamp)),
        visibility: Visibility::Public,
        kind: if header.kind == Kind::Text { kind } else { header.kind },
        medium: Medium::Chat,
        ..Turn::default()
    }
}

/// What nobody said.
pub(super) fn event(text: &str) -> Turn {
    Turn { text: text.trim().to_owned(), kind: Kind::Event(Event::Other), ..Turn::default() }
}

/// Adds a line and the blank ones before it, as they stand in the source.
fn continue_turn(turn: &mut Turn, line: &str, blanks: &[&str]) {
    if !turn.text.is_empty() {
        turn.text.push('\n');
        for blank in blanks {
            turn.text.push_str(blank);
            turn.text.push('\n');
        }
    }
    turn.text.push_str(line);
}

/// A line of nobody between stars or in brackets that tells of the chat itself: `*** Bob joined ***`, `[Chat ended]`.
pub(super) fn is_happening(line: &str) -> bool {
    let line = line.trim();
    let enclosed = |open: &str, close: &str| {
        line.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(|inside| {
            // A remark within somebody's message is longer, or goes on after the bracket.
            inside.chars().count() <= 120 && !inside.contains(close) && words::tells_event(inside)
        })
    };
    enclosed("*** ", " ***")
        || enclosed("[", "]")
        || enclosed("(", ")")
        || enclosed("--- ", " ---")
        || enclosed("-- ", " --")
        || line.strip_prefix("*** ").is_some_and(words::tells_event)
}
