//! `MinHash` signatures in bands: sets as alike as the threshold share a band nearly always (Broder, "On the resemblance and
//! containment of documents", 1997; Indyk and Motwani, "Approximate nearest neighbors", 1998).

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::threshold::Threshold;

/// Of pairs right at the threshold, at least this share has a band in common.
const RECALL: f64 = 0.99;

/// Hash functions of a signature, at most: more rows a band leave fewer false candidates and cost more hashing.
const HASHES: usize = 128;

/// The bands of a signature.
#[derive(Debug)]
pub(super) struct Bands {
    /// Minima in a band.
    rows: usize,
    /// Multiplier and summand of each hash function.
    functions: Vec<(u64, u64)>,
}

impl Bands {
    /// As many minima a band as the hash functions allow for the recall: b bands of r minima find a pair of similarity s
    /// with probability 1 - (1 - sʳ)ᵇ.
    pub(super) fn for_threshold(threshold: Threshold) -> Self {
        let mut chosen = (1, HASHES);
        for rows in 1..=HASHES {
            let one = threshold.value().powi(i32::try_from(rows).unwrap_or(i32::MAX));
            let found =
                |bands: &usize| 1.0 - (1.0 - one).powi(i32::try_from(*bands).unwrap_or(i32::MAX)) >= RECALL;
            if let Some(bands) = (1..=HASHES / rows).find(found) {
                chosen = (rows, bands);
            }
        }
        let (rows, bands) = chosen;
        let number = |seed: usize, what: u64| xxh3_64_with_seed(&(seed as u64).to_le_bytes(), what);
        let functions = (0..rows * bands).map(|seed| (number(seed, 1) | 1, number(seed, 2))).collect();
        Self { rows, functions }
    }

    /// How many bands there are.
    pub(super) fn count(&self) -> u64 {
        (self.functions.len() / self.rows) as u64
    }

    /// Calls `each` with one key a band; an empty set has none.
    pub(super) fn of(&self, set: &[u64], mut each: impl FnMut(u64)) {
        if set.is_empty() {
            return;
        }
        let mut bytes = [0; 8 * HASHES];
        for (number, band) in self.functions.chunks(self.rows).enumerate() {
            for (place, (factor, summand)) in bytes.as_chunks_mut().0.iter_mut().zip(band) {
                // Multiply, add, mix: keys are even already in their low bits, ordered in their high ones.
                let least = set.iter().map(|key| {
                    let product = (key.wrapping_mul(*factor)).wrapping_add(*summand);
                    (product ^ (product >> 32)).wrapping_mul(*factor)
                });
                *place = least.min().unwrap_or(u64::MAX).to_le_bytes();
            }
            each(xxh3_64_with_seed(&bytes[..8 * band.len()], number as u64));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_as_many_as_the_recall_wants() {
        for (threshold, rows, bands) in
            [(1.0, 128, 1), (0.95, 16, 8), (0.8, 6, 16), (0.5, 3, 35), (0.3, 2, 49)]
        {
            let chosen = Bands::for_threshold(Threshold::new(threshold).unwrap());
            assert_eq!((chosen.rows, chosen.count()), (rows, bands), "at {threshold}");
        }
    }

    #[test]
    fn equal_sets_share_all_bands_and_empty_ones_have_none() {
        let bands = Bands::for_threshold(Threshold::new(0.8).unwrap());
        let keys = |set: &[u64]| {
            let mut keys = Vec::new();
            bands.of(set, |key| keys.push(key));
            keys
        };
        assert_eq!(keys(&[1, 2, 3]), keys(&[3, 2, 1]));
        assert_eq!(keys(&[]).len(), 0);
        assert!(keys(&[1, 2, 3]).iter().all(|key| !keys(&[4, 5, 6]).contains(key)));
    }
}
