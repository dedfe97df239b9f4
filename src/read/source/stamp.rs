//! What of a file changes when somebody writes to it, to be compared once it is read.

use std::path::Path;
use std::time::SystemTime;

use crate::error::{Error, Result};

/// Length and time of the last change of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    /// The stamp of the file as it is now; `None` where that cannot be known.
    pub fn of(path: &Path) -> Option<Self> {
        let known = std::fs::metadata(path).ok()?;
        Some(Self { bytes: known.len(), modified: known.modified().ok() })
    }
}

/// An error, unless the file that people call `name` is as it was; `meanwhile` and `left` say what was done with it since,
/// and what that leaves.
pub fn unchanged(
    path: &Path,
    before: Option<Stamp>,
    name: &str,
    (meanwhile, left): (&str, &str),
) -> Result<()> {
    if before == Stamp::of(path) {
        return Ok(());
    }
    Err(Error::input(format!("`{name}` was changed while it was being {meanwhile}"))
        .with_hint(format!("run it again when nobody writes to the file; {left}")))
}
