//! The hashes of the vocabulary tables, shared by the build script that makes them and the program that asks them.
//!
//! A table is a perfect hash by displacement (Belazzougui, Botelho, Dietzfelbinger 2009, <https://cmph.sourceforge.net/papers/esa09.pdf>): a key's bucket
//! names a displacement, and with it every key of the vocabulary has a slot of its own. So a question is one look at a
//! small array and one at the slots. Poor spreading of strange keys costs nothing: what is not in the table is found out
//! by comparing.

/// Bits of a slot that hold the number of a token; the others hold a tag of the key's hash.
pub const TOKEN_BITS: u32 = 18;

/// Slots to a bucket, as a power of two: some six keys share a displacement.
pub const SLOTS_TO_A_BUCKET_LOG2: u32 = 3;

/// 2^64 divided by the golden ratio, odd (Knuth, The Art of Computer Programming 3, 6.4).
pub const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Another odd number with bits all over: 2^64 divided by the square root of two.
const SECOND: u64 = 0xb504_f333_f9de_6485;

/// Both halves of the product, folded.
#[inline]
const fn fold(left: u64, right: u64) -> u64 {
    let product = left as u128 * right as u128;
    product as u64 ^ (product >> 64) as u64
}

/// Longest text that a key of two words holds.
pub const KEY_BYTES: usize = 15;

/// At most [`KEY_BYTES`] bytes as two words: the bytes, and at the top how many they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The first eight bytes, little-endian.
    pub low: u64,
    /// The others, and the length in the low half of the top byte.
    pub high: u64,
}

/// For each length, which bits of the two words hold bytes; none of them for what is longer than a key.
const MASKS: [[u64; 2]; KEY_BYTES + 2] = {
    let mut masks = [[0; 2]; KEY_BYTES + 2];
    let mut length = 0;
    while length <= KEY_BYTES {
        masks[length] = [
            if length >= 8 { u64::MAX } else { (1 << (8 * length)) - 1 },
            if length > 8 { (1 << (8 * (length - 8))) - 1 } else { 0 },
        ];
        length += 1;
    }
    masks
};

impl Key {
    /// The key of the first `length` of these bytes; if they are more than [`KEY_BYTES`], one that nothing has.
    #[inline]
    pub const fn of(bytes: &[u8; 16], length: usize) -> Self {
        let both = u128::from_le_bytes(*bytes);
        let length = if length > KEY_BYTES { KEY_BYTES + 1 } else { length };
        let [low, high] = MASKS[length];
        Self { low: both as u64 & low, high: (both >> 64) as u64 & high | (length as u64) << 56 }
    }

    /// The hash by which the vocabulary tables know it.
    #[inline]
    pub const fn hash(self) -> u64 {
        fold(self.low ^ GOLDEN, self.high ^ SECOND)
    }
}

/// The first bytes of a text, zeros after them if there are less.
#[inline]
pub fn padded(text: &[u8]) -> [u8; 16] {
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(text) {
        *to = *from;
    }
    bytes
}

/// Bits that say between which characters a token of the vocabulary may be cut, as a power of two.
pub const SEAMS_LOG2: u32 = 18;

/// The bit of two characters in a row.
#[inline]
pub const fn seam(left: u32, right: u32) -> usize {
    let key = (left as u64) << 32 | right as u64;
    (key.wrapping_mul(GOLDEN) >> (64 - SEAMS_LOG2)) as usize
}

/// The number of the bytes around a seam, below 2^14: any byte before it, after it the first one of a character. All of
/// ASCII is one there, in the place of 0xc0, with which no character begins.
#[inline]
pub const fn edge(last: u8, first: u8) -> usize {
    let first = if first < 0x80 { 0 } else { first & 0x3f };
    (last as usize) << 6 | first as usize
}

/// Tokens to a step, as a power of two: where a token and the rank of another share four bytes, the rank is told in steps.
pub const STEP_LOG2: u32 = 2 * TOKEN_BITS - 32;

/// The hash of a token's bytes.
#[inline]
pub fn of_bytes(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut state = fold(bytes.len() as u64 ^ GOLDEN, GOLDEN);
    for word in words {
        state = fold(state ^ u64::from_le_bytes(*word), GOLDEN);
    }
    let mut last = [0; 8];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    fold(state ^ u64::from_le_bytes(last), GOLDEN)
}

/// The hash of two tokens in a row.
#[inline]
pub const fn of_pair(left: u32, right: u32) -> u64 {
    let key = (left as u64) << 32 | right as u64;
    fold(key ^ GOLDEN, GOLDEN)
}

/// The bucket of a hash in a table of `1 << slots_log2` slots.
#[inline]
pub const fn bucket(hash: u64, slots_log2: u32) -> usize {
    (hash >> (64 + SLOTS_TO_A_BUCKET_LOG2 - slots_log2)) as usize
}

/// The slot of a hash whose bucket has that displacement.
#[inline]
pub const fn slot(hash: u64, displacement: u16, slots_log2: u32) -> usize {
    let step = (hash >> 20) | 1;
    let place = hash.wrapping_add(step.wrapping_mul(displacement as u64));
    (place & ((1 << slots_log2) - 1)) as usize
}

/// What of a hash stands beside the token in its slot.
#[inline]
pub const fn tag(hash: u64) -> u32 {
    (hash >> 34) as u32 & ((1 << (32 - TOKEN_BITS)) - 1)
}
