//! The judge: once every example is known, who is a twin of whom and which side each goes to.
//!
//! It works on small entries in the order of identity, never on text.

use super::plan::Plan;
use super::work::Made;
use crate::dedup::{Groups, Twins};
use crate::error::{Error, Result};
use crate::lint::RowFacts;
use crate::model::{Origin, TokenCount};
use crate::split::{Side, SplitSettings};
use crate::write::Slice;

/// What is remembered of one example.
pub struct Entry {
    /// Which record gave it, counted from 0 over all sources.
    pub record: u32,
    /// Where that record is.
    pub place: Place,
    /// Its length in the spool.
    pub slice: Slice,
    /// What is compared for twins.
    pub fingerprint: u128,
    /// What keeps it beside others in the split.
    pub group: u128,
    /// Turns that are its messages.
    pub kept: u32,
    /// Turns joined into these.
    pub merged: u32,
    /// Its tokens, when counted.
    pub tokens: Option<SmallCount>,
    /// What rules over the whole dataset want to know.
    pub row_facts: RowFacts,
}

/// The part of an origin that identifies a record, small.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Index of the source.
    pub source: u32,
    /// First line; the largest number stands for all beyond it.
    pub line: u32,
    /// First byte.
    pub offset: u64,
}

/// [`TokenCount`] of one example, small: no record under the limit of length has four thousand million tokens.
#[derive(Debug, Clone, Copy)]
pub struct SmallCount {
    /// Tokens as rendered for training.
    pub total: u32,
    /// Upper bound of what is billed.
    pub high: u32,
    /// Tokens that carry loss.
    pub trained: u32,
    /// Whether `total` is exact.
    pub exact: bool,
}

impl From<TokenCount> for SmallCount {
    fn from(count: TokenCount) -> Self {
        Self {
            total: small(count.total),
            high: small(count.high),
            trained: small(count.trained),
            exact: count.exact,
        }
    }
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What becomes of an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is written.
    Side(Side),
    /// It is an exact twin of this earlier entry.
    TwinOf(u32),
}

/// Collects entries, then decides.
pub struct Judge {
    entries: Vec<Entry>,
    records: u32,
    split: SplitSettings,
    keep_twins: bool,
}

impl Judge {
    /// A judge for the plan's settings.
    pub fn new(plan: &Plan) -> Self {
        Self {
            entries: Vec::new(),
            records: 0,
            split: plan.settings.split,
            keep_twins: plan.settings.twins.keep,
        }
    }

    /// The next record; its examples are added with this number.
    pub fn begin_record(&mut self) -> u32 {
        self.records += 1;
        self.records - 1
    }

    /// Remembers one example.
    pub fn add(&mut self, record: u32, origin: Origin, made: &Made, slice: Slice) -> Result<()> {
        if u32::try_from(self.entries.len()).is_err() {
            return Err(Error::input("more than 4,294,967,295 examples in one run")
                .with_hint("prepare the inputs in several runs"));
        }
        self.entries.push(Entry {
            record,
            place: Place { source: origin.source, line: small(origin.line), offset: origin.offset },
            slice,
            fingerprint: made.facts.fingerprint.unwrap_or_default(),
            group: made.group,
            kept: small(made.kept),
            merged: small(made.merged),
            tokens: made.facts.tokens.map(SmallCount::from),
            row_facts: made.row_facts,
        });
        Ok(())
    }

    /// The examples, in the order of identity.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// A verdict for every entry.
    pub fn decide(&self) -> Vec<Verdict> {
        let mut twins = Twins::default();
        let mut groups = Groups::default();
        let mut verdicts = Vec::with_capacity(self.entries.len());
        for (number, entry) in (0..).zip(&self.entries) {
            let earlier = twins.earlier(entry.fingerprint, number);
            match earlier {
                Some(earlier) if !self.keep_twins => verdicts.push(Verdict::TwinOf(earlier)),
                Some(earlier) => {
                    groups.join(entry.group, self.entries[earlier as usize].group);
                    verdicts.push(Verdict::Side(Side::Train));
                }
                None => verdicts.push(Verdict::Side(Side::Train)),
            }
        }
        for (verdict, entry) in verdicts.iter_mut().zip(&self.entries) {
            if let Verdict::Side(side) = verdict {
                *side = self.split.side(groups.root(entry.group));
            }
        }
        verdicts
    }
}
