//! What kinds of characters occur in a text at all: one quick pass, after which most questions need no look of their own.
//!
//! Plain words pass at several bytes a cycle; only blocks with a sign are looked at closely.

use std::ops::BitOr;

use wide::u8x16;

/// A set of signs that may occur in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Signs(u32);

impl Signs {
    /// `<`.
    pub const LESS: Self = Self(1);
    /// `{`.
    pub const BRACE: Self = Self(1 << 1);
    /// `[`.
    pub const BRACKET: Self = Self(1 << 2);
    /// `&`.
    pub const AMPERSAND: Self = Self(1 << 3);
    /// `:`.
    pub const COLON: Self = Self(1 << 4);
    /// A line feed.
    pub const LINE_FEED: Self = Self(1 << 5);
    /// A control character of ASCII other than tab, line feed and carriage return.
    pub const CONTROL: Self = Self(1 << 6);
    /// Anything but ASCII.
    pub const NON_ASCII: Self = Self(1 << 7);
    /// `@`.
    pub const AT: Self = Self(1 << 8);
    /// Seven digits within 33 bytes, and sometimes within 64.
    pub const DIGITS: Self = Self(1 << 9);
    /// What addresses of machines are made of: three full stops between digits, two colons side by side, or six colons
    /// within 33 bytes, and sometimes within 64.
    pub const ADDRESS: Self = Self(1 << 10);
    /// `_`.
    pub const UNDERSCORE: Self = Self(1 << 11);
    /// A letter and a digit of ASCII side by side.
    pub const MIXED_WORD: Self = Self(1 << 12);
    /// The number of bits in use.
    pub const BITS: u32 = 13;
    /// Those that one byte decides, wherever it stands.
    pub const OF_BYTES: Self = Self(0x1ff | 1 << 11);

    /// What occurs in `text`.
    pub fn of(text: &[u8]) -> Self {
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        let mut scan = Scan::default();
        for block in blocks {
            scan.look(block);
        }
        if !rest.is_empty() {
            // No text gets a sign by blanks behind it.
            let mut last = [b' '; BLOCK];
            last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            scan.look(&last);
        }
        scan.finish()
    }

    /// The bits, of which the lowest [`Signs::BITS`] are in use.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether one of `others` is among these.
    #[must_use]
    pub const fn has_any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }
}

impl BitOr for Signs {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

const BLOCK: usize = 32;

/// The pass: what is found so far, and what of the block before matters for the next. A set of places has one bit a byte.
#[derive(Default)]
struct Scan {
    signs: Signs,
    /// Where in blocks the signs of the second kind stood.
    ats: u8x16,
    underscores: u8x16,
    /// The last byte of the block before.
    last: u8,
    digits: u32,
    stops: u32,
    colons: u32,
}

impl Scan {
    #[expect(clippy::inline_always, reason = "a call for each block costs a third of the speed")]
    #[inline(always)]
    fn look(&mut self, block: &[u8; BLOCK]) {
        // Without branches over blocks of one length, which the compiler turns into vectors; most blocks have no sign, which
        // is seen in half the time.
        let signs = if block.iter().fold(0, |any, byte| any | may_have_sign(*byte)) == 0 {
            0
        } else {
            block.iter().fold(0, |signs, byte| signs | of_byte(*byte))
        };
        self.signs.0 |= u32::from(signs);
        let [first, second] = halves(block);
        self.ats |= is(first, b'@') | is(second, b'@');
        self.underscores |= is(first, b'_') | is(second, b'_');
        if u32::from(signs) & Signs::COLON.0 == 0 {
            self.colons = 0;
        } else {
            let colons = places(block, |bytes| is(bytes, b':'));
            let in_both = both(self.colons, colons);
            self.put(in_both & in_both << 1 != 0 || in_both.count_ones() >= 6, Signs::ADDRESS);
            self.colons = colons;
        }
        if (among(first, b'0', b'9') | among(second, b'0', b'9')).to_bitmask() != 0 {
            self.look_at_digits(block);
        } else if self.digits != 0 {
            self.put(self.last.is_ascii_digit() && block[0].is_ascii_alphabetic(), Signs::MIXED_WORD);
            self.digits = 0;
        }
        self.last = block[BLOCK - 1];
    }

    #[inline(never)]
    fn look_at_digits(&mut self, block: &[u8; BLOCK]) {
        let digits = places(block, |bytes| among(bytes, b'0', b'9'));
        let letters = places(block, |bytes| among(bytes | u8x16::splat(0x20), b'a', b'z'));
        // The first byte has its neighbour in the block before.
        let beside = (self.last.is_ascii_alphabetic() && block[0].is_ascii_digit())
            || (self.last.is_ascii_digit() && block[0].is_ascii_alphabetic());
        self.put(digits & (letters << 1 | letters >> 1) != 0 || beside, Signs::MIXED_WORD);
        let stops = places(block, |bytes| is(bytes, b'.'));
        let in_both = both(self.digits, digits);
        // Of a block without digits the full stops are not known, and of those only the last may be between two.
        let before = if self.digits == 0 { u32::from(self.last == b'.') << 31 } else { self.stops };
        let between = both(before, stops) & in_both << 1 & in_both >> 1;
        self.put(in_both.count_ones() >= 7, Signs::DIGITS);
        self.put(between.count_ones() >= 3, Signs::ADDRESS);
        (self.digits, self.stops) = (digits, stops);
    }

    #[inline]
    fn put(&mut self, there: bool, sign: Signs) {
        self.signs.0 |= if there { sign.0 } else { 0 };
    }

    fn finish(mut self) -> Signs {
        self.put(self.ats.to_bitmask() != 0, Signs::AT);
        self.put(self.underscores.to_bitmask() != 0, Signs::UNDERSCORE);
        self.signs
    }
}

/// Whether a byte may have a sign of the first kind: whether it is none of those of plain text.
fn may_have_sign(byte: u8) -> u8 {
    // `[` and `{` differ in one bit; the last are all but printable ASCII.
    u8::from(byte & !0x20 == b'[')
        | u8::from(byte == b'<')
        | u8::from(byte == b':')
        | u8::from(byte == b'&')
        | u8::from(byte.wrapping_sub(b' ') >= 0x7f - b' ')
}

/// The signs of the first kind, which have the lowest eight bits.
fn of_byte(byte: u8) -> u8 {
    let bit = |there: bool, place: u8| u8::from(there) << place;
    bit(byte == b'<', 0)
        | bit(byte == b'{', 1)
        | bit(byte == b'[', 2)
        | bit(byte == b'&', 3)
        | bit(byte == b':', 4)
        | bit(byte == b'\n', 5)
        | bit((byte < 0x20 && byte != b'\n' && byte != b'\t' && byte != b'\r') || byte == 0x7f, 6)
        | (byte & 0x80)
}

/// The places of `set` in two blocks.
fn both(before: u32, now: u32) -> u64 {
    u64::from(before) | u64::from(now) << 32
}

#[inline]
fn halves(block: &[u8; BLOCK]) -> [u8x16; 2] {
    let (halves, _) = block.as_chunks::<16>();
    [0, 1].map(|at| halves.get(at).map_or(u8x16::ZERO, |half| u8x16::new(*half)))
}

/// The places of the bytes that `of` marks.
#[inline]
fn places(block: &[u8; BLOCK], of: impl Fn(u8x16) -> u8x16) -> u32 {
    let [first, second] = halves(block);
    of(first).to_bitmask() | of(second).to_bitmask() << 16
}

#[inline]
fn is(bytes: u8x16, byte: u8) -> u8x16 {
    bytes.simd_eq(u8x16::splat(byte))
}

#[inline]
fn among(bytes: u8x16, first: u8, last: u8) -> u8x16 {
    let offset = bytes - u8x16::splat(first);
    offset.min(u8x16::splat(last - first)).simd_eq(offset)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The signs that one byte decides.
    fn of_byte(byte: u8) -> Signs {
        match byte {
            b'<' => Signs::LESS,
            b'{' => Signs::BRACE,
            b'[' => Signs::BRACKET,
            b'&' => Signs::AMPERSAND,
            b':' => Signs::COLON,
            b'\n' => Signs::LINE_FEED,
            b'@' => Signs::AT,
            b'_' => Signs::UNDERSCORE,
            b'\t' | b'\r' => Signs::default(),
            0..0x20 | 0x7f => Signs::CONTROL,
            0x80.. => Signs::NON_ASCII,
            _ => Signs::default(),
        }
    }

    #[test]
    fn signs_are_found_wherever_they_stand() {
        for length in [1, 2, 15, 16, 17, 31, 32, 33, 70] {
            for place in 0..length {
                for byte in 0..=255u8 {
                    let mut text = vec![b' '; length];
                    text[place] = byte;
                    assert_eq!(Signs::of(&text), of_byte(byte), "{byte} at {place} of {length}");
                }
            }
        }
        assert_eq!(Signs::of(b""), Signs::default());
        let plain = "The plain text, of no note; \t\r!?.)/\\\"'}]>|`#*-+=~%$^ 0";
        assert_eq!(Signs::of(plain.as_bytes()), Signs::default());
    }

    #[test]
    fn what_stands_together_is_found_in_any_place() {
        for before in 0..70 {
            let after = |text: &str| Signs::of(format!("{}{text} and so on", " ".repeat(before)).as_bytes());
            assert!(after("0123 456").has_any(Signs::DIGITS), "{before}");
            assert!(after("0-1-2-3-4-5-6").has_any(Signs::DIGITS), "{before}");
            assert!(after("0 1             2 3            4 5 6").has_any(Signs::DIGITS) || before % 32 > 0);
            assert!(!after("012 345 ").has_any(Signs::DIGITS | Signs::MIXED_WORD), "{before}");
            assert!(after("1.2.3.4").has_any(Signs::ADDRESS), "{before}");
            assert!(after("123.234.134.245").has_any(Signs::ADDRESS), "{before}");
            assert!(!after("1.2.3 4.").has_any(Signs::ADDRESS), "{before}");
            assert!(after("2a::1").has_any(Signs::ADDRESS), "{before}");
            assert!(after("aaaa:bbbb:cccc:dddd:eeee:ffff:aaaa:bbbb").has_any(Signs::ADDRESS), "{before}");
            assert!(!after("10:20:30 a: b:").has_any(Signs::ADDRESS), "{before}");
            assert!(after("a1").has_any(Signs::MIXED_WORD), "{before}");
            assert!(after("1a").has_any(Signs::MIXED_WORD), "{before}");
            assert!(!after("a 1-a").has_any(Signs::MIXED_WORD), "{before}");
        }
    }

    proptest! {
        #[test]
        fn the_quick_way_says_what_the_plain_way_says(text in "[ a-c0-2:@_.<{\\[&\né-]{0,140}") {
            let bytes = text.as_bytes();
            let signs = Signs::of(bytes);
            let plain = bytes.iter().fold(0, |all, byte| all | of_byte(*byte).0);
            prop_assert_eq!(signs.0 & Signs::OF_BYTES.0, plain);
            let mixed = bytes.windows(2).any(|pair| {
                (pair[0].is_ascii_digit() && pair[1].is_ascii_alphabetic())
                    || (pair[1].is_ascii_digit() && pair[0].is_ascii_alphabetic())
            });
            prop_assert_eq!(signs.has_any(Signs::MIXED_WORD), mixed);
            let within = |length: usize| bytes.windows(length.min(bytes.len().max(1))).any(|window| {
                window.iter().filter(|byte| byte.is_ascii_digit()).count() >= 7
            });
            prop_assert!(!within(33) || signs.has_any(Signs::DIGITS));
            prop_assert!(within(64) || !signs.has_any(Signs::DIGITS));
        }
    }
}
