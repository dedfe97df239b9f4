//! Shingles: a text as the set of its runs of N words or characters, hashed. Texts with most of these in common are alike.

use std::fmt;
use std::str::FromStr;

use unicode_normalization::char::is_combining_mark;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::masks::{Mask, Masked, Masker, Masks};
use super::normalize::normalize_into;
use super::similar::suggestion;
use crate::error::{Error, Result};

/// What a shingle is a run of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Words, and single characters where a script is written without spaces.
    Words,
    /// Characters of the normal form, spaces among them.
    Chars,
}

/// How texts are cut: so many units make a shingle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shingle {
    /// What is counted.
    pub unit: Unit,
    /// How many, from 1 to [`LARGEST`].
    pub size: usize,
}

/// Longer shingles tell no more: one changed word changes as many shingles as there are words in one.
pub const LARGEST: usize = 64;

impl Default for Shingle {
    /// Chosen by evidence: `docs/decisions/near-twins.md`.
    fn default() -> Self {
        Self { unit: Unit::Words, size: 2 }
    }
}

impl FromStr for Shingle {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (unit, size) = text.split_once(':').ok_or_else(|| {
            Error::usage(format!("`{text}` does not say how texts are cut"))
                .with_hint("give a unit and a number, such as `words:3` or `chars:5`")
        })?;
        let unit = match unit.trim() {
            "words" => Unit::Words,
            "chars" => Unit::Chars,
            other => {
                return Err(Error::usage(format!("texts cannot be cut into `{other}`"))
                    .with_hint(suggestion(other, ["words", "chars"])));
            }
        };
        match size.trim().parse() {
            Ok(size) if (1..=LARGEST).contains(&size) => Ok(Self { unit, size }),
            _ => Err(Error::usage(format!("`{size}` is no size of a shingle"))
                .with_hint(format!("give a whole number from 1 to {LARGEST}, such as in `words:3`"))),
        }
    }
}

impl fmt::Display for Shingle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Words => "words",
            Unit::Chars => "chars",
        };
        write!(formatter, "{unit}:{}", self.size)
    }
}

/// Cuts texts into shingles, one message after the other.
///
/// A word is a run of letters, digits and marks, with the apostrophes in it; each character of Han, Kana, Thai, Lao, Khmer,
/// Burmese and the like is a word of its own, since they are written without spaces (as in Unicode Standard Annex 29,
/// version 17, where no dictionary helps); punctuation and symbols part words and do not count. Hangul has spaces and
/// is cut there. A message without any word is cut into its characters.
pub struct Cutter {
    shingle: Shingle,
    masker: Option<Masker>,
    /// The message so far, in the normal form; line feeds part its texts.
    normal: Vec<u8>,
    /// The hashes of its units, eight bytes each.
    units: Vec<u8>,
}

impl Cutter {
    /// A cutter for one thread.
    pub fn new(shingle: Shingle, masks: Masks) -> Self {
        Self { shingle, masker: Masker::new(masks), normal: Vec::new(), units: Vec::new() }
    }

    /// Adds a text to the message; shingles run over the borders of its texts, not over the border of a message.
    pub fn add(&mut self, text: &str) {
        normalize_into(text, &mut self.normal);
        self.normal.push(b'\n');
    }

    /// Ends the message and appends its shingles to `out`; those of different salts are never alike.
    ///
    /// A message of fewer units than a shingle gives one of what there is, an empty one none.
    pub fn end(&mut self, salt: u64, out: &mut Vec<u64>) {
        let normal = std::mem::take(&mut self.normal);
        let text = std::str::from_utf8(&normal).unwrap_or_default();
        match self.masker.as_mut().and_then(|masker| masker.mask(text)) {
            Some(masked) => self.shingles(&masked, salt, out),
            None => self.shingles(text, salt, out),
        }
        self.normal = normal;
        self.normal.clear();
    }

    /// The whole of the message as one shingle, however long it is; none when it is empty.
    pub fn end_as_one(&mut self, salt: u64, out: &mut Vec<u64>) {
        if self.normal.iter().any(|byte| *byte != b'\n') {
            out.push(xxh3_64_with_seed(&self.normal, salt));
        }
        self.normal.clear();
    }

    /// How many places were masked so far, by kind.
    pub fn masked(&self) -> Masked {
        self.masker.as_ref().map_or_else(Masked::default, Masker::masked)
    }

    fn shingles(&mut self, text: &str, salt: u64, out: &mut Vec<u64>) {
        self.units.clear();
        let units = &mut self.units;
        if self.shingle.unit == Unit::Words {
            words(text, |word| units.extend_from_slice(&xxh3_64(word.as_bytes()).to_le_bytes()));
        } else {
            let end = text.trim_end_matches('\n');
            end.chars().for_each(|character| units.extend_from_slice(&u64::from(character).to_le_bytes()));
        }
        if units.is_empty() {
            let visible = text.chars().filter(|character| !character.is_whitespace());
            visible.for_each(|character| units.extend_from_slice(&u64::from(character).to_le_bytes()));
        }
        if units.is_empty() {
            return;
        }
        let bytes = 8 * self.shingle.size.min(units.len() / 8);
        let count = (units.len() - bytes) / 8 + 1;
        out.extend((0..count).map(|at| xxh3_64_with_seed(&units[at * 8..at * 8 + bytes], salt)));
    }
}

/// What a character does in a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Part of a word.
    Letter,
    /// Changes the letter before it.
    Mark,
    /// A word by itself.
    Alone,
    /// Joins the letters on both sides of it.
    Apostrophe,
    /// Parts words.
    Other,
}

fn class(character: char) -> Class {
    match character {
        'a'..='z' | '0'..='9' | 'A'..='Z' => Class::Letter,
        '\'' | '\u{2019}' => Class::Apostrophe,
        '\0'..='\u{7f}' => Class::Other,
        // Joiners stand inside words of Persian and of Indic scripts.
        '\u{200c}' | '\u{200d}' => Class::Mark,
        _ if Mask::is_sign(character) => Class::Alone,
        _ if is_combining_mark(character) => Class::Mark,
        _ if !character.is_alphanumeric() => Class::Other,
        _ if is_unspaced(character) => Class::Alone,
        _ => Class::Letter,
    }
}

/// Whether a letter belongs to a script without spaces between words: Han, Kana, Bopomofo, and those of line breaking class
/// SA (Unicode Standard Annex 14, version 17).
pub fn is_unspaced(letter: char) -> bool {
    matches!(letter,
        '\u{0e00}'..='\u{0eff}'     // Thai, Lao
        | '\u{1000}'..='\u{109f}'   // Burmese
        | '\u{1780}'..='\u{17ff}'   // Khmer
        | '\u{1950}'..='\u{19df}'   // Tai Le, New Tai Lue
        | '\u{1a20}'..='\u{1aaf}'   // Tai Tham
        | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{312f}' // Kana, Bopomofo
        | '\u{31a0}'..='\u{31ff}'
        | '\u{3400}'..='\u{9fff}'   // Han
        | '\u{a9e0}'..='\u{a9ff}' | '\u{aa60}'..='\u{aadf}' // Burmese extended, Tai Viet
        | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9f}'   // Kana of half width
        | '\u{1aff0}'..='\u{1b16f}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Calls `each` with every word of a text in the normal form; what a word is says [`Cutter`].
pub fn words(text: &str, mut each: impl FnMut(&str)) {
    let mut curly = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let kind = class(first);
        let length = match kind {
            Class::Letter => word_length(rest),
            Class::Alone => first.len_utf8() + marks_length(&rest[first.len_utf8()..]),
            Class::Mark | Class::Apostrophe | Class::Other => {
                rest = &rest[first.len_utf8()..];
                continue;
            }
        };
        let (word, behind) = rest.split_at(length);
        if kind == Class::Letter && word.contains('\u{2019}') {
            curly.clear();
            curly.extend(word.chars().map(|letter| if letter == '\u{2019}' { '\'' } else { letter }));
            each(&curly);
        } else {
            each(word);
        }
        rest = behind;
    }
}

/// The bytes of the word at the beginning of a text: letters, marks, and apostrophes between letters.
fn word_length(text: &str) -> usize {
    let mut end = text.bytes().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(text.len());
    let mut letters = text[end..].char_indices().peekable();
    let start = end;
    while let Some((at, character)) = letters.next() {
        let inside = match class(character) {
            Class::Letter | Class::Mark => true,
            Class::Apostrophe => letters.peek().is_some_and(|(_, next)| class(*next) == Class::Letter),
            Class::Alone | Class::Other => false,
        };
        if !inside {
            break;
        }
        end = start + at + character.len_utf8();
    }
    end
}

/// The bytes of marks at the beginning of a text.
fn marks_length(text: &str) -> usize {
    text.chars().take_while(|character| class(*character) == Class::Mark).map(char::len_utf8).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(text: &str) -> Vec<String> {
        let mut normal = Vec::new();
        normalize_into(text, &mut normal);
        let mut found = Vec::new();
        words(std::str::from_utf8(&normal).unwrap(), |word| found.push(word.to_owned()));
        found
    }

    fn shingles(how: &str, text: &str) -> Vec<u64> {
        let mut cutter = Cutter::new(how.parse().unwrap(), Masks::default());
        let mut out = Vec::new();
        cutter.add(text);
        cutter.end(0, &mut out);
        out
    }

    #[test]
    fn words_are_what_people_call_words() {
        assert_eq!(words_of("Where's my order, #A-12?"), ["where's", "my", "order", "a", "12"]);
        assert_eq!(words_of("don\u{2019}t 'quote' it's' x'"), ["don't", "quote", "it's", "x"]);
        assert_eq!(words_of("Übergröße cafe\u{301} naïve"), ["übergröße", "café", "naïve"]);
        assert_eq!(words_of("क्या ऑर्डर मिला?"), ["क्या", "ऑर्डर", "मिला"]);
        assert_eq!(words_of("می\u{200c}خواهم"), ["می\u{200c}خواهم"]);
        assert_eq!(words_of("주문을 취소해 주세요."), ["주문을", "취소해", "주세요"]);
    }

    #[test]
    fn scripts_without_spaces_are_cut_at_every_character() {
        assert_eq!(words_of("订单在哪里？A1号"), ["订", "单", "在", "哪", "里", "a1", "号"]);
        assert_eq!(words_of("注文はどこ・カート"), ["注", "文", "は", "ど", "こ", "カ", "ー", "ト"]);
        assert_eq!(words_of("สวัสดี"), ["ส", "วั", "ส", "ดี"]);
    }

    #[test]
    fn short_messages_give_one_shingle_and_empty_ones_none() {
        assert_eq!(shingles("words:3", "one two three four").len(), 2);
        assert_eq!(shingles("words:3", "one two").len(), 1);
        assert_ne!(shingles("words:3", "one two"), shingles("words:3", "two one"));
        assert_eq!(shingles("words:3", " \n"), Vec::<u64>::new());
        assert_eq!(shingles("chars:5", "abcdef").len(), 2);
        assert_eq!(shingles("chars:5", "").len(), 0);
    }

    #[test]
    fn without_words_characters_count() {
        assert_eq!(shingles("words:2", "?! ?").len(), 2);
        assert_eq!(shingles("words:1", "👍"), shingles("words:1", " 👍\n"));
        assert_ne!(shingles("words:1", "👍"), shingles("words:1", "👎"));
        // Beside a word they do not.
        assert_eq!(shingles("words:1", "ok 👍"), shingles("words:1", "OK!"));
    }

    #[test]
    fn hashes_never_change() {
        // Frozen: an index that was kept would find nothing again.
        assert_eq!(
            shingles("words:2", "Where is it?"),
            [5_939_585_623_062_987_900, 8_197_835_834_944_428_402]
        );
    }

    #[test]
    fn what_cannot_be_cut_is_named() {
        assert_eq!("words:3".parse::<Shingle>().unwrap().to_string(), "words:3");
        for (text, hint) in [
            ("3", "words:3"),
            ("word:3", "did you mean `words`?"),
            ("words:0", "from 1 to 64"),
            ("chars:x", "from 1"),
        ] {
            assert!(text.parse::<Shingle>().unwrap_err().hint().unwrap().contains(hint), "{text}");
        }
    }
}
