//! Splits plain ASCII 64 bytes at a time: the patterns of `split` as arithmetic on sets of positions.
//!
//! A set is a word with one bit a byte, as in simdjson (Langdale, Lemire 2019, <https://arxiv.org/abs/1902.08318>). A block
//! begins where a piece begins, so nothing before it matters; what its end leaves open is left to the next block. What
//! these sets do not know ends the block as if it were not ASCII: `split` knows everything.

use wide::u8x16;

use super::split::Pattern;

/// Bytes to a block.
pub const BLOCK: usize = 64;

/// Where pieces begin in a block.
pub struct Pieces {
    /// One bit for each byte where a piece begins; the first is always set.
    pub begins: u64,
    /// Where the last piece ends, 0 if not even the first piece is certain.
    pub end: usize,
}

/// The positions below `end`.
#[inline]
const fn below(end: usize) -> u64 {
    if end >= 64 { u64::MAX } else { (1 << end) - 1 }
}

/// Positions by kind of byte.
struct Kinds {
    foreign: u64,
    letter: u64,
    /// Of letters, those that are small.
    small: u64,
    digit: u64,
    space: u64,
    newline: u64,
    white: u64,
    quote: u64,
}

impl Kinds {
    #[inline]
    fn of(block: &[u8; BLOCK]) -> Self {
        let mut kinds =
            Self { foreign: 0, letter: 0, small: 0, digit: 0, space: 0, newline: 0, white: 0, quote: 0 };
        for (at, bytes) in block.as_chunks::<16>().0.iter().enumerate() {
            let bytes = u8x16::new(*bytes);
            let add = |set: &mut u64, these: u8x16| *set |= u64::from(these.to_bitmask()) << (16 * at);
            let among = |bytes: u8x16, first: u8, last: u8| {
                let offset = bytes - u8x16::splat(first);
                offset.min(u8x16::splat(last - first)).simd_eq(offset)
            };
            let is = |byte: u8| bytes.simd_eq(u8x16::splat(byte));
            add(&mut kinds.foreign, bytes);
            add(&mut kinds.letter, among(bytes | u8x16::splat(0x20), b'a', b'z'));
            // Of letters: the bit that small ones have, moved to where masks are taken from.
            let twice = bytes + bytes;
            add(&mut kinds.small, twice + twice);
            add(&mut kinds.digit, among(bytes, b'0', b'9'));
            add(&mut kinds.space, is(b' '));
            add(&mut kinds.newline, is(b'\n') | is(b'\r'));
            add(&mut kinds.white, is(b' ') | among(bytes, b'\t', b'\r'));
            add(&mut kinds.quote, is(b'\''));
        }
        kinds
    }
}

/// The positions of slashes.
#[inline]
fn slashes(block: &[u8; BLOCK]) -> u64 {
    let sixteen = |bytes: &[u8; 16]| u64::from(u8x16::new(*bytes).simd_eq(u8x16::splat(b'/')).to_bitmask());
    block.as_chunks().0.iter().rev().fold(0, |set, bytes| set << 16 | sixteen(bytes))
}

/// Splits the first `known` bytes of a block that begins with a piece; `last` if the text ends there.
#[inline]
pub fn split<P: Pattern>(block: &[u8; BLOCK], known: usize, last: bool) -> Pieces {
    let kinds = Kinds::of(block);
    let mut end = known;
    let foreign = kinds.foreign & below(known);
    if foreign != 0 {
        end = foreign.trailing_zeros() as usize;
    }
    let newline = if P::OLD { 0 } else { kinds.newline & below(end) };
    let mark = !(kinds.letter | kinds.digit | kinds.white) & below(end);
    // Line ends directly after marks go with them, and slashes after those.
    let joined = if P::OLD {
        0
    } else {
        let first = (mark << 1) & newline;
        newline & !newline.wrapping_add(first)
    };
    if P::CASED && joined != 0 {
        let tangled = slashes(block) & (joined << 1) & below(end);
        if tangled != 0 {
            end = tangled.trailing_zeros() as usize;
        }
    }
    let whole = last && end == known;
    let inside = below(end);
    let (letter, digit, space) = (kinds.letter & inside, kinds.digit & inside, kinds.space & inside);
    let (white, mut mark) = (kinds.white & inside, mark & inside);
    let blank = white & !newline;
    // Every position where the text goes on without white space.
    let dense = letter | digit | mark;

    let mut begins = 1;
    let mut quote = kinds.quote & inside & (letter >> 1);
    if P::CASED {
        // A contraction goes with the word before it.
        quote &= letter << 1;
    } else {
        quote &= !((mark | space) << 1);
    }
    let (mut short, mut taken) = (0, 0);
    if quote != 0 {
        let mut free = 0;
        while quote != 0 {
            let at = quote.trailing_zeros() as usize;
            quote &= quote - 1;
            let length = contraction(block, at, end, !P::OLD);
            // A word takes one contraction with it: a quote directly after that is none.
            if length != 0 && (at > free || !P::CASED) {
                free = at + length;
                begins |= 1_u64.checked_shl(free as u32).unwrap_or(0);
                short |= 1 << at;
                taken |= below(free) & !below(at);
            }
        }
        if P::CASED {
            mark &= !taken;
        }
    }

    let letters = letter & !(letter << 1);
    let marks = mark & !(mark << 1);
    begins |= marks & !(space << 1);
    if P::OLD {
        begins |= letters & !((space | short) << 1);
        begins |= digit & !(digit << 1) & !(space << 1);
    } else {
        // One mark before a word goes with it, unless it goes with the space before it.
        let drawn = marks & (letter >> 1) & !(space << 1);
        begins |= letters & !((blank | drawn | if P::CASED { short } else { 0 }) << 1);
        let mut threes = digit & !(digit << 1);
        while threes != 0 {
            begins |= threes;
            threes = (threes << 3) & digit & (digit << 1) & (digit << 2);
        }
    }
    if P::CASED {
        begins |= letter & !kinds.small & ((letter & kinds.small) << 1) & !taken;
    }
    // White space: what is not joined begins a piece, and its last blank another that what follows may take.
    let white = white & !joined;
    begins |= white & !(white << 1);
    begins |= blank & (dense >> 1);
    let dense_end = end_of(dense);
    let mut certain = if whole { end } else { dense_end.min(end.saturating_sub(3)) };
    if !P::OLD {
        // Blanks after the last line end begin a piece; blanks between line ends are left to `split`.
        let after = blank & (newline << 1);
        let between = blank.wrapping_add(after) & !blank & newline;
        if between != 0 {
            certain = certain.min(end_of(dense & below(between.trailing_zeros() as usize)));
        }
        begins |= if whole && !P::CASED { after & below(dense_end) } else { after };
    }
    if whole && certain == end {
        return Pieces { begins: begins & inside, end };
    }
    // The last piece stays open: the next block begins with it.
    let begins = begins & below(certain + 1);
    let end = 63 - begins.leading_zeros() as usize;
    Pieces { begins: begins & below(end), end }
}

/// The position after the last of a set.
#[inline]
const fn end_of(set: u64) -> usize {
    64 - set.leading_zeros() as usize
}

/// The length of the contraction that begins with the quote at `at`, or 0.
#[inline]
fn contraction(block: &[u8; BLOCK], at: usize, end: usize, any_case: bool) -> usize {
    let small = |at: usize| match block.get(at) {
        Some(byte) if at < end => {
            if any_case {
                byte.to_ascii_lowercase()
            } else {
                *byte
            }
        }
        _ => 0,
    };
    match (small(at + 1), small(at + 2)) {
        (b's' | b'd' | b'm' | b't', _) => 2,
        (b'l', b'l') | (b'v' | b'r', b'e') => 3,
        _ => 0,
    }
}
