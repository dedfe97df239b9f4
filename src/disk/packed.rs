//! Values as bytes of one length.

/// A value that is always written in the same number of bytes.
pub trait Packed: Copy {
    /// How many bytes.
    const BYTES: usize;

    /// Writes the value into the first bytes of `out`, as far as there are any.
    fn pack(self, out: &mut [u8]);

    /// The value that the first bytes of `bytes` are; `None` where these are none of its kind.
    fn unpack(bytes: &[u8]) -> Option<Self>;

    /// Appends the value.
    #[inline]
    fn append(self, out: &mut Vec<u8>) {
        let start = out.len();
        out.resize(start + Self::BYTES, 0);
        self.pack(out.get_mut(start..).unwrap_or_default());
    }
}

// All are inlined: where the number of bytes is known, so is every place, and nothing is left to be asked.

impl<const N: usize> Packed for [u8; N] {
    const BYTES: usize = N;

    #[inline]
    fn pack(self, out: &mut [u8]) {
        if let Some(out) = out.first_chunk_mut() {
            *out = self;
        }
    }

    #[inline]
    fn unpack(bytes: &[u8]) -> Option<Self> {
        bytes.first_chunk().copied()
    }
}

macro_rules! packed_number {
    ($($number:ty),*) => {$(
        impl Packed for $number {
            const BYTES: usize = size_of::<$number>();

            #[inline]
            fn pack(self, out: &mut [u8]) {
                self.to_le_bytes().pack(out);
            }

            #[inline]
            fn unpack(bytes: &[u8]) -> Option<Self> {
                Packed::unpack(bytes).map(Self::from_le_bytes)
            }
        }
    )*};
}

packed_number!(u8, u32, u64, u128, i64);

impl Packed for bool {
    const BYTES: usize = 1;

    #[inline]
    fn pack(self, out: &mut [u8]) {
        u8::from(self).pack(out);
    }

    #[inline]
    fn unpack(bytes: &[u8]) -> Option<Self> {
        u8::unpack(bytes).map(|byte| byte != 0)
    }
}

impl<A: Packed, B: Packed> Packed for (A, B) {
    const BYTES: usize = A::BYTES + B::BYTES;

    #[inline]
    fn pack(self, out: &mut [u8]) {
        self.0.pack(out);
        self.1.pack(out.get_mut(A::BYTES..).unwrap_or_default());
    }

    #[inline]
    fn unpack(bytes: &[u8]) -> Option<Self> {
        Some((A::unpack(bytes)?, B::unpack(bytes.get(A::BYTES..)?)?))
    }
}

/// The value that stands for none is any, and not looked at.
impl<T: Packed + Default> Packed for Option<T> {
    const BYTES: usize = <(bool, T)>::BYTES;

    #[inline]
    fn pack(self, out: &mut [u8]) {
        (self.is_some(), self.unwrap_or_default()).pack(out);
    }

    #[inline]
    fn unpack(bytes: &[u8]) -> Option<Self> {
        let (there, value) = Packed::unpack(bytes)?;
        Some(bool::then_some(there, value))
    }
}

/// Packs a structure field by field, in the order given.
macro_rules! packed {
    ($structure:ty { $($field:ident: $kind:ty),* $(,)? }) => {
        impl $crate::disk::Packed for $structure {
            const BYTES: usize = 0 $(+ <$kind as $crate::disk::Packed>::BYTES)*;

            #[inline]
            fn pack(self, out: &mut [u8]) {
                let mut _at = 0;
                $(
                    $crate::disk::Packed::pack(self.$field, out.get_mut(_at..).unwrap_or_default());
                    _at += <$kind as $crate::disk::Packed>::BYTES;
                )*
            }

            #[inline]
            fn unpack(bytes: &[u8]) -> Option<Self> {
                let mut _at = 0;
                $(
                    let $field = <$kind as $crate::disk::Packed>::unpack(bytes.get(_at..)?)?;
                    _at += <$kind as $crate::disk::Packed>::BYTES;
                )*
                Some(Self { $($field),* })
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
        samples.iter().for_each(|sample| sample.append(&mut bytes));
        assert_eq!(bytes.len(), 2 * Sample::BYTES);
        let (first, second) = bytes.split_at(Sample::BYTES);
        assert_eq!(samples.map(Some), [Sample::unpack(first), Sample::unpack(second)]);
        assert_eq!(Sample::unpack(&second[1..]), None);
    }
}
