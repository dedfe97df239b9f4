//! Merging: the tokens of a piece that is no token itself.
//!
//! Of all pairs of neighbours the one that makes the token of the lowest rank is merged, the leftmost of equals, until
//! no pair makes a token.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::hash::KEY_BYTES;
use super::row::Row;
use super::vocabulary::{NONE, Vocabulary};
use super::word::Word;

/// Bytes that are merged at once of a longer piece.
const WINDOW: usize = 255;
/// Bytes at the end of a window whose tokens may change with what comes after it; some choice, for it is looked whether
/// they do.
const MARGIN: usize = 32;
/// Tokens before a window that can be taken back.
const KEPT: usize = 1 << 10;

/// A token and its bytes.
type Part = (u32, usize);

/// Merges by one vocabulary.
pub struct Merger {
    vocabulary: &'static Vocabulary,
}

impl Merger {
    pub fn new(vocabulary: &'static Vocabulary) -> Self {
        Self { vocabulary }
    }

    /// Tokens of a piece.
    pub fn count(&self, piece: &[u8]) -> u64 {
        if piece.len() <= KEY_BYTES {
            let [count, _] = self.words(piece, &[]);
            return count;
        }
        match characters(piece) {
            0..16 => self.one::<16>(piece),
            16..32 => self.one::<32>(piece),
            _ => self.one::<64>(piece),
        }
    }

    fn words(&self, left: &[u8], right: &[u8]) -> [u64; 2] {
        let (mut first, mut second) = (Word::new(self.vocabulary, left), Word::new(self.vocabulary, right));
        if first.count.max(second.count) <= 8 {
            while first.merge::<8>(self.vocabulary) | second.merge::<8>(self.vocabulary) {}
        } else {
            while first.merge::<16>(self.vocabulary) | second.merge::<16>(self.vocabulary) {}
        }
        [first.count, second.count]
    }

    /// Tokens of two pieces, merged in turns: while the one waits for memory, the other goes on.
    pub fn both(&self, left: &[u8], right: &[u8]) -> [u64; 2] {
        if left.len().max(right.len()) <= KEY_BYTES {
            return self.words(left, right);
        }
        match characters(left).max(characters(right)) {
            0..16 => self.two::<16>(left, right),
            16..32 => self.two::<32>(left, right),
            _ => self.two::<64>(left, right),
        }
    }

    fn one<const N: usize>(&self, piece: &[u8]) -> u64 {
        match Row::<N>::new(self.vocabulary, piece) {
            Some(mut row) => {
                while row.merge(self.vocabulary) {}
                row.count
            }
            // Characters that are tokens of several bytes each.
            None if N < 64 => self.one::<64>(piece),
            None => self.long(piece),
        }
    }

    fn two<const N: usize>(&self, left: &[u8], right: &[u8]) -> [u64; 2] {
        let (first, second) = (Row::<N>::new(self.vocabulary, left), Row::<N>::new(self.vocabulary, right));
        let (Some(mut first), Some(mut second)) = (first, second) else {
            return [self.one::<64>(left), self.one::<64>(right)];
        };
        while first.merge(self.vocabulary) | second.merge(self.vocabulary) {}
        [first.count, second.count]
    }

    /// Merges a piece of any length by windows, and joins them where no merge would cross.
    ///
    /// Tokens in a row are those of their bytes exactly when each two neighbours are (the lemma of the `bpe` crate,
    /// <https://github.com/github/rust-gems/blob/main/crates/bpe/README.md>, 2026-11-21). So the last of a window are left to the
    /// next, and where that does not fit, tokens are taken back and the window grows.
    fn long(&self, piece: &[u8]) -> u64 {
        let mut kept: VecDeque<Part> = VecDeque::new();
        let (mut count, mut at, mut reach) = (0, 0, WINDOW);
        let mut parts = Vec::new();
        loop {
            let end = reach.min(piece.len());
            parts.clear();
            self.parts(piece.get(at..end).unwrap_or_default(), &mut parts);
            if let (Some((last, length)), Some((first, _))) = (kept.back().copied(), parts.first().copied()) {
                if !self.stand(last, first) {
                    kept.pop_back();
                    count -= 1;
                    at -= length;
                    continue;
                }
            } else if at > 0 {
                // More was taken back than is kept: never seen, and as right as anything.
                parts.clear();
                self.queue(piece, &mut parts);
                return parts.len() as u64;
            }
            if end == piece.len() {
                return count + parts.len() as u64;
            }
            for part in &parts {
                if at + part.1 + MARGIN > end {
                    break;
                }
                at += part.1;
                count += 1;
                kept.push_back(*part);
            }
            kept.drain(..kept.len().saturating_sub(KEPT));
            reach = at + WINDOW;
        }
    }

    fn parts(&self, bytes: &[u8], parts: &mut Vec<Part>) {
        let row = if bytes.len() <= WINDOW { Row::<256>::new(self.vocabulary, bytes) } else { None };
        match row {
            Some(mut row) => {
                while row.merge(self.vocabulary) {}
                row.each(|part| parts.push(part));
            }
            None => self.queue(bytes, parts),
        }
    }

    /// Whether two tokens in a row are the tokens of their bytes: no pair across is merged before its parts are made.
    fn stand(&self, mut left: u32, mut right: u32) -> bool {
        let mut limit = NONE;
        loop {
            if self.vocabulary.merged(left, right) < limit {
                return false;
            }
            // Undo the later of the two merges; of equals the left one came first.
            let (left_parts, right_parts) = (self.vocabulary.split(left), self.vocabulary.split(right));
            (left, right, limit) = match (left_parts, right_parts) {
                (Some((_, part)), _) if left > right || right_parts.is_none() => (part, right, left),
                (_, Some((part, _))) => (left, part, right + 1),
                _ => return true,
            };
        }
    }

    /// Merges any number of bytes by a queue of pairs.
    fn queue(&self, bytes: &[u8], parts: &mut Vec<Part>) {
        let end = bytes.len();
        let mut tokens: Vec<u32> = bytes.iter().map(|byte| self.vocabulary.single(*byte)).collect();
        let mut made = vec![NONE; end];
        let mut after: Vec<usize> = (1..=end).collect();
        let mut before: Vec<usize> = (0..end).map(|at| at.saturating_sub(1)).collect();
        let mut queue = BinaryHeap::new();
        for (at, pair) in tokens.windows(2).enumerate() {
            if let [left, right] = *pair {
                made[at] = self.vocabulary.merged(left, right);
                queue.push(Reverse((made[at], at)));
            }
        }
        while let Some(Reverse((token, at))) = queue.pop() {
            if token == NONE || made[at] != token {
                continue;
            }
            let next = after[at];
            let second = after[next];
            tokens[at] = token;
            tokens[next] = NONE;
            made[next] = NONE;
            made[at] = NONE;
            after[at] = second;
            if second < end {
                before[second] = at;
                made[at] = self.vocabulary.merged(token, tokens[second]);
                queue.push(Reverse((made[at], at)));
            }
            if at > 0 {
                let previous = before[at];
                made[previous] = self.vocabulary.merged(tokens[previous], token);
                queue.push(Reverse((made[previous], previous)));
            }
        }
        let mut at = 0;
        while at < end {
            parts.push((tokens[at], after[at] - at));
            at = after[at];
        }
    }
}

/// How many characters begin in a piece.
fn characters(piece: &[u8]) -> usize {
    piece.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}
