//! The form in which texts are compared: what cannot be seen or told apart is folded, with case and white space, and nothing
//! else.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use wide::u8x16;

use super::beyond_ascii::beyond_ascii;
use super::marks::strip_invisible;

/// Appends the normal form of `text` to `out`: letters and their accents as one character (Unicode's form C: some systems
/// write them as two), no characters that nobody sees, lower case, every run of white space one space, none at the ends.
/// Punctuation, accents and digits stay, because they carry meaning in answers.
pub fn normalize_into(text: &str, out: &mut Vec<u8>) {
    let start = out.len();
    out.reserve(text.len());
    let text = composed(text);
    let mut rest = &*text;
    while !rest.is_empty() {
        // ASCII goes a block at a time; the last one is filled up.
        let folded = if let Some(block) = rest.as_bytes().first_chunk() {
            fold(block, ends_with_space(out, start))
        } else {
            let mut block = [0; BLOCK];
            block[..rest.len()].copy_from_slice(rest.as_bytes());
            fold(&block, ends_with_space(out, start))
        };
        let ascii = folded.ascii.min(rest.len());
        folded.push_to(ascii, out);
        rest = &rest[ascii..];
        if ascii < BLOCK {
            rest = fold_others(rest, out, start);
        }
    }
    if out.len() > start && out.last() == Some(&b' ') {
        out.pop();
    }
}

/// A text in form C, without characters that nobody sees; nearly all are that already.
fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || beyond_ascii(text).all(|(_, character)| is_plain(character)) {
        return Cow::Borrowed(text);
    }
    let seen = strip_invisible(text);
    if is_nfc_quick(seen.chars()) == IsNormalized::Yes { seen } else { Cow::Owned(seen.nfc().collect()) }
}

/// Whether a character beyond ASCII is one of the many that can be seen and that form C leaves as they are behind any other:
/// letters of Latin with their accents, quotation marks, kana, ideographs, Hangul, emoji (Unicode 16, blocks).
fn is_plain(character: char) -> bool {
    matches!(character, '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{3029}'
        | '\u{3041}'..='\u{3096}' | '\u{309b}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{1f300}'..='\u{1faff}')
}

/// Bytes that are folded at once.
const BLOCK: usize = 32;

/// A block in lower case, all white space as spaces.
struct Folded {
    bytes: [u8; BLOCK],
    /// How many bytes of ASCII it begins with: the others stand for themselves.
    ascii: usize,
    /// Places of spaces behind others.
    again: u32,
}

impl Folded {
    /// Appends its first `length` bytes, of several spaces one.
    #[inline]
    fn push_to(&self, length: usize, out: &mut Vec<u8>) {
        if self.again == 0 && length == BLOCK {
            out.extend_from_slice(&self.bytes);
            return;
        }
        // One bit more, so that the places end before the bits do.
        let again = u64::from(self.again);
        let mut at = 0;
        while at < length {
            at += (!again >> at).trailing_zeros() as usize;
            let end = (at + (again >> at).trailing_zeros() as usize).min(length);
            out.extend_from_slice(self.bytes.get(at..end).unwrap_or_default());
            at = end.max(at);
        }
    }
}

/// Folds a block; `after_space` says whether a space at its beginning would be the second.
#[inline]
fn fold(block: &[u8; BLOCK], after_space: bool) -> Folded {
    let mut folded = [0; BLOCK];
    let (mut others, mut spaces) = (0, 0);
    for ((lower, bytes), at) in folded.as_chunks_mut().0.iter_mut().zip(block.as_chunks().0).zip([0, 16]) {
        let bytes = u8x16::new(*bytes);
        let among = |first: u8, last: u8| {
            let offset = bytes - u8x16::splat(first);
            offset.min(u8x16::splat(last - first)).simd_eq(offset)
        };
        let space = u8x16::splat(b' ');
        let white = bytes.simd_eq(space) | among(b'\t', b'\r');
        let lower_case = bytes | (among(b'A', b'Z') & u8x16::splat(b'a' - b'A'));
        *lower = white.select(space, lower_case).to_array();
        // Whatever is beyond ASCII has its highest bit set, which is what makes the mask.
        others |= bytes.to_bitmask() << at;
        spaces |= white.to_bitmask() << at;
    }
    let again = spaces & (spaces << 1 | u32::from(after_space));
    Folded { bytes: folded, ascii: others.trailing_zeros() as usize, again }
}

/// Folds the characters beyond ASCII that a text begins with, and gives what is left.
fn fold_others<'a>(text: &'a str, out: &mut Vec<u8>, start: usize) -> &'a str {
    let end = text.bytes().position(|byte| byte.is_ascii()).unwrap_or(text.len());
    let (others, rest) = text.split_at(end);
    for character in others.chars() {
        let mut bytes = [0; 4];
        if is_caseless(character) {
            out.extend_from_slice(character.encode_utf8(&mut bytes).as_bytes());
        } else if character.is_whitespace() {
            push_space(out, start);
        } else {
            for lower in character.to_lowercase() {
                out.extend_from_slice(lower.encode_utf8(&mut bytes).as_bytes());
            }
        }
    }
    rest
}

/// Whether a character is one of the many that are surely no white space and have no lower case, so that no table need be
/// asked: quotation marks and dashes, kana, ideographs, Hangul, emoji (Unicode 16, blocks).
fn is_caseless(character: char) -> bool {
    matches!(character, '\u{2010}'..='\u{2027}' | '\u{3040}'..='\u{a63f}' | '\u{ac00}'..='\u{d7a3}' | '\u{1f300}'..='\u{1faff}')
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
        let composed: String = strip_invisible(text).nfc().collect();
        let words: Vec<String> = composed.split_whitespace().map(str::to_lowercase).collect();
        words.join(" ")
    }

    proptest! {
        #[test]
        fn runs_are_folded_as_single_characters_are(text in "[a-zA-Z0-9 .\\t\\n\\r\u{b}\u{c}äÄ\u{a0}é’我İ\u{301}\u{200b}\u{ad}]{0,150}") {
            prop_assert_eq!(normal(&text), slowly(&text));
        }
    }

    #[test]
    fn two_ways_to_write_a_letter_are_one() {
        assert_eq!(normal("Le cafe\u{301} est ferme\u{301}"), "le café est fermé");
        assert_eq!(normal("\u{1100}\u{1161}"), "가");
        assert_eq!(normal("か\u{3099}"), "が");
        assert_eq!(normal("an\u{ad}swer\u{200b}\u{feff}"), "answer");
        // A letter of Persian that has another shape so is another word.
        assert_eq!(normal("می\u{200c}خواهم"), "می\u{200c}خواهم");
        assert_eq!(normal("x² ＡＢ"), "x² ａｂ");
    }

    #[test]
    fn what_is_said_to_be_plain_is_the_same_in_form_c() {
        for character in (0x80..0x2_0000).filter_map(char::from_u32).filter(|character| is_plain(*character))
        {
            let text = format!("{character}e{character}{character}");
            assert!(strip_invisible(&text) == text && text.nfc().eq(text.chars()), "{text:?}");
        }
    }

    #[test]
    fn what_is_said_to_be_caseless_is() {
        for character in
            (0..=0x0010_ffff).filter_map(char::from_u32).filter(|character| is_caseless(*character))
        {
            assert!(!character.is_whitespace() && character.to_lowercase().eq([character]), "{character:?}");
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
