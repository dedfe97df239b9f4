//! Name and time on one line, the text on the next ones: recordings and chats copied from a window.

use super::{Header, Line, is_label, is_name, spaces};
use crate::read::transcript::grammar::Labels;
use crate::read::transcript::time::whole_stamp;

/// `Bob 12:03`, `Bob  0:21  `; after a blank line also the time alone.
pub(in super::super) fn name_stamp<'a>(line: &Line<'a>, labels: &Labels) -> Option<Header<'a>> {
    let text = line.text.trim_end();
    if !text.ends_with(|last: char| last.is_ascii_digit() || matches!(last, 'm' | 'M' | '.'))
        || text.len() > 300
    {
        return None;
    }
    if line.after_blank
        && let Some(stamp) = whole_stamp(text)
    {
        return Some(Header::speech("", Some(stamp), ""));
    }
    for (at, _) in text.match_indices(' ').take(12) {
        let (name, rest) = text.split_at(at);
        let Some(stamp) = whole_stamp(rest) else { continue };
        // `see you at 12:03` ends a sentence, unless a gap or an empty line sets the name apart.
        let wide = rest.starts_with("  ");
        let fits = is_label(name)
            && name.split_whitespace().count() <= 5
            && (wide || line.after_blank || labels.is_speaker(name));
        return fits.then(|| Header::speech(name.trim_end_matches([',', ' ']), Some(stamp), ""));
    }
    None
}

/// `Bob  [12:03 PM]`, `Bob (12:03)`.
pub(in super::super) fn name_bracket<'a>(line: &Line<'a>, _: &Labels) -> Option<Header<'a>> {
    let text = line.text.trim_end();
    let (open, inner) = match (text.strip_suffix(']'), text.strip_suffix(')')) {
        (Some(inner), _) => ('[', inner),
        (_, Some(inner)) => ('(', inner),
        _ => return None,
    };
    let (name, inside) = inner.rsplit_once(open)?;
    let stamp = whole_stamp(inside)?;
    let name = name.trim();
    is_label(name).then(|| Header::speech(name, Some(stamp), ""))
}

/// `[12:03 PM] Bob`.
pub(in super::super) fn bracket_name<'a>(line: &Line<'a>, _: &Labels) -> Option<Header<'a>> {
    let (inside, rest) = line.text.strip_prefix('[')?.split_once(']')?;
    let stamp = whole_stamp(inside)?;
    let name = spaces(rest).trim_end();
    let fits = is_name(name) && !name.contains(':') && name.split_whitespace().count() <= 5;
    fits.then(|| Header::speech(name, Some(stamp), ""))
}
