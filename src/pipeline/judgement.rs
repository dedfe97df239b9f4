//! What became of every example: who is a twin of whom, and which side each goes to.

use std::iter::Peekable;

use super::held::HeldKey;
use super::judge::Entry;
use super::sides::{Candidate, Candidates, Sides};
use super::tasks::Tasks;
use crate::dedup::near::{Sets, Similarity};
use crate::disk::{Records, Sorted};
use crate::error::Result;
use crate::split::Side;

/// What becomes of an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is written.
    Side(Side),
    /// It is a twin of this row, which is kept; how alike, unless they are exact twins.
    Twin(Kept, Option<Similarity>),
    /// It belongs together with rows of several sides of an earlier run.
    SetAside,
}

/// A row that is kept while its twins go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// An entry of this run.
    Row(u32),
    /// A row of an earlier run, by its number in the index.
    Known(u32),
}

/// A bit for each row.
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// No row has it.
    pub fn none(count: u32) -> Self {
        Self(vec![0; count as usize / 64 + 1])
    }

    /// Gives it to a row.
    pub fn set(&mut self, row: u32) {
        if let Some(word) = self.0.get_mut(row as usize / 64) {
            *word |= 1 << (row % 64);
        }
    }

    /// Whether the row has it.
    pub fn has(&self, row: u32) -> bool {
        self.0.get(row as usize / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }
}

/// Who a row is a twin of (rows of earlier runs come first in the count), and how many shingles they share of how many; none of none: they are exact twins.
pub(super) type TwinOf = (u32, (u32, u32));

/// What became of all entries.
pub struct Judgement {
    pub(super) entries: Records<Entry>,
    /// What of them decides about sides, until that is done.
    pub(super) candidates: Option<Records<Candidate>>,
    pub(super) twins: Sorted<(u32, TwinOf)>,
    pub(super) keys: Sorted<HeldKey>,
    pub(super) tasks: Tasks,
    pub(super) links: Vec<(u32, u32)>,
    /// Rows that are twins of others and go.
    pub(super) gone: Bits,
    pub(super) count: u32,
    /// Rows of earlier runs, which are counted before those of this run where twins are looked for.
    pub(super) known: u32,
    pub(super) sides: Option<Sides>,
    /// Names of strata by number.
    pub strata: Vec<Box<str>>,
    /// Shingles of all rows, when near twins are looked for.
    pub sets: Option<Sets>,
    /// The same as they were before they were put in order, for the index: of each row of this run how many, and which.
    pub(super) own_sets: Option<Records<u64>>,
    /// Share of near twins that were found, where it is not all.
    pub recall: Option<f64>,
    /// Whether there may be rows for test.
    pub has_test: bool,
}

/// An entry with what became of it.
pub struct Judged {
    /// What is remembered of it.
    pub entry: Entry,
    /// What became of it.
    pub verdict: Verdict,
    /// Its group, and whether it is the first of it.
    pub group: (u128, bool),
}

impl Judgement {
    /// Every entry and its verdict, in the order of identity; as often as wanted.
    pub fn verdicts(&self) -> impl Iterator<Item = Result<Judged>> + '_ {
        let mut twins = self.twins.iter().peekable();
        (0..).zip(self.entries.iter()).map(move |(number, entry)| {
            let mut entry = entry?;
            entry.key = self.tasks.name(entry.key, entry.fingerprint);
            let twin = next_of(&mut twins, number)?;
            let verdict = match twin {
                Some((of, (0, 0))) => Verdict::Twin(self.kept(of), None),
                Some((of, (shared, union))) => {
                    Verdict::Twin(self.kept(of), Some(Similarity { shared, union }))
                }
                None => match &self.sides {
                    None => Verdict::Side(Side::Train),
                    Some(sides) => sides.side(number, entry.key).map_or(Verdict::SetAside, Verdict::Side),
                },
            };
            let group =
                self.sides.as_ref().map_or((entry.key, false), |sides| sides.group(number, entry.key));
            Ok(Judged { entry, verdict, group })
        })
    }

    /// A kept row, where rows of earlier runs come first in the count.
    fn kept(&self, number: u32) -> Kept {
        number.checked_sub(self.known).map_or(Kept::Known(number), Kept::Row)
    }

    /// One entry.
    pub fn entry(&self, number: u32) -> Result<Entry> {
        self.entries.get(number)
    }

    /// The sides, where there are any.
    pub fn sides(&self) -> Option<&Sides> {
        self.sides.as_ref()
    }

    /// Examples.
    pub fn count(&self) -> u32 {
        self.count
    }
}

impl Candidates for Judgement {
    fn all(&self) -> impl Iterator<Item = Result<Candidate>> + '_ {
        let goes = |one: &Result<Candidate>| one.as_ref().is_ok_and(|one| self.gone.has(one.number));
        let kept = self.candidates.iter().flat_map(Records::iter).filter(move |one| !goes(one));
        kept.map(|one| one.map(|one| Candidate { key: self.tasks.name(one.key, one.fingerprint), ..one }))
    }

    fn has(&self, number: u32) -> bool {
        !self.gone.has(number)
    }

    fn keys(&self) -> impl Iterator<Item = Result<HeldKey>> + '_ {
        self.tasks.tell_apart(&self.keys)
    }

    fn links(&self) -> &[(u32, u32)] {
        &self.links
    }
}

/// What is paired with `number`; asked in the order of numbers.
pub(super) fn next_of<T>(
    pairs: &mut Peekable<impl Iterator<Item = Result<(u32, T)>>>,
    number: u32,
) -> Result<Option<T>> {
    let next = pairs.next_if(|pair| pair.as_ref().map_or(true, |(of, _)| *of == number));
    Ok(next.transpose()?.map(|(_, paired)| paired))
}
