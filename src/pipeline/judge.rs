//! The judge: once every example is known, who is a twin of whom and which side each goes to.
//!
//! It works on small entries in the order of identity, never on text. Entries wait on the disk and are read again in
//! that order, so that memory stays the same whatever their number.

use std::iter::Peekable;
use std::path::Path;

use super::plan::Plan;
use crate::dedup::{Groups, Twins};
use crate::disk::{Log, Records, Sorted, packed};
use crate::error::{Error, Result};
use crate::lint::RowFacts;
use crate::model::TokenCount;
use crate::split::{Side, SplitSettings};
use crate::write::Slice;

/// What is remembered of one example.
#[derive(Debug, Clone, Copy)]
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
packed!(Entry {
    record: u32,
    place: Place,
    slice: Slice,
    fingerprint: u128,
    group: u128,
    kept: u32,
    merged: u32,
    tokens: Option<SmallCount>,
    row_facts: RowFacts,
});

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
packed!(Place { source: u32, line: u32, offset: u64 });

/// [`TokenCount`] of one example, small: no record under the limit of length has four thousand million tokens.
#[derive(Debug, Clone, Copy, Default)]
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
packed!(SmallCount { total: u32, high: u32, trained: u32, exact: bool });

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

/// The number, or the largest that fits for all beyond it.
pub(super) fn small(number: u64) -> u32 {
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
    entries: Log<Entry>,
    twins: Twins,
    next: u32,
    records: u32,
    split: SplitSettings,
    keep_twins: bool,
}

impl Judge {
    /// A judge for the plan's settings, who keeps entries on the disk of `folder`.
    pub fn new(plan: &Plan, folder: &Path) -> Result<Self> {
        Ok(Self {
            entries: Log::create(folder)?,
            twins: Twins::new(folder),
            next: 0,
            records: 0,
            split: plan.settings.split,
            keep_twins: plan.settings.twins.keep,
        })
    }

    /// Remembers the examples of the next `records` records, which are numbered from 0 in `entries`.
    pub fn add(&mut self, records: u32, entries: Vec<Entry>) -> Result<()> {
        let too_many = || {
            Error::input("more than 4,294,967,295 records or examples in one run")
                .with_hint("prepare the inputs in several runs")
        };
        let before = self.records;
        self.records = before.checked_add(records).ok_or_else(too_many)?;
        for entry in entries {
            self.twins.add(entry.fingerprint, self.next)?;
            self.next = self.next.checked_add(1).ok_or_else(too_many)?;
            self.entries.push(Entry { record: before + entry.record, ..entry })?;
        }
        Ok(())
    }

    /// Decides over all of them.
    pub fn decide(self) -> Result<Judgement> {
        let entries = self.entries.finish()?;
        let twins = self.twins.finish()?;
        let mut groups = Groups::default();
        if self.keep_twins {
            for pair in twins.iter() {
                let (later, earlier) = pair?;
                groups.join(entries.get(later)?.group, entries.get(earlier)?.group);
            }
        }
        Ok(Judgement { entries, twins, groups, split: self.split, keep_twins: self.keep_twins })
    }
}

/// What became of all entries.
pub struct Judgement {
    entries: Records<Entry>,
    /// Later and earlier entry, in the order of the later ones.
    twins: Sorted<(u32, u32)>,
    groups: Groups,
    split: SplitSettings,
    keep_twins: bool,
}

impl Judgement {
    /// Every entry and its verdict, in the order of identity; as often as wanted.
    pub fn verdicts(&self) -> impl Iterator<Item = Result<(Entry, Verdict)>> + '_ {
        let mut groups = self.groups.clone();
        let mut twins = (!self.keep_twins).then(|| self.twins.iter()).into_iter().flatten().peekable();
        (0..).zip(self.entries.iter()).map(move |(number, entry)| {
            let entry = entry?;
            let verdict = match earlier(&mut twins, number)? {
                Some(earlier) => Verdict::TwinOf(earlier),
                None => Verdict::Side(self.split.side(groups.root(entry.group))),
            };
            Ok((entry, verdict))
        })
    }

    /// One entry.
    pub fn entry(&self, number: u32) -> Result<Entry> {
        self.entries.get(number)
    }
}

/// Who `number` is a twin of; asked in the order of numbers.
fn earlier(
    twins: &mut Peekable<impl Iterator<Item = Result<(u32, u32)>>>,
    number: u32,
) -> Result<Option<u32>> {
    let next = twins.next_if(|pair| pair.as_ref().map_or(true, |(later, _)| *later == number));
    Ok(next.transpose()?.map(|(_, earlier)| earlier))
}
