//! The form in which texts are compared: case and white space folded, nothing else.

use wide::u8x16;

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

/// Bytes that are folded at once.
const BLOCK: usize = 32;

/// The normal form of a block, where no byte of it is left out or stands for another character; `after_space` says
/// whether a space would be the second.
fn fold(block: &[u8; BLOCK], after_space: bool) -> Option<[u8; BLOCK]> {
    let mut folded = [0; BLOCK];
    let (mut odd, mut spaces) = (0, 0);
    for ((lower, bytes), at) in folded.as_chunks_mut().0.iter_mut().zip(block.as_chunks().0).zip([0, 16]) {
        let bytes = u8x16::new(*bytes);
        let among = |first: u8, last: u8| {
            let offset = bytes - u8x16::splat(first);
            offset.min(u8x16::splat(last - first)).simd_eq(offset)
        };
        // Whatever is beyond ASCII has its highest bit set, which is what makes the mask.
        odd |= (bytes | among(b'\t', b'\r')).to_bitmask();
        spaces |= bytes.simd_eq(u8x16::splat(b' ')).to_bitmask() << at;
        *lower = (bytes | (among(b'A', b'Z') & u8x16::splat(b'a' - b'A'))).to_array();
    }
    let second = spaces & (spaces << 1 | u32::from(after_space));
    (odd | second == 0).then_some(folded)
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
