//! Sources: files, folders, archives, globs and standard input, opened as a stream of UTF-8.
//!
//! Compression and UTF-16 end here: what leaves is text as bytes, without a byte order mark. Archives are looked
//! into and never unpacked.

mod companions;
mod discover;
mod limit;
mod open;
mod transcode;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use companions::Companions;
pub use discover::{Discovered, Skipped, discover};

/// Where the bytes of a source lie.
#[derive(Debug, Clone)]
pub enum Place {
    /// A file.
    File(PathBuf),
    /// A member of a zip archive.
    ZipMember {
        /// The archive.
        archive: PathBuf,
        /// First byte of the member's data.
        start: u64,
        /// Packed size in bytes.
        packed: u64,
        /// Whether the data is deflated (otherwise stored as it is).
        deflated: bool,
        /// CRC-32 of the unpacked data.
        crc: u32,
    },
    /// Standard input or a named pipe, copied to a temporary file, since detection and reading both begin at the first
    /// byte.
    Stream(Arc<tempfile::NamedTempFile>),
}

/// One input that holds records.
#[derive(Debug, Clone)]
pub struct Source {
    /// Index in the sorted list of inputs.
    pub index: u32,
    /// Name for people: the path as given or found, `archive.zip!member`, or `-`.
    pub name: String,
    /// Where its bytes lie.
    pub place: Place,
    /// Size in bytes as stored (packed).
    pub bytes: u64,
    /// Named by the user, not merely found in a folder or archive.
    pub explicit: bool,
    /// Stored bytes read since the last opening, for progress.
    pub progress: Arc<AtomicU64>,
    /// Length of the part of `name` that names the folder or archive it was found in; 0 when it was named by itself.
    pub root: usize,
    /// Files of the same export that say who is who, and hold no conversations.
    pub companions: Companions,
    /// The files that are read as one with this one, itself the first of them; empty when it is read alone.
    pub parts: Arc<[Source]>,
}

impl Source {
    /// A source that was named by itself.
    pub fn new(name: impl Into<String>, place: Place, bytes: u64) -> Self {
        Self {
            index: 0,
            name: name.into(),
            place,
            bytes,
            explicit: true,
            progress: Arc::default(),
            root: 0,
            companions: Companions::default(),
            parts: Arc::default(),
        }
    }

    /// The folder or archive it was found in; empty when it was named by itself.
    pub fn root(&self) -> &str {
        self.name.get(..self.root).unwrap_or_default()
    }

    /// The path inside [`Source::root`], with `/` between folders.
    pub fn path_within(&self) -> &str {
        self.name.get(self.root..).unwrap_or(&self.name).trim_start_matches(['/', '!'])
    }

    /// Stored bytes read since the last opening, of all parts.
    pub fn bytes_read(&self) -> u64 {
        let read = |source: &Self| source.progress.load(Ordering::Relaxed).min(source.bytes);
        if self.parts.is_empty() { read(self) } else { self.parts.iter().map(read).sum() }
    }

    /// The file it lies in, for what is on the disk under a name of its own.
    pub fn path(&self) -> Option<&std::path::Path> {
        match &self.place {
            Place::File(path) | Place::ZipMember { archive: path, .. } => Some(path),
            Place::Stream(_) => None,
        }
    }

    /// Where a stream was copied to.
    pub fn temporary_path(&self) -> Option<PathBuf> {
        match &self.place {
            Place::Stream(file) => Some(file.path().to_owned()),
            _ => None,
        }
    }

    /// The file name without folders and archive, in lower case, without `.gz` and `.zst`.
    pub fn file_name(&self) -> String {
        let name = self.name.rsplit(['/', '\\', '!']).next().unwrap_or(&self.name).to_lowercase();
        for suffix in [".gz", ".zst", ".zstd"] {
            if let Some(stem) = name.strip_suffix(suffix) {
                return stem.to_owned();
            }
        }
        name
    }
}
