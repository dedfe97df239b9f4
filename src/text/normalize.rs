//! The form in which texts are compared: case and white space folded, nothing else.

/// Appends the normal form of `text` to `out`: lower case (Unicode), every run of white space one space, none at
/// the ends. Punctuation, accents and digits stay, because they carry meaning in answers.
pub fn normalize_into(text: &str, out: &mut Vec<u8>) {
    let start = out.len();
    out.reserve(text.len());
    let mut rest = text;
    while let Some((block, _)) = rest.as_bytes().split_first_chunk::<BLOCK>() {
        // Most text is ASCII with one space between words, and goes a block at a time.
        if let Some(folded) = fold(block, ends_with_space(out, start)) {
            out.extend_from_slice(&folded);
            rest = &rest[BLOCK..];
        } else {
            rest = fold_slowly(rest, BLOCK, out, start);
        }
    }
    // What is left goes as a block, too, filled up with letters.
    let mut block = [b'a'; BLOCK];
    block[..rest.len()].copy_from_slice(rest.as_bytes());
    match fold(&block, ends_with_space(out, start)) {
        Some(folded) => out.extend_from_slice(&folded[..rest.len()]),
        None => _ = fold_slowly(rest, rest.len(), out, start),
    }
    if out.len() > start && out.last() == Some(&b' ') {
        out.pop();
    }
}

/// Bytes that are folded at once: vectors to the compiler.
const BLOCK: usize = 32;

/// The normal form of a block, where no byte of it is left out or stands for another character; `after_space` says
/// whether a space would be the second.
fn fold(block: &[u8; BLOCK], after_space: bool) -> Option<[u8; BLOCK]> {
    let mut before = [if after_space { b' ' } else { b'a' }; BLOCK];
    before[1..].copy_from_slice(&block[..BLOCK - 1]);
    let mut folded = [0; BLOCK];
    let mut odd = 0;
    // One loop over whole blocks: of a pair of shorter ones the compiler does half byte by byte.
    for ((lower, byte), before) in folded.iter_mut().zip(block).zip(before) {
        odd |= (byte & 0x80) | u8::from(byte.wrapping_sub(b'\t') < 5);
        odd |= u8::from(*byte == b' ') & u8::from(before == b' ');
        *lower = byte | (u8::from(byte.wrapping_sub(b'A') < 26) << 5);
    }
    (odd == 0).then_some(folded)
}

/// Folds at least `least` bytes of the text, one character at a time, and gives what is left.
fn fold_slowly<'a>(text: &'a str, least: usize, out: &mut Vec<u8>, start: usize) -> &'a str {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < least {
        let byte = bytes[at];
        if byte.is_ascii() {
            match byte {
                b' ' | b'\t'..=b'\r' => push_space(out, start),
                _ => out.push(byte.to_ascii_lowercase()),
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
    &text[at..]
}

fn ends_with_space(out: &[u8], start: usize) -> bool {
    out.len() == start || out.last() == Some(&b' ')
}

fn push_space(out: &mut Vec<u8>, start: usize) {
    if !ends_with_space(out, start) {
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
        fn runs_are_folded_as_single_characters_are(text in "[a-zA-Z0-9 .\\t\\n\\r\u{b}\u{c}äÄ\u{a0}é]{0,150}") {
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
