//! Sources: files, folders, archives, globs and standard input, opened as a stream of UTF-8.
//!
//! Compression, UTF-16 and files that are tables but no text (workbooks, Parquet, SQLite) end here: what leaves is
//! text as bytes, without a byte order mark. Archives are looked into and never unpacked.

mod companions;
mod discover;
mod limit;
mod open;
#[cfg(feature = "parquet")]
mod parquet;
mod rows;
#[cfg(feature = "sqlite")]
mod sqlite;
mod stamp;
mod table;
mod transcode;
#[cfg(feature = "workbook")]
mod workbook;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use companions::Companions;
pub use discover::{Discovered, Skipped, discover};
pub use rows::Form;
pub use stamp::{Stamp, unchanged};

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
    /// A temporary file with the text that a sheet or the result of a query became.
    Converted {
        /// The file it comes from, where that has a name of its own.
        from: Option<PathBuf>,
        /// The text.
        text: Arc<tempfile::TempPath>,
        /// How it is written.
        form: Form,
    },
    /// A Parquet file, whose rows become text while they are read.
    #[cfg(feature = "parquet")]
    Parquet {
        /// The file it comes from, where that has a name of its own.
        from: Option<PathBuf>,
        /// The file.
        file: Arc<parquet::ParquetFile>,
    },
}

/// One input that holds records.
#[derive(Debug, Clone)]
pub struct Source {
    /// Index in the sorted list of inputs.
    pub index: u32,
    /// Name for people: the path as given or found, `archive.zip!member`, `book.xlsx!sheet`, or `-`.
    pub name: String,
    /// Where its bytes lie.
    pub place: Place,
    /// What its file was like when it was found.
    pub stamp: Option<Stamp>,
    /// Size in bytes as stored (packed); of a sheet or the result of a query, size of its text.
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
    /// How many bytes of it are opened, for a look at the beginning of something large; all of it when `None`.
    pub only: Option<u64>,
}

impl Source {
    /// A source that was named by itself.
    pub fn new(name: impl Into<String>, place: Place, bytes: u64) -> Self {
        Self {
            index: 0,
            name: name.into(),
            place,
            stamp: None,
            bytes,
            explicit: true,
            progress: Arc::default(),
            root: 0,
            companions: Companions::default(),
            parts: Arc::default(),
            only: None,
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
            Place::Converted { from, .. } => from.as_deref(),
            #[cfg(feature = "parquet")]
            Place::Parquet { from, .. } => from.as_deref(),
        }
    }

    /// Where a stream, or the text of a table, was written to.
    pub fn temporary_path(&self) -> Option<PathBuf> {
        match &self.place {
            Place::Stream(file) => Some(file.path().to_owned()),
            Place::Converted { text, .. } => Some(text.to_path_buf()),
            _ => None,
        }
    }

    /// The form of what was a table.
    fn form(&self) -> Option<Form> {
        match &self.place {
            Place::Converted { form, .. } => Some(*form),
            #[cfg(feature = "parquet")]
            Place::Parquet { file, .. } => Some(file.form),
            Place::File(_) | Place::ZipMember { .. } | Place::Stream(_) => None,
        }
    }

    /// The file name without folders and archive, in lower case, without `.gz` and `.zst`; what was a table is named
    /// after what it became, as by someone who had saved it so.
    pub fn file_name(&self) -> String {
        let name = self.name.rsplit(['/', '\\', '!']).next().unwrap_or(&self.name).to_lowercase();
        if let Some(form) = self.form() {
            return format!("{name}{}", form.suffix());
        }
        unpacked(&name).to_owned()
    }
}

/// The name, in lower case, of what is packed in a file of this name.
pub fn unpacked(name: &str) -> &str {
    [".gz", ".zst", ".zstd"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

/// Files that by their names hold what is to be learned: one that is not read is missed in the output.
pub fn is_data(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let ending = unpacked(&name).rsplit_once('.').map_or("", |(_, ending)| ending);
    matches!(ending, "csv" | "json" | "jsonl" | "ndjson" | "tsv" | "txt")
}
