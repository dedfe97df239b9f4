//! Characters without a shape of their own: joiners, marks of direction, odd spaces.

use std::borrow::Cow;

use super::beyond_ascii::beyond_ascii;

/// `text` without characters that nobody sees and nobody typed on purpose.
///
/// - Dropped always: U+00AD soft hyphen, U+200B zero width space, U+2060 to U+2064 word joiner and invisible operators,
///   U+FEFF byte order mark.
/// - Dropped always, as formatting: U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069. Marks of direction
///   change in which order a line is drawn, never which letters it has or their order in memory; exports put them in by
///   themselves (`WhatsApp` writes U+200E before every attachment), and models read the order in memory.
/// - Kept where they change the letters: U+200C and U+200D next to a letter of a script that joins (Arabic, Syriac,
///   Indic, Khmer, Mongolian …; Persian `می‌خواهم` is another word without), U+200D between two emoji (families,
///   professions, flags).
/// - U+E0000 to U+E007F, tags: letters that nobody sees. Kept in the flags that are spelled with them (Scotland's), dropped
///   elsewhere: text written with them is for machines to read and people to miss.
/// - Kept always: variation selectors, and all that is not named here.
///
/// Thai and Khmer may use U+200B between words to break lines; the words stay.
pub fn strip_invisible(text: &str) -> Cow<'_, str> {
    filter(text, |before, character, after| match character {
        '\u{200c}' => joins(before) || joins(after),
        '\u{200d}' => joins(before) || joins(after) || (is_emoji(before) && is_emoji(after)),
        '\u{e0020}'..='\u{e007f}' => matches!(before, Some('\u{1f3f4}' | '\u{e0020}'..='\u{e007e}')),
        _ => !is_invisible(character),
    })
}

/// `text` with U+00A0, U+2007, U+2009 and U+202F as plain spaces: what parsers of headers want, as phones and locales
/// put them into dates (`10:30 AM`).
pub fn normalize_spaces(text: &str) -> Cow<'_, str> {
    const ODD: [char; 4] = ['\u{a0}', '\u{2007}', '\u{2009}', '\u{202f}'];
    if text.is_ascii() || !text.contains(ODD) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.replace(ODD, " "))
    }
}

fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// `text` without the invisible characters that `keep` does not want. It sees the characters around each, the one before
/// as kept so far.
fn filter(text: &str, keep: impl Fn(Option<char>, char, Option<char>) -> bool) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    for (at, character) in beyond_ascii(text).filter(|(_, character)| is_invisible(*character)) {
        let kept = text.get(copied..at).unwrap_or_default();
        let end = at + character.len_utf8();
        let before = kept.chars().next_back().or_else(|| out.chars().next_back());
        let after = text.get(end..).and_then(|rest| rest.chars().next());
        if !keep(before, character, after) {
            out.push_str(kept);
            copied = end;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// Blocks of scripts whose letters take other shapes next to one another (Unicode 16, chapters 9, 12 to 14 and 16).
fn joins(character: Option<char>) -> bool {
    matches!(
        character,
        Some(
            '\u{620}'..='\u{6ff}'
            | '\u{700}'..='\u{8ff}'
            | '\u{900}'..='\u{df4}'
            | '\u{f00}'..='\u{109f}'
            | '\u{1780}'..='\u{18af}'
            | '\u{1a20}'..='\u{1cff}'
            | '\u{a840}'..='\u{a97f}'
            | '\u{a9e0}'..='\u{abff}'
            | '\u{fb50}'..='\u{fdff}'
            | '\u{fe70}'..='\u{fefc}'
            | '\u{10ac0}'..='\u{10aff}'
            | '\u{11000}'..='\u{11fff}'
            | '\u{1e900}'..='\u{1e95f}',
        )
    )
}

/// Characters that emoji sequences are made of: pictographs, symbols, skin tones, and the selector after them.
fn is_emoji(character: Option<char>) -> bool {
    matches!(character, Some('\u{fe0f}' | '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn drops_what_is_not_seen() {
        for (text, wanted) in [
            ("\u{feff}a\u{200b}b\u{ad}c\u{2060}", "abc"),
            ("\u{200e}image omitted\u{202a}x\u{202c}\u{2066}y\u{2069}", "image omittedxy"),
            ("a\u{200d}b\u{200c}c", "abc"),
            ("\u{200d}🙂\u{200d}", "🙂"),
            ("\u{200f}שלום\u{200e}", "שלום"),
            ("🙂\u{200b}\u{200d}🙂", "🙂\u{200d}🙂"),
            ("a\u{e0041}\u{e0042}\u{e007f}b\u{e0001}", "ab"),
        ] {
            assert_eq!(strip_invisible(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn keeps_what_makes_another_word_or_picture() {
        for text in [
            "",
            "plain",
            "é ü",
            "می\u{200c}خواهم",
            "ക്\u{200d}",
            "👩\u{200d}👩\u{200d}👧",
            "❤\u{fe0f}\u{200d}🔥",
            "🏳\u{fe0f}\u{200d}🌈",
            "👩🏽\u{200d}⚕\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
            "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
            "क्\u{200d}ष",
        ] {
            assert!(matches!(strip_invisible(text), Cow::Borrowed(same) if same == text), "{text:?}");
        }
    }

    #[test]
    fn odd_spaces_become_plain() {
        assert_eq!(normalize_spaces("10:30\u{202f}AM\u{a0}x\u{2007}\u{2009}"), "10:30 AM x  ");
        assert!(matches!(normalize_spaces("é\u{3000}"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn stripping_is_done_at_once(text in "[aمक🙂\u{200b}-\u{200f}\u{ad}\u{fe0f}]{0,20}") {
            let once = strip_invisible(&text);
            prop_assert_eq!(strip_invisible(&once), once.as_ref());
            let visible = |text: &str| text.chars().filter(|character| !is_invisible(*character)).collect::<String>();
            prop_assert_eq!(visible(&once), visible(&text));
        }
    }
}
