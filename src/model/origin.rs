//! Where a record came from.

/// The place of a record: known before the run, independent of threads and machines.
///
/// Ordered by source, then by offset, which is the identity that decides among equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Origin {
    /// Index of the source in the sorted list of inputs.
    pub source: u32,
    /// First byte of the record in the source, after decompression and conversion to UTF-8.
    pub offset: u64,
    /// Length in bytes.
    pub length: u64,
    /// First line, from 1.
    pub line: u64,
    /// Number of the record in its source, from 1.
    pub record: u64,
}
