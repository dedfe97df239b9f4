//! What is counted once verdicts are known: examples and turns by side, records by their best verdict, tokens, the bill,
//! and the sums over the training rows.

use std::path::Path;

use super::certify::SideTally;
use super::judge::{Entry, Place};
use super::judgement::{Judged, Kept, Verdict};
use super::plan::Plan;
use super::pricing::limit_of;
use super::work::example_tokens;
use crate::cost::{self, Limit};
use crate::error::Result;
use crate::lint::{DatasetFacts, DatasetTally, FileSize};
use crate::model::TokenCount;
use crate::report::summary::{Examples, Ledger, Tokens, Turns, percentile};
use crate::split::{STRADDLING_GROUP, Side};

/// What was counted.
pub(super) struct VerdictSums {
    /// Records.
    pub ledger: Ledger,
    /// Examples.
    pub examples: Examples,
    /// Turns.
    pub turns: Turns,
    /// The training rows.
    pub dataset: DatasetFacts,
    /// How much is held back for validation.
    pub held: FileSize,
    /// The tokens of the training rows, where they are counted.
    pub tokens: Option<Tokens>,
    /// What the training rows are billed for, where tokens are counted.
    pub train: cost::Tally,
    /// What the validation rows are billed for.
    pub valid: cost::Tally,
    /// What stands on each side.
    pub sides: SideTally,
    /// Examples that belong together with rows of several sides of an earlier run: how many, and the first of them.
    pub set_aside: (u64, Option<Place>),
    /// Examples that are exact and near twins of rows of earlier runs.
    pub known: [u64; 2],
}

/// Counters that see every entry with its verdict, in the order of identity.
pub(super) struct VerdictTally {
    ledger: Ledger,
    examples: Examples,
    turns: Turns,
    /// The training rows.
    dataset: DatasetTally,
    held: FileSize,
    train: cost::Tally,
    valid: cost::Tally,
    limit: Limit,
    tokens: Option<Tokens>,
    lengths: Vec<u32>,
    /// The record at hand, and the best verdict of its examples so far.
    record: Option<(u32, Fate)>,
    sides: SideTally,
    set_aside: (u64, Option<Place>),
    known: [u64; 2],
}

/// The best verdict of the examples of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Exact,
    Near,
    SetAside,
    On(Side),
}

impl VerdictTally {
    /// Counters at nought; `folder` says on which disk there is room.
    pub fn new(plan: &Plan, folder: &Path) -> Self {
        Self {
            ledger: Ledger::default(),
            examples: Examples::default(),
            turns: Turns::default(),
            dataset: DatasetTally::new(folder),
            held: FileSize::default(),
            train: cost::Tally::default(),
            valid: cost::Tally::default(),
            limit: limit_of(plan),
            tokens: plan.settings.count.then(|| Tokens {
                model: plan.model.name,
                encoding: plan.meter.vocabulary.clone(),
                exact: plan.borrowed().is_none(),
                total: 0,
                trained: 0,
                max: 0,
                p50: 0,
                p95: 0,
                limit: example_tokens(plan.target.spec(), plan.model),
                over_limit: 0,
                valid: 0,
            }),
            lengths: Vec::new(),
            record: None,
            sides: SideTally::default(),
            set_aside: (0, None),
            known: [0; 2],
        }
    }

    /// Counts the next entry.
    pub fn add(&mut self, judged: &Judged) -> Result<()> {
        let Judged { entry, verdict, group: (_, first), .. } = judged;
        let fate = match verdict {
            Verdict::Side(side) => Fate::On(*side),
            Verdict::Twin(_, None) => Fate::Exact,
            Verdict::Twin(_, Some(_)) => Fate::Near,
            Verdict::SetAside => Fate::SetAside,
        };
        match &mut self.record {
            // All rows of a record are on one side.
            Some((record, best)) if *record == entry.record => *best = fate.max(*best),
            _ => {
                self.end_record();
                self.record = Some((entry.record, fate));
            }
        }
        let turns = u64::from(entry.kept) + u64::from(entry.merged);
        let side = match verdict {
            Verdict::Side(side) => *side,
            Verdict::Twin(of, near) => {
                if let Kept::Known(_) = of {
                    self.known[usize::from(near.is_some())] += 1;
                }
                self.examples.duplicates += 1;
                self.turns.drop("duplicate", turns);
                return Ok(());
            }
            Verdict::SetAside => {
                self.examples.set_aside += 1;
                self.turns.drop(STRADDLING_GROUP.name, turns);
                self.set_aside.0 += 1;
                self.set_aside.1.get_or_insert(entry.place);
                return Ok(());
            }
        };
        self.sides.add(side, entry.stratum, *first);
        self.turns.kept += u64::from(entry.kept);
        self.turns.merged += u64::from(entry.merged);
        match side {
            Side::Train => {
                self.examples.train += 1;
                self.dataset.add_row(&entry.row_facts, u64::from(entry.slice.row) + 1)?;
            }
            Side::Valid => {
                self.examples.valid += 1;
                let bytes = u64::from(entry.slice.row) + 1;
                self.held = self.held.and(FileSize { examples: 1, bytes });
            }
            Side::Test => self.examples.test += 1,
        }
        self.count(entry, side)
    }

    fn count(&mut self, entry: &Entry, side: Side) -> Result<()> {
        let (Some(tokens), Some(count)) = (&mut self.tokens, entry.tokens) else { return Ok(()) };
        let total = u64::from(count.total);
        let billed =
            TokenCount { total, high: count.high.into(), besides: count.besides, ..TokenCount::default() };
        match side {
            Side::Train => {
                tokens.exact &= count.exact;
                tokens.total += total;
                tokens.trained += u64::from(count.trained);
                tokens.over_limit +=
                    u64::from(tokens.limit.is_some_and(|limit| u64::from(count.longest) > limit));
                self.lengths.push(count.total);
                self.train.add(&billed, self.limit)
            }
            Side::Valid => {
                tokens.valid += total;
                self.valid.add(&billed, self.limit)
            }
            Side::Test => Ok(()),
        }
    }

    /// Counts the record at hand.
    fn end_record(&mut self) {
        let count = match self.record.take() {
            Some((_, Fate::On(Side::Train))) => &mut self.ledger.train,
            Some((_, Fate::On(Side::Valid))) => &mut self.ledger.valid,
            Some((_, Fate::On(Side::Test))) => &mut self.ledger.test,
            Some((_, Fate::Exact)) => &mut self.ledger.duplicates_exact,
            Some((_, Fate::Near)) => &mut self.ledger.duplicates_near,
            Some((_, Fate::SetAside)) => &mut self.ledger.rejected,
            None => return,
        };
        *count += 1;
    }

    /// Ends counting.
    pub fn finish(mut self) -> Result<VerdictSums> {
        self.end_record();
        if let Some(tokens) = &mut self.tokens {
            self.lengths.sort_unstable();
            tokens.max = percentile(&self.lengths, 1.0);
            tokens.p50 = percentile(&self.lengths, 0.5);
            tokens.p95 = percentile(&self.lengths, 0.95);
        }
        Ok(VerdictSums {
            ledger: self.ledger,
            examples: self.examples,
            turns: self.turns,
            dataset: self.dataset.finish()?,
            held: self.held,
            tokens: self.tokens,
            train: self.train,
            valid: self.valid,
            sides: self.sides,
            set_aside: self.set_aside,
            known: self.known,
        })
    }
}
