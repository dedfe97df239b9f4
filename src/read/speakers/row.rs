//! What is shown of a speaker.

use super::SpeakerRole;
use crate::text::sanitize::excerpt;

/// One surveyed speaker.
#[derive(Debug, Clone, PartialEq)]
pub struct SpeakerRow {
    /// The name as written (of several spellings, the first by bytes).
    pub name: String,
    /// The role, or `None` while undecided or different from conversation to conversation.
    pub role: Option<SpeakerRole>,
    /// Why, one sentence without a full stop.
    pub why: String,
    /// Turns of any kind.
    pub turns: u64,
    /// Conversations in which the speaker said something to the other side.
    pub conversations: u64,
    /// `conversations` as a share of all surveyed ones, 0 to 1.
    pub share: f64,
}

/// A pattern of the caller that fits no surveyed speaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// The list it stands in: `assistant`, `user`, `system` or `ignore`.
    pub list: &'static str,
    /// The pattern as written.
    pub pattern: String,
    /// The surveyed name written most like it, if any is near.
    pub nearest: Option<String>,
    /// The surveyed speakers with the most turns, at most five.
    pub busiest: Vec<String>,
}

impl Unmatched {
    /// The way out: the name that was probably meant, or those there are.
    pub fn hint(&self) -> String {
        if let Some(name) = &self.nearest {
            return format!("did you mean `{}`?", excerpt(name, NAME_SHOWN));
        }
        let names: Vec<String> =
            self.busiest.iter().map(|name| format!("`{}`", excerpt(name, NAME_SHOWN))).collect();
        if names.is_empty() {
            return "no speaker was found at all".to_owned();
        }
        format!("the speakers with the most turns are {}", names.join(", "))
    }
}

/// Most characters of a name that are shown: the longest first and last names of a person fit.
const NAME_SHOWN: usize = 60;
