//! Values as bytes of one length.

/// A value that is always written in the same number of bytes.
pub trait Packed: Copy {
    /// How many bytes.
    const BYTES: usize;

    /// Appends the value to `out`.
    fn pack(self, out: &mut Vec<u8>);

    /// Takes a value from the front of `bytes`; `None` where these are none of its kind.
    fn unpack(bytes: &mut &[u8]) -> Option<Self>;
}

macro_rules! packed_number {
    ($($number:ty),*) => {$(
        impl Packed for $number {
            const BYTES: usize = size_of::<$number>();

            fn pack(self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            fn unpack(bytes: &mut &[u8]) -> Option<Self> {
                let (number, rest) = bytes.split_first_chunk()?;
                *bytes = rest;
                Some(Self::from_le_bytes(*number))
            }
        }
    )*};
}

packed_number!(u8, u32, u64, u128, i64);

impl<const N: usize> Packed for [u8; N] {
    const BYTES: usize = N;

    fn pack(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self);
    }

    fn unpack(bytes: &mut &[u8]) -> Option<Self> {
        let (array, rest) = bytes.split_first_chunk()?;
        *bytes = rest;
        Some(*array)
    }
}

impl Packed for bool {
    const BYTES: usize = 1;

    fn pack(self, out: &mut Vec<u8>) {
        u8::from(self).pack(out);
    }

    fn unpack(bytes: &mut &[u8]) -> Option<Self> {
        u8::unpack(bytes).map(|byte| byte != 0)
    }
}

/// The value that stands for none is any, and not looked at.
impl<T: Packed + Default> Packed for Option<T> {
    const BYTES: usize = 1 + T::BYTES;

    fn pack(self, out: &mut Vec<u8>) {
        self.is_some().pack(out);
        self.unwrap_or_default().pack(out);
    }

    fn unpack(bytes: &mut &[u8]) -> Option<Self> {
        let there = bool::unpack(bytes)?;
        let value = T::unpack(bytes)?;
        Some(there.then_some(value))
    }
}

impl<A: Packed, B: Packed> Packed for (A, B) {
    const BYTES: usize = A::BYTES + B::BYTES;

    fn pack(self, out: &mut Vec<u8>) {
        self.0.pack(out);
        self.1.pack(out);
    }

    fn unpack(bytes: &mut &[u8]) -> Option<Self> {
        Some((A::unpack(bytes)?, B::unpack(bytes)?))
    }
}

/// Packs a structure field by field, in the order given.
macro_rules! packed {
    ($structure:ty { $($field:ident: $kind:ty),* $(,)? }) => {
        impl $crate::disk::Packed for $structure {
            const BYTES: usize = 0 $(+ <$kind as $crate::disk::Packed>::BYTES)*;

            fn pack(self, out: &mut Vec<u8>) {
                $($crate::disk::Packed::pack(self.$field, out);)*
            }

            fn unpack(bytes: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: <$kind as $crate::disk::Packed>::unpack(bytes)?),* })
            }
        }
    };
}

pub(crate) use packed;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    struct Sample {
        key: u128,
        seen: Option<u64>,
        line: u32,
        odd: bool,
        digest: [u8; 3],
    }
    packed!(Sample { key: u128, seen: Option<u64>, line: u32, odd: bool, digest: [u8; 3] });

    #[test]
    fn what_was_packed_comes_back() {
        let samples = [
            Sample { key: u128::MAX - 7, seen: Some(0), line: 3, odd: true, digest: [1, 2, 3] },
            Sample { key: 1, seen: None, line: u32::MAX, odd: false, digest: [0; 3] },
        ];
        let mut bytes = Vec::new();
        samples.iter().for_each(|sample| sample.pack(&mut bytes));
        assert_eq!(bytes.len(), 2 * Sample::BYTES);
        let mut rest = bytes.as_slice();
        assert_eq!(samples.map(Some), [Sample::unpack(&mut rest), Sample::unpack(&mut rest)]);
        assert_eq!(Sample::unpack(&mut rest), None);
    }
}
