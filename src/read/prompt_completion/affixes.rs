//! The marks around prompts and completions that the old completion format asked for: what counts as one, and taking
//! them away.
//!
//! OpenAI's preparation tool (`openai tools fine_tunes.prepare_data`) added ` ->` or `\n\n###\n\n` after prompts, a
//! space before completions and `\n`, ` END` or `###` after them, so that a model without roles knew where to begin
//! and stop.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostic::Finding;
use crate::model::Extra;
use crate::read::codes;
use crate::read::json::pair;
use crate::text::sanitize::excerpt;

/// Longest mark in characters; the tool's own are at most seven.
const LONGEST: usize = 32;
/// Most different endings that are counted; a file with more has no common one.
const MOST_ENDINGS: usize = 1_000;
/// Words that end texts as marks, not as speech.
const WORDS: &[&str] = &[" END", "\nEND", "<|endoftext|>"];

/// What is taken away, each only where it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Affixes {
    /// At the end of prompts.
    pub separator: Option<String>,
    /// A space at the beginning of completions.
    pub leading_space: bool,
    /// At the end of completions.
    pub stop: Option<String>,
}

impl Affixes {
    /// Takes the marks out of a row of two texts; the finding says which.
    pub fn strip(&self, row: &mut Extra) -> Option<Finding> {
        if *self == Self::default() {
            return None;
        }
        let (prompt_key, completion_key) = pair::keys(row)?;
        pair::texts(row)?;
        let mut taken: Vec<String> = Vec::new();
        if let Some(Value::String(prompt)) = row.get_mut(prompt_key)
            && let Some(separator) = strip_end(prompt, self.separator.as_deref())
        {
            taken.push(format!("the separator `{}` after the prompt", excerpt(separator, LONGEST)));
        }
        if let Some(Value::String(completion)) = row.get_mut(completion_key) {
            if self.leading_space && completion.starts_with(' ') {
                completion.remove(0);
                taken.push("the space before the completion".to_owned());
            }
            if let Some(stop) = strip_end(completion, self.stop.as_deref()) {
                taken.push(format!("the stop suffix `{}` after the completion", excerpt(stop, LONGEST)));
            }
        }
        (!taken.is_empty())
            .then(|| Finding::new(&codes::AFFIX_STRIPPED, "", format!("taken away: {}", taken.join(", "))))
    }
}

fn strip_end<'a>(text: &mut String, end: Option<&'a str>) -> Option<&'a str> {
    let end = end?;
    let kept = text.strip_suffix(end)?.len();
    text.truncate(kept);
    Some(end)
}

/// Characters that marks are made of. Letters, digits, sentence punctuation, quotes, brackets and colons are not
/// among them: they belong to what was said, however many rows end in them.
fn is_mark(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '#' | '-' | '>' | '=' | '|' | '~' | '<' | '^' | '→' | '⇒' | '–' | '—' | '─' | '═'
        )
}

/// What of the end of a text could be a mark.
fn ending(text: &str) -> &str {
    let mut kept = text.trim_end_matches(is_mark);
    for word in WORDS {
        if let Some(before) = kept.strip_suffix(word) {
            kept = before.trim_end_matches(is_mark);
            break;
        }
    }
    let run = &text[kept.len()..];
    let from = run.char_indices().rev().take(LONGEST).last().map_or(0, |(at, _)| at);
    &run[from..]
}

/// `text` without a separator at its end, trimmed.
pub(super) fn without_separator(text: &str) -> &str {
    let run = ending(text);
    if is_whole_mark(run) { text[..text.len() - run.len()].trim() } else { text.trim() }
}

/// One `>` or `#` belongs to the text (`</p>`, `C#`); two characters make a mark, and so does any white space.
fn is_whole_mark(run: &str) -> bool {
    let mut characters = run.chars();
    match (characters.next(), characters.next()) {
        (None, _) => false,
        (Some(first), None) => first.is_whitespace(),
        (Some(first), Some(_)) => !first.is_alphanumeric(),
    }
}

/// How often texts end in what.
#[derive(Debug, Default)]
pub(super) struct Endings {
    counts: BTreeMap<String, u64>,
}

impl Endings {
    /// Counts one text.
    pub fn add(&mut self, text: &str) {
        let ending = ending(text);
        if ending.is_empty() {
            return;
        }
        if let Some(count) = self.counts.get_mut(ending) {
            *count += 1;
        } else if self.counts.len() < MOST_ENDINGS {
            self.counts.insert(ending.to_owned(), 1);
        }
    }

    /// The longest mark that at least `needed` texts end in, and how many do.
    pub fn common(&self, needed: u64) -> Option<(String, u64)> {
        let mut shared: BTreeMap<&str, u64> = BTreeMap::new();
        for (ending, count) in &self.counts {
            for (at, _) in ending.char_indices() {
                *shared.entry(&ending[at..]).or_default() += count;
            }
        }
        shared
            .into_iter()
            .filter(|(mark, count)| *count >= needed && is_whole_mark(mark))
            .max_by_key(|(mark, _)| mark.len())
            .map(|(mark, count)| (mark.to_owned(), count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn common(texts: &[&str], needed: u64) -> Option<String> {
        let mut endings = Endings::default();
        for text in texts {
            endings.add(text);
        }
        endings.common(needed).map(|(mark, _)| mark)
    }

    #[test]
    fn marks_are_found_and_speech_is_not() {
        assert_eq!(common(&["a? ->", "b. ->", "c ->"], 3).as_deref(), Some(" ->"));
        assert_eq!(common(&["a\n\n###\n\n", "b.\n\n###\n\n"], 2).as_deref(), Some("\n\n###\n\n"));
        assert_eq!(common(&["a.###", "b ###", "c###"], 3).as_deref(), Some("###"));
        assert_eq!(common(&["a END", "b END\n"], 1).as_deref(), Some(" END\n"));
        assert_eq!(common(&["a END", "b. END"], 2).as_deref(), Some(" END"));
        assert_eq!(common(&["a\n", "b\n"], 2).as_deref(), Some("\n"));
        for speech in ["Really?", "Yes.", "</p>", "C#", "weekEND", "(a)", "Answer:", "`x`", "**"] {
            assert_eq!(common(&[speech, speech], 2), None, "{speech}");
        }
        assert_eq!(common(&["a ->", "b"], 2), None);
    }

    #[test]
    fn marks_are_taken_only_where_they_stand() {
        let affixes =
            Affixes { separator: Some(" ->".into()), leading_space: true, stop: Some("###".into()) };
        let strip = |prompt: &str, completion: &str| {
            let mut row = Extra::new();
            row.insert("prompt".into(), json!(prompt));
            row.insert("completion".into(), json!(completion));
            let finding = affixes.strip(&mut row);
            (
                row["prompt"].as_str().unwrap().to_owned(),
                row["completion"].as_str().unwrap().to_owned(),
                finding.is_some(),
            )
        };
        assert_eq!(strip("a ->", " b.###"), ("a".into(), "b.".into(), true));
        assert_eq!(strip("a", "b"), ("a".into(), "b".into(), false));
        assert_eq!(without_separator("Be kind.\n\n###\n"), "Be kind.");
        assert_eq!(without_separator("Use C#"), "Use C#");
    }
}
