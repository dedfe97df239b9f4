//! Text without the bytes that colour it.

use std::borrow::Cow;

/// `text` without the format codes of mIRC and its followers: bold, italic, underline, reverse, monospace, strike, reset,
/// and colours with their numbers (<https://modern.ircdocs.horse/formatting>).
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(is_code) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.bytes().position(is_code) {
        let (before, code) = rest.split_at(at);
        out.push_str(before);
        let after = code.get(1..).unwrap_or_default();
        rest = match code.as_bytes().first() {
            Some(0x03) => after_colours(after, 2, u8::is_ascii_digit),
            Some(0x04) => after_colours(after, 6, u8::is_ascii_hexdigit),
            _ => after,
        };
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn is_code(byte: u8) -> bool {
    matches!(byte, 0x02..=0x04 | 0x0f | 0x11 | 0x16 | 0x1d..=0x1f)
}

/// What follows a colour's number, or two with a comma between them, of at most `width` digits each.
fn after_colours(text: &str, width: usize, is_digit: fn(&u8) -> bool) -> &str {
    let digits = |text: &str| text.as_bytes().iter().take(width).take_while(|byte| is_digit(byte)).count();
    let first = digits(text);
    let rest = text.get(first..).unwrap_or_default();
    let second = rest.strip_prefix(',').filter(|_| first > 0).map(|rest| (rest, digits(rest)));
    match second {
        Some((after, width)) if width > 0 => after.get(width..).unwrap_or_default(),
        _ => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_go_and_text_stays() {
        for (text, want) in [
            ("plain, 12", "plain, 12"),
            ("\u{2}bold\u{2} \u{1d}it\u{f}", "bold it"),
            ("\u{3}04,12red\u{3} 5", "red 5"),
            ("\u{3}4, then", ", then"),
            ("\u{3}123", "3"),
            ("\u{4}ff0000red\u{3}", "red"),
            ("é\u{3}", "é"),
        ] {
            assert_eq!(plain(text), want);
        }
    }
}
