//! The digest of a file.

use std::fs::File;
use std::io::{ErrorKind, Read, Result};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// Bytes that are read at once.
const BLOCK: usize = 256 << 10;

/// The BLAKE3 digest of a file.
pub fn digest(path: &Path) -> Result<blake3::Hash> {
    digest_until(path, &AtomicBool::new(false))
}

/// The same, but of its beginning when `stop` is set meanwhile.
pub fn digest_until(path: &Path, stop: &AtomicBool) -> Result<blake3::Hash> {
    let mut file = File::open(path)?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; BLOCK];
    while !stop.load(Ordering::Relaxed) {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => _ = hasher.update(buffer.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(hasher.finalize())
}
