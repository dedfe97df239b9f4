//! Streams that watch themselves: how much was read, how far it expanded, whether it arrived whole.

use std::io::{Error, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Unpacked bytes that are always allowed, so that a short text of one letter is no bomb.
pub(super) const ALWAYS_ALLOWED: u64 = 64 << 20;

/// The error for what expands beyond the limit.
pub(super) fn too_far(packed: u64, unpacked: u64, ratio: u64) -> Error {
    Error::new(
        ErrorKind::OutOfMemory,
        format!(
            "{packed} packed bytes became more than {unpacked} bytes, over the limit of {ratio} to 1 (`--max-ratio`)"
        ),
    )
}

/// Counts the bytes that pass.
pub(super) struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R> Counted<R> {
    pub(super) fn new(inner: R, count: &Arc<AtomicU64>) -> Self {
        count.store(0, Ordering::Relaxed);
        Self { inner, count: Arc::clone(count) }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Stops a stream that expands beyond all reason.
pub(super) struct Limited<R> {
    inner: R,
    packed: Arc<AtomicU64>,
    ratio: u64,
    unpacked: u64,
}

impl<R> Limited<R> {
    pub(super) fn new(inner: R, packed: &Arc<AtomicU64>, ratio: u64) -> Self {
        Self { inner, packed: Arc::clone(packed), ratio, unpacked: 0 }
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.unpacked += read as u64;
        let packed = self.packed.load(Ordering::Relaxed).max(1);
        if self.unpacked > ALWAYS_ALLOWED && self.unpacked / packed > self.ratio {
            return Err(too_far(packed, self.unpacked, self.ratio));
        }
        Ok(read)
    }
}

/// Compares the checksum when the stream ends.
pub(super) struct Checked<R> {
    inner: R,
    crc: flate2::Crc,
    expected: u32,
}

impl<R> Checked<R> {
    pub(super) fn new(inner: R, expected: u32) -> Self {
        Self { inner, crc: flate2::Crc::new(), expected }
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.crc.update(&buffer[..read]);
        if read == 0 && !buffer.is_empty() && self.crc.sum() != self.expected {
            return Err(Error::new(
                ErrorKind::InvalidData,
                "the checksum of the archive's member does not agree",
            ));
        }
        Ok(read)
    }
}
