//! The parts of one piece in a row, merged by looking at all pairs each time.

use wide::f32x4;

use super::vocabulary::{NONE, Vocabulary};

/// Less than `N` parts, at most 255.
///
/// They are numbered from 1 on; place 0 and the place after the last hold what merges with nothing. What a pair would make
/// and where it stands are one number, so that the least says what comes next. These numbers are compared as floating-point
/// ones, since those are what a vector of any x86-64 processor knows the lesser of; for normal positive numbers the order
/// is the same.
pub struct Row<const N: usize> {
    keys: [f32; N],
    tokens: [u32; N],
    before: [u8; N],
    after: [u8; N],
    /// The byte at which each begins, in place 0 where the last ends.
    begins: [u8; N],
    /// How many there are.
    pub count: u64,
}

impl<const N: usize> Row<N> {
    const MASK: usize = N - 1;

    #[inline]
    fn key(made: u32, at: usize) -> f32 {
        f32::from_bits(f32::MIN_POSITIVE.to_bits() + (made << N.ilog2() | at as u32))
    }

    /// The parts of a piece before anything is merged, unless they are too many.
    #[inline]
    pub fn new(vocabulary: &Vocabulary, piece: &[u8]) -> Option<Self> {
        let mut row = Self {
            keys: [Self::key(NONE, 0); N],
            tokens: [NONE; N],
            before: [0; N],
            after: [0; N],
            begins: [0; N],
            count: 0,
        };
        let (mut last, mut at, mut width) = (0, 0, 0);
        while let Some(byte) = piece.get(at) {
            let place = last + 1;
            if place == N {
                return None;
            }
            let (token, next) = first(vocabulary, piece, at, *byte);
            // Most parts are single bytes, and pairs of those have a table of their own.
            let made = match piece.get(at.wrapping_sub(1)) {
                Some(left) if width == 1 && next == 1 => vocabulary.double(*left, *byte),
                _ => vocabulary.merged(row.tokens[last], token),
            };
            row.keys[last] = Self::key(made, last);
            row.tokens[place] = token;
            row.before[place] = last as u8;
            row.after[last] = place as u8;
            row.begins[place] = at as u8;
            last = place;
            width = next;
            at += width;
        }
        row.after[last] = ((last + 1) & Self::MASK) as u8;
        row.begins[0] = at as u8;
        row.count = last as u64;
        Some(row)
    }

    /// Merges what comes next; whether there was anything. Without a branch, so that two rows can take turns: in a row in
    /// which nothing is left to merge it changes neither the tokens nor their order.
    #[inline]
    pub fn merge(&mut self, vocabulary: &Vocabulary) -> bool {
        let best = least(&self.keys).to_bits() - f32::MIN_POSITIVE.to_bits();
        let (made, at) = (best >> N.ilog2(), best as usize & Self::MASK);
        let next = usize::from(self.after[at]) & Self::MASK;
        let second = usize::from(self.after[next]) & Self::MASK;
        let previous = usize::from(self.before[at]) & Self::MASK;
        self.count -= u64::from(made != NONE);
        self.tokens[at] = made;
        self.after[at] = second as u8;
        self.before[second] = at as u8;
        self.keys[next] = Self::key(NONE, 0);
        self.keys[at] = Self::key(vocabulary.merged(made, self.tokens[second]), at);
        self.keys[previous] = Self::key(vocabulary.merged(self.tokens[previous], made), previous);
        made != NONE
    }

    /// Gives the tokens in their order, and how many bytes each has, to `each`.
    pub fn each(&self, mut each: impl FnMut((u32, usize))) {
        let mut at = 1;
        for number in 1..=self.count {
            let next = usize::from(self.after[at]) & Self::MASK;
            let end = if number == self.count { self.begins[0] } else { self.begins[next] };
            each((self.tokens[at], usize::from(end - self.begins[at])));
            at = next;
        }
    }
}

/// What merging begins with at a byte: its token; or that of a whole character, where no token that is made before it
/// begins or ends within it.
#[inline]
fn first(vocabulary: &Vocabulary, piece: &[u8], at: usize, byte: u8) -> (u32, usize) {
    let width = match byte {
        0xc2..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => return (vocabulary.single(byte), 1),
    };
    let byte_at = |at: usize| piece.get(at).copied();
    let mut token = byte_at(at + 1).map_or(NONE, |second| vocabulary.double(byte, second));
    let mut last = at + 1;
    if width == 3 {
        last = at + 2;
        token = byte_at(last).map_or(NONE, |third| vocabulary.merged(token, vocabulary.single(third)));
    }
    let edge = |left: Option<u8>, right: Option<u8>| match (left, right) {
        (Some(left), Some(right)) => vocabulary.edge(left, right),
        _ => NONE,
    };
    let around =
        edge(at.checked_sub(1).and_then(byte_at), Some(byte)).min(edge(byte_at(last), byte_at(last + 1)));
    if token < around { (token, width) } else { (vocabulary.single(byte), 1) }
}

/// The least of numbers that are no NaN.
#[inline]
fn least<const N: usize>(numbers: &[f32; N]) -> f32 {
    let (vectors, _) = numbers.as_chunks::<4>();
    let least =
        vectors.iter().fold(f32x4::splat(f32::MAX), |least, vector| least.fast_min(f32x4::new(*vector)));
    let [a, b, c, d] = least.to_array();
    let lesser = |left: f32, right: f32| if left < right { left } else { right };
    lesser(lesser(a, b), lesser(c, d))
}
