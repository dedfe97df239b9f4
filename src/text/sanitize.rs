//! Strangers' text, made safe and short for a terminal or a page.

/// `text` cut to at most `limit` characters, without anything that moves a cursor, turns text around or hides.
///
/// Control characters, escape sequences, bidirectional marks and other invisible format characters become `·`, line
/// breaks `⏎`; what was cut is shown by `…`.
pub fn excerpt(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(text.len().min(limit * 4));
    for (count, character) in text.chars().enumerate() {
        if count == limit {
            out.push('…');
            break;
        }
        out.push(match character {
            '\n' => '⏎',
            '\t' => ' ',
            hidden if is_hidden(hidden) => '·',
            shown => shown,
        });
    }
    out
}

/// A path made safe, with its beginning cut where it is longer than `limit` characters: the end says more.
pub fn excerpt_path(path: &str, limit: usize) -> String {
    let count = path.chars().count();
    if count <= limit {
        return excerpt(path, limit);
    }
    let end: String = path.chars().skip(count - limit).collect();
    format!("…{}", excerpt(&end, limit))
}

/// [`excerpt`] of bytes that may not be UTF-8.
pub fn excerpt_bytes(bytes: &[u8], limit: usize) -> String {
    // Four bytes a character at most; a little more, so that the cut still shows.
    let head = &bytes[..bytes.len().min(limit * 4 + 4)];
    excerpt(&String::from_utf8_lossy(head), limit)
}

/// Characters that a terminal acts on or a reader cannot see (Unicode Cc, and the format characters of bidirectional
/// text, joining, tags and annotations: Unicode 16, categories Cc and Cf without the soft hyphen).
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_but_text() {
        assert_eq!(excerpt("a\x1b]52;c;AAAA\x07b\u{202e}c\0\r\n", 80), "a·]52;c;AAAA·b·c··⏎");
        assert_eq!(excerpt("abcdef", 3), "abc…");
        assert_eq!(excerpt_path("folder/\x1b[2Jfile.zip", 8), "…file.zip");
        assert_eq!(excerpt_bytes(b"a\xffb", 10), "a\u{fffd}b");
    }
}
