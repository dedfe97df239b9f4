//! The judge: once every example is known, who is a twin of whom and which side each goes to.
//!
//! It works on small entries in the order of identity, never on text. Entries wait on the disk and are read again in
//! that order, so that memory stays the same whatever their number; near twins and groups take some bytes a row.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::alike::Alike;
use super::earlier::earlier;
use super::held::HeldKey;
use super::judgement::{Bits, Judgement, next_of};
use super::plan::Plan;
use super::sides::{Candidate, Sides};
use super::tasks::Tasks;
use super::watch::{Watch, until_stopped};
use crate::config::{Keep, NearSettings, Settings};
use crate::dedup::history::History;
use crate::dedup::near::{SetSpool, Sets, Twin};
use crate::dedup::{SharedKey, Twins};
use crate::disk::{Log, Records, Slice, Sorter, packed};
use crate::error::{Error, Result};
use crate::lint::RowFacts;
use crate::model::{Besides, TokenCount};
use crate::split::{Earlier, Side};

/// What is remembered of one example.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Which record gave it, counted from 0 over all sources.
    pub record: u32,
    /// Where that record is.
    pub place: Place,
    /// Its length in the spool.
    pub slice: Slice,
    /// Whether the next example, of the same record, says the same and more: then that one is compared for both.
    pub goes_on: bool,
    /// What is compared for twins.
    pub fingerprint: u128,
    /// The least of what it has in common with others.
    pub key: u128,
    /// What it counts for when sides are balanced.
    pub stratum: u32,
    /// When it was last written to, in milliseconds since 1970.
    pub newest: Option<i64>,
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
    goes_on: bool,
    fingerprint: u128,
    key: u128,
    stratum: u32,
    newest: Option<i64>,
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
    /// Tokens that are held against a limit.
    pub longest: u32,
    /// Upper bound of what is billed.
    pub high: u32,
    /// Tokens that carry loss.
    pub trained: u32,
    /// Whether `total` is exact.
    pub exact: bool,
    /// What it has besides texts.
    pub besides: Besides,
}
packed!(SmallCount { total: u32, longest: u32, high: u32, trained: u32, exact: bool, besides: Besides });
packed!(Besides { tools: bool, pictures: bool, thoughts: bool });

impl From<TokenCount> for SmallCount {
    fn from(count: TokenCount) -> Self {
        Self {
            total: small(count.total),
            longest: small(count.sequence().low),
            high: small(count.high),
            trained: small(count.trained),
            exact: count.exact,
            besides: count.besides,
        }
    }
}

/// The number, or the largest that fits for all beyond it.
pub(super) fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// An example on its way to the judge.
pub struct Case {
    /// What is remembered of it.
    pub entry: Entry,
    /// What it has in common with others.
    pub keys: Vec<SharedKey>,
    /// The prompts inside it, before its earlier answers.
    pub inner: Vec<SharedKey>,
    /// What it counts for when sides are balanced.
    pub stratum: Option<Box<str>>,
    /// Among twins the one with the highest rank is kept.
    pub rank: f64,
    /// Its shingles, when near twins are looked for.
    pub shingles: Vec<u64>,
}

/// Strata that are told apart; more are one.
const STRATA_MOST: usize = 10_000;

/// Collects cases, then decides.
pub struct Judge {
    entries: Log<Entry>,
    /// What of them decides about sides: looked at several times, and a third as long.
    candidates: Option<Log<Candidate>>,
    twins: Twins,
    keys: Sorter<HeldKey>,
    sets: Option<SetSpool>,
    /// The same of all rows, where some are compared as a part of the next one when it is decided who goes: none of them may
    /// be like a row on another side.
    all_sets: Option<SetSpool>,
    ranks: Option<Vec<f64>>,
    strata: BTreeMap<Box<str>, u32>,
    earlier: Earlier,
    /// Rows of earlier runs. Where twins are looked for, they are counted before the rows of this run.
    known: u32,
    /// Sets of this run's rows as they go into an index: how many shingles, and which.
    own_sets: Option<Log<u64>>,
    next: u32,
    records: u32,
    folder: PathBuf,
}

impl Judge {
    /// A judge for the plan's settings, who keeps entries on the disk of `folder` and knows the rows of earlier runs.
    pub fn new(plan: &Plan, folder: &Path, history: Option<&History>, watch: &dyn Watch) -> Result<Self> {
        let settings = &plan.settings;
        let mut judge = Self {
            entries: Log::create(folder)?,
            candidates: settings.job.has_sides().then(|| Log::create(folder)).transpose()?,
            twins: Twins::new(folder),
            keys: Sorter::new(folder),
            sets: settings.twins.near.map(|_| SetSpool::create(folder)),
            all_sets: settings
                .twins
                .near
                .filter(|_| plan.assemble.one_answer && settings.job.has_sides())
                .map(|_| SetSpool::create(folder)),
            ranks: (settings.twins.which != Keep::First).then(Vec::new),
            strata: BTreeMap::new(),
            earlier: settings.previous.as_deref().map(earlier).transpose()?.unwrap_or_default(),
            known: 0,
            own_sets: None,
            next: 0,
            records: 0,
            folder: folder.to_owned(),
        };
        if let Some(history) = history {
            judge.know(history, watch)?;
            judge.own_sets = judge.sets.is_some().then(|| Log::create(folder)).transpose()?;
        }
        Ok(judge)
    }

    /// Takes in the rows of earlier runs.
    fn know(&mut self, history: &History, watch: &dyn Watch) -> Result<()> {
        watch.begin("reading the index", 0);
        let go_on = until_stopped(watch);
        let (twins, known) = (&mut self.twins, &mut self.known);
        let (sets, all_sets) = (&mut self.sets, &mut self.all_sets);
        history.each(|fingerprint, set| {
            if *known % 4_096 == 0 {
                go_on((*known).into(), history.rows().into())?;
            }
            twins.add(fingerprint, *known)?;
            for sets in sets.iter_mut().chain(all_sets.as_mut()) {
                sets.push(set)?;
            }
            *known += 1;
            Ok(())
        })?;
        watch.end();
        Ok(())
    }

    /// Remembers the examples of the next `records` records, which are numbered from 0 in `cases`.
    pub fn add(&mut self, records: u32, cases: Vec<Case>) -> Result<()> {
        let too_many = || {
            Error::input("more than 4,294,967,295 records or examples in one run")
                .with_hint("prepare the inputs in several runs")
        };
        let before = self.records;
        self.records = before.checked_add(records).ok_or_else(too_many)?;
        for Case { mut entry, keys, inner, stratum, rank, shingles } in cases {
            let number = self.next;
            self.next = number.checked_add(1).ok_or_else(too_many)?;
            let in_all = number.checked_add(self.known).ok_or_else(too_many)?;
            entry.record += before;
            entry.stratum = self.stratum(stratum);
            self.twins.add(entry.fingerprint, in_all)?;
            HeldKey::all(&keys, &inner, number).try_for_each(|held| self.keys.push(held))?;
            if let Some(ranks) = &mut self.ranks {
                ranks.push(rank);
            }
            if let Some(all) = &mut self.all_sets {
                all.push(&shingles)?;
            }
            // A row that is a part of the next one stands or falls with it.
            let compared = if entry.goes_on { &[][..] } else { &shingles[..] };
            if let Some(sets) = &mut self.sets {
                sets.push(compared)?;
            }
            if let Some(own) = &mut self.own_sets {
                own.push(compared.len() as u64)?;
                compared.iter().try_for_each(|shingle| own.push(*shingle))?;
            }
            if let Some(candidates) = &mut self.candidates {
                let Entry { record, fingerprint, key, stratum, newest, .. } = entry;
                candidates.push(Candidate { number, record, fingerprint, key, stratum, newest })?;
            }
            self.entries.push(entry)?;
        }
        Ok(())
    }

    /// The number of a stratum: in the order in which they came, 0 where there is none and where there are too many.
    fn stratum(&mut self, value: Option<Box<str>>) -> u32 {
        let Some(value) = value else { return 0 };
        if let Some(number) = self.strata.get(&value) {
            return *number;
        }
        if self.strata.len() >= STRATA_MOST {
            return 0;
        }
        let number = u32::try_from(self.strata.len() + 1).unwrap_or(0);
        self.strata.insert(value, number);
        number
    }

    /// Decides over all of them.
    pub fn decide(self, settings: &Settings, watch: &dyn Watch) -> Result<Judgement> {
        let keep = settings.twins.keep;
        let (count, known) = (self.next, self.known);
        let entries = self.entries.finish()?;
        let order = order(&entries, known, self.ranks.as_deref(), &self.earlier)?;
        let mut place = vec![0; order.as_ref().map_or(0, Vec::len)];
        for (at, row) in (0..).zip(order.iter().flatten()) {
            place[*row as usize] = at;
        }
        let exact = self.twins.finish(|row| place.get(row as usize).copied().unwrap_or(row))?;
        drop(place);
        let mut near = None;
        let mut links = Vec::new();
        let mut alike = vec![];
        if let (Some(terms), Some(sets)) = (settings.twins.near, self.sets) {
            let found = Alike::find(terms, sets, known, keep, order.as_deref(), watch)?;
            links = found.links;
            alike = found.twins;
            follow(&entries, known, &mut alike)?;
            let mut sets = found.sets;
            if let Some(all) = self.all_sets {
                let (all, among) = among_all(terms, all, known, watch)?;
                links.extend(among);
                sets = all;
            }
            near = Some((sets, found.recall));
        }
        let mut gone = Bits::none(count);
        let mut twins = Sorter::new(&self.folder);
        // Of equal rows in the index all stay there.
        let in_index = |pair: &Result<(u32, u32)>| pair.as_ref().is_ok_and(|(row, _)| *row < known);
        let mut exact_pairs = exact.iter().skip_while(in_index).peekable();
        for (number, row) in (0..count).zip(known..) {
            let equal = next_of(&mut exact_pairs, row)?;
            if keep {
                links.extend(equal.map(|kept| (row, kept)));
                continue;
            }
            // Whom the kept one of equals is a twin of, all of them are.
            let similar = alike.get(equal.unwrap_or(row) as usize).copied().flatten();
            let twin = match (similar, equal) {
                (Some(Twin { of, similarity }), _) if of != row => {
                    Some((of, (similarity.shared, similarity.union)))
                }
                (_, Some(kept)) => Some((kept, (0, 0))),
                (_, None) => None,
            };
            if let Some(twin) = twin {
                gone.set(number);
                twins.push((number, twin))?;
            }
        }
        drop(exact_pairs);
        let keys = self.keys.finish()?;
        let mut judgement = Judgement {
            entries,
            candidates: self.candidates.map(Log::finish).transpose()?,
            twins: twins.finish()?,
            tasks: Tasks::of(&keys, u64::from(count))?,
            keys,
            links,
            gone,
            count,
            known,
            sides: None,
            strata: names(self.strata),
            sets: None,
            own_sets: self.own_sets.map(Log::finish).transpose()?,
            recall: None,
            has_test: settings.split.has_test() || self.earlier.has(Side::Test),
        };
        if settings.job.has_sides() {
            judgement.sides = Some(Sides::decide(&judgement, &settings.split, &self.earlier)?);
            judgement.candidates = None;
        }
        (judgement.sets, judgement.recall) = near.map_or((None, None), |(sets, recall)| (Some(sets), recall));
        Ok(judgement)
    }
}

/// The sets of all rows, and which of this run's are alike, those that are a part of the next one among them.
fn among_all(
    terms: NearSettings,
    sets: SetSpool,
    known: u32,
    watch: &dyn Watch,
) -> Result<(Sets, Vec<(u32, u32)>)> {
    let Alike { sets, links, .. } = Alike::find(terms, sets, known, true, None, watch)?;
    let of_this_run = |(a, b): (u32, u32)| Some((a.checked_sub(known)?, b.checked_sub(known)?));
    Ok((sets, links.into_iter().filter_map(of_this_run).collect()))
}

/// Gives rows that are compared as a part of the next one the twin of that one.
fn follow(entries: &Records<Entry>, known: u32, alike: &mut [Option<Twin>]) -> Result<()> {
    let mut waiting: Vec<usize> = Vec::new();
    let mut record = None;
    for (row, entry) in (known as usize..).zip(entries.iter()) {
        let entry = entry?;
        // The row that is compared for those before it may have been refused.
        if record.replace(entry.record) != Some(entry.record) {
            waiting.clear();
        }
        if entry.goes_on {
            waiting.push(row);
        } else if let Some(&Some(twin)) = alike.get(row).filter(|twin| twin.is_some()) {
            for row in waiting.drain(..) {
                if let Some(alike) = alike.get_mut(row) {
                    *alike = Some(twin);
                }
            }
        } else {
            waiting.clear();
        }
    }
    Ok(())
}

/// The names of strata by number; the first stands for what has none.
fn names(strata: BTreeMap<Box<str>, u32>) -> Vec<Box<str>> {
    let mut names: Vec<(u32, Box<str>)> = strata.into_iter().map(|(name, number)| (number, name)).collect();
    names.sort_unstable();
    std::iter::once("(none)".into()).chain(names.into_iter().map(|(_, name)| name)).collect()
}

/// Rows from most to least preferred among twins: those in the index, `known` many; those that an earlier run has, and of
/// these the ones that judge; then by rank, then the first; `None` when the first is always preferred.
fn order(
    entries: &Records<Entry>,
    known: u32,
    ranks: Option<&[f64]>,
    earlier: &Earlier,
) -> Result<Option<Vec<u32>>> {
    if ranks.is_none() && earlier.is_empty() {
        return Ok(None);
    }
    let mut places = Vec::new();
    for (row, (number, entry)) in (known..).zip(entries.iter().enumerate()) {
        let rank = ranks.and_then(|ranks| ranks.get(number).copied()).unwrap_or(0.0);
        places.push((earlier.of_row(entry?.fingerprint), rank, row));
    }
    places.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    Ok(Some((0..known).chain(places.into_iter().map(|(.., row)| row)).collect()))
}
