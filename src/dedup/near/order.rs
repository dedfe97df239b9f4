//! The order of shingles, rarest first: sets show their rarest shingles, and few others show the same.
//!
//! Shingles are counted in slots, chosen by their first bits, and a slot's rank among all (by count) takes the place of
//! these bits. So a key is as good as its shingle (nothing is lost), and plain numbers are in the order that is wanted.
//! Shingles that share a slot count for one another; that costs some speed, never a pair.

/// Slots are as many as shingles, within 2^10 and 2^24 (64 MB while sets are put in order).
const SLOT_BITS: std::ops::RangeInclusive<u32> = 10..=24;

/// Counts of shingles, over sets that each have a shingle once.
pub(super) struct Counts {
    bits: u32,
    slots: Vec<u32>,
}

impl Counts {
    /// Room for so many shingles in all.
    pub(super) fn new(shingles: u64) -> Self {
        let bits = (u64::BITS - shingles.leading_zeros()).clamp(*SLOT_BITS.start(), *SLOT_BITS.end());
        Self { bits, slots: vec![0; 1 << bits] }
    }

    /// Counts the shingles of one set.
    pub(super) fn add(&mut self, set: &[u64]) {
        for shingle in set {
            let slot = &mut self.slots[first(*shingle, self.bits)];
            *slot = slot.saturating_add(1);
        }
    }

    /// The order by count, and by slot where counts are equal.
    pub(super) fn order(self) -> Order {
        // Beyond this, counts are no longer told apart.
        const MOST: u32 = 1 << 16;
        let mut slots = self.slots;
        // How many slots have a smaller count.
        let mut below = vec![0_u32; MOST as usize + 2];
        slots.iter_mut().for_each(|count| {
            *count = (*count).min(MOST);
            below[*count as usize + 1] += 1;
        });
        for count in 1..below.len() {
            below[count] += below[count - 1];
        }
        let first_with = |count: u32| {
            let key = u128::from(below[count as usize]) << (u64::BITS - self.bits);
            u64::try_from(key).unwrap_or(u64::MAX)
        };
        let (repeated, frequent) = (first_with(2), first_with(FREQUENT));
        let mut next = below;
        for count in &mut slots {
            let rank = &mut next[*count as usize];
            *count = *rank;
            *rank += 1;
        }
        Order { bits: self.bits, ranks: slots, repeated, frequent }
    }
}

/// Shingles of so many sets are worth to be looked up by size, too.
const FREQUENT: u32 = if cfg!(test) { 4 } else { 64 };

/// Turns shingles into keys.
pub(super) struct Order {
    bits: u32,
    ranks: Vec<u32>,
    /// Smaller keys are of shingles that no second set has.
    pub(super) repeated: u64,
    /// Keys from here on are of shingles that many sets may have.
    pub(super) frequent: u64,
}

impl Order {
    /// Replaces the shingles of a set by their keys, sorted.
    pub(super) fn apply(&self, set: &mut [u64]) {
        let rest = u64::BITS - self.bits;
        for shingle in &mut *set {
            let rank = u64::from(self.ranks[first(*shingle, self.bits)]);
            *shingle = (rank << rest) | (*shingle & ((1 << rest) - 1));
        }
        set.sort_unstable();
    }
}

/// The first bits of a shingle.
#[allow(clippy::cast_possible_truncation, reason = "at most 24 bits are left")]
fn first(shingle: u64, bits: u32) -> usize {
    (shingle >> (u64::BITS - bits)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rarer_shingles_come_first_and_none_is_lost() {
        let slot = |number: u64| number << 54;
        let (common, rare, once) = (slot(1) + 5, slot(2) + 7, slot(3) + 1);
        let mut counts = Counts::new(0);
        for set in [&[common, rare][..], &[common, rare], &[common, once]] {
            counts.add(set);
        }
        let order = counts.order();
        let mut set = [common, common + 1, rare, once];
        order.apply(&mut set);
        let low: Vec<u64> = set.iter().map(|key| key & 0xff).collect();
        assert_eq!(low, [1, 7, 5, 6]);
        assert!(set[0] < order.repeated && set[1] >= order.repeated && set[3] < order.frequent);
    }
}
