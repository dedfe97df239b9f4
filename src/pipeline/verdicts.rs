//! What is counted once verdicts are known: examples and turns by side, records by their best verdict, tokens, the bill,
//! and the sums over the training rows.

use std::path::Path;

use super::judge::{Entry, Verdict};
use super::plan::Plan;
use super::pricing::limit_of;
use super::work::example_tokens;
use crate::cost::{self, Limit};
use crate::error::Result;
use crate::lint::{DatasetFacts, DatasetTally};
use crate::model::TokenCount;
use crate::report::summary::{Examples, Ledger, Tokens, Turns, percentile};
use crate::split::Side;

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
    /// The tokens of the training rows, where they are counted.
    pub tokens: Option<Tokens>,
    /// What the training rows are billed for, where tokens are counted.
    pub train: cost::Tally,
    /// What the validation rows are billed for.
    pub valid: cost::Tally,
}

/// Counters that see every entry with its verdict, in the order of identity.
pub(super) struct VerdictTally {
    ledger: Ledger,
    examples: Examples,
    turns: Turns,
    /// The training rows.
    dataset: DatasetTally,
    train: cost::Tally,
    valid: cost::Tally,
    limit: Limit,
    tokens: Option<Tokens>,
    lengths: Vec<u32>,
    /// The record at hand, and the best verdict of its examples so far.
    record: Option<(u32, Option<Side>)>,
}

impl VerdictTally {
    /// Counters at nought; `folder` says on which disk there is room.
    pub fn new(plan: &Plan, folder: &Path) -> Self {
        Self {
            ledger: Ledger::default(),
            examples: Examples::default(),
            turns: Turns::default(),
            dataset: DatasetTally::new(folder),
            train: cost::Tally::default(),
            valid: cost::Tally::default(),
            limit: limit_of(plan),
            tokens: plan.settings.count.then(|| Tokens {
                model: plan.model.name,
                encoding: plan.meter.vocabulary.clone(),
                exact: true,
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
        }
    }

    /// Counts the next entry.
    pub fn add(&mut self, entry: &Entry, verdict: Verdict) -> Result<()> {
        if self.record.is_none_or(|(record, _)| record != entry.record) {
            self.end_record();
            self.record = Some((entry.record, None));
        }
        let Verdict::Side(side) = verdict else {
            self.examples.duplicates += 1;
            self.turns.drop("duplicate", u64::from(entry.kept) + u64::from(entry.merged));
            return Ok(());
        };
        if let Some((_, best)) = &mut self.record {
            best.get_or_insert(side);
        }
        self.turns.kept += u64::from(entry.kept);
        self.turns.merged += u64::from(entry.merged);
        match side {
            Side::Train => {
                self.examples.train += 1;
                self.dataset.add_row(&entry.row_facts, u64::from(entry.slice.row) + 1)?;
            }
            Side::Valid => self.examples.valid += 1,
            Side::Test => self.examples.test += 1,
        }
        self.count(entry, side)
    }

    fn count(&mut self, entry: &Entry, side: Side) -> Result<()> {
        let (Some(tokens), Some(count)) = (&mut self.tokens, entry.tokens) else { return Ok(()) };
        let total = u64::from(count.total);
        let billed = TokenCount { total, high: count.high.into(), ..TokenCount::default() };
        match side {
            Side::Train => {
                tokens.exact &= count.exact;
                tokens.total += total;
                tokens.trained += u64::from(count.trained);
                tokens.over_limit += u64::from(tokens.limit.is_some_and(|limit| total > limit));
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
        match self.record.take() {
            Some((_, Some(Side::Train))) => self.ledger.train += 1,
            Some((_, Some(Side::Valid))) => self.ledger.valid += 1,
            Some((_, Some(Side::Test))) => self.ledger.test += 1,
            Some((_, None)) => self.ledger.duplicates_exact += 1,
            None => {}
        }
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
            tokens: self.tokens,
            train: self.train,
            valid: self.valid,
        })
    }
}
