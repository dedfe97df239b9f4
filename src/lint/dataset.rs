//! Sums over all examples, from which rules over the dataset speak.
//!
//! Plain counters; the order of the rows changes nothing about them.

use std::collections::BTreeMap;
use std::path::Path;

use super::answers::Answered;
use super::columns::Columns;
use super::compared::{Compared, Comparing};
use super::place::{conversation, lists, messages};
use super::related::{is_related, is_sampled};
use super::{Item, Marks};
use crate::disk::packed;
use crate::error::Result;
use crate::model::{Body, Content, Prints};
use crate::text::hash::{Fingerprinter, fingerprint};

/// Distinct system prompts that are counted one by one; beyond that only "more than" is known. 1,024 entries of 24
/// bytes are nothing, and a dataset with more prompts than that makes them from a template.
pub const SYSTEM_PROMPTS_KEPT: usize = 1024;

/// What is known of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DatasetFacts {
    /// Examples.
    pub examples: u64,
    /// Bytes of all rows as written, line feeds included.
    pub bytes: u64,
    /// Messages, answers of preferences included.
    pub messages: u64,
    /// Examples with pictures, films or sounds.
    pub with_media: u64,
    /// Whether the examples are held back and not learned: then what is said of a training file does not hold.
    pub held: bool,
    /// Examples that begin with instructions.
    pub with_system: u64,
    /// Tokens of all examples, where counted.
    pub tokens: u64,
    /// Tokens of the longest example, where counted.
    pub tokens_max: u64,
    /// How often each system prompt stands, by fingerprint: those with the smallest fingerprints, whose counts are
    /// exact in whatever order rows come (who is among the smallest of all is among the smallest of any part).
    prompts: BTreeMap<u64, u64>,
    /// Whether there were more prompts than are kept.
    more_prompts: bool,
    /// Examples whose last answer refuses, where [`Needs::answers`] asks for it.
    pub refusals: u64,
    /// Examples whose answer was compared with what was asked, in words.
    pub comparable: u64,
    /// Those of them whose answer shares no word with it, and the line of the first.
    pub unrelated: u64,
    /// The line of the first of these, or its number where rows have none yet.
    pub first_unrelated: Option<u32>,
    /// What all rows say together, where [`Needs::answers`] asks for it.
    pub compared: Compared,
    /// What they have beside their texts, where [`Needs::columns`] asks for it.
    pub columns: Columns,
}

/// What of one row goes into the sums: small, so that it can be kept until the row's verdict is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowFacts {
    /// Fingerprint of the instructions at the beginning.
    pub system: Option<u64>,
    /// Whether it holds pictures, films or sounds.
    pub media: bool,
    /// Messages, answers of preferences included.
    pub messages: u32,
    /// Tokens, where counted; the largest number stands for all beyond it.
    pub tokens: u32,
    /// What was asked and answered, when asked for. Its line is 0 where rows have none yet: their number stands for it.
    pub answered: Option<Answered>,
}
packed!(RowFacts { system: Option<u64>, media: bool, messages: u32, tokens: u32, answered: Option<Answered> });

impl RowFacts {
    /// Looks at one item; at what was asked and answered only where the prints of its messages are given. The `line` on which
    /// it begins, from 1, says whether it is in the sample of which more is wanted.
    pub fn of(item: &Item<'_>, prints: Option<&Prints>, line: u64) -> Self {
        let count: usize = lists(item.body).map(|(_, list)| list.len()).sum();
        let (_, messages) = conversation(item.body);
        let system = messages.first().filter(|first| first.role.is_instruction()).map(|first| {
            // The role is no part: `developer` with the same words is the same prompt.
            let print = if let Content::Text(text) = &first.content {
                fingerprint(text.as_bytes())
            } else {
                let mut print = Fingerprinter::default();
                first.texts().for_each(|text| print.update(text.as_bytes()));
                print.finish()
            };
            // Half of the fingerprint is plenty to tell a thousand prompts apart; the shift makes it fit.
            u64::try_from(print >> 64).unwrap_or_default()
        });
        Self {
            system,
            media: item.marks.has_any(Marks::PARTS) && has_media(item.body),
            messages: u32::try_from(count).unwrap_or(u32::MAX),
            tokens: item.tokens.map_or(0, |tokens| u32::try_from(tokens.total).unwrap_or(u32::MAX)),
            answered: prints.map(|prints| Answered {
                related: if is_sampled(line) { is_related(item.body) } else { None },
                ..Answered::of(item, prints)
            }),
        }
    }

    /// The same with the line on which the row begins, counted from 1; the largest number stands for all beyond it.
    #[must_use]
    pub fn on_line(mut self, line: u64) -> Self {
        if let Some(answered) = &mut self.answered {
            answered.line = small(line);
        }
        self
    }
}

impl DatasetFacts {
    /// Adds a row, without comparing it to others.
    pub fn add_row(&mut self, row: &RowFacts, row_bytes: u64) {
        self.examples += 1;
        self.bytes = self.bytes.saturating_add(row_bytes);
        self.messages = self.messages.saturating_add(u64::from(row.messages));
        self.with_media += u64::from(row.media);
        self.tokens = self.tokens.saturating_add(u64::from(row.tokens));
        self.tokens_max = self.tokens_max.max(u64::from(row.tokens));
        if let Some(print) = row.system {
            self.with_system += 1;
            *self.prompts.entry(print).or_default() += 1;
            self.bound();
        }
        let Some(answered) = &row.answered else { return };
        self.refusals += u64::from(answered.refuses);
        self.comparable += u64::from(answered.related.is_some());
        if answered.related == Some(false) {
            self.unrelated += 1;
            let line = if answered.line == 0 { small(self.examples) } else { answered.line };
            self.first_unrelated = Some(self.first_unrelated.map_or(line, |first| first.min(line)));
        }
    }

    fn bound(&mut self) {
        while self.prompts.len() > SYSTEM_PROMPTS_KEPT {
            self.prompts.pop_last();
            self.more_prompts = true;
        }
    }

    /// Examples without instructions at the beginning.
    pub fn without_system(&self) -> u64 {
        self.examples.saturating_sub(self.with_system)
    }

    /// How many different system prompts there are; `None` when more than [`SYSTEM_PROMPTS_KEPT`].
    pub fn system_prompts(&self) -> Option<u64> {
        (!self.more_prompts).then_some(self.prompts.len() as u64)
    }

    /// How many examples have the most frequent system prompt, among those that are counted.
    pub fn commonest_system_prompt(&self) -> u64 {
        self.prompts.values().copied().max().unwrap_or(0)
    }
}

/// Whether a part of some content is neither a text nor a refusal.
fn has_media(body: &Body) -> bool {
    let parts = messages(body).filter_map(|(_, message)| match &message.content {
        Content::Parts(parts) => Some(parts),
        _ => None,
    });
    let mut kinds = parts.flatten().filter_map(|part| part.get("type")?.as_str());
    kinds.any(|kind| !matches!(kind, "text" | "refusal"))
}

/// The number, or the largest that fits for all beyond it.
fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Sums over rows that are compared, too.
pub struct DatasetTally {
    facts: DatasetFacts,
    comparing: Comparing,
}

impl DatasetTally {
    /// No rows; `folder` says on which disk there is room.
    pub fn new(folder: &Path) -> Self {
        Self { facts: DatasetFacts::default(), comparing: Comparing::new(folder) }
    }

    /// No rows, and memory for so many bytes of what is compared of them.
    pub fn holding(bytes: usize, folder: &Path) -> Self {
        Self { facts: DatasetFacts::default(), comparing: Comparing::holding(bytes, folder) }
    }

    /// Adds a row whose line has `row_bytes` bytes, the line feed included.
    pub fn add_row(&mut self, row: &RowFacts, row_bytes: u64) -> Result<()> {
        self.facts.add_row(row, row_bytes);
        let Some(mut answered) = row.answered else { return Ok(()) };
        if answered.line == 0 {
            answered.line = small(self.facts.examples);
        }
        self.comparing.add(answered)
    }

    /// Adds what the rows that follow have beside their texts.
    pub fn add_columns(&mut self, next: Columns) {
        self.facts.columns.merge(next);
    }

    /// The sums over all of them.
    pub fn finish(self) -> Result<DatasetFacts> {
        Ok(DatasetFacts { compared: self.comparing.finish()?, ..self.facts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Example, Message, Role};

    fn facts(prompts: impl Iterator<Item = usize>) -> DatasetFacts {
        let mut facts = DatasetFacts::default();
        for prompt in prompts {
            let messages = vec![
                Message::text(Role::System, format!("Prompt {prompt}")),
                Message::text(Role::Assistant, "Yes"),
            ];
            let body = Body::Example(Example { messages, ..Example::default() });
            facts.add_row(&RowFacts::of(&Item::new(&body, None), None, 1), 10);
        }
        facts
    }

    #[test]
    fn any_order_of_rows_gives_the_same_sums() {
        let all = SYSTEM_PROMPTS_KEPT * 3;
        let forth = facts((0..all).chain((0..all).step_by(100)));
        assert_eq!(forth, facts((0..all).rev().chain((0..all).step_by(100))));
        assert_eq!((forth.prompts.len(), forth.system_prompts()), (SYSTEM_PROMPTS_KEPT, None));
        // Exact in spite of the bound.
        let twice = forth.prompts.values().filter(|count| **count == 2).count();
        assert!(twice > 0 && forth.prompts.values().all(|count| matches!(count, 1 | 2)), "{twice}");
    }

    #[test]
    fn few_prompts_are_counted_one_by_one() {
        let facts = facts([1, 1, 2].into_iter());
        assert_eq!(
            (facts.system_prompts(), facts.commonest_system_prompt(), facts.without_system()),
            (Some(2), 2, 0)
        );
    }
}
