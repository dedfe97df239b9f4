//! Which words of a text changed: the least that has to be shown to see what became of it.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};

use super::hash::fingerprint;

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

/// Two stretches with more words than this together are compared by stretches of words first, and what is still longer
/// between two that are the same is one edit. Myers' algorithm takes some hundredths of a second for as many words in
/// any order.
const WORDS_MOST: usize = 30_000;
/// Words of a stretch: it ends behind a word that is chosen by its letters, so that stretches begin anew behind an edit.
const STRETCH: std::ops::RangeInclusive<usize> = 1..=64;
const CHOSEN: u128 = 16;

/// The edits that make `new` of `old`, in order; none for equal texts.
///
/// Words are kept whole; marks, spaces and the characters of scripts without spaces stand alone. Myers' algorithm with
/// the bounds that git and GNU diff put on it: the time depends on nothing but the texts, and is near linear in their
/// length; the edits are then not always the fewest.
pub fn word_edits(old: &str, new: &str) -> Vec<WordEdit> {
    let (old_words, new_words) = (words(old), words(new));
    let (olds, news) = ((old, old_words.as_slice()), (new, new_words.as_slice()));
    let mut edits: Vec<WordEdit> = Vec::new();
    let whole = (0..old_words.len(), 0..new_words.len());
    if old_words.len() + new_words.len() <= WORDS_MOST {
        by_words(olds, news, whole, &mut edits);
    } else {
        by_stretches(olds, news, &mut edits);
    }
    if edits.len() > 1 && shares_little(old, new, &edits) {
        let whole = |first: &Range<usize>, last: &Range<usize>| first.start..last.end;
        if let (Some(first), Some(last)) = (edits.first(), edits.last()) {
            edits = vec![WordEdit { old: whole(&first.old, &last.old), new: whole(&first.new, &last.new) }];
        }
    }
    edits
}

/// A text and its words.
type Text<'a> = (&'a str, &'a [Range<usize>]);

/// The bytes of a range of words.
fn bytes((text, words): Text<'_>, range: &Range<usize>) -> Range<usize> {
    let at = |index: usize| words.get(index).map_or(text.len(), |word| word.start);
    at(range.start)..at(range.end)
}

/// Edits between ranges of words, word by word.
fn by_words(
    old: Text<'_>,
    new: Text<'_>,
    (olds, news): (Range<usize>, Range<usize>),
    edits: &mut Vec<WordEdit>,
) {
    let hunks = hunks(said(old, &olds), said(new, &news));
    for (old_hunk, new_hunk) in hunks {
        let within = |range: &Range<usize>, begin: usize| range.start + begin..range.end + begin;
        let (old_hunk, new_hunk) = (within(&old_hunk, olds.start), within(&new_hunk, news.start));
        push(old, WordEdit { old: bytes(old, &old_hunk), new: bytes(new, &new_hunk) }, edits);
    }
}

fn said<'a>((text, words): Text<'a>, range: &Range<usize>) -> Vec<&'a str> {
    let words = words.get(range.clone()).unwrap_or_default();
    words.iter().filter_map(|word| text.get(word.clone())).collect()
}

/// Edits between long texts: word by word only between stretches that both have.
fn by_stretches(old: Text<'_>, new: Text<'_>, edits: &mut Vec<WordEdit>) {
    let (old_stretches, new_stretches) = (stretches(old), stretches(new));
    let said = |text: Text<'_>, stretches: &[Range<usize>]| -> Vec<u128> {
        let said = |range: &Range<usize>| text.0.get(bytes(text, range)).unwrap_or_default();
        stretches.iter().map(|range| fingerprint(said(range).as_bytes())).collect()
    };
    let hunks = hunks(said(old, &old_stretches), said(new, &new_stretches));
    for (old_hunk, new_hunk) in hunks {
        let words = |stretches: &[Range<usize>], hunk: &Range<usize>, all: usize| {
            let at = |index: usize| stretches.get(index).map_or(all, |range| range.start);
            at(hunk.start)..at(hunk.end)
        };
        let olds = words(&old_stretches, &old_hunk, old.1.len());
        let news = words(&new_stretches, &new_hunk, new.1.len());
        if olds.len() + news.len() <= WORDS_MOST {
            by_words(old, new, (olds, news), edits);
        } else {
            push(old, WordEdit { old: bytes(old, &olds), new: bytes(new, &news) }, edits);
        }
    }
}

/// The words of a text in stretches that follow one another.
fn stretches((text, words): Text<'_>) -> Vec<Range<usize>> {
    let mut stretches = Vec::new();
    let mut begin = 0;
    for (index, word) in words.iter().enumerate() {
        let length = index + 1 - begin;
        let chosen =
            fingerprint(text.get(word.clone()).unwrap_or_default().as_bytes()).is_multiple_of(CHOSEN);
        if length >= *STRETCH.end() || chosen && length >= *STRETCH.start() {
            stretches.push(begin..index + 1);
            begin = index + 1;
        }
    }
    if begin < words.len() {
        stretches.push(begin..words.len());
    }
    stretches
}

/// What of two lists is not in the other, as ranges of both.
fn hunks<T: Default + Eq + std::hash::Hash>(old: Vec<T>, new: Vec<T>) -> Vec<(Range<usize>, Range<usize>)> {
    let mut input = InternedInput::default();
    input.update_before(old.into_iter());
    input.update_after(new.into_iter());
    let range = |range: &Range<u32>| range.start as usize..range.end as usize;
    let diff = Diff::compute(Algorithm::Myers, &input);
    diff.hunks().map(|hunk| (range(&hunk.before), range(&hunk.after))).collect()
}

/// Adds an edit, to the last one where hardly anything stands between.
fn push((old, _): Text<'_>, edit: WordEdit, edits: &mut Vec<WordEdit>) {
    match edits.last_mut() {
        Some(last) if joins(old.get(last.old.end..edit.old.start).unwrap_or_default()) => {
            (last.old.end, last.new.end) = (edit.old.end, edit.new.end);
        }
        _ => edits.push(edit),
    }
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
            let parts = [&old[at..edit.old.start], "[", &old[edit.old.clone()], "|", &new[edit.new], "]"];
            out += &parts.concat();
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

    #[test]
    fn long_texts_are_compared_by_stretches_and_what_differs_by_words() {
        let text = |other: usize| -> String {
            let word = |number: usize| {
                if number % other == 7 { "X".to_owned() } else { format!("w{}", number * number % 9_973) }
            };
            (0..40_000).map(word).collect::<Vec<_>>().join(" ")
        };
        let (old, new) = (text(usize::MAX - 7), text(5_000));
        let edits = word_edits(&old, &new);
        // The seventh word is another one in both.
        assert_eq!(edits.len(), 7);
        assert!(edits.iter().all(|edit| &new[edit.new.clone()] == "X"));
        let backwards: String = old.split(' ').rev().collect::<Vec<_>>().join(" ");
        assert!(!word_edits(&old, &backwards).is_empty());
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
