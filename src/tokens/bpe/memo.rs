//! A bounded memory of pieces that come again, one for each thread and vocabulary.
//!
//! What is remembered is compared whole, so that a count never depends on what was counted before; only the time it takes
//! does. A short text asks for little memory: it grows with what is kept, up to 2.5 MiB.

use std::hint::select_unpredictable;

use super::hash::{self, GOLDEN, Key};

/// Pairs of places for short pieces, at first and at most.
const SHORTS: [usize; 2] = [1 << 12, 1 << 16];
/// Places for longer pieces, at first and at most.
const LONGS: [usize; 2] = [1 << 9, 1 << 13];
/// How much larger a memory gets that is full.
const GROWTH: usize = 4;

/// Longest piece that is remembered: its length and its tokens take two bytes more of a cache line.
const LONG: usize = LINE - 2;
/// Bytes of a cache line.
const LINE: usize = 64;

/// Bits at the top of the second word of a short piece that hold its tokens, above its length.
const COUNT_BITS: u32 = 4;

/// The memory of one thread for one vocabulary.
pub struct Memo {
    /// Two places next to each other, in each the two words of a key, with the count of tokens at the top.
    shorts: Places<4>,
    /// The bytes of a piece, its length and its tokens.
    longs: Places<8>,
}

impl Memo {
    pub fn new() -> Self {
        Self { shorts: Places::new(SHORTS[0]), longs: Places::new(LONGS[0]) }
    }

    /// Short pieces, to be looked up.
    #[inline]
    pub fn shorts(&self) -> Shorts<'_> {
        Shorts(self.shorts.all())
    }

    /// Remembers a short piece, which has at most a token a byte; of two in its place the older goes.
    pub fn keep_short(&mut self, key: Key, tokens: u64) {
        if let Some(grown) = self.shorts.grown(SHORTS[1]) {
            let old = std::mem::replace(&mut self.shorts, grown);
            for [low, high, second_low, second_high] in old.all() {
                for (low, high) in [(*second_low, *second_high), (*low, *high)] {
                    let (key, tokens) = (Key { low, high: high << COUNT_BITS >> COUNT_BITS }, count(high));
                    if tokens > 0 {
                        self.keep_short(key, tokens);
                    }
                }
            }
        }
        if let Some(pair) = self.shorts.place(hash_of(key)) {
            *pair = [key.low, key.high | tokens << (64 - COUNT_BITS), pair[0], pair[1]];
        }
    }

    /// The tokens of a longer piece, 0 if it is not remembered.
    pub fn long(&self, piece: &[u8]) -> u64 {
        let words = words(piece, 0);
        let held = self.longs.at(hash::of_bytes(piece)).copied().unwrap_or_default();
        let [.., wanted] = words;
        let [.., last] = held;
        let same = held[..7] == words[..7] && (last ^ wanted) << 8 == 0 && piece.len() <= LONG;
        if same { last >> 56 } else { 0 }
    }

    /// Remembers a longer piece, unless it is too long; of two in its place the older goes.
    pub fn keep_long(&mut self, piece: &[u8], tokens: u64) {
        if piece.len() > LONG {
            return;
        }
        if let Some(grown) = self.longs.grown(LONGS[1]) {
            let old = std::mem::replace(&mut self.longs, grown);
            for held in old.all() {
                let bytes: Vec<u8> = held.iter().flat_map(|word| word.to_le_bytes()).collect();
                let length = bytes.get(LONG).map_or(0, |length| usize::from(*length));
                if length > 0 {
                    self.keep_long(bytes.get(..length).unwrap_or_default(), held[7] >> 56);
                }
            }
        }
        if let Some(held) = self.longs.place(hash::of_bytes(piece)) {
            *held = words(piece, tokens);
        }
    }
}

/// Short pieces that are remembered.
#[derive(Clone, Copy)]
pub struct Shorts<'a>(&'a [[u64; 4]]);

impl Shorts<'_> {
    /// The tokens of a short piece, 0 if it is not remembered.
    #[inline]
    pub fn tokens(self, key: Key) -> u64 {
        let Some([low, high, second_low, second_high]) = self.0.get(index(hash_of(key), self.0.len())) else {
            return 0;
        };
        // Without branches: which of the two it is cannot be foretold.
        let held = |low: u64, high: u64, other: u64| {
            let different = (low ^ key.low) | (high ^ key.high) << COUNT_BITS;
            select_unpredictable(different == 0, high, other)
        };
        count(held(*low, *high, held(*second_low, *second_high, 0)))
    }
}

#[inline]
fn count(high: u64) -> u64 {
    high >> (64 - COUNT_BITS)
}

#[inline]
fn hash_of(key: Key) -> u64 {
    (key.low ^ key.high.rotate_left(29)).wrapping_mul(GOLDEN)
}

/// The place of a hash among a power of two: by its upper bits, which are the best ones after a multiplication.
#[inline]
fn index(hash: u64, places: usize) -> usize {
    (hash >> 44) as usize & places.wrapping_sub(1)
}

/// A longer piece as it is remembered.
fn words(piece: &[u8], tokens: u64) -> [u64; 8] {
    let mut bytes = [0; LINE];
    if let Some(to) = bytes.get_mut(..piece.len()) {
        to.copy_from_slice(piece);
    }
    bytes[LONG] = piece.len() as u8;
    bytes[LONG + 1] = tokens as u8;
    let mut words = [0; 8];
    for (to, from) in words.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *to = u64::from_le_bytes(*from);
    }
    words
}

/// Places of `N` words, none of them in more cache lines than need be: zeros from the system, which it gives when they are
/// touched.
struct Places<const N: usize> {
    words: Vec<u64>,
    /// Where the first cache line begins.
    begin: usize,
    places: usize,
    kept: usize,
}

impl<const N: usize> Places<N> {
    fn new(places: usize) -> Self {
        let words = vec![0_u64; places * N + LINE / 8];
        let begin = words.as_ptr().align_offset(LINE).min(LINE / 8);
        Self { words, begin, places, kept: 0 }
    }

    #[inline]
    fn all(&self) -> &[[u64; N]] {
        let places = self.words.get(self.begin..).unwrap_or_default().as_chunks().0;
        places.get(..self.places).unwrap_or_default()
    }

    #[inline]
    fn at(&self, hash: u64) -> Option<&[u64; N]> {
        self.all().get(index(hash, self.places))
    }

    /// A place to keep something in.
    fn place(&mut self, hash: u64) -> Option<&mut [u64; N]> {
        self.kept += 1;
        let places = self.words.get_mut(self.begin..).unwrap_or_default().as_chunks_mut().0;
        places.get_mut(index(hash, self.places))
    }

    /// More places, empty ones, if as much was kept as there is room for, and there can be more.
    fn grown(&self, most: usize) -> Option<Self> {
        (self.kept >= self.places && self.places < most).then(|| Self::new((self.places * GROWTH).min(most)))
    }
}
