//! The form in which texts are compared: case and white space folded, nothing else.

/// Appends the normal form of `text` to `out`: lower case (Unicode), every run of white space one space, none at
/// the ends. Punctuation, accents and digits stay, because they carry meaning in answers.
pub fn normalize_into(text: &str, out: &mut Vec<u8>) {
    let start = out.len();
    out.reserve(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        // Most text is words with one space between them, copied as it stands.
        let plain = plain_run(rest);
        if plain > 0 {
            let from = out.len();
            out.extend_from_slice(&rest[..plain]);
            out[from..].make_ascii_lowercase();
            at += plain;
            continue;
        }
        if rest[0].is_ascii() {
            push_space(out, start);
            at += 1;
            continue;
        }
        // Beyond ASCII, take the whole run and let the standard library know about scripts.
        let end = bytes[at..].iter().position(u8::is_ascii).map_or(bytes.len(), |skip| at + skip);
        for character in text[at..end].chars() {
            if character.is_whitespace() {
                push_space(out, start);
            } else {
                for lower in character.to_lowercase() {
                    out.extend_from_slice(lower.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
        }
        at = end;
    }
    if out.len() > start && out.last() == Some(&b' ') {
        out.pop();
    }
}

/// Length of the ASCII at the beginning that has no white space but single spaces inside.
fn plain_run(bytes: &[u8]) -> usize {
    let mut before_space = true;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b' ' if before_space => return at.saturating_sub(1),
            b' ' => before_space = true,
            b'\t'..=b'\r' | 0x80.. => return if before_space { at.saturating_sub(1) } else { at },
            _ => before_space = false,
        }
    }
    if before_space { bytes.len().saturating_sub(1) } else { bytes.len() }
}

fn push_space(out: &mut Vec<u8>, start: usize) {
    if out.len() > start && out.last() != Some(&b' ') {
        out.push(b' ');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn normal(text: &str) -> String {
        let mut out = b"kept".to_vec();
        normalize_into(text, &mut out);
        String::from_utf8(out[4..].to_vec()).unwrap()
    }

    /// The same, one character at a time.
    fn slowly(text: &str) -> String {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        words.join(" ")
    }

    proptest! {
        #[test]
        fn runs_are_folded_as_single_characters_are(text in "[a-zA-Z0-9 .\\t\\n\\r\u{b}\u{c}äÄ\u{a0}é]{0,40}") {
            prop_assert_eq!(normal(&text), slowly(&text));
        }
    }

    #[test]
    fn folds_case_and_space_only() {
        assert_eq!(normal("  Hello,\r\n\tWORLD! "), "hello, world!");
        assert_eq!(normal("ÄÖ\u{a0}Straße  Ἀ"), "äö straße ἀ");
        assert_eq!(normal(" \n "), "");
        assert_eq!(normal("a1 ."), "a1 .");
    }
}
