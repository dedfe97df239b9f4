//! What may be more than memory holds: small records of one size, kept in temporary files, read again in their order or
//! sorted; and rows, read again in their order or in any.
//!
//! A run keeps a few dozen bytes of every example until all have been seen. A file without a name takes these, so that
//! memory stays the same whatever the number of examples, and the system's own cache keeps it fast while there is room.

mod at;
mod digest;
mod log;
mod packed;
mod place;
mod scratch;
mod sorter;
mod spool;

pub use at::{read_at, write_at};
pub use digest::{digest, digest_until};
pub use log::{Log, Records};
pub use packed::Packed;
pub(crate) use packed::packed;
pub use place::{folder_of, sync_folder, temporary_beside};
pub use scratch::{Scratch, ScratchReader};
pub use sorter::{Sorted, Sorter};
pub use spool::{Freeing, Slice, Spool, SpoolReader};

use std::fs::File;
use std::io::Write;
use std::path::Path;

use crate::error::{Error, Result};

/// Bytes that are read or written at once.
const BLOCK: usize = 128 << 10;

/// A file without a name in `folder`, that vanishes with the process.
fn temporary_file(folder: &Path) -> Result<File> {
    tempfile::tempfile_in(folder).map_err(|error| full(&error))
}

fn append(mut file: &File, bytes: &[u8]) -> Result<()> {
    file.write_all(bytes).map_err(|error| full(&error))
}

fn full(error: &std::io::Error) -> Error {
    Error::output(format!("cannot write a temporary file: {error}"))
        .with_hint("make room on the disk of the output folder or of `TMPDIR`")
}

/// Fills `buffer` with what was written at `offset`.
fn read_back(file: &File, buffer: &mut [u8], offset: u64) -> Result<()> {
    read_at(file, buffer, offset)
        .map_err(|error| Error::internal(format!("cannot read back a temporary file: {error}")))
}
