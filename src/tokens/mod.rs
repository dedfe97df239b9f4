//! Counting tokens: encodings, estimates for vocabularies that are not at hand, the chat frame of each family of models,
//! tools, pictures.
//!
//! [`counter`] gives what counts a text, exactly as tiktoken does or as an interval; a [`Meter`] adds what a chat costs
//! beyond its texts. What a count means (too long, too dear) is for others to say.

mod bpe;
pub mod codes;
mod encodings;
mod estimate;
mod families;
mod frame;
mod frames;
mod images;
mod meter;
mod models;
mod render;
#[cfg(feature = "tokenizer")]
mod template;
#[cfg(feature = "tokenizer")]
mod tokenizer;
mod tools;

use std::sync::Arc;

use crate::error::{Error, Result};

pub use encodings::by_name as encoding;
pub use families::{Digits, FAMILIES, Family, Ratios, Rulers};
pub use frame::{Frame, Outline, Piece, besides};
pub use images::{Images, Span};
pub use meter::{Files, Meter};
pub use models::{LAST_JOB, MODELS, Model, OWN, Offer, PROVIDERS, Provider, Vocabulary, model, provider_of};
pub use render::Segment;
pub use tools::{ToolFrame, Tools};

/// Counts the tokens of a text.
pub trait Counter: Send + Sync {
    /// Tokens of `text`, control-token look-alikes counted as ordinary text; of an interval the lower end.
    fn count(&self, text: &str) -> u64;

    /// Tokens of `text`, at least and at most.
    fn span(&self, text: &str) -> Span {
        let tokens = self.count(text);
        Span { low: tokens, high: tokens }
    }

    /// Tokens of a chat that a template rendered, at least and at most, its control tokens counted as one each where they are
    /// known.
    fn span_rendered(&self, text: &str) -> Span {
        self.span(text)
    }

    /// Whether a count is exact where both ends of its interval are one.
    fn is_exact(&self) -> bool {
        true
    }
}

/// Which tokens of an example carry loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mask {
    /// None.
    Nothing,
    /// Every answer of the assistant, or those with a weight.
    #[default]
    Answers,
    /// The last answer, unless it is masked.
    LastAnswer,
    /// Every token.
    Everything,
}

/// The counter for a model: exact where its vocabulary is at hand, otherwise an estimate.
pub fn counter(model: &Model) -> Result<Arc<dyn Counter>> {
    match model.vocabulary {
        Vocabulary::Encoding(name) => encodings::by_name(name),
        Vocabulary::Family(family) => estimate::of(family),
        Vocabulary::Own => Err(Error::usage("no tokenizer is given for the model")
            .with_hint("give its tokenizer: `--tokenizer tokenizer.json`")),
    }
}
