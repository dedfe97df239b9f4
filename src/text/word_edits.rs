//! Which words of a text changed: the least that has to be shown to see what became of it.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};

/// A stretch of the old text, and what stands in its place in the new one; one of them may be empty. Bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordEdit {
    /// The stretch of the old text.
    pub old: Range<usize>,
    /// The stretch of the new text.
    pub new: Range<usize>,
}

/// Two edits with so few bytes between them, none of a word, are one: `two [-to three-]{+or four+}` reads better than
/// three edits with a space between each.
const JOINED: usize = 3;
/// Of texts that share less than this part of their words nobody wants to see which ones: one edit says it.
const SHARED_LEAST: f64 = 0.2;

/// The edits that make `new` of `old`, in order; none for equal texts.
///
/// Words are kept whole; marks, spaces and the characters of scripts without spaces stand alone. Myers' algorithm with
/// the bounds that git and GNU diff put on it, so that the time is near linear in the length and depends on nothing
/// but the texts; the edits are then not always the fewest.
pub fn word_edits(old: &str, new: &str) -> Vec<WordEdit> {
    let (old_words, new_words) = (words(old), words(new));
    let mut input = InternedInput::default();
    input.reserve(length(&old_words), length(&new_words));
    input.update_before(old_words.iter().filter_map(|range| old.get(range.clone())));
    input.update_after(new_words.iter().filter_map(|range| new.get(range.clone())));
    let diff = Diff::compute(Algorithm::Myers, &input);
    let bytes = |words: &[Range<usize>], text: &str, hunk: &Range<u32>| {
        let at = |index: u32| words.get(index as usize).map_or(text.len(), |word| word.start);
        at(hunk.start)..at(hunk.end)
    };
    let mut edits: Vec<WordEdit> = Vec::new();
    for hunk in diff.hunks() {
        let edit =
            WordEdit { old: bytes(&old_words, old, &hunk.before), new: bytes(&new_words, new, &hunk.after) };
        match edits.last_mut() {
            Some(last) if joins(old.get(last.old.end..edit.old.start).unwrap_or_default()) => {
                (last.old.end, last.new.end) = (edit.old.end, edit.new.end);
            }
            _ => edits.push(edit),
        }
    }
    if edits.len() > 1 && shares_little(old, new, &edits) {
        let whole = |first: &Range<usize>, last: &Range<usize>| first.start..last.end;
        if let (Some(first), Some(last)) = (edits.first(), edits.last()) {
            edits = vec![WordEdit { old: whole(&first.old, &last.old), new: whole(&first.new, &last.new) }];
        }
    }
    edits
}

/// The words of a text, and what stands between them, as ranges of bytes that follow one another.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::with_capacity(text.len() / 3);
    let mut before = Kind::Mark;
    for (at, character) in text.char_indices() {
        let kind = kind(character);
        let end = at + character.len_utf8();
        match words.last_mut() {
            Some(last) if kind == before && kind != Kind::Mark => last.end = end,
            _ => words.push(at..end),
        }
        before = kind;
    }
    words
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Part of a word.
    Letter,
    /// White space.
    Space,
    /// Stands alone.
    Mark,
}

fn kind(character: char) -> Kind {
    if character.is_whitespace() {
        Kind::Space
    } else if (character.is_alphanumeric() || character == '_') && is_spaced(character) {
        Kind::Letter
    } else {
        Kind::Mark
    }
}

/// Whether the script of a letter puts spaces between words: all but the ideographs and syllabaries of Chinese and
/// Japanese (Unicode blocks from U+2E80 on, without Hangul, the half-width and Latin forms and the planes above).
fn is_spaced(letter: char) -> bool {
    !matches!(letter, '\u{2e80}'..='\u{abff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9d}' | '\u{20000}'..)
}

fn length(words: &[Range<usize>]) -> u32 {
    u32::try_from(words.len()).unwrap_or(u32::MAX)
}

fn joins(between: &str) -> bool {
    between.len() <= JOINED && between.chars().all(|character| kind(character) != Kind::Letter)
}

fn shares_little(old: &str, new: &str, edits: &[WordEdit]) -> bool {
    let changed =
        |side: fn(&WordEdit) -> &Range<usize>| edits.iter().map(side).map(Range::len).sum::<usize>();
    let gone = changed(|edit| &edit.old).min(old.len());
    let kept = old.len() - gone;
    (kept as f64) < SHARED_LEAST * old.len().max(new.len()) as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let (mut out, mut at) = (String::new(), 0);
        for edit in word_edits(old, new) {
            out += &format!("{}[{}|{}]", &old[at..edit.old.start], &old[edit.old.clone()], &new[edit.new]);
            at = edit.old.end;
        }
        out + &old[at..]
    }

    #[test]
    fn words_are_whole_and_what_is_near_is_joined() {
        assert_eq!(shown("It takes 30 days.", "It takes 14 days."), "It takes [30|14] days.");
        assert_eq!(shown("Yes, it is.", "Yes, it is. Bye!"), "Yes, it is.[| Bye!]");
        assert_eq!(
            shown("We ship to the whole of Spain", "We ship to all of Spain"),
            "We ship to [the whole|all] of Spain"
        );
        assert_eq!(shown("退款需要三天时间", "退款需要五天时间"), "退款需要[三|五]天时间");
        assert_eq!(shown("same", "same"), "same");
        assert_eq!(shown("", "new"), "[|new]");
        let (old, new) = ("Where is my parcel? It was due.", "I would like to cancel, is that fine? Thanks.");
        assert!(shown(old, new).starts_with('[') && word_edits(old, new).len() == 1);
    }

    proptest! {
        #[test]
        fn edits_make_the_new_text_of_the_old_one(old in "[ab ,.日\\n]{0,40}", new in "[ab ,.日\\n]{0,40}") {
            let (mut made, mut at) = (String::new(), 0);
            let edits = word_edits(&old, &new);
            prop_assert_eq!(edits.is_empty(), old == new);
            for edit in edits {
                made += &old[at..edit.old.start];
                made += &new[edit.new];
                at = edit.old.end;
            }
            prop_assert_eq!(made + &old[at..], new);
        }
    }
}
