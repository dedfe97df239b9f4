//! Frames travel in batches, cut by bytes, so that a worker gets enough to do and memory stays bounded.

use crate::error::Result;
use crate::model::Origin;

/// A batch is handed on when it holds this many bytes: long enough to hide the hand-over, short enough for the cache.
const BATCH_BYTES: usize = 256 << 10;
/// … or this many frames.
const BATCH_FRAMES: usize = 2_048;

/// One record: its bytes and where it came from.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Where it came from.
    pub origin: Origin,
    /// The bytes, without the line end. With a fault, only the beginning.
    pub bytes: &'a [u8],
    /// What is wrong with the frame itself, so that it cannot be decoded.
    pub fault: Option<FrameFault>,
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
    fault: Option<FrameFault>,
}

/// Frames of one source, with their bytes in one buffer.
#[derive(Debug, Default)]
pub struct Batch {
    bytes: Vec<u8>,
    slots: Vec<Slot>,
}

impl Batch {
    /// Whether the batch should be handed on.
    pub fn is_full(&self) -> bool {
        self.bytes.len() >= BATCH_BYTES || self.slots.len() >= BATCH_FRAMES
    }

    /// Adds a frame. `origin.length` is what the record has in the source, `bytes` what of it is kept.
    pub fn push(&mut self, origin: Origin, bytes: &[u8], fault: Option<FrameFault>) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.slots.push(Slot { origin, start, end: self.bytes.len(), fault });
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
    }

    /// The frames, in order.
    pub fn frames(&self) -> impl Iterator<Item = Frame<'_>> {
        self.slots.iter().map(|slot| Frame {
            origin: slot.origin,
            bytes: &self.bytes[slot.start..slot.end],
            fault: slot.fault,
        })
    }
}

/// A source being cut into frames.
pub trait Frames: Send {
    /// Adds frames to `batch` until it is full or the source ends; `false` when the source has ended.
    fn fill(&mut self, batch: &mut Batch) -> Result<bool>;
}
