//! What can be wrong with the file of an index.

use std::io;
use std::path::Path;

use super::header::VERSION;
use crate::error::Error;
use crate::text::number::thousands;

/// Why an index cannot be used.
#[derive(Debug)]
pub(super) enum Fault {
    /// It is something else.
    NoIndex,
    /// It is of another version of the format.
    Version(u32),
    /// It has fewer bytes than it says.
    Short { length: u64, end: u64 },
    /// What is read is not what was written: which part.
    Damaged(&'static str),
    /// The system says no.
    System(io::Error),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

/// The way out where a part of the index is lost.
const RESTORE: &str = "take a copy of it from before, or begin a new index: `chatmill dedup` over the rows of the earlier \
                       runs, with `--index` and another name, records them anew";

impl Fault {
    /// The error about the file at `path`.
    pub fn of(self, path: &Path) -> Error {
        let path = path.display();
        match self {
            Self::NoIndex => Error::usage(format!("`{path}` is no index of chatmill")).with_hint(
                "give the file that an earlier run wrote with `--index`, or a name that is not taken",
            ),
            Self::Version(version) => Error::usage(format!(
                "the index `{path}` is of version {version}, and this chatmill reads version {VERSION}"
            ))
            .with_hint("use the chatmill that wrote it, or begin a new index under another name"),
            Self::Short { length, end } => Error::input(format!(
                "the index `{path}` was cut off: it has {} bytes, and {} were written",
                thousands(length),
                thousands(end)
            ))
            .with_hint(RESTORE),
            Self::Damaged(part) => {
                Error::input(format!("the index `{path}` is damaged: {part} is not what was written"))
                    .with_hint(RESTORE)
            }
            Self::System(error) => Error::input(format!("cannot read the index `{path}`: {error}")),
        }
    }
}
