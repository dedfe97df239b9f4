//! `<nick> text`, as channels are logged, with what happens in them.

use super::{Header, Line, spaces};
use crate::read::transcript::grammar::Labels;
use crate::read::transcript::time::{Stamp, stamp, whole_stamp};

/// `[12:18] <nick> text`, `00:25 < nick> text`, `channel 2019-09-04 [22:44:46] <nick> text`.
pub(in super::super) fn clock_nick<'a>(line: &Line<'a>, _: &Labels) -> Option<Header<'a>> {
    match leading_stamp(line.text) {
        Some((stamp, rest)) => said(rest, Some(stamp)).or_else(|| happened(rest, Some(stamp))),
        None => unstamped_event(line.text),
    }
}

/// `<nick> text`.
pub(in super::super) fn nick<'a>(line: &Line<'a>, _: &Labels) -> Option<Header<'a>> {
    said(line.text, None).or_else(|| unstamped_event(line.text)).or_else(|| {
        let action = line.text.strip_prefix(" * ").or_else(|| line.text.strip_prefix("* "))?;
        Some(Header::event(first_word(action), None, action))
    })
}

/// A clock in brackets or alone, perhaps after a channel's name and a date.
fn leading_stamp(text: &str) -> Option<(Stamp, &str)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (inside, rest) = rest.split_once(']')?;
        return Some((whole_stamp(inside)?, spaces(rest)));
    }
    if let Some((stamp, rest)) = stamp(text) {
        return rest.starts_with(char::is_whitespace).then(|| (stamp, spaces(rest)));
    }
    // `channel 2019-09-04 [22:44:46] <nick>`: date and clock are read as one where the bracket parts them.
    let (before, rest) = text.get(..text.len().min(120)).unwrap_or(text).split_once('[')?;
    let (clock, _) = rest.split_once(']')?;
    let date = before.trim_end().rsplit(' ').next()?;
    let stamp = whole_stamp(&format!("{date} {clock}")).or_else(|| whole_stamp(clock))?;
    text.get(before.len() + clock.len() + 2..).map(|rest| (stamp, spaces(rest)))
}

fn said(text: &str, stamp: Option<Stamp>) -> Option<Header<'_>> {
    let (nick, rest) = text.strip_prefix('<')?.split_once('>')?;
    let nick = nick.trim();
    // The mark of a channel's operators belongs to the channel, not to the name.
    let bare = nick.strip_prefix(['@', '+', '%', '~', '&']).unwrap_or(nick);
    let nick = if bare.is_empty() { nick } else { bare };
    // Markup (`<br/>`, `<a href=…>`, `</p>`) is no nick, and a nick has no space.
    let fits = !nick.is_empty()
        && !nick.contains([' ', '\t', '=', '"', '/', '<'])
        && (rest.is_empty() || rest.starts_with(char::is_whitespace));
    fits.then(|| Header::speech(nick, stamp, spaces(rest)))
}

fn happened(text: &str, stamp: Option<Stamp>) -> Option<Header<'_>> {
    if let Some(rest) =
        ["*** ", "-!- ", "=== ", "--> ", "<-- ", "-- "].iter().find_map(|mark| text.strip_prefix(mark))
    {
        return Some(Header::event("", stamp, rest));
    }
    if let Some(rest) = text.strip_prefix("* ") {
        let rest = spaces(rest);
        return Some(Header::event(first_word(rest), stamp, rest));
    }
    // A notice: `-nick- text`, `-nick:#channel- text`.
    let (nick, rest) = text.strip_prefix('-')?.split_once("- ")?;
    let nick = nick.split(':').next().unwrap_or(nick);
    (!nick.is_empty() && !nick.contains(' ')).then(|| Header::event(nick, stamp, rest))
}

/// Lines that some loggers write without a clock: `=== nick has left`, `*** joins`, `--- Day changed`.
fn unstamped_event(text: &str) -> Option<Header<'_>> {
    ["=== ", "*** ", "-!- ", "--- Log ", "--- Day "].iter().find(|mark| text.starts_with(**mark))?;
    let rest = text.trim_start_matches(['=', '*', '-', '!']).trim_start();
    (!rest.is_empty()).then(|| Header::event("", None, rest))
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or("")
}
