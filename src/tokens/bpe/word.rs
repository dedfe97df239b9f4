//! The parts of one short piece, such as a word.

use std::hint::select_unpredictable;

use wide::i32x4;

use super::hash::{KEY_BYTES, padded};
use super::vocabulary::{NONE, Two, Vocabulary};

/// Parts of at most [`KEY_BYTES`] bytes in a row.
///
/// They are numbered from 1 on; place 0 and the place after the last hold what merges with nothing.
pub struct Word {
    /// What each makes with the next, and where it stands: the least says what comes next.
    keys: [u64; 17],
    tokens: [u32; 17],
    before: [u8; 17],
    after: [u8; 17],
    /// How many there are.
    pub count: u64,
}

/// Bits of a key that say where.
const PLACE_BITS: u32 = 4;
/// The key of what makes nothing.
const NOTHING: u64 = (NONE as u64) << PLACE_BITS;

/// What two parts make and where they stand; of 64 bits, since of these no compiler takes the least by vectors, which would wait
/// for each key that was just written.
#[inline]
fn key(made: u32, place: usize) -> u64 {
    u64::from(made) << PLACE_BITS | place as u64
}

impl Word {
    /// The parts of a piece of at most [`KEY_BYTES`] bytes after the merges that can be told at a glance: those of two bytes
    /// that come before any merge of one of them with what stands beside it. Whatever else is merged, it meets them merged.
    #[inline]
    pub fn new(vocabulary: &Vocabulary, piece: &[u8]) -> Self {
        let (bytes, length) = (padded(piece), piece.len().min(KEY_BYTES));
        // Of each byte and the next; nothing is beside the first and the last.
        let mut twos = [Two::NONE; 18];
        for at in 1..=KEY_BYTES {
            twos[at] = vocabulary.two(bytes[at - 1], bytes[at]);
        }
        twos[length] = Two::NONE;
        let (made, first) = (twos.map(Two::made), twos.map(Two::first));
        let mut merged = 0_u32;
        for at in [0, 4, 8, 12] {
            let four = |steps: &[i32; 18], at: usize| {
                i32x4::new([steps[at], steps[at + 1], steps[at + 2], steps[at + 3]])
            };
            let made = four(&made, at + 1);
            let sure = (made - four(&first, at)) & (made - four(&first, at + 2));
            // A difference below zero is negative.
            merged |= sure.to_bitmask() << at;
        }
        if vocabulary.is_part() {
            let known = |at: &usize| vocabulary.double(bytes[*at], bytes[at + 1]) < NONE;
            merged &= (0..KEY_BYTES).filter(known).map(|at| 1 << at).sum::<u32>();
        }
        let mut word = Self {
            keys: [NOTHING; 17],
            tokens: [NONE; 17],
            before: [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
            after: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 16],
            count: 0,
        };
        // Of two neighbours only one comes before the other, so no byte is in two merges.
        let mut begins = !(merged << 1) & ((1 << length) - 1);
        let (mut place, mut last) = (0, NONE);
        while begins != 0 {
            let at = begins.trailing_zeros() as usize & 15;
            begins &= begins - 1;
            // Without a branch: which it is cannot be foretold.
            let both = merged >> at & 1 != 0;
            let token = select_unpredictable(both, twos[at + 1].token(), vocabulary.single(bytes[at]));
            word.keys[place & 15] = key(vocabulary.merged(last, token), place);
            place += 1;
            word.tokens[place & 15] = token;
            last = token;
        }
        word.count = place as u64;
        word
    }

    /// Merges what comes next of at most `N` parts; whether there was anything. Without a branch, so that two words can take
    /// turns: in a word in which nothing is left to merge it changes neither the tokens nor their order.
    #[inline]
    pub fn merge<const N: usize>(&mut self, vocabulary: &Vocabulary) -> bool {
        let least = |left: u64, right: u64| select_unpredictable(left < right, left, right);
        let of_four = |at: usize| {
            least(least(self.keys[at], self.keys[at + 1]), least(self.keys[at + 2], self.keys[at + 3]))
        };
        let mut best = least(of_four(0), of_four(4));
        if N > 8 {
            best = least(best, least(of_four(8), of_four(12)));
        }
        let (made, at) = ((best >> PLACE_BITS) as u32, best as usize & 15);
        let next = usize::from(self.after[at]) & 15;
        let second = usize::from(self.after[next]) & 15;
        let previous = usize::from(self.before[at]) & 15;
        self.count -= u64::from(made != NONE);
        self.tokens[at] = made;
        self.after[at] = second as u8;
        self.before[second] = at as u8;
        self.keys[next] = NOTHING;
        self.keys[at] = key(vocabulary.merged(made, self.tokens[second]), at);
        self.keys[previous] = key(vocabulary.merged(self.tokens[previous], made), previous);
        made != NONE
    }
}
