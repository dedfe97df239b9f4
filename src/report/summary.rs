//! The counters of a run, which are `report.json` when written down (schema 1).
//!
//! Every number is a sum or a sorted list, so that counters of parts merge into the counters of the whole.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::cost::Bill;
use crate::diagnostic::{Def, Severity};
use crate::split::{Choice, Closest};
use crate::text::sanitize::{excerpt, excerpt_path};

/// Version of the report's shape; grows when a key changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

/// Examples of each kind of finding that are kept, with place and message.
const SHOWN_EACH: usize = 3;

/// Everything a run tells.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Version of this shape.
    pub schema: u32,
    /// Version of chatmill.
    pub chatmill: &'static str,
    /// What ran.
    pub command: &'static str,
    /// Where the rows go.
    pub target: &'static str,
    /// The inputs, in the order they were read.
    pub inputs: Vec<Input>,
    /// Files that were found and not read.
    pub skipped: Vec<SkippedInput>,
    /// Who was taken for whom, and why.
    pub speakers: Vec<Speaker>,
    /// What the caller is asked: who answers, where nothing says it.
    pub question: Option<String>,
    /// What became of every record.
    pub ledger: Ledger,
    /// What became of every example that records gave.
    pub examples: Examples,
    /// What became of every turn.
    pub turns: Turns,
    /// What was mended, by name.
    pub mendings: Vec<Mending>,
    /// Examples that came through with nothing mended and nothing left out.
    pub unchanged: u64,
    /// How near twins were looked for, and what was found.
    pub near: Option<Near>,
    /// The index of earlier runs, and what was found in it.
    pub index: Option<Index>,
    /// The sides and what stands on them.
    pub split: Option<Sides>,
    /// Keys that the target does not take, the most frequent first.
    pub left_out: Vec<LeftOut>,
    /// What was found, worst and most frequent first.
    pub findings: Vec<Tally>,
    /// Why records or examples were rejected: the first reason of each, most frequent first.
    pub rejections: Vec<Tally>,
    /// Tokens of the training rows, when they were counted.
    pub tokens: Option<Tokens>,
    /// The bill for the training rows, when it was asked for.
    pub cost: Option<Bill>,
    /// The files written.
    pub outputs: Vec<Output>,
}

/// One input.
#[derive(Debug, Clone, Serialize)]
pub struct Input {
    /// Its name.
    pub path: String,
    /// The reader that read it.
    pub format: &'static str,
    /// Why that reader.
    pub why: String,
    /// What the reader settled.
    pub notes: Vec<String>,
    /// Stored size in bytes.
    pub bytes: u64,
    /// BLAKE3 digest of the file (of the archive, for a member), when the run hashes its inputs.
    pub blake3: Option<String>,
    /// Records in it.
    pub records: u64,
}

/// A file that was not read.
#[derive(Debug, Clone, Serialize)]
pub struct SkippedInput {
    /// Its name.
    pub path: String,
    /// Why.
    pub why: String,
}

/// A speaker and its role.
#[derive(Debug, Clone, Serialize)]
pub struct Speaker {
    /// The name or label, as the source writes it.
    pub name: String,
    /// The role, or `undecided`.
    pub role: &'static str,
    /// Why.
    pub why: String,
    /// Turns in the part looked at.
    pub turns: u64,
    /// Share of the conversations looked at in which the speaker takes part, 0 to 1.
    pub share: f64,
}

/// What became of every record; `records` is the sum of the others.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Ledger {
    /// Records read.
    pub records: u64,
    /// Records with a row in `train.jsonl` (or in the one output of `convert`).
    pub train: u64,
    /// Records with a row in `valid.jsonl`.
    pub valid: u64,
    /// Records with a row in `test.jsonl`.
    pub test: u64,
    /// Records in `rejected.jsonl` that gave no row.
    pub rejected: u64,
    /// Records whose rows all are exact twins of earlier ones.
    pub duplicates_exact: u64,
    /// Records whose rows are near twins of earlier ones.
    pub duplicates_near: u64,
    /// Whether the sums agree, here and in `examples` and `turns`.
    pub balanced: bool,
}

impl Ledger {
    /// Whether every record has a verdict.
    pub fn sums_agree(&self) -> bool {
        self.records
            == self.train
                + self.valid
                + self.test
                + self.rejected
                + self.duplicates_exact
                + self.duplicates_near
    }

    /// Adds the sums over other records, or of other verdicts over the same ones.
    pub fn merge(&mut self, other: &Self) {
        self.records += other.records;
        self.train += other.train;
        self.valid += other.valid;
        self.test += other.test;
        self.rejected += other.rejected;
        self.duplicates_exact += other.duplicates_exact;
        self.duplicates_near += other.duplicates_near;
    }
}

/// What became of every example; a record that was divided gives several.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Examples {
    /// Examples that records gave.
    pub made: u64,
    /// Examples written to `train.jsonl`.
    pub train: u64,
    /// Examples written to `valid.jsonl`.
    pub valid: u64,
    /// Examples written to `test.jsonl`.
    pub test: u64,
    /// Examples the target would refuse.
    pub rejected: u64,
    /// Twins of other examples, exact and near.
    pub duplicates: u64,
    /// Examples that belong together with rows of two sides of an earlier run.
    pub set_aside: u64,
    /// Rejected examples of records of which others are written: windows that are lost.
    #[serde(skip_serializing_if = "is_none")]
    pub lost_windows: u64,
    /// Answers in them that are not masked.
    #[serde(skip_serializing_if = "is_none")]
    pub lost_answers: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_none(number: &u64) -> bool {
    *number == 0
}

impl Examples {
    /// Whether every example has a verdict.
    pub fn sums_agree(&self) -> bool {
        self.made == self.train + self.valid + self.test + self.rejected + self.duplicates + self.set_aside
    }

    /// Adds the sums over other examples, or of other verdicts over the same ones.
    pub fn merge(&mut self, other: &Self) {
        self.made += other.made;
        self.train += other.train;
        self.valid += other.valid;
        self.test += other.test;
        self.rejected += other.rejected;
        self.duplicates += other.duplicates;
        self.set_aside += other.set_aside;
        self.lost_windows += other.lost_windows;
        self.lost_answers += other.lost_answers;
    }
}

/// How near twins were looked for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Near {
    /// Least similarity, 0 to 1 (Jaccard over sets of shingles).
    pub threshold: f64,
    /// The shingles.
    pub shingle: String,
    /// What differs without meaning.
    pub masks: String,
    /// How often it stood in the rows that were compared; nothing where nothing is masked.
    pub masked: Option<Masked>,
    /// `exact`: all of them are found; `minhash`: some are missed.
    pub method: String,
    /// Share of the pairs in a sample of these rows that the method found; 1 by proof for `exact`.
    pub recall: Option<f64>,
}

/// What was masked before rows were compared: places, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Masked {
    /// Dates and times of day.
    pub dates: u64,
    /// Numbers and names of orders and the like, addresses, links.
    pub identifiers: u64,
    /// Other numbers.
    pub numbers: u64,
}

/// The index of earlier runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Index {
    /// Its name.
    pub path: String,
    /// The number of this run in it, from 1.
    pub run: u32,
    /// Runs that this one was compared with.
    pub runs_before: u64,
    /// Rows of these runs.
    pub rows_before: u64,
    /// The same with the rows that this run keeps.
    pub rows_after: u64,
    /// Examples that are exact twins of rows before.
    pub duplicates_exact: u64,
    /// Examples that are near twins of rows before.
    pub duplicates_near: u64,
}

/// The sides and what stands on them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sides {
    /// `hash`: each group by itself; `filled`: until each amount was reached; `time`.
    pub choice: Choice,
    /// Groups on each side.
    pub groups: BySide,
    /// What the sides are balanced by, and what came out.
    pub stratify: Option<String>,
    /// Rows of each stratum on each side, the largest first.
    pub strata: Vec<Stratum>,
    /// Rows that an earlier run had put on a side, and that stand there still.
    pub as_before: u64,
    /// The most similar pair of rows on two sides.
    pub closest: Option<Closest>,
}

/// A number for each side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct BySide {
    /// To learn from.
    pub train: u64,
    /// To watch the training with.
    pub valid: u64,
    /// To judge the result with.
    pub test: u64,
}

impl From<[u64; 3]> for BySide {
    fn from([train, valid, test]: [u64; 3]) -> Self {
        Self { train, valid, test }
    }
}

impl BySide {
    /// Over all sides.
    pub fn sum(self) -> u64 {
        self.train + self.valid + self.test
    }
}

/// Rows with one value of what the sides are balanced by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stratum {
    /// The value.
    pub value: String,
    /// Rows on each side.
    pub rows: BySide,
}

/// What became of every turn; `read` is the sum of the others.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Turns {
    /// Turns read.
    pub read: u64,
    /// Turns that are messages of a written row.
    pub kept: u64,
    /// Turns that were joined to the one before them in a written row.
    pub merged: u64,
    /// Turns left out, by the name of the reason.
    pub dropped: BTreeMap<&'static str, u64>,
}

impl Turns {
    /// Whether every turn is accounted for.
    pub fn sums_agree(&self) -> bool {
        self.read == self.kept + self.merged + self.dropped.values().sum::<u64>()
    }

    /// Adds turns left out for `reason`.
    pub fn drop(&mut self, reason: &'static str, count: u64) {
        if count > 0 {
            *self.dropped.entry(reason).or_default() += count;
        }
    }

    /// Adds the sums over other turns, or of other verdicts over the same ones.
    pub fn merge(&mut self, other: Self) {
        self.read += other.read;
        self.kept += other.kept;
        self.merged += other.merged;
        for (reason, count) in other.dropped {
            self.drop(reason, count);
        }
    }
}

/// How often something was mended.
#[derive(Debug, Clone, Serialize)]
pub struct Mending {
    /// The mending's code.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Examples it touched.
    pub examples: u64,
    /// Turns, messages or parts it touched.
    pub count: u64,
}

/// A key that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The key; `messages[].` stands before keys of messages.
    pub key: String,
    /// Examples that had it.
    pub examples: u64,
}

/// How often something was found, with the first cases.
#[derive(Debug, Clone, Serialize)]
pub struct Tally {
    /// The code.
    pub code: &'static str,
    /// The name.
    pub name: &'static str,
    /// How bad, for this target.
    pub severity: Severity,
    /// Cases in all.
    pub count: u64,
    /// The first cases, in the order of the input.
    pub first: Vec<Case>,
}

impl Tally {
    /// What was refused for this reason, with the first place.
    pub fn refused(&self) -> String {
        let first = self
            .first
            .first()
            .map_or_else(String::new, |case| format!(" ({}:{})", excerpt_path(&case.path, 60), case.line));
        format!("{} refused: {}{first}", crate::text::number::thousands(self.count), self.name)
    }

    /// The first case, to be put behind a sentence.
    pub(super) fn first_place(&self) -> String {
        self.first.first().map_or_else(String::new, |first| {
            let (path, message) = (excerpt_path(&first.path, 60), excerpt(&first.message, 120));
            format!(", first {path}:{}: {message}", first.line)
        })
    }
}

/// One case of a finding.
#[derive(Debug, Clone, Serialize)]
pub struct Case {
    /// Input.
    pub path: String,
    /// Line, from 1.
    pub line: u64,
    /// JSON path inside the record or row; empty for the whole.
    pub at: String,
    /// What is wrong there.
    pub message: String,
}

/// Tokens of the training rows.
#[derive(Debug, Clone, Serialize)]
pub struct Tokens {
    /// The model counted for.
    pub model: &'static str,
    /// Its vocabulary.
    pub encoding: String,
    /// Whether every row is counted exactly.
    pub exact: bool,
    /// Tokens as rendered for training.
    pub total: u64,
    /// Tokens that carry loss.
    pub trained: u64,
    /// Longest row.
    pub max: u64,
    /// Half of the rows are at most this long.
    pub p50: u64,
    /// 95 of 100 rows are at most this long.
    pub p95: u64,
    /// Longest a row may be for this target and model; `null` where nothing is published.
    pub limit: Option<u64>,
    /// Rows over that limit.
    pub over_limit: u64,
    /// Tokens of the validation rows.
    pub valid: u64,
}

/// One file written.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Output {
    /// Its name, without folder.
    pub path: String,
    /// Rows in it.
    pub examples: u64,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its BLAKE3 digest.
    pub blake3: String,
}

/// Tallies of findings while a run goes on.
#[derive(Debug, Default)]
pub struct Tallies {
    by_code: BTreeMap<(&'static str, Severity), (&'static Def, u64, Vec<Case>)>,
}

impl Tallies {
    /// Counts a case; `case` is made only when it will be kept.
    pub fn add(&mut self, def: &'static Def, severity: Severity, case: impl FnOnce() -> Case) {
        let (_, count, first) =
            self.by_code.entry((def.code, severity)).or_insert_with(|| (def, 0, Vec::new()));
        *count += 1;
        if first.len() < SHOWN_EACH {
            first.push(case());
        }
    }

    /// Adds what was found behind all that was counted here.
    pub fn merge(&mut self, next: Self) {
        for (key, (def, count, cases)) in next.by_code {
            let (_, sum, first) = self.by_code.entry(key).or_insert_with(|| (def, 0, Vec::new()));
            *sum += count;
            first.extend(cases.into_iter().take(SHOWN_EACH.saturating_sub(first.len())));
        }
    }

    /// The tallies, worst first, then most frequent, then by code.
    pub fn into_sorted(self) -> Vec<Tally> {
        let mut tallies: Vec<Tally> = self
            .by_code
            .into_iter()
            .map(|((code, severity), (def, count, first))| Tally {
                code,
                name: def.name,
                severity,
                count,
                first,
            })
            .collect();
        tallies
            .sort_by(|a, b| b.severity.cmp(&a.severity).then(b.count.cmp(&a.count)).then(a.code.cmp(b.code)));
        tallies
    }
}

/// The value at `share` (0 to 1) of sorted numbers, by the nearest rank; 0 when there are none.
pub fn percentile(sorted: &[u32], share: f64) -> u64 {
    let rank = (share * sorted.len() as f64).ceil().max(1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rank within a slice's length"
    )]
    let index = rank as usize - 1;
    sorted.get(index.min(sorted.len().saturating_sub(1))).copied().map_or(0, u64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_by_nearest_rank() {
        let numbers: Vec<u32> = (1..=20).collect();
        assert_eq!(
            (percentile(&numbers, 0.5), percentile(&numbers, 0.95), percentile(&numbers, 1.0)),
            (10, 19, 20)
        );
        assert_eq!(percentile(&[], 0.5), 0);
        assert_eq!(percentile(&[7], 0.0), 7);
    }
}
