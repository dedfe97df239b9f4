//! Where the rows of a conversation end, for the few whose stray quotes make that ambiguous.
//!
//! A frame is the rows of a conversation, joined. Where splitting it again would find other rows than the
//! framing did, because a stray quote has other rows behind it now, the framing leaves their lengths here for
//! the decoding, so that no row is lost or swallowed. Keyed by the frame's offset and written before the
//! frame is handed on.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use super::dialect::{Dialect, Rows};
use super::scan::{Judge, QUOTE};

/// The lengths of the rows of ambiguous frames.
#[derive(Debug, Default)]
pub(super) struct Borders(RwLock<BTreeMap<u64, Vec<usize>>>);

impl Borders {
    /// Keeps `lengths` of the rows joined in `bytes` if they cannot be found again.
    pub(super) fn keep(
        &self,
        offset: u64,
        bytes: &[u8],
        lengths: Vec<usize>,
        dialect: Dialect,
        judge: Judge<'_>,
    ) {
        if memchr::memchr2(QUOTE, b'\r', bytes).is_none() {
            return;
        }
        let found = Rows::new(bytes, true, dialect).judged(judge).map(<[u8]>::len);
        if !found.eq(lengths.iter().copied()) {
            self.0.write().unwrap_or_else(PoisonError::into_inner).insert(offset, lengths);
        }
    }

    /// The rows joined in the frame at `offset`.
    pub(super) fn rows<'a>(
        &self,
        offset: u64,
        bytes: &'a [u8],
        dialect: Dialect,
        judge: Judge<'a>,
    ) -> Vec<&'a [u8]> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let Some(lengths) = kept.get(&offset) else {
            return Rows::new(bytes, true, dialect).judged(judge).collect();
        };
        let mut at = 0;
        lengths
            .iter()
            .map(|length| {
                let row = bytes.get(at..at + length).unwrap_or_default();
                at += length + 1;
                row
            })
            .collect()
    }
}
