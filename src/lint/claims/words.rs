//! Clauses and the words with a meaning in them.

use xxhash_rust::xxh3::xxh3_64;

use super::vocabulary::{self, EMPHASIS, EMPTY};
use crate::text::normalize::normalize_into;
use crate::text::shingle;

/// A clause of an answer, with what is needed of it again and again.
pub(super) struct Clause<'a> {
    /// As it was written.
    pub(super) text: &'a str,
    /// In the normal form.
    pub(super) normal: String,
    /// Its words in the normal form.
    pub(super) words: Vec<String>,
}

/// Longest clause that is looked at, in bytes: what goes on longer is no sentence.
const LONGEST: usize = 400;

/// The clauses of a text: sentences and lines.
pub(super) fn clauses(text: &str) -> Vec<Clause<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (clause, behind) = rest.split_at(clause_end(rest));
        rest = behind;
        let clause = clause.trim();
        if clause.is_empty() || clause.len() > LONGEST {
            continue;
        }
        if is_code(clause) {
            continue;
        }
        let normal = normal(clause);
        let words = words(&normal);
        if !words.is_empty() {
            found.push(Clause { text: clause, normal, words });
        }
    }
    found
}

/// Whether a clause is code, in which numbers and negations mean something else: a call without a space, or signs that prose
/// does without.
fn is_code(clause: &str) -> bool {
    let mut before = ' ';
    clause.chars().any(|letter| {
        let call = letter == '(' && (before.is_alphanumeric() || before == '_');
        before = letter;
        call || matches!(letter, '{' | '}' | '=' | '|' | '\\')
    })
}

/// Where the first clause of a text ends: behind a line, or behind the mark of a sentence that a space follows.
fn clause_end(text: &str) -> usize {
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let ends = match letter {
            '\n' | '。' | '！' | '？' | ';' | '；' => true,
            '.' | '!' | '?' => letters.peek().is_none_or(|(_, next)| next.is_whitespace()),
            _ => false,
        };
        if ends {
            return at + letter.len_utf8();
        }
    }
    text.len()
}

/// The normal form of a text.
pub(super) fn normal(text: &str) -> String {
    let mut bytes = Vec::new();
    normalize_into(text, &mut bytes);
    // It is UTF-8, since the text was.
    String::from_utf8(bytes).unwrap_or_default().replace('\u{2019}', "'")
}

/// The words of a text in the normal form.
pub(super) fn words(normal: &str) -> Vec<String> {
    let mut words = Vec::new();
    shingle::words(normal, |word| words.push(word.to_owned()));
    words
}

/// A word without the ending that English gives it in the sentence; rough, since both sides are treated alike.
pub(super) fn stem(word: &str) -> &str {
    if !word.is_ascii() {
        return word;
    }
    let ending = ["'s", "ing", "ied", "ies", "es", "ed", "s", "e"]
        .into_iter()
        .find(|ending| word.len() >= ending.len() + 3 && word.ends_with(ending));
    ending.and_then(|ending| word.strip_suffix(ending)).unwrap_or(word)
}

/// Whether a word says what a clause is about.
pub(super) fn has_topic(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(|first| !first.is_numeric())
        && !vocabulary::has(EMPTY, word)
        && !vocabulary::has(EMPHASIS, word)
        && !vocabulary::denies(word)
}

/// What words are about: hashes of stems, sorted, each once.
pub(super) fn topic<'a>(words: impl Iterator<Item = &'a str>) -> Box<[u64]> {
    let mut topic: Vec<u64> =
        words.filter(|word| has_topic(word)).map(|word| xxh3_64(stem(word).as_bytes())).collect();
    topic.sort_unstable();
    topic.dedup();
    topic.into()
}

/// Words in both topics.
pub(super) fn shared(one: &[u64], other: &[u64]) -> usize {
    one.iter().filter(|word| other.binary_search(word).is_ok()).count()
}

/// Whether two clauses with a number speak of one thing: half of the words of the shorter one, or nothing but the number
/// stands in one of them.
pub(super) fn touch(one: &[u64], other: &[u64]) -> bool {
    let both = shared(one, other);
    one.is_empty() || other.is_empty() || both > 0 && both * 2 >= one.len().min(other.len())
}

/// Whether two statements are the same but for a negation: all words, of two at least, or three quarters of more.
pub(super) fn agree(one: &[u64], other: &[u64]) -> bool {
    let both = shared(one, other);
    let all = one.len() + other.len() - both;
    both >= 2 && both == all || both >= 3 && both * 4 >= all * 3
}
