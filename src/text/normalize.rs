//! The form in which texts are compared: case and white space folded, nothing else.

/// Appends the normal form of `text` to `out`: lower case (Unicode), every run of white space one space, none at
/// the ends. Punctuation, accents and digits stay, because they carry meaning in answers.
pub fn normalize_into(text: &str, out: &mut Vec<u8>) {
    let start = out.len();
    out.reserve(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte.is_ascii() {
            if byte.is_ascii_whitespace() || byte == 0x0b {
                push_space(out, start);
            } else {
                out.push(byte.to_ascii_lowercase());
            }
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

fn push_space(out: &mut Vec<u8>, start: usize) {
    if out.len() > start && out.last() != Some(&b' ') {
        out.push(b' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(text: &str) -> String {
        let mut out = b"kept".to_vec();
        normalize_into(text, &mut out);
        String::from_utf8(out[4..].to_vec()).unwrap()
    }

    #[test]
    fn folds_case_and_space_only() {
        assert_eq!(normal("  Hello,\r\n\tWORLD! "), "hello, world!");
        assert_eq!(normal("ÄÖ\u{a0}Straße  Ἀ"), "äö straße ἀ");
        assert_eq!(normal(" \n "), "");
        assert_eq!(normal("a1 ."), "a1 .");
    }
}
