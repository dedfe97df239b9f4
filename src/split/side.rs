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

    /// The side that a word in the name of a file stands for.
    pub fn of_word(word: &str) -> Option<Self> {
        WORDS.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)).map(|(_, side)| *side)
    }

    /// The side that a file is for by its name, folders aside; `None` where that says nothing, as in `train-test.jsonl`.
    pub fn of_name(name: &str) -> Option<Self> {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let mut sides = file.split(|letter: char| !letter.is_ascii_alphabetic()).filter_map(Self::of_word);
        let side = sides.next()?;
        let contradicted = side != Self::Train && sides.any(|other| other == Self::Train);
        (!contradicted).then_some(side)
    }

    /// The side that is written to `file`.
    pub fn of_file(file: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|side| side.file() == file)
    }
}

/// Words in names of files that say which side they hold.
const WORDS: &[(&str, Side)] = &[
    ("dev", Side::Valid),
    ("eval", Side::Valid),
    ("evaluation", Side::Valid),
    ("holdout", Side::Test),
    ("test", Side::Test),
    ("train", Side::Train),
    ("training", Side::Train),
    ("val", Side::Valid),
    ("valid", Side::Valid),
    ("validation", Side::Valid),
];

/// Some of the sides, each once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SideSet([bool; 3]);

impl SideSet {
    /// Adds a side.
    pub fn add(&mut self, side: Side) {
        self.0[side as usize] = true;
    }

    /// The sides, in the order they are written.
    pub fn iter(self) -> impl Iterator<Item = Side> {
        Side::ALL.into_iter().filter(move |side| self.0[*side as usize])
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.iter().next().is_none()
    }

    /// The side, when it is one.
    pub fn only(self) -> Option<Side> {
        let mut sides = self.iter();
        let side = sides.next()?;
        sides.next().is_none().then_some(side)
    }
}

impl Extend<Side> for SideSet {
    fn extend<I: IntoIterator<Item = Side>>(&mut self, sides: I) {
        sides.into_iter().for_each(|side| self.add(side));
    }
}
