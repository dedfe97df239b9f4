//! What two sets share: a bound from their marks at once, and the exact count.

/// A set in 128 bits: a bit is whether an odd number of shingles fall on it.
///
/// Sets that differ in d shingles have marks that differ in at most d bits, so marks that differ much cannot be of sets
/// that are alike (the bitmap filter of Sandes, Teodoro and Melo, "Bitmap filter", Information Systems 88, 2020).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Mark(u128);

impl Mark {
    /// The mark of a set.
    pub(super) fn of(set: &[u64]) -> Self {
        // The low bits of a key are bits of the shingle's hash.
        Self(set.iter().fold(0, |mark, key| mark ^ (1 << (key & 127))))
    }

    /// No more shingles than this are shared by sets of these sizes and marks.
    pub(super) fn most_shared(self, other: Self, a: u32, b: u32) -> u32 {
        (a + b).saturating_sub((self.0 ^ other.0).count_ones()) / 2
    }
}

/// How many keys two sorted sets share, or `None` when these are fewer than `least`.
pub(super) fn shared(a: &[u64], b: &[u64], least: u32) -> Option<u32> {
    let mut shared = 0;
    let (mut left, mut right) = (a, b);
    while let (Some(one), Some(two)) = (left.first(), right.first()) {
        if shared + left.len().min(right.len()) < least as usize {
            return None;
        }
        shared += usize::from(one == two);
        left = &left[usize::from(one <= two)..];
        right = &right[usize::from(two <= one)..];
    }
    u32::try_from(shared).ok().filter(|shared| *shared >= least)
}
