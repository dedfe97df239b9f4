//! Frames travel in batches, cut by bytes, so that a worker gets enough to do and memory stays bounded.

use crate::error::Result;
use crate::model::Origin;

/// A batch is handed on when it holds this many bytes: long enough to hide the hand-over, short enough for the cache.
const BATCH_BYTES: usize = 256 << 10;
/// … or this many frames.
const BATCH_FRAMES: usize = 2_048;
/// The first batches of a walk are smaller, so that all workers have a part of a small file.
const FIRST: u64 = 8;
const FIRST_BYTES: usize = 64 << 10;

/// Bytes of a record over the limit that are kept to show what it was.
pub const KEPT_OF_TOO_LONG: usize = 4 << 10;

/// One record: its bytes and where it came from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Frame<'a> {
    /// Where it came from.
    pub origin: Origin,
    /// The bytes, without the line end. With a fault, only the beginning.
    pub bytes: &'a [u8],
    /// What is wrong with the frame itself, so that it cannot be decoded.
    pub fault: Option<FrameFault>,
    /// Where each row ends in `bytes`, if the record was gathered from rows; one byte of line end stands between them.
    pub row_ends: &'a [usize],
}

impl<'a> Frame<'a> {
    /// The rows that the record was gathered from; the whole record where it was not gathered.
    pub fn rows(&self) -> impl Iterator<Item = &'a [u8]> {
        let (bytes, ends) = (self.bytes, self.row_ends);
        let whole = ends.is_empty().then_some(bytes);
        let mut start = 0;
        let rows = ends.iter().map(move |&end| {
            let row = bytes.get(start..end).unwrap_or_default();
            start = end + 1;
            row
        });
        whole.into_iter().chain(rows)
    }
}

/// Why a frame cannot be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameFault {
    /// Longer than the limit in bytes; only the beginning was kept.
    TooLong {
        /// The limit.
        limit: usize,
    },
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    origin: Origin,
    start: usize,
    end: usize,
    /// Where its row ends begin in the batch's list of them; they go on to those of the next frame.
    rows: usize,
    fault: Option<FrameFault>,
}

/// Frames of one source, with their bytes in one buffer.
#[derive(Debug)]
pub struct Batch {
    bytes: Vec<u8>,
    slots: Vec<Slot>,
    row_ends: Vec<usize>,
    /// Bytes with which it is full.
    most: usize,
}

impl Default for Batch {
    fn default() -> Self {
        Self { bytes: Vec::new(), slots: Vec::new(), row_ends: Vec::new(), most: BATCH_BYTES }
    }
}

impl Batch {
    /// The batch of a walk before which there were so many.
    pub fn after(batches: u64) -> Self {
        Self { most: if batches < FIRST { FIRST_BYTES } else { BATCH_BYTES }, ..Self::default() }
    }

    /// Whether the batch should be handed on.
    pub fn is_full(&self) -> bool {
        self.bytes.len() >= self.most || self.slots.len() >= BATCH_FRAMES
    }

    /// Adds a frame. `origin.length` is what the record has in the source, `bytes` what of it is kept.
    pub fn push(&mut self, origin: Origin, bytes: &[u8], fault: Option<FrameFault>) {
        if self.slots.is_empty() {
            // Growing step by step would copy it all once more.
            self.bytes.reserve(self.most + self.most / 8);
        }
        let (start, rows) = (self.bytes.len(), self.row_ends.len());
        self.bytes.extend_from_slice(bytes);
        self.slots.push(Slot { origin, start, end: self.bytes.len(), rows, fault });
    }

    /// Adds a record gathered from rows that stand in `bytes` with one byte between them and end at `ends`.
    pub fn push_rows(&mut self, origin: Origin, bytes: &[u8], ends: &[usize]) {
        self.push(origin, bytes, None);
        self.row_ends.extend_from_slice(ends);
    }

    /// Like [`Batch::push_rows`], with bytes that `write` appends to the buffer.
    pub fn push_rows_with<E>(
        &mut self,
        origin: Origin,
        ends: &[usize],
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        let (start, rows) = (self.bytes.len(), self.row_ends.len());
        write(&mut self.bytes)?;
        self.slots.push(Slot { origin, start, end: self.bytes.len(), rows, fault: None });
        self.row_ends.extend_from_slice(ends);
        Ok(())
    }

    /// Number of frames.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is no frame.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Empties the batch, keeping its buffers.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.slots.clear();
        self.row_ends.clear();
    }

    /// The frames, in order.
    pub fn frames(&self) -> impl Iterator<Item = Frame<'_>> {
        let next = self.slots.iter().skip(1).map(|slot| slot.rows).chain([self.row_ends.len()]);
        self.slots.iter().zip(next).map(|(slot, rows_end)| Frame {
            origin: slot.origin,
            bytes: &self.bytes[slot.start..slot.end],
            fault: slot.fault,
            row_ends: &self.row_ends[slot.rows..rows_end],
        })
    }
}

/// A source being cut into frames.
pub trait Frames: Send {
    /// Adds frames to `batch` until it is full or the source ends; `false` when the source has ended.
    fn fill(&mut self, batch: &mut Batch) -> Result<bool>;
}
