//! Counting what becomes of records, examples and turns, and checking that the sums agree.

use std::collections::BTreeMap;
use std::path::Path;

use super::judge::Place;
use super::plan::Plan;
use super::sides::Sides;
use super::verdicts::VerdictSums;
use super::work::Outcome;
use crate::diagnostic::{Def, Finding, Severity};
use crate::error::{Error, Result};
use crate::lint::{About, DatasetFacts, FileSize, JobFacts};
use crate::read::speakers::SpeakerRole;
use crate::report::Summary;
use crate::report::summary::{
    Case, Examples, Input, Ledger, LeftOut, Mending, SCHEMA, SkippedInput, Speaker, Tallies, Tally, Turns,
};
use crate::split::{
    Closest, ClosestPair, MISSED_NEAR_TWIN, NO_VALIDATION, NOTHING_OF_EARLIER_RUN, STRADDLING_GROUP, Side,
    UNEVEN_SIDES,
};
use crate::text::masks::Masked;
use crate::text::number::count;

/// Most keys that are told apart.
const KEYS_KEPT: usize = 256;

/// Keys that examples lost, each with the order in which they came and how many examples had it.
#[derive(Debug, Default)]
struct LeftOutKeys(BTreeMap<String, (usize, u64)>);

impl LeftOutKeys {
    /// Counts a key. Keys may be data (identifiers): only `most` are told apart.
    fn add(&mut self, key: &str, examples: u64, most: usize) {
        if let Some((_, sum)) = self.0.get_mut(key) {
            *sum += examples;
        } else if self.0.len() < most {
            self.0.insert(key.to_owned(), (self.0.len(), examples));
        }
    }

    fn merge(&mut self, other: Self) {
        let mut others: Vec<(usize, String, u64)> =
            other.0.into_iter().map(|(key, (order, examples))| (order, key, examples)).collect();
        others.sort_unstable();
        others.iter().for_each(|(_, key, examples)| self.add(key, *examples, KEYS_KEPT));
    }

    fn most_first(self) -> Vec<LeftOut> {
        let mut keys: Vec<LeftOut> =
            self.0.into_iter().map(|(key, (_, examples))| LeftOut { key, examples }).collect();
        keys.sort_by_key(|left_out| std::cmp::Reverse(left_out.examples));
        keys
    }
}

/// Counters of a run, or of a part of it.
#[derive(Debug, Default)]
pub struct RunTally {
    /// Records by source.
    records: BTreeMap<u32, u64>,
    ledger: Ledger,
    examples: Examples,
    turns: Turns,
    mendings: BTreeMap<&'static str, (&'static Def, u64, u64)>,
    unchanged: u64,
    masked: Masked,
    left_out: LeftOutKeys,
    /// Keys that are told apart: all in a part of the run, since those before it decide which of them count.
    keys_kept: usize,
    findings: Tallies,
    rejections: Tallies,
}

impl RunTally {
    /// Counters at nought, with what the plan found about whole files.
    pub fn new(plan: &Plan) -> Self {
        let mut tally = Self { keys_kept: KEYS_KEPT, ..Self::default() };
        let skipped = plan.skipped.iter().map(|skipped| (&skipped.name, &skipped.finding));
        let files = plan.file_findings.iter().map(|(name, finding)| (name, finding));
        for (name, finding) in skipped.chain(files) {
            tally.findings.add(finding.def, finding.severity, || Case {
                path: name.clone(),
                line: 0,
                at: String::new(),
                message: finding.message.clone(),
            });
        }
        tally
    }

    /// Counts what was found in a file that goes with the run.
    pub fn found_in(&mut self, path: &Path, findings: &[Finding]) {
        for finding in findings {
            self.findings.add(finding.def, finding.severity, || Case {
                path: path.display().to_string(),
                line: 0,
                at: String::new(),
                message: finding.message.clone(),
            });
        }
    }

    /// What was masked of all rows that are compared.
    pub fn masked(&self) -> Masked {
        self.masked
    }

    /// Counters at nought for some records in a row, to be merged into those of the run.
    pub fn part() -> Self {
        Self { keys_kept: usize::MAX, ..Self::default() }
    }

    /// Adds what was counted over the records that follow.
    pub fn merge(&mut self, next: Self) {
        for (source, records) in next.records {
            *self.records.entry(source).or_default() += records;
        }
        self.ledger.merge(&next.ledger);
        self.examples.merge(&next.examples);
        self.turns.merge(next.turns);
        for (code, (def, examples, count)) in next.mendings {
            let (_, all_examples, total) = self.mendings.entry(code).or_insert((def, 0, 0));
            *all_examples += examples;
            *total += count;
        }
        self.unchanged += next.unchanged;
        self.masked = std::array::from_fn(|kind| self.masked[kind] + next.masked[kind]);
        self.left_out.merge(next.left_out);
        self.findings.merge(next.findings);
        self.rejections.merge(next.rejections);
    }

    /// Counts one record.
    pub fn record(&mut self, plan: &Plan, outcome: &Outcome) {
        let source = outcome.origin.source as usize;
        *self.records.entry(outcome.origin.source).or_default() += 1;
        self.ledger.records += 1;
        self.turns.read += outcome.turns_read;
        for (def, count) in &outcome.dropped {
            self.turns.drop(def.name, *count);
        }
        let place = |finding: &Finding| Case {
            path: plan.sources.get(source).map_or_else(String::new, |planned| planned.source.name.clone()),
            line: outcome.origin.line,
            at: finding.path.clone(),
            message: finding.message.clone(),
        };
        for finding in &outcome.findings {
            self.findings.add(finding.def, finding.severity, || place(finding));
        }
        if let Some(rejection) = &outcome.rejected {
            let finding = Finding::from(rejection.clone());
            // Some records cannot be used and yet nothing is wrong with the data: a customer who left early.
            self.findings.add(finding.def, rejection.def.severity, || place(&finding));
            self.rejections.add(finding.def, rejection.def.severity, || place(&finding));
        }
        for part in &outcome.parts {
            self.examples.made += 1;
            for finding in &part.findings {
                self.findings.add(finding.def, finding.severity, || place(finding));
            }
            for (def, times) in &part.mendings {
                if def.severity > Severity::Info {
                    self.findings.add(def, def.severity, || {
                        let times = count(*times, "time");
                        place(&Finding::new(
                            def,
                            "",
                            format!("done {times} in this example: {}", def.summary),
                        ))
                    });
                }
                let (_, examples, total) = self.mendings.entry(def.code).or_insert((def, 0, 0));
                *examples += 1;
                *total += times;
            }
            if part.rejected.is_none() {
                self.unchanged += u64::from(part.mendings.is_empty() && part.left_out.is_empty());
                self.masked = std::array::from_fn(|kind| self.masked[kind] + part.masked[kind]);
                for key in &part.left_out {
                    self.left_out.add(key, 1, self.keys_kept);
                }
            }
            if let Some(rejection) = &part.rejected {
                self.examples.rejected += 1;
                self.turns.drop(rejection.def.name, part.kept + part.merged);
                let rejection = Finding::from(rejection.clone());
                self.rejections.add(rejection.def, Severity::Error, || place(&rejection));
                if !part.findings.iter().any(|finding| finding.severity == Severity::Error) {
                    self.findings.add(rejection.def, Severity::Error, || place(&rejection));
                }
            }
        }
        let lost = || outcome.parts.iter().filter(|part| part.rejected.is_some());
        if outcome.parts.len() > lost().count() {
            self.examples.lost_windows += lost().count() as u64;
            self.examples.lost_answers += lost().map(|part| part.answers).sum::<u64>();
        }
        if outcome.rejected.is_some() || outcome.parts.iter().all(|part| part.rejected.is_some()) {
            self.ledger.rejected += 1;
        }
    }

    /// Counts one row that is written to the only output.
    pub fn row(&mut self, kept: u64, merged: u64) {
        self.examples.train += 1;
        self.turns.kept += kept;
        self.turns.merged += merged;
    }

    /// Counts a record of which at least one row was written to the only output.
    pub fn record_written(&mut self) {
        self.ledger.train += 1;
    }

    /// The inputs with their counts.
    pub fn inputs(&self, plan: &Plan) -> Vec<Input> {
        (0..)
            .zip(&plan.sources)
            .map(|(source, planned)| Input {
                path: planned.source.name.clone(),
                format: planned.choice.reader.spec().name,
                why: planned.choice.why.clone(),
                notes: planned.notes.clone(),
                bytes: planned.source.bytes,
                blake3: None,
                records: self.records.get(&source).copied().unwrap_or(0),
            })
            .collect()
    }

    /// The ledger and the reasons for rejection.
    pub fn into_ledger(mut self) -> Result<(Ledger, Vec<Tally>)> {
        self.balance()?;
        Ok((self.ledger, by_count(self.rejections.into_sorted())))
    }

    /// Records, examples and turns are conserved, or the run has failed.
    fn balance(&mut self) -> Result<()> {
        self.ledger.balanced =
            self.ledger.sums_agree() && self.examples.sums_agree() && self.turns.sums_agree();
        if self.ledger.balanced {
            return Ok(());
        }
        Err(Error::internal(format!(
            "the sums do not agree, which is a defect of chatmill; do not use what was written: {:?} {:?} {:?}",
            self.ledger, self.examples, self.turns
        )))
    }

    /// The summary, once every verdict is counted. Digests and outputs are filled in by the caller.
    ///
    /// `closest` is what was found across the sides.
    pub fn finish(
        mut self,
        plan: &Plan,
        verdicts: VerdictSums,
        sides: Option<&Sides>,
        closest: Option<&Closest>,
    ) -> Result<Summary> {
        self.ledger.merge(&verdicts.ledger);
        self.examples.merge(&verdicts.examples);
        self.turns.merge(verdicts.turns);
        for finding in plan.rules.check_dataset(&verdicts.dataset) {
            self.findings.add(finding.def, finding.severity, || Case {
                path: "train.jsonl".into(),
                line: 0,
                at: finding.path.clone(),
                message: finding.message.clone(),
            });
        }
        self.add_job(plan, &verdicts.dataset, verdicts.held);
        self.add_sides(plan, verdicts.set_aside, sides);
        self.add_missed(plan, closest);
        let mut summary = self.summary(plan, plan.settings.job.name())?;
        summary.tokens = verdicts.tokens;
        Ok(summary)
    }

    /// What the target says of the files together.
    fn add_job(&mut self, plan: &Plan, dataset: &DatasetFacts, held: FileSize) {
        let facts = JobFacts {
            training: Some(FileSize { examples: dataset.examples, bytes: dataset.bytes }),
            validation: Some(held).filter(|held| held.examples > 0),
            complete: true,
        };
        for (about, finding) in plan.rules.check_job(&facts) {
            let file = match about {
                About::Training => Side::Train.file(),
                About::Validation => Side::Valid.file(),
            };
            self.findings.add(finding.def, finding.severity, || Case {
                path: file.into(),
                line: 0,
                at: String::new(),
                message: finding.message.clone(),
            });
        }
    }

    /// What is to be said of the sides.
    fn add_sides(&mut self, plan: &Plan, set_aside: (u64, Option<Place>), sides: Option<&Sides>) {
        let whole =
            |file: &str, message: String| Case { path: file.to_owned(), line: 0, at: String::new(), message };
        let (all, first) = set_aside;
        for _ in 0..all {
            let case = || {
                let place = first.as_ref();
                let planned = place.and_then(|place| plan.sources.get(place.source as usize));
                let path = planned.map_or_else(String::new, |planned| planned.source.name.clone());
                let line = place.map_or(0, |place| place.line.into());
                Case { path, line, at: String::new(), message: STRADDLING_GROUP.summary.to_owned() }
            };
            self.findings.add(&STRADDLING_GROUP, STRADDLING_GROUP.severity, case);
            self.rejections.add(&STRADDLING_GROUP, STRADDLING_GROUP.severity, case);
        }
        let split = &plan.settings.split;
        let wanted = if split.by_time() { split.after.is_some() } else { split.valid.is_some() };
        if self.ledger.valid == 0 && self.ledger.train > 0 && wanted && plan.settings.job.has_sides() {
            let of = count(self.ledger.train, "record");
            let says = match &split.after {
                Some(moment) => format!("none of {of} was written at {} or later", moment.text),
                None => format!("{} of {of} came out as none", split.valid),
            };
            self.findings.add(&NO_VALIDATION, NO_VALIDATION.severity, || whole(Side::Valid.file(), says));
        }
        if sides.is_some_and(|sides| sides.nothing_earlier) {
            let folder = plan.settings.previous.as_deref().unwrap_or(Path::new(""));
            let says =
                "no row here stands there, and none shares a customer, ticket or prompt with it".to_owned();
            let def = &NOTHING_OF_EARLIER_RUN;
            self.findings.add(def, def.severity, || whole(&folder.display().to_string(), says));
        }
        for (side, has, wanted) in sides.map_or(&[][..], |sides| &sides.misses) {
            let says = format!("{}, and {wanted:.0} were wanted", count(*has, "row"));
            self.findings.add(&UNEVEN_SIDES, UNEVEN_SIDES.severity, || whole(side.file(), says));
        }
    }

    /// Near twins across the sides that an approximate search left there.
    fn add_missed(&mut self, plan: &Plan, closest: Option<&Closest>) {
        let (Some(near), Some(closest)) = (plan.settings.twins.near, closest) else { return };
        let missed = closest.pair.as_ref().filter(|pair| pair.similarity >= near.threshold.value());
        let (severity, file, message) = match missed {
            Some(ClosestPair { similarity, rows: [one, other], .. }) => (
                MISSED_NEAR_TWIN.severity,
                other.file.clone(),
                format!("{one} and {other} are {similarity:.3} alike, and there may be more"),
            ),
            None if closest.searched_from.is_none() => (
                Severity::Warning,
                Side::Valid.file().to_owned(),
                "the sides were not compared exactly: there are too many rows, or too many are alike"
                    .to_owned(),
            ),
            None => return,
        };
        self.findings.add(&MISSED_NEAR_TWIN, severity, || Case {
            path: file,
            line: 0,
            at: String::new(),
            message,
        });
    }

    /// The summary of what was counted so far.
    pub fn summary(mut self, plan: &Plan, command: &'static str) -> Result<Summary> {
        self.balance()?;
        Ok(Summary {
            schema: SCHEMA,
            chatmill: env!("CARGO_PKG_VERSION"),
            command,
            target: plan.target.spec().name,
            inputs: self.inputs(plan),
            skipped: plan
                .skipped
                .iter()
                .map(|skipped| SkippedInput {
                    path: skipped.name.clone(),
                    why: skipped.finding.message.clone(),
                })
                .collect(),
            speakers: plan
                .speakers
                .rows()
                .iter()
                .map(|row| Speaker {
                    name: row.name.clone(),
                    role: row.role.map_or("undecided", SpeakerRole::name),
                    why: row.why.clone(),
                    turns: row.turns,
                    share: row.share,
                })
                .collect(),
            question: plan.question(),
            ledger: self.ledger,
            examples: self.examples,
            turns: self.turns,
            mendings: self
                .mendings
                .into_values()
                .map(|(def, examples, count)| Mending { code: def.code, name: def.name, examples, count })
                .collect(),
            unchanged: self.unchanged,
            near: None,
            index: None,
            split: None,
            left_out: self.left_out.most_first(),
            findings: self.findings.into_sorted(),
            rejections: by_count(self.rejections.into_sorted()),
            tokens: None,
            cost: None,
            outputs: Vec::new(),
        })
    }
}

/// The most frequent first, whatever their severity: each rejects all the same.
fn by_count(mut tallies: Vec<Tally>) -> Vec<Tally> {
    tallies.sort_by(|a, b| b.count.cmp(&a.count).then(a.code.cmp(b.code)));
    tallies
}
