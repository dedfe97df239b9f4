//! Byte-pair encoding: the tokens of a text counted as tiktoken's `encode_ordinary` counts them, for any text.
//!
//! A text is split into pieces (`block` for plain ASCII, `split` for everything), and the tokens of a piece are remembered
//! (`memo`), or it is a token (`vocabulary`), or it is merged (`merge`); whole texts that come again are remembered, too.
//! The tables are made by the build script, so that nothing is read or built when the program starts.
#![allow(clippy::cast_possible_truncation, reason = "places below 256, tokens of 18 bits, halves of words")]

mod block;
mod class;
mod hash;
mod memo;
mod merge;
mod row;
mod sheet;
mod split;
mod vocabulary;
mod word;

use std::cell::RefCell;

use hash::{KEY_BYTES, Key, padded};
use memo::Memo;
use merge::Merger;
use sheet::{PLACES, Sheet};
use split::{Cl100k, O200k, Pattern, R50k};
use vocabulary::Vocabulary;

use crate::text::memory::{Clue, Memory};

/// The vocabularies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// `cl100k_base`: gpt-4, gpt-3.5-turbo, text-embedding-3.
    Cl100k,
    /// `o200k_base`: gpt-4o and later. `o200k_harmony` has other control tokens and counts texts alike.
    O200k,
    /// `p50k_base`: text-davinci-003, code-davinci.
    P50k,
    /// `r50k_base`: davinci, gpt2.
    R50k,
}

thread_local! {
    static MEMOS: RefCell<[Option<Box<Counting>>; 4]> = const { RefCell::new([None, None, None, None]) };
}

impl Encoding {
    /// Tokens of a text.
    pub fn count(self, text: &str) -> u64 {
        MEMOS.with_borrow_mut(|memos| {
            let counting = Counting::new;
            match (self, memos) {
                (Self::Cl100k, [memo, ..]) => {
                    memo.get_or_insert_with(|| counting(&vocabulary::CL100K)).text::<Cl100k>(text)
                }
                (Self::O200k, [_, memo, ..]) => {
                    memo.get_or_insert_with(|| counting(&vocabulary::O200K)).text::<O200k>(text)
                }
                (Self::P50k, [.., memo, _]) => {
                    memo.get_or_insert_with(|| counting(&vocabulary::P50K)).text::<R50k>(text)
                }
                (Self::R50k, [.., memo]) => {
                    memo.get_or_insert_with(|| counting(&vocabulary::R50K)).text::<R50k>(text)
                }
            }
        })
    }
}

/// Whole texts that one thread remembers: up to 2 MiB, and most often a few system prompts. Enough that a prompt is seldom
/// pushed out by the other texts of its row.
const TEXTS: usize = 64;

/// One vocabulary, and what one thread remembers of it.
struct Counting {
    texts: Memory<u64>,
    known: Known,
    sheet: Sheet,
    /// Pieces of the sheet that are not in the memory, and whether each is a token.
    unknown: [u16; PLACES],
    whole: [bool; PLACES],
}

impl Counting {
    fn new(vocabulary: &'static Vocabulary) -> Box<Self> {
        let known = Known { vocabulary, memo: Memo::new(), merger: Merger::new(vocabulary) };
        let texts = Memory::new(TEXTS);
        Box::new(Self { texts, known, sheet: Sheet::new(), unknown: [0; PLACES], whole: [false; PLACES] })
    }

    /// Tokens of a whole text, which may be remembered.
    fn text<P: Pattern>(&mut self, text: &str) -> u64 {
        let Some(clue) = Clue::of(text) else { return self.count::<P>(text.as_bytes()) };
        self.texts.get(clue, text).unwrap_or_else(|| {
            let tokens = self.count::<P>(text.as_bytes());
            self.texts.note(clue, text, || tokens);
            tokens
        })
    }

    fn count<P: Pattern>(&mut self, text: &[u8]) -> u64 {
        let (mut at, mut tokens) = (0, 0);
        while at < text.len() {
            let long = self.sheet.split::<P>(text, at, self.known.vocabulary);
            tokens += self.sheet();
            at += self.sheet.end();
            if let Some(end) = long {
                tokens += self.known.cut(text.get(at..end).unwrap_or_default());
                at = end;
            }
        }
        tokens
    }

    /// Tokens of the pieces of the sheet.
    ///
    /// First all are looked up in the memory, without a branch for each, so that the processor need not wait for one to
    /// begin with the next; then, likewise, those that were not found in the vocabulary. The others are merged two by two.
    #[inline]
    fn sheet(&mut self) -> u64 {
        let Self { known, sheet, unknown, whole, .. } = self;
        let (mut tokens, mut strange, mut begin) = (0, 0, 0);
        let shorts = known.memo.shorts();
        for (number, end) in sheet.begins().iter().skip(1).enumerate() {
            let end = usize::from(*end);
            let found = shorts.tokens(sheet.key(begin, end - begin));
            tokens += found;
            unknown[strange & (PLACES - 1)] = number as u16;
            strange += usize::from(found == 0);
            begin = end;
        }
        for (number, whole) in unknown.iter().zip(&mut *whole).take(strange) {
            let (begin, end) = sheet.span(*number);
            *whole = known.vocabulary.has_short(sheet.key(begin, end - begin));
        }
        // Short ones wait for a short one: those are merged in another way.
        let mut waiting = [None, None];
        for (number, whole) in unknown.iter().zip(&*whole).take(strange) {
            let (begin, end) = sheet.span(*number);
            let piece = sheet.bytes(begin, end);
            let key = sheet.key(begin, piece.len());
            let other = &mut waiting[usize::from(piece.len() > KEY_BYTES)];
            if let Some(found) = known.unmerged(key, piece, *whole) {
                tokens += found;
            } else if let Some((first_key, first)) = other.take() {
                let [left, right] = known.merger.both(first, piece);
                known.keep(first_key, first, left);
                known.keep(key, piece, right);
                tokens += left + right;
            } else {
                *other = Some((key, piece));
            }
        }
        for (key, piece) in waiting.into_iter().flatten() {
            let count = known.merger.count(piece);
            known.keep(key, piece, count);
            tokens += count;
        }
        tokens
    }
}

/// What is known of pieces.
struct Known {
    vocabulary: &'static Vocabulary,
    memo: Memo,
    merger: Merger,
}

impl Known {
    /// Tokens of a piece that need not be merged whole: one that is in the memory by now, is a token (of one that fits a key,
    /// `whole` says so), or can be cut.
    fn unmerged(&mut self, key: Key, piece: &[u8], whole: bool) -> Option<u64> {
        let long = piece.len() > KEY_BYTES;
        let tokens = if long { self.memo.long(piece) } else { self.memo.shorts().tokens(key) };
        if tokens > 0 {
            return Some(tokens);
        }
        let tokens = if whole || long && self.vocabulary.has_long(piece) {
            1
        } else if long || piece.is_ascii() || self.vocabulary.cut(piece).next() == Some((0, piece.len())) {
            return None;
        } else {
            self.cut(piece)
        };
        self.keep(key, piece, tokens);
        Some(tokens)
    }

    /// Tokens of a piece of any length, cut where nothing is merged across.
    fn cut(&mut self, piece: &[u8]) -> u64 {
        let vocabulary = self.vocabulary;
        vocabulary.cut(piece).map(|(begin, end)| self.part(piece.get(begin..end).unwrap_or_default())).sum()
    }

    /// Tokens of a part that can be cut nowhere.
    fn part(&mut self, part: &[u8]) -> u64 {
        let key = Key::of(&padded(part), part.len());
        let tokens = self.memo.shorts().tokens(key);
        if tokens > 0 {
            return tokens;
        }
        let whole = self.vocabulary.has_short(key);
        self.unmerged(key, part, whole).unwrap_or_else(|| {
            let tokens = self.merger.count(part);
            self.keep(key, part, tokens);
            tokens
        })
    }

    fn keep(&mut self, key: Key, piece: &[u8], tokens: u64) {
        if piece.len() > KEY_BYTES {
            self.memo.keep_long(piece, tokens);
        } else {
            self.memo.keep_short(key, tokens);
        }
    }
}
