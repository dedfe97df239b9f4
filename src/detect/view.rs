//! A text as detectors look at it: characters that stand for ASCII are ASCII, invisible ones are gone, and every place leads
//! back to the text that was given.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use super::numerals::{Numerals, numerals};
use crate::text::beyond_ascii::beyond_ascii;
use crate::text::json::escape;
use crate::text::signs::Signs;

/// A text to look at, with the way back to what it was made of.
#[derive(Debug)]
pub(super) struct View<'a> {
    text: Cow<'a, str>,
    /// Where the view leaves the beat of what it was made of; empty where they are equal.
    places: Vec<Place>,
}

/// From `view` on the bytes of a view stand for those from `origin` on; what stands before comes from what ends at `before`.
#[derive(Debug, Clone, Copy)]
struct Place {
    view: usize,
    origin: usize,
    before: usize,
}

impl<'a> View<'a> {
    /// A plain text.
    pub fn of(text: &'a str) -> Self {
        let is_folded = |(_, character): (usize, char)| fold(character) != Some(character);
        if !beyond_ascii(text).any(is_folded) {
            return Self { text: Cow::Borrowed(text), places: Vec::new() };
        }
        let mut builder = Builder::with_capacity(text.len());
        text.char_indices().for_each(|(at, character)| builder.push(character, at, character.len_utf8()));
        builder.finish(text.len())
    }

    /// A piece of JSON, with the escapes of its strings resolved; it may begin and end anywhere, and be no UTF-8.
    pub fn of_json(bytes: &'a [u8]) -> Self {
        if memchr::memchr(b'\\', bytes).is_none()
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            return Self::of(text);
        }
        let mut builder = Builder::with_capacity(bytes.len());
        let mut start = 0;
        for chunk in bytes.utf8_chunks() {
            let mut rest = chunk.valid();
            while let Some(character) = rest.chars().next() {
                let (character, length) = match rest.strip_prefix('\\') {
                    Some(after) => escaped(after),
                    None => (character, character.len_utf8()),
                };
                builder.push(character, start, length);
                start += length;
                rest = rest.get(length..).unwrap_or_default();
            }
            if !chunk.invalid().is_empty() {
                builder.push(char::REPLACEMENT_CHARACTER, start, chunk.invalid().len());
                start += chunk.invalid().len();
            }
        }
        builder.finish(bytes.len())
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text to look at; `signs` are those of what the view was made of.
    pub fn looked_at(&self, signs: Signs) -> Text<'_> {
        match &self.text {
            Cow::Borrowed(text) => Text::with_signs(text, signs),
            Cow::Owned(text) => Text::new(text),
        }
    }

    /// The bytes of what the view was made of that a range of the view stands for.
    pub fn origin(&self, range: &Range<usize>) -> Range<usize> {
        let place = |at: usize| {
            self.places
                .partition_point(|place| place.view <= at)
                .checked_sub(1)
                .and_then(|index| self.places.get(index))
        };
        let beat = |at: usize| place(at).map_or(at, |place| place.origin + (at - place.view));
        let start = beat(range.start);
        // Where the last character ended, not where the next begins: nothing invisible behind it belongs to it.
        let end = match place(range.end) {
            Some(place) if place.view == range.end => place.before,
            _ => beat(range.end),
        };
        start..end.max(start)
    }
}

/// The character to look at for an escape of JSON behind its backslash, and the bytes of the whole.
fn escaped(behind: &str) -> (char, usize) {
    match escape(behind.as_bytes()) {
        Some((Some('\u{8}' | '\u{c}'), length)) => (' ', 1 + length),
        Some((character, length)) => (character.unwrap_or(char::REPLACEMENT_CHARACTER), 1 + length),
        None => ('\\', 1),
    }
}

/// The character that is looked at for one in a text; `None` for one that nobody sees.
///
/// - Full-width forms (U+FF01 to U+FF5E) are those of ASCII, as Japanese and Chinese keyboards write them.
/// - Digits of Arabic, Persian and Devanagari are those of ASCII.
/// - Odd spaces are spaces, and hyphens and dashes hyphens: mail programs write them into numbers.
fn fold(character: char) -> Option<char> {
    let from = |first: char, to: u8| char::from_u32(u32::from(character) - u32::from(first) + u32::from(to));
    match character {
        '\u{ff01}'..='\u{ff5e}' => from('\u{ff01}', b'!'),
        '\u{660}'..='\u{669}' => from('\u{660}', b'0'),
        '\u{6f0}'..='\u{6f9}' => from('\u{6f0}', b'0'),
        '\u{966}'..='\u{96f}' => from('\u{966}', b'0'),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Some(' '),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' => Some('-'),
        '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => None,
        _ => Some(character),
    }
}

struct Builder {
    text: String,
    places: Vec<Place>,
    /// Where the last character ended in what the view is made of.
    before: usize,
    /// The last character has as many bytes in the view.
    on_beat: bool,
}

impl Builder {
    fn with_capacity(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), places: Vec::new(), before: 0, on_beat: true }
    }

    /// Adds what stands for the `length` bytes at `at`.
    fn push(&mut self, character: char, at: usize, length: usize) {
        let Some(folded) = fold(character) else { return };
        self.mark(at);
        self.text.push(folded);
        self.on_beat = folded.len_utf8() == length;
        self.before = at + length;
    }

    /// Notes where the next character comes from, when that is not where it would be.
    fn mark(&mut self, origin: usize) {
        if origin != self.before || !self.on_beat {
            self.places.push(Place { view: self.text.len(), origin, before: self.before });
        }
    }

    fn finish(mut self, length: usize) -> View<'static> {
        self.mark(length);
        View { text: Cow::Owned(self.text), places: self.places }
    }
}

/// A text with what several detectors want to know of it.
pub(super) struct Text<'a> {
    /// The text itself.
    pub text: &'a str,
    /// What occurs in it.
    pub signs: Signs,
    numerals: OnceCell<Numerals>,
    long_words: OnceCell<Vec<Range<usize>>>,
}

/// Bytes from which on a word is long: shorter ones are no numbers of people with letters in them.
const LONG_WORD: usize = 8;

impl<'a> Text<'a> {
    /// A text.
    pub fn new(text: &'a str) -> Self {
        Self::with_signs(text, Signs::of(text.as_bytes()))
    }

    fn with_signs(text: &'a str, signs: Signs) -> Self {
        Self { text, signs, numerals: OnceCell::new(), long_words: OnceCell::new() }
    }

    /// Its bytes.
    pub fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    /// The byte at a place; 0 outside.
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.bytes().get(at).copied().unwrap_or_default()
    }

    /// The byte before a place; 0 at the beginning.
    pub(super) fn byte_before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |before| self.byte(before))
    }

    /// Its groups of digits.
    pub(super) fn numerals(&self) -> &Numerals {
        self.numerals.get_or_init(|| numerals(self.text))
    }

    /// Its words of letters and digits of ASCII that have eight bytes or more, with their places; `_` and `@` are no ends of
    /// words.
    pub(super) fn long_words(&self) -> impl Iterator<Item = (Range<usize>, &'a str)> {
        let words = self.long_words.get_or_init(|| long_words(self.bytes()));
        words.iter().filter_map(|place| Some((place.clone(), self.text.get(place.clone())?)))
    }
}

fn long_words(bytes: &[u8]) -> Vec<Range<usize>> {
    const PART: [bool; 256] = {
        let mut part = [false; 256];
        let mut byte = 0_u8;
        while byte < 128 {
            part[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'@');
            byte += 1;
        }
        part
    };
    let mut words = Vec::new();
    let mut start = 0;
    for (at, byte) in bytes.iter().chain(b" ").enumerate() {
        if !PART[usize::from(*byte)] {
            if at - start >= LONG_WORD {
                words.push(start..at);
            }
            start = at + 1;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn back(text: &str, piece: &str) -> String {
        let view = View::of(text);
        let start = view.text().find(piece).unwrap_or_else(|| panic!("{:?}", view.text()));
        text[view.origin(&(start..start + piece.len()))].to_owned()
    }

    #[test]
    fn places_lead_back() {
        assert_eq!(back("plain é 123 ü", "123"), "123");
        assert_eq!(back("tel ０１２−３４ ok", "012-34"), "０１２−３４");
        assert_eq!(back("a\u{200b}1\u{200b}2\u{200b}3\u{200b}b", "123"), "1\u{200b}2\u{200b}3");
        assert_eq!(back("x\u{a0}1\u{a0}2", "1 2"), "1\u{a0}2");
        assert_eq!(back("٠١٢ x", "012"), "٠١٢");
        assert_eq!(back("\u{feff}ana＠x.de", "ana@x.de"), "ana＠x.de");
    }

    #[test]
    fn escapes_are_resolved() {
        let json = br#""a\n\u0031\u00e9\/2\"\ud83d\ude00\ud83d\x3\"#;
        let view = View::of_json(json);
        assert_eq!(view.text(), "\"a\n1é/2\"😀\u{fffd}\\x3\\");
        let at = view.text().find("1é/2").unwrap();
        assert_eq!(&json[view.origin(&(at..at + 5))], br"\u0031\u00e9\/2");
        let broken = b"x\xff\xfe\\n12";
        let view = View::of_json(broken);
        let at = view.text().find("12").unwrap();
        assert_eq!(&broken[view.origin(&(at..at + 2))], b"12");
    }

    proptest! {
        #[test]
        fn every_range_leads_to_one(text in "[a-c0-2é\u{200b}０-９ \u{a0}−]{0,30}", start in 0..60usize, length in 0..9usize) {
            let view = View::of(&text);
            let starts = (start..=view.text().len()).find(|&at| view.text().is_char_boundary(at));
            if let Some(start) = starts {
                let end = (start + length).min(view.text().len());
                let end = (end..=view.text().len()).find(|&at| view.text().is_char_boundary(at)).unwrap();
                let origin = view.origin(&(start..end));
                let piece = text.get(origin.clone());
                prop_assert!(piece.is_some(), "{:?}", origin);
                let again = View::of(piece.unwrap());
                prop_assert_eq!(again.text(), &view.text()[start..end]);
            }
        }
    }
}
