//! What a job is given, seen as one: the file it learns from and the file it is validated by.

/// How much a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FileSize {
    /// Rows.
    pub examples: u64,
    /// Bytes, line feeds included.
    pub bytes: u64,
}

impl FileSize {
    /// Adds another file of the same purpose.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            examples: self.examples.saturating_add(other.examples),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }
}

/// The files of a job; `None` where no file of that purpose is known, which need not mean that there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct JobFacts {
    /// What is learned.
    pub training: Option<FileSize>,
    /// What is held back to validate it.
    pub validation: Option<FileSize>,
    /// Whether these are all files that the job will be given.
    pub complete: bool,
}

/// Which file of a job a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The file that is learned.
    Training,
    /// The file that is held back.
    Validation,
}
