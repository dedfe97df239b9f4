//! The habits of a whole file of prompts and completions: one pass over all rows before the first is read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::affixes::{Affixes, Endings};
use crate::error::Result;
use crate::read::frame::{Batch, Frame, Frames};
use crate::read::json::pair;
use crate::read::labels;
use crate::read::transcript::talk;
use crate::text::json::parse;
use crate::text::sanitize::excerpt;

/// A habit is what this share of the rows has, in percent: the share below which hand-made exceptions stop being
/// exceptions (the old preparation tool asked for all rows).
const SHARE: u64 = 95;
/// Fewer rows show no habit.
const FEWEST_ROWS: u64 = 3;
/// Most different labels that are counted.
const MOST_LABELS: usize = 1_000;

/// What all rows together show.
#[derive(Default)]
pub(super) struct Survey {
    /// Rows of two texts.
    rows: u64,
    prompts: Endings,
    completions: Endings,
    spaces: u64,
    /// Label alone on the last line of a prompt: prompts.
    last: BTreeMap<String, u64>,
    /// Label at the beginning of a line of such a prompt.
    labels: BTreeMap<String, Seen>,
}

#[derive(Default)]
struct Seen {
    prompts: u64,
    /// Prompts in which it begins two lines or more.
    repeated: u64,
}

/// How conversations are packed into prompts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Packed {
    /// The label that the completion answers for.
    pub answering: String,
    /// All labels of speakers, sorted.
    pub speakers: Vec<String>,
}

impl Packed {
    /// Whether the label is the one that answers.
    pub fn answers(&self, label: &str) -> bool {
        self.answering.eq_ignore_ascii_case(label)
    }

    /// The speakers, for people.
    pub fn names(&self) -> String {
        let names: Vec<String> =
            self.speakers.iter().take(8).map(|name| format!("`{}`", excerpt(name, 40))).collect();
        names.join(", ")
    }
}

/// The two texts of a row without a tree of the rest.
#[derive(Deserialize)]
struct Texts<'a> {
    #[serde(borrow)]
    prompt: Cow<'a, str>,
    #[serde(borrow)]
    completion: Cow<'a, str>,
}

impl Survey {
    /// Looks at all rows.
    pub fn of(mut frames: Box<dyn Frames>) -> Result<Self> {
        let mut survey = Self::default();
        let mut batch = Batch::default();
        loop {
            batch.clear();
            let more = frames.fill(&mut batch)?;
            batch.frames().for_each(|frame| survey.add(&frame));
            if !more {
                return Ok(survey);
            }
        }
    }

    fn add(&mut self, frame: &Frame<'_>) {
        if frame.fault.is_some() {
            return;
        }
        if let Ok(texts) = serde_json::from_slice::<Texts>(frame.bytes) {
            self.add_texts(&texts.prompt, &texts.completion);
        } else if let Ok(parsed) = parse(frame.bytes)
            && let Some((prompt, completion)) = parsed.value.as_object().and_then(pair::texts)
        {
            self.add_texts(prompt, completion);
        }
    }

    fn add_texts(&mut self, prompt: &str, completion: &str) {
        self.rows += 1;
        self.prompts.add(prompt);
        self.completions.add(completion);
        self.spaces += u64::from(completion.starts_with(' '));
        if let Some(label) = talk::trailing_label(prompt) {
            self.add_labels(label, prompt);
        }
    }

    fn add_labels(&mut self, last: &str, prompt: &str) {
        bump(&mut self.last, last, |count: &mut u64| *count += 1);
        let mut here: BTreeMap<&str, u64> = BTreeMap::new();
        for (label, _) in prompt.lines().filter_map(talk::label_of_line) {
            *here.entry(label).or_default() += 1;
        }
        for (label, count) in here {
            bump(&mut self.labels, label, |seen: &mut Seen| {
                seen.prompts += 1;
                seen.repeated += u64::from(count > 1);
            });
        }
    }

    /// Rows that make a habit.
    fn needed(&self) -> u64 {
        (self.rows * SHARE).div_ceil(100)
    }

    /// The marks that (nearly) all rows share.
    pub fn affixes(&self) -> Affixes {
        if self.rows < FEWEST_ROWS {
            return Affixes::default();
        }
        let needed = self.needed();
        Affixes {
            separator: self.prompts.common(needed).map(|(mark, _)| mark),
            leading_space: self.spaces >= needed,
            stop: self.completions.common(needed).map(|(mark, _)| mark),
        }
    }

    /// How conversations are packed into prompts, if nearly all prompts end in one speaker's label.
    ///
    /// A label such as `Sentiment:` ends prompts too, without being anybody's: the label must name a party that
    /// answers, or speak earlier in a tenth of the prompts.
    pub fn packed(&self) -> Option<Packed> {
        let (answering, _) =
            self.last.iter().find(|(_, count)| self.rows >= FEWEST_ROWS && **count >= self.needed())?;
        let tenth = self.rows.div_ceil(10);
        let repeats = |label: &str| self.labels.get(label).is_some_and(|seen| seen.repeated >= tenth);
        if !labels::is_answering(answering) && !repeats(answering) {
            return None;
        }
        let speakers = self
            .labels
            .iter()
            .filter(|(label, seen)| {
                *label == answering || labels::is_party(label) || seen.prompts >= tenth && repeats(label)
            })
            .map(|(label, _)| label.clone())
            .collect();
        Some(Packed { answering: answering.clone(), speakers })
    }

    /// What is taken away and how many rows have it.
    pub fn notes(&self, affixes: &Affixes) -> Vec<String> {
        let mut notes = Vec::new();
        let mut note = |what: String, count: u64| {
            notes.push(format!(
                "{what} in {count} of {} rows, taken away where it stands (`--keep-affixes` keeps it)",
                self.rows
            ));
        };
        if affixes.separator.is_some()
            && let Some((mark, count)) = self.prompts.common(self.needed())
        {
            note(format!("separator `{}` at the end of the prompt", excerpt(&mark, 32)), count);
        }
        if affixes.leading_space {
            note("a space at the beginning of the completion".to_owned(), self.spaces);
        }
        if affixes.stop.is_some()
            && let Some((mark, count)) = self.completions.common(self.needed())
        {
            note(format!("stop suffix `{}` at the end of the completion", excerpt(&mark, 32)), count);
        }
        notes
    }
}

fn bump<T: Default>(counts: &mut BTreeMap<String, T>, key: &str, change: impl FnOnce(&mut T)) {
    if let Some(count) = counts.get_mut(key) {
        change(count);
    } else if counts.len() < MOST_LABELS {
        change(counts.entry(key.to_owned()).or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(rows: &[(&str, &str)]) -> Survey {
        let mut survey = Survey::default();
        for (prompt, completion) in rows {
            survey.add_texts(prompt, completion);
        }
        survey
    }

    #[test]
    fn one_row_in_twenty_may_lack_the_marks() {
        let mut rows = vec![("a? ->", " b.###"); 19];
        rows.push(("c?", "d"));
        let habits = survey(&rows);
        let wanted = Affixes { separator: Some(" ->".into()), leading_space: true, stop: Some("###".into()) };
        assert_eq!(habits.affixes(), wanted);
        assert!(habits.notes(&wanted)[0].contains("in 19 of 20 rows"));
        rows.push(("c?", "d"));
        assert_eq!(survey(&rows).affixes(), Affixes::default());
        assert_eq!(survey(&[("a ->", "b"); 2]).affixes(), Affixes::default());
    }

    #[test]
    fn only_a_partys_label_makes_a_conversation() {
        let packed =
            survey(&[("Specs: x\nCustomer: a\nAgent: b\nCustomer: c\nAgent:", " d"); 3]).packed().unwrap();
        assert_eq!(
            (packed.answering.as_str(), packed.speakers.join(" ").as_str()),
            ("Agent", "Agent Customer")
        );
        assert_eq!(survey(&[("Tweet: good\nSentiment:", " positive"); 3]).packed(), None);
        let names = survey(&[("Ann: a\nBob: b\nAnn: c\nBob:", " d"); 3]).packed().unwrap();
        assert_eq!(names.speakers, ["Ann", "Bob"]);
    }
}
