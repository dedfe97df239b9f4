//! The sides.

/// One side of a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// To learn from.
    Train,
    /// To watch the training with.
    Valid,
    /// To judge the result with.
    Test,
}

impl Side {
    /// All, in the order they are written.
    pub const ALL: [Self; 3] = [Self::Train, Self::Valid, Self::Test];

    /// The word in outputs and file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Valid => "valid",
            Self::Test => "test",
        }
    }

    /// The file it is written to.
    pub fn file(self) -> &'static str {
        match self {
            Self::Train => "train.jsonl",
            Self::Valid => "valid.jsonl",
            Self::Test => "test.jsonl",
        }
    }

    /// The side that is written to `file`.
    pub fn of_file(file: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|side| side.file() == file)
    }
}
