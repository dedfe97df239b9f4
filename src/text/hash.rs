//! Stable hashes: the same for any thread, run and machine.

use xxhash_rust::xxh3::{xxh3_64_with_seed, xxh3_128};

/// 128-bit fingerprint of bytes (XXH3).
///
/// Among n texts the chance that two different ones collide is about n²/2¹²⁹: below 10⁻²⁰ for a billion. XXH3 is
/// not made to withstand somebody who constructs collisions on purpose.
pub fn fingerprint(bytes: &[u8]) -> u128 {
    xxh3_128(bytes)
}

/// A 128-bit fingerprint of what arrives in pieces: short ones, which are put together first, since XXH3 takes longer to
/// begin than to hash them.
pub struct Fingerprinter(Vec<u8>);

impl Default for Fingerprinter {
    fn default() -> Self {
        // Room for what a dozen messages put in, so that it need not grow step by step.
        Self(Vec::with_capacity(512))
    }
}

impl Fingerprinter {
    /// Adds bytes.
    #[inline]
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Forgets what was added.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The fingerprint of all bytes added so far.
    pub fn finish(&self) -> u128 {
        fingerprint(&self.0)
    }
}

/// A key as it stands in outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hex([u8; 32]);

impl Hex {
    /// 32 hexadecimal digits in lower case.
    pub fn of(key: u128) -> Self {
        const PAIRS: [[u8; 2]; 256] = {
            let mut pairs = [[0; 2]; 256];
            let mut byte = 0;
            while byte < 256 {
                let digits = b"0123456789abcdef";
                pairs[byte] = [digits[byte >> 4], digits[byte & 15]];
                byte += 1;
            }
            pairs
        };
        let mut digits = [0; 32];
        for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(key.to_be_bytes()) {
            *pair = PAIRS[usize::from(byte)];
        }
        Self(digits)
    }

    /// The digits, as bytes of ASCII.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The key that [`Hex`] shows; `None` for anything else.
pub fn from_hex(text: &str) -> Option<u128> {
    let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    digits.then(|| u128::from_str_radix(text, 16).ok()).flatten()
}

/// A number spread evenly over [0, 1), chosen by `key` and `seed` alone.
pub fn unit_interval(key: u128, seed: u64) -> f64 {
    // 53 bits are what a double holds exactly.
    (xxh3_64_with_seed(&key.to_le_bytes(), seed) >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_and_read() {
        for key in [0, 7, u128::MAX, fingerprint(b"a")] {
            let digits = Hex::of(key);
            let digits = std::str::from_utf8(digits.as_bytes()).unwrap();
            assert_eq!((from_hex(digits), digits), (Some(key), &*format!("{key:032x}")));
        }
        assert_eq!((from_hex("7"), from_hex("+0000000000000000000000000000007")), (None, None));
    }

    #[test]
    fn values_never_change() {
        // Frozen: a change here would move examples between training and validation.
        assert_eq!(fingerprint(b"chatmill"), 147_022_746_694_913_417_673_768_259_383_559_965_933);
        let value = unit_interval(42, 7);
        assert!((0.0..1.0).contains(&value), "{value}");
    }
}
