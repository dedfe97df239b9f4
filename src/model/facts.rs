//! What was measured of one example, each figure once and only when a plan asks for it.

use serde::{Deserialize, Serialize};

/// Tokens of one example for one model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TokenCount {
    /// Tokens of the texts alone.
    pub content: u64,
    /// Tokens as rendered for training: texts and chat frame (lower bound of what is billed).
    pub total: u64,
    /// Upper bound of what is billed: `total` and everything whose rendering is not published.
    pub high: u64,
    /// Tokens that carry loss: what the assistant says where it is not masked.
    pub trained: u64,
    /// Tokens before the first one that carries loss (of `total`); 0 where none does.
    pub before: u64,
    /// Whether `total` is exact, that is, nothing in the example needed an estimate.
    pub exact: bool,
    /// What is held against a limit of length, where that is not all of it; see [`TokenCount::sequence`].
    pub limited: Option<Sequence>,
    /// What it has besides texts.
    pub besides: Besides,
}

/// What rows have besides texts, whose rendering is not published: it decides how far the bounds of a count are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Besides {
    /// Definitions, calls and results of tools.
    pub tools: bool,
    /// Pictures and other parts of contents that are no texts.
    pub pictures: bool,
    /// What was thought before an answer.
    pub thoughts: bool,
}

impl Besides {
    /// What either has.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            tools: self.tools || other.tools,
            pictures: self.pictures || other.pictures,
            thoughts: self.thoughts || other.thoughts,
        }
    }

    /// As people read it: `tools and pictures`, `texts alone`.
    pub fn in_words(self) -> String {
        let all = [(self.tools, "tools"), (self.pictures, "pictures"), (self.thoughts, "thoughts")];
        let some: Vec<&str> = all.iter().filter(|(has, _)| *has).map(|(_, what)| *what).collect();
        if some.is_empty() { "texts alone".to_owned() } else { some.join(" and ") }
    }
}

/// Tokens that are trained in one go, which is what a limit of length is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sequence {
    /// At least.
    pub low: u64,
    /// At most.
    pub high: u64,
    /// Whether `low` is exact.
    pub exact: bool,
}

impl Sequence {
    /// The longer of two.
    #[must_use]
    pub fn longer(self, other: Self) -> Self {
        Self {
            low: self.low.max(other.low),
            high: self.high.max(other.high),
            exact: self.exact && other.exact,
        }
    }
}

impl TokenCount {
    /// What is held against a limit of length: all of an example; of a preference the prompt with the longer answer, while
    /// both answers are billed. What may be billed beside an exact count (`high`) is no part of the example.
    pub fn sequence(&self) -> Sequence {
        let high = if self.exact { self.total } else { self.high.max(self.total) };
        self.limited.unwrap_or(Sequence { low: self.total, high, exact: self.exact })
    }
}

/// Facts about one example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// Tokens, when counted.
    pub tokens: Option<TokenCount>,
    /// Fingerprint of what is compared for twins, when asked for.
    pub fingerprint: Option<u128>,
}
