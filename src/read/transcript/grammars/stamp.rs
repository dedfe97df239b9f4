//! A time and a name before a colon, on the line of the text.

use super::{Header, Line, before_colon, is_name, spaces};
use crate::read::transcript::grammar::Labels;
use crate::read::transcript::time::{Stamp, stamp, whole_stamp};
use crate::read::transcript::words;

/// `[12:03] Bob: text`, `[2024-03-01 12:03:11] Bob: text`, and what happened: `[12:03] Bob joined`.
pub(in super::super) fn bracket<'a>(line: &Line<'a>, _: &Labels) -> Option<Header<'a>> {
    enclosed(line.text, '[', ']')
}

/// `(12:03:11) Bob: text`.
pub(in super::super) fn parenthesis<'a>(line: &Line<'a>, _: &Labels) -> Option<Header<'a>> {
    enclosed(line.text, '(', ')')
}

fn enclosed(text: &str, open: char, close: char) -> Option<Header<'_>> {
    let (inside, rest) = text.strip_prefix(open)?.split_once(close)?;
    let stamp = whole_stamp(inside)?;
    let rest = undashed(rest);
    if let Some(speech) = named(rest, stamp) {
        return Some(speech);
    }
    // The stamp marks a line of its own, so what names nobody is no continuation.
    (!rest.is_empty()).then(|| Header::event("", Some(stamp), happening(rest).unwrap_or(rest)))
}

/// `12:03:11 Bob: text`, `2024-03-01 12:03 - Bob: text`. A clock without brackets also begins sentences, so only marked
/// lines are events.
pub(in super::super) fn bare<'a>(line: &Line<'a>, _: &Labels) -> Option<Header<'a>> {
    let (stamp, rest) = stamp(line.text)?;
    if !rest.starts_with(char::is_whitespace) {
        return None;
    }
    let rest = undashed(rest);
    named(rest, stamp).or_else(|| happening(rest).map(|text| Header::event("", Some(stamp), text)))
}

/// `12:03:11 From Bob to Everyone: text`, as Zoom saved chats before it wrote columns; with tabs and doubled spaces too.
pub(in super::super) fn from_to<'a>(line: &Line<'a>, _: &Labels) -> Option<Header<'a>> {
    let (stamp, rest) = stamp(line.text)?;
    let rest = rest.trim_start().strip_prefix("From ")?;
    let (names, text) = before_colon(rest)?;
    let (name, _) = names.rsplit_once(" to ")?;
    let name = name.trim();
    is_name(name).then(|| Header::speech(name, Some(stamp), text))
}

fn named(text: &str, stamp: Stamp) -> Option<Header<'_>> {
    let (name, rest) = before_colon(text)?;
    let fits = is_name(name) && !name.starts_with(['*', '[', '=', '-']) && !is_program(name);
    fits.then(|| Header::speech(name, Some(stamp), rest))
}

/// A program's log has its level (`INFO main`) or a process (`sshd[412]`) where a chat has the name.
fn is_program(name: &str) -> bool {
    let first = name.split_whitespace().next().unwrap_or(name);
    let process = name.strip_suffix(']').and_then(|name| name.rsplit_once('['));
    words::is_log_level(name)
        || (words::is_log_level(first) && !first.contains(char::is_lowercase))
        || process.is_some_and(|(_, id)| id.bytes().all(|byte| byte.is_ascii_digit()))
}

fn undashed(text: &str) -> &str {
    let text = spaces(text);
    ["- ", "– ", "— ", "| "].iter().find_map(|dash| text.strip_prefix(dash)).map_or(text, spaces)
}

/// What follows the mark of an event: `*** Bob joined`, `* Bob waves`.
fn happening(text: &str) -> Option<&str> {
    ["*** ", "* ", "=== ", "-!- ", "--> ", "<-- "].iter().find_map(|mark| text.strip_prefix(mark)).map(spaces)
}

/// `Customer (10:02): text`, `Customer [10:02]: text`.
pub(in super::super) fn label_parenthesis<'a>(line: &Line<'a>, _: &Labels) -> Option<Header<'a>> {
    let (open, close) = if line.text.contains("):") { ('(', "):") } else { ('[', "]:") };
    let (before, rest) = line.text.split_once(close)?;
    let (name, inside) = before.rsplit_once(open)?;
    let stamp = whole_stamp(inside)?;
    let name = name.trim();
    let fits = is_name(name) && (rest.is_empty() || rest.starts_with(char::is_whitespace));
    fits.then(|| Header::speech(name, Some(stamp), spaces(rest)))
}

/// `Bob (Agent) 10:02 AM: text`.
pub(in super::super) fn label_bare<'a>(line: &Line<'a>, labels: &Labels) -> Option<Header<'a>> {
    // Two colons at least: one in the clock, one that ends it.
    for (at, _) in line.text.match_indices(' ').take(12) {
        let (name, rest) = line.text.split_at(at);
        let Some((stamp, rest)) = stamp(rest.trim_start()) else { continue };
        let rest = rest.strip_prefix(':')?;
        let fits = is_name(name)
            && !name.contains(':')
            && (rest.is_empty() || rest.starts_with(char::is_whitespace))
            // A sentence may hold `at 10:02: …`; a name is short or known.
            && (name.split_whitespace().count() <= 4 || labels.is_speaker(name));
        return fits
            .then(|| Header::speech(name.trim_end_matches([',', ' ', '-']), Some(stamp), spaces(rest)));
    }
    None
}
