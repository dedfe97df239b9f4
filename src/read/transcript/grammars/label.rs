//! A label and a colon, or another mark, before the text: no times.

use super::{Header, Line, before_colon, is_label, is_name, spaces};
use crate::read::transcript::grammar::Labels;
use crate::read::transcript::words;

/// `Agent: text`.
pub(in super::super) fn bare<'a>(line: &Line<'a>, labels: &Labels) -> Option<Header<'a>> {
    labelled(line.text, labels)
}

/// `- Bob: text`, `* Bob: text`, `• Bob: text`.
pub(in super::super) fn list<'a>(line: &Line<'a>, labels: &Labels) -> Option<Header<'a>> {
    let rest = ["- ", "* ", "• ", "– "].iter().find_map(|mark| line.text.strip_prefix(mark))?;
    labelled(rest.trim_start(), labels)
}

/// `[Bob]: text`, `<Bob>: text`.
pub(in super::super) fn bracket<'a>(line: &Line<'a>, labels: &Labels) -> Option<Header<'a>> {
    let (open, close) = if line.text.starts_with('[') { ('[', "]:") } else { ('<', ">:") };
    let (name, rest) = line.text.strip_prefix(open)?.split_once(close)?;
    (is_label(name) && labels.is_speaker(name)).then(|| Header::speech(name, None, spaces(rest)))
}

fn labelled<'a>(text: &'a str, labels: &Labels) -> Option<Header<'a>> {
    if let Some((name, rest)) = before_colon(text) {
        return (labels.is_met(name) || (is_label(name) && labels.is_speaker(name)))
            .then(|| Header::speech(name, None, rest));
    }
    // `Agent:text` without a space is speech only for a role, and not where an address follows.
    let (name, rest) = text.get(..text.len().min(64)).unwrap_or(text).split_once(':')?;
    if rest.starts_with(['/', ':']) || !is_label(name) || !words::is_role(name) {
        return None;
    }
    text.get(name.len() + 1..).map(|rest| Header::speech(name.trim(), None, rest))
}

/// `Speaker 1: text`, `SPEAKER_00: text`.
pub(in super::super) fn numbered<'a>(line: &Line<'a>, _: &Labels) -> Option<Header<'a>> {
    let (name, rest) = before_colon(line.text)?;
    let stem = name.trim_end_matches(|character: char| character.is_ascii_digit());
    (stem.len() < name.len() && is_label(name) && words::is_role(name))
        .then(|| Header::speech(name, None, rest))
}

/// `**Bob:** text`, `**Bob**: text`, with underscores too.
pub(in super::super) fn bold<'a>(line: &Line<'a>, _: &Labels) -> Option<Header<'a>> {
    let mark = if line.text.starts_with("**") { "**" } else { "__" };
    let (name, rest) = line.text.strip_prefix(mark)?.split_once(mark)?;
    let (name, rest) = match name.strip_suffix([':', '：']) {
        Some(name) => (name, rest),
        None => (name, rest.strip_prefix([':', '：'])?),
    };
    let name = name.trim();
    (is_name(name) && !name.contains(':') && !words::is_field(name))
        .then(|| Header::speech(name, None, spaces(rest)))
}

/// `BOB>> text`.
pub(in super::super) fn chevron<'a>(line: &Line<'a>, labels: &Labels) -> Option<Header<'a>> {
    let (name, rest) = line.text.split_once(">>")?;
    let shouted = !name.chars().any(char::is_lowercase);
    // A space before the mark is a shift or a redirection in code; more of them quote an e-mail.
    let fits = is_label(name)
        && name.trim_end() == name
        && !rest.starts_with('>')
        && (shouted && !words::is_field(name) || labels.is_speaker(name));
    fits.then(|| Header::speech(name, None, spaces(rest)))
}

/// Exactly `\n\nHuman:` and `\n\nAssistant:`.
pub(in super::super) fn human_assistant<'a>(line: &Line<'a>, _: &Labels) -> Option<Header<'a>> {
    if !line.after_blank {
        return None;
    }
    ["Human", "Assistant"].iter().find_map(|&name| {
        let rest = line.text.strip_prefix(name)?.strip_prefix(':')?;
        Some(Header::speech(name, None, spaces(rest)))
    })
}
