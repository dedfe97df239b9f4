//! The vocabulary tables that the build script made, asked in place: nothing is read or built when the program starts.

use std::hint::select_unpredictable;

use super::hash::{self, Key};
use super::split;

/// No token: the greatest number that a slot holds. It merges with nothing.
pub const NONE: u32 = (1 << hash::TOKEN_BITS) - 1;

/// A perfect hash made by the build script; see `hash`.
struct Table {
    slots: &'static [[u8; 4]],
    displacements: &'static [[u8; 2]],
    slots_log2: u32,
}

impl Table {
    const fn new(slots: &'static [u8], displacements: &'static [u8]) -> Self {
        let slots = slots.as_chunks().0;
        Self { slots, displacements: displacements.as_chunks().0, slots_log2: slots.len().ilog2() }
    }

    /// The token whose key may have this hash; the caller compares the key.
    #[inline]
    fn find(&self, hash: u64) -> Option<usize> {
        let displacement = self.displacements.get(hash::bucket(hash, self.slots_log2))?;
        let slot = self.slots.get(hash::slot(hash, u16::from_le_bytes(*displacement), self.slots_log2))?;
        let slot = u32::from_le_bytes(*slot);
        (slot >> hash::TOKEN_BITS == hash::tag(hash))
            .then_some((slot & ((1 << hash::TOKEN_BITS) - 1)) as usize)
    }
}

/// Tokens are numbered by rank: of two merges the smaller number comes first.
pub struct Vocabulary {
    single: &'static [[u8; 4]; 1 << 8],
    /// What is known of two bytes in a row, by these bytes, little-endian.
    twos: &'static [[u8; 4]; 1 << 16],
    /// Tokens that fit a key, as keys in a perfect hash; an empty slot is the key of no bytes.
    short: &'static [[u8; 16]],
    short_displacements: &'static [[u8; 2]],
    /// The other tokens: their bytes end to end, where each begins.
    long: &'static [u8],
    long_begins: &'static [[u8; 4]],
    long_table: Table,
    splits: &'static [[u8; 8]],
    /// Left token, right token and what they are merged to, in a perfect hash; all ones in an empty slot.
    pairs: &'static [[u8; 8]],
    /// How many slots, as a power of two: asked for at each merge.
    pairs_log2: u32,
    pair_displacements: &'static [[u8; 2]],
    seams: &'static [u8],
    /// The first token that begins or ends within a character beside a seam, by the bytes around it.
    edges: &'static [[u8; 4]],
    /// What begins with two spaces is a token only if merging says so.
    merges_spaces: bool,
    /// How many of the tokens merging makes.
    tokens: u32,
}

/// Bytes that begin with a cache line, so that no slot lies in two.
#[repr(C, align(64))]
struct Aligned<const N: usize>([u8; N]);

macro_rules! made {
    ($name:literal, $table:literal) => {{
        const BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".", $table));
        static TABLE: Aligned<{ BYTES.len() }> =
            Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".", $table)));
        TABLE.0.as_slice()
    }};
}

/// A table of as many numbers as its type says.
#[expect(clippy::expect_used, reason = "a table of another length is found out when this is compiled")]
const fn numbers<const N: usize>(bytes: &'static [u8]) -> &'static [[u8; 4]; N] {
    bytes.as_chunks().0.first_chunk().expect("the build script writes them all")
}

macro_rules! vocabulary {
    ($name:literal) => {
        Vocabulary {
            single: numbers(made!($name, "single")),
            twos: numbers(made!($name, "twos")),
            short: made!($name, "short").as_chunks().0,
            short_displacements: made!($name, "short.displacements").as_chunks().0,
            long: made!($name, "long"),
            long_begins: made!($name, "long.begins").as_chunks().0,
            long_table: Table::new(made!($name, "long.slots"), made!($name, "long.displacements")),
            splits: made!($name, "splits").as_chunks().0,
            pairs: made!($name, "pairs").as_chunks().0,
            pairs_log2: (made!($name, "pairs").len() / 8).ilog2(),
            pair_displacements: made!($name, "pairs.displacements").as_chunks().0,
            seams: made!($name, "seams"),
            edges: made!($name, "edges").as_chunks().0,
            merges_spaces: false,
            tokens: NONE,
        }
    };
}

pub static CL100K: Vocabulary = vocabulary!("cl100k");
pub static O200K: Vocabulary = vocabulary!("o200k");
pub static P50K: Vocabulary = P50K_WHOLE;
const P50K_WHOLE: Vocabulary = vocabulary!("p50k");
/// `p50k_base` without its last tokens, which are spaces in a row; every other token is the same
/// (<https://github.com/openai/tiktoken/blob/main/tiktoken_ext/openai_public.py>, 2026-11-21).
pub static R50K: Vocabulary = {
    const TOKENS: u32 = 50_256;
    Vocabulary { tokens: TOKENS, merges_spaces: true, ..P50K_WHOLE }
};

impl Vocabulary {
    /// The token of one byte.
    #[inline]
    pub fn single(&self, byte: u8) -> u32 {
        u32::from_le_bytes(self.single[usize::from(byte)])
    }

    /// Whether the bytes of this key are one token.
    #[inline]
    pub fn has_short(&self, key: Key) -> bool {
        if self.merges_spaces && key.low as u16 == u16::from_le_bytes(*b"  ") {
            return false;
        }
        let (hash, slots_log2) = (key.hash(), self.short.len().ilog2());
        let Some(displacement) = self.short_displacements.get(hash::bucket(hash, slots_log2)) else {
            return false;
        };
        let slot = self.short.get(hash::slot(hash, u16::from_le_bytes(*displacement), slots_log2));
        let held = slot.map_or(0, |slot| u128::from_le_bytes(*slot));
        held == u128::from(key.low) | u128::from(key.high) << 64
    }

    /// Whether these bytes, more than fit a key, are one token.
    pub fn has_long(&self, bytes: &[u8]) -> bool {
        if self.merges_spaces && bytes.starts_with(b"  ") {
            return false;
        }
        let Some(number) = self.long_table.find(hash::of_bytes(bytes)) else { return false };
        let Some(&[begin, end]) = self.long_begins.get(number..number + 2) else { return false };
        self.long.get(u32::from_le_bytes(begin) as usize..u32::from_le_bytes(end) as usize) == Some(bytes)
    }

    /// Whether some token may go on between these characters; `last` is the last byte of the left one, `first` the first
    /// of the right one.
    #[inline]
    pub fn joins(&self, left: u32, right: u32, last: u8, first: u8) -> bool {
        let bit = hash::seam(left, right);
        let may = self.seams.get(bit >> 3).is_none_or(|byte| byte >> (bit & 7) & 1 != 0);
        may || self.edge(last, first) < NONE
    }

    /// The parts of a piece, cut where no token goes on.
    pub fn cut<'a>(&'a self, piece: &'a [u8]) -> Cut<'a> {
        Cut { vocabulary: self, piece, begin: 0, at: 0, left: 0 }
    }

    /// The first token that goes on between these bytes, of which the second begins a character, and begins or ends
    /// within a character beside them.
    #[inline]
    pub fn edge(&self, last: u8, first: u8) -> u32 {
        self.edges.get(hash::edge(last, first)).map_or(0, |token| u32::from_le_bytes(*token).min(NONE))
    }

    /// What is known of these two bytes.
    #[inline]
    pub fn two(&self, left: u8, right: u8) -> Two {
        Two(u32::from_le_bytes(self.twos[usize::from(u16::from_le_bytes([left, right]))]))
    }

    /// The token that these two bytes are merged to.
    #[inline]
    pub fn double(&self, left: u8, right: u8) -> u32 {
        let token = self.two(left, right).token();
        if token < self.tokens { token } else { NONE }
    }

    /// Whether there are tokens in the tables that this vocabulary has not: what [`Two`] says may be of them.
    #[inline]
    pub const fn is_part(&self) -> bool {
        self.tokens < NONE
    }

    /// The token that these two are merged to.
    #[inline]
    pub fn merged(&self, left: u32, right: u32) -> u32 {
        let hash = hash::of_pair(left, right);
        // What is beside the first and the last token is asked for often: all of that in one place, which is at hand.
        let hash = select_unpredictable(left.max(right) == NONE, 0, hash);
        let displacement = self.pair_displacements.get(hash::bucket(hash, self.pairs_log2));
        let displacement = displacement.map_or(0, |displacement| u16::from_le_bytes(*displacement));
        let slot = self.pairs.get(hash::slot(hash, displacement, self.pairs_log2));
        let slot = slot.map_or(u64::MAX, |slot| u64::from_le_bytes(*slot));
        let pair = u64::from(left) << hash::TOKEN_BITS | u64::from(right);
        let token = (slot & ((1 << hash::TOKEN_BITS) - 1)) as u32;
        // Without branches: whether two tokens are merged cannot be foretold.
        let token = select_unpredictable(slot >> hash::TOKEN_BITS == pair, token, NONE);
        select_unpredictable(token < self.tokens, token, NONE)
    }

    /// The tokens that a token is merged from, none for one byte.
    #[inline]
    pub fn split(&self, token: u32) -> Option<(u32, u32)> {
        let both = u64::from_le_bytes(*self.splits.get(token as usize)?);
        let (left, right) = (both as u32, (both >> 32) as u32);
        (left < NONE).then_some((left, right))
    }
}

/// What is known of two bytes in a row.
#[derive(Clone, Copy)]
pub struct Two(u32);

impl Two {
    /// Nothing goes on there.
    pub const NONE: Self = Self(u32::MAX);

    /// The token that they are merged to.
    #[inline]
    pub const fn token(self) -> u32 {
        self.0 & NONE
    }

    /// The step of the rank of their token. What is in a lesser step has a lesser rank.
    #[inline]
    pub const fn made(self) -> i32 {
        (self.token() >> hash::STEP_LOG2).cast_signed()
    }

    /// The step of the rank of the first token that goes on between two such bytes.
    #[inline]
    pub const fn first(self) -> i32 {
        (self.0 >> hash::TOKEN_BITS).cast_signed()
    }
}

/// Where the parts of a piece begin and end.
pub struct Cut<'a> {
    vocabulary: &'a Vocabulary,
    piece: &'a [u8],
    /// Where the next part begins.
    begin: usize,
    /// How far it is known to go on, and the character before that.
    at: usize,
    left: u32,
}

impl Iterator for Cut<'_> {
    type Item = (usize, usize);

    #[inline]
    fn next(&mut self) -> Option<(usize, usize)> {
        let begin = self.begin;
        while let Some(first) = self.piece.get(self.at) {
            let (right, width) = split::point(self.piece, self.at);
            if self.at > begin && right >= 0x80 {
                let last = self.piece.get(self.at - 1).copied().unwrap_or_default();
                if !self.vocabulary.joins(self.left, right, last, *first) {
                    self.begin = self.at;
                    return Some((begin, self.at));
                }
            }
            self.at += width;
            self.left = right;
        }
        self.begin = self.piece.len();
        (begin < self.begin).then_some((begin, self.begin))
    }
}
