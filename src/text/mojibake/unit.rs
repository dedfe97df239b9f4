//! One damaged character: finding it, and how sure that is.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memchr_iter;

/// How much a unit proves by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// Nobody writes these characters side by side.
    Certain,
    /// Sound text may hold them, but hardly beside certain units of the same kind.
    Company,
    /// Sound text holds them (a capital letter and a closing quote).
    Doubtful,
}

/// Characters that may be one damaged character.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Bytes in the text.
    pub range: Range<usize>,
    /// What it was.
    pub character: char,
    /// First byte of its UTF-8 form, by which units of one script agree.
    pub lead: u8,
    /// How sure that is.
    pub certainty: Certainty,
}

impl Unit {
    /// Whether it is a letter of a script whose letters come in words of many units: Greek, Cyrillic, Hebrew, Arabic.
    pub fn is_letter_of_script(&self) -> bool {
        self.certainty == Certainty::Company && matches!(self.lead, 0xce..=0xdb)
    }
}

/// The characters of the bytes 0x80 to 0x9f in Windows-1252; the five undefined ones are control characters, as in
/// Latin-1 and in the Encoding Standard.
static HIGH: LazyLock<Vec<char>> = LazyLock::new(|| {
    let bytes: Vec<u8> = (0x80..=0x9f).collect();
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes).0.chars().collect()
});

/// The byte that reads as `character` in Windows-1252 or Latin-1, if it is not ASCII.
fn byte(character: char) -> Option<u8> {
    match u32::from(character) {
        0..=0x7f => None,
        code @ 0x80..=0xff => u8::try_from(code).ok(),
        _ => HIGH.iter().position(|high| *high == character).and_then(|at| u8::try_from(at + 0x80).ok()),
    }
}

/// All units of `text`, in order, without overlaps.
pub fn all(text: &str) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut end = 0;
    // The letters U+00C2 to U+00F4, which read as first bytes, are all written with 0xC3.
    for at in memchr_iter(0xc3, text.as_bytes()) {
        if at >= end
            && let Some(unit) = unit(text, at)
        {
            end = unit.range.end;
            units.push(unit);
        }
    }
    units
}

fn unit(text: &str, at: usize) -> Option<Unit> {
    let mut characters = text.get(at..)?.chars();
    let lead = byte(characters.next()?)?;
    let length = match lead {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let mut bytes = [lead, 0, 0, 0];
    for slot in bytes.iter_mut().take(length).skip(1) {
        *slot = byte(characters.next()?).filter(|byte| (0x80..=0xbf).contains(byte))?;
    }
    let bytes = bytes.get(..length)?;
    let character =
        std::str::from_utf8(bytes).ok()?.chars().next().filter(|character| is_written(*character))?;
    let end = text.len() - characters.as_str().len();
    let certainty = certainty(text.get(..at)?.chars().next_back(), bytes, characters.next());
    Some(Unit { range: at..end, character, lead, certainty })
}

/// Characters that exports are known to hold. Rare blocks are left out, because sound letters before punctuation fall
/// into them (`SPAß“` would be N'Ko).
fn is_written(character: char) -> bool {
    matches!(character,
        // Latin, and of its rarer blocks what Romanian, Vietnamese and Windows-1252 itself need.
        '\u{80}'..='\u{17f}' | '\u{192}' | '\u{1a0}' | '\u{1a1}' | '\u{1af}' | '\u{1b0}' | '\u{218}'..='\u{21b}'
        | '\u{2c6}' | '\u{2dc}' | '\u{300}'..='\u{36f}'
        // Greek, Cyrillic, Hebrew, Arabic.
        | '\u{386}'..='\u{3ce}' | '\u{400}'..='\u{4ff}' | '\u{5d0}'..='\u{5ea}' | '\u{60c}'..='\u{6f9}'
        // Indic scripts, Thai, Lao, Vietnamese and old Greek letters, punctuation, symbols.
        | '\u{900}'..='\u{eff}' | '\u{1e00}'..='\u{1fff}' | '\u{2000}'..='\u{2bff}'
        // Chinese, Japanese, Korean.
        | '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'
        // Ligatures, selectors, byte order mark, wide forms, the mark of lost characters.
        | '\u{fb00}'..='\u{fb06}' | '\u{fe0f}' | '\u{feff}'..='\u{ffee}' | '\u{fffd}'
        // Emoji.
        | '\u{1f000}'..='\u{1faff}')
}

fn certainty(before: Option<char>, bytes: &[u8], after: Option<char>) -> Certainty {
    let lead = bytes.first().copied().unwrap_or_default();
    let tail = bytes.get(1..).unwrap_or_default();
    // Control characters: only the first half of repairing twice damaged Latin-1, beside more of the same.
    if matches!(bytes, [0xc2, 0x80..=0x9f]) {
        return Certainty::Doubtful;
    }
    if !tail.iter().all(|byte| follows_words(*byte)) {
        // Letters of other scripts come in words; `3×½` and `Ø²` are sound.
        return if matches!(lead, 0xce..=0xdb) { Certainty::Company } else { Certainty::Certain };
    }
    match lead {
        0xc2 | 0xc3 => {
            let closes = tail == [0xa0] || tail == [0x92] || tail == [0x91];
            let in_word = after.is_some_and(char::is_alphanumeric) && !closes;
            let after_capital = before.is_some_and(|before| before.is_uppercase() || opens_quote(before));
            if after_capital && !in_word { Certainty::Doubtful } else { Certainty::Certain }
        }
        0xc4..=0xcd => {
            let in_word = before.is_some_and(char::is_lowercase);
            if in_word { Certainty::Certain } else { Certainty::Doubtful }
        }
        _ => Certainty::Company,
    }
}

/// Bytes that read as what may stand right behind a word: spaces, quotes, dashes, dots.
fn follows_words(byte: u8) -> bool {
    matches!(byte, 0x82 | 0x84 | 0x85 | 0x8b | 0x91..=0x97 | 0x9b | 0xa0 | 0xab | 0xb7 | 0xbb)
}

fn opens_quote(character: char) -> bool {
    matches!(character, '"' | '\'' | '(' | '[' | '«' | '‹' | '‘' | '“' | '‚' | '„' | '»' | '”')
}
