//! Fields between tabs, and the count of seconds before a padded name.

use super::{Header, Line, is_name, spaces};
use crate::read::transcript::grammar::Labels;
use crate::read::transcript::time::{Stamp, whole_stamp};
use crate::read::transcript::words;

/// `12:03:11<TAB>Bob:<TAB>text`, also without the colon; arrows and stars in the place of the name mark events.
pub(in super::super) fn time_name<'a>(line: &Line<'a>, _: &Labels) -> Option<Header<'a>> {
    let (time, rest) = line.text.split_once('\t')?;
    let stamp = whole_stamp(time)?;
    let (name, text) = rest.split_once('\t').or_else(|| rest.strip_suffix(':').map(|name| (name, "")))?;
    let name = name.trim();
    if matches!(name, "" | "*" | "--" | "-->" | "<--" | "***" | "-!-" | "=!=") {
        return Some(Header::event("", Some(stamp), text));
    }
    let name = name.strip_suffix(':').unwrap_or(name).trim_end();
    (is_name(name) && !words::is_log_level(name)).then(|| Header::speech(name, Some(stamp), text))
}

/// `Bob<TAB>12:03<TAB>text`.
pub(in super::super) fn name_time<'a>(line: &Line<'a>, _: &Labels) -> Option<Header<'a>> {
    let (name, rest) = line.text.split_once('\t')?;
    let (time, text) = rest.split_once('\t').unwrap_or((rest, ""));
    let stamp = whole_stamp(time)?;
    let name = name.trim();
    let name = name.strip_suffix(':').unwrap_or(name);
    is_name(name).then(|| Header::speech(name, Some(stamp), text))
}

/// `3627 Felicia :  text`, and what happened: `3659 Nella *  entered the room.`
pub(in super::super) fn seconds<'a>(line: &Line<'a>, _: &Labels) -> Option<Header<'a>> {
    let width = line.text.bytes().take(10).take_while(u8::is_ascii_digit).count();
    let (count, rest) = line.text.split_at_checked(width)?;
    let stamp = Stamp::seconds(count.parse().ok()?);
    let rest = rest.strip_prefix(' ')?;
    let name = rest.split([' ', '\t']).next().filter(|name| is_name(name) && !name.contains(':'))?;
    let after = spaces(rest.get(name.len()..)?);
    let text = |mark| {
        after
            .strip_prefix(mark)
            .filter(|text: &&str| text.is_empty() || text.starts_with(char::is_whitespace))
    };
    if let Some(text) = text(':') {
        return Some(Header::speech(name, Some(stamp), spaces(text)));
    }
    text('*').map(|text| Header::event(name, Some(stamp), spaces(text)))
}
