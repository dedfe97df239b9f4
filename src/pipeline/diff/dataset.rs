//! One of the two datasets: read once, its rows laid aside, one small entry a row kept, and its sums.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::row::{Keys, pack};
use crate::config::Settings;
use crate::cost;
use crate::diagnostic::{Def, Finding, Rejection, Severity};
use crate::disk::{Scratch, ScratchReader};
use crate::error::{Error, Result};
use crate::lint::{DatasetFacts, Item, RowFacts};
use crate::model::{Body, Origin, TokenCount};
use crate::pipeline::bodies::Taken;
use crate::pipeline::divided::{files_of, side_of};
use crate::pipeline::plan::Plan;
use crate::pipeline::pricing::limit_of;
use crate::pipeline::profile::{Profile, ROLES};
use crate::pipeline::walk::walk_jobs;
use crate::pipeline::watch::Watch;
use crate::pipeline::work::{counted, limited, mask};
use crate::read::{Decode, Frame};
use crate::report::difference::{DatasetSide, InputFile};
use crate::report::summary::{Case, SkippedInput, Tallies};
use crate::split::Side;
use crate::tokens::codes::CHAT_NOT_RENDERED;

/// What is kept of a row: 112 bytes, whatever its length.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) keys: Keys,
    /// Where the row lies, and how long it and what stands beside it are.
    pub(super) begin: u64,
    pub(super) length: u32,
    pub(super) beside: u32,
    pub(super) source: u32,
    /// Which example of its record it is, from 0.
    pub(super) part: u32,
    pub(super) line: u64,
    pub(super) side: Option<Side>,
    pub(super) tokens: u32,
    pub(super) trained: u32,
}

/// Findings of one code.
pub(super) type Found = BTreeMap<&'static str, (&'static Def, Severity, u64)>;

/// A dataset, read.
pub(super) struct Dataset {
    /// Its entries, in the order of the input.
    pub(super) entries: Vec<Entry>,
    /// Its rows.
    pub(super) rows: ScratchReader,
    /// Its files by number.
    pub(super) names: Vec<String>,
    /// What is told of it.
    pub(super) told: DatasetSide,
    pub(super) messages: [u64; 5],
    pub(super) total: u64,
    pub(super) trained: u64,
    pub(super) exact: bool,
    pub(super) found: Found,
    /// What is billed: the rows that are trained, and those of validation.
    pub(super) billed: (cost::Tally, cost::Tally),
    /// Not there for a file without any row.
    pub(super) plan: Option<Plan>,
}

/// Bytes within which a file is looked at to see that there is nothing in it but white space.
const BLANK: u64 = 4096;

/// Whether there is nothing in a file, which is a dataset without rows and no mistake.
fn is_blank(path: &str) -> bool {
    let small = std::fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() <= BLANK);
    small && std::fs::read(path).is_ok_and(|bytes| bytes.trim_ascii().is_empty())
}

/// What became of one record.
struct Seen {
    origin: Origin,
    rejected: Option<Rejection>,
    rows: Vec<SeenRow>,
    findings: Vec<Finding>,
}

struct SeenRow {
    row: Vec<u8>,
    beside: Vec<u8>,
    keys: Keys,
    tokens: TokenCount,
    messages: [u32; 5],
    findings: Vec<Finding>,
    /// Not there for a row that cannot be trained on.
    facts: Option<RowFacts>,
}

impl Dataset {
    /// Reads a dataset.
    pub(super) fn read(path: &str, settings: &Settings, watch: &dyn Watch) -> Result<Self> {
        let (files, divided) = files_of(path);
        let mut dataset = Self {
            entries: Vec::new(),
            rows: Scratch::create()?.read()?,
            names: Vec::new(),
            told: DatasetSide { path: path.to_owned(), ..DatasetSide::default() },
            messages: [0; 5],
            total: 0,
            trained: 0,
            exact: true,
            found: Found::new(),
            billed: <_>::default(),
            plan: None,
        };
        if files.iter().all(|file| is_blank(file)) {
            return Ok(dataset);
        }
        let plan = Plan::make(Settings { inputs: files, count: true, ..settings.clone() })?;
        dataset.walk(&plan, divided, watch)?;
        dataset.plan = Some(plan);
        Ok(dataset)
    }

    fn walk(&mut self, plan: &Plan, divided: bool, watch: &dyn Watch) -> Result<()> {
        let sides: Vec<Option<Side>> = (plan.sources.iter())
            .map(|planned| if divided { side_of(&planned.source.file_name()) } else { None })
            .collect();
        self.names = plan.sources.iter().map(|planned| planned.source.name.clone()).collect();
        plan.file_findings.iter().for_each(|(_, finding)| self.found(std::slice::from_ref(finding)));
        for skipped in &plan.skipped {
            self.found(std::slice::from_ref(&skipped.finding));
            let (path, why) = (skipped.name.clone(), skipped.finding.message.clone());
            self.told.skipped.push(SkippedInput { path, why });
        }
        let mut counts = vec![(0, 0); self.names.len()];
        let (mut rejections, mut facts) = (Tallies::default(), DatasetFacts::default());
        let limit = limit_of(plan);
        let mut scratch = Scratch::create()?;
        walk_jobs(
            plan,
            watch,
            |job| {
                let mut room = Vec::new();
                let seen = job.batch.frames().map(|frame| see(plan, &job.decoder, &frame, &mut room));
                seen.collect::<Vec<Seen>>()
            },
            |seen| {
                for seen in seen {
                    let source = seen.origin.source as usize;
                    let side = sides.get(source).copied().flatten();
                    if let Some((records, rows)) = counts.get_mut(source) {
                        *records += 1;
                        *rows += seen.rows.len() as u64;
                    }
                    self.found(&seen.findings);
                    if let Some(rejection) = &seen.rejected {
                        self.found(&[rejection.clone().into()]);
                        rejections.add(rejection.def, Severity::Error, || Case {
                            path: self.names.get(source).cloned().unwrap_or_default(),
                            line: seen.origin.line,
                            at: String::new(),
                            message: rejection.message.clone(),
                        });
                        if seen.rows.is_empty() {
                            self.told.rejected += 1;
                        } else {
                            self.told.unsettled += 1;
                        }
                    }
                    for (row, part) in seen.rows.into_iter().zip(0..) {
                        self.found(&row.findings);
                        if let Some(row_facts) = row.facts {
                            if side.is_none_or(|side| side == Side::Train) {
                                let bytes = row.row.len() as u64 + 1;
                                facts.add_row(&row_facts.on_line(seen.origin.line), bytes);
                                self.billed.0.add(&row.tokens, limit)?;
                            } else if side == Some(Side::Valid) {
                                self.billed.1.add(&row.tokens, limit)?;
                            }
                        }
                        self.lay_aside(&mut scratch, &row, &seen.origin, part, side)?;
                    }
                }
                Ok(())
            },
        )?;
        self.found(&plan.rules.check_dataset(&facts));
        self.rows = scratch.read()?;
        self.told.records = counts.iter().map(|(records, _)| records).sum();
        self.told.rows = self.entries.len() as u64;
        self.told.rejections = rejections.into_sorted();
        let inputs = plan.sources.iter().zip(counts).zip(sides);
        self.told.inputs = inputs
            .map(|((planned, (records, rows)), side)| InputFile {
                path: planned.source.name.clone(),
                format: planned.choice.reader.spec().name,
                side: side.map(Side::name),
                records,
                rows,
            })
            .collect();
        Ok(())
    }

    fn lay_aside(
        &mut self,
        scratch: &mut Scratch,
        row: &SeenRow,
        origin: &Origin,
        part: u32,
        side: Option<Side>,
    ) -> Result<()> {
        let length =
            |bytes: &[u8]| u32::try_from(bytes.len()).map_err(|_| Error::input("a row is longer than 4 GiB"));
        let begin = scratch.push(&row.row)?;
        scratch.push(&row.beside)?;
        let short = |tokens: u64| u32::try_from(tokens).unwrap_or(u32::MAX);
        if self.entries.len() >= MOST_ROWS {
            return Err(Error::input(format!("`{}` has more than {MOST_ROWS} rows", self.told.path))
                .with_hint("compare it in parts"));
        }
        self.entries.push(Entry {
            keys: row.keys,
            begin,
            length: length(&row.row)?,
            beside: length(&row.beside)?,
            source: origin.source,
            part,
            line: origin.line,
            side,
            tokens: short(row.tokens.total),
            trained: short(row.tokens.trained),
        });
        for (sum, number) in self.messages.iter_mut().zip(row.messages) {
            *sum += u64::from(number);
        }
        self.total += row.tokens.total;
        self.trained += row.tokens.trained;
        self.exact &= row.tokens.exact;
        Ok(())
    }

    fn found(&mut self, findings: &[Finding]) {
        for finding in findings {
            let (_, severity, count) =
                self.found.entry(finding.def.code).or_insert((finding.def, finding.severity, 0));
            *severity = (*severity).max(finding.severity);
            *count += 1;
        }
    }

    /// The row of an entry, and what stands beside it, as they were laid aside.
    pub(super) fn bytes(&self, entry: &Entry) -> Result<(Vec<u8>, Vec<u8>)> {
        let row = self.rows.at(entry.begin, entry.length)?;
        Ok((row, self.rows.at(entry.begin + u64::from(entry.length), entry.beside)?))
    }

    /// Names of the roles of [`Dataset::messages`].
    pub(super) const ROLES: [&'static str; 5] = ROLES;
}

/// Rows are numbered in 32 bits, and the last number stands for none.
const MOST_ROWS: usize = u32::MAX as usize - 1;

/// What one record holds.
fn see(plan: &Plan, decoder: &Arc<dyn Decode>, frame: &Frame<'_>, scratch: &mut Vec<u8>) -> Seen {
    let Taken { id, bodies, rejected, unsettled, findings } = Taken::of(plan, decoder, frame);
    let settled = bodies.iter().enumerate();
    let rows = match &unsettled {
        Some(body) => vec![see_unsettled(body, id, scratch)],
        None => settled
            .map(|(number, body)| see_row(plan, body, id.clone(), (number, frame.origin.line), scratch))
            .collect(),
    };
    Seen { origin: frame.origin, rejected, rows, findings }
}

/// A row that nobody can train on: it is neither counted nor judged.
fn see_unsettled(body: &Body, id: Option<String>, scratch: &mut Vec<u8>) -> SeenRow {
    let packed = pack(body, id, 0, scratch);
    SeenRow {
        row: packed.row,
        beside: packed.beside,
        keys: packed.keys,
        tokens: TokenCount { exact: true, ..TokenCount::default() },
        messages: Profile::of(body, None, None).messages,
        findings: Vec::new(),
        facts: None,
    }
}

fn see_row(
    plan: &Plan,
    body: &Body,
    id: Option<String>,
    (part, line): (usize, u64),
    scratch: &mut Vec<u8>,
) -> SeenRow {
    let packed = pack(body, id, part, scratch);
    let outline = match body {
        Body::Example(example) if !plan.meter.has_template() => {
            Some(plan.meter.outline(example, mask(plan.target.spec())))
        }
        _ => None,
    };
    let measured = match &outline {
        Some(outline) => Ok(limited(outline.sum(), plan.target.spec(), body)),
        None => counted(&plan.meter, plan.target.spec(), body),
    };
    let (tokens, not_rendered) = match measured {
        Ok(tokens) => (tokens, None),
        Err(why) => (plan.count(body), Some(Finding::new(&CHAT_NOT_RENDERED, "", why))),
    };
    let item = Item::new(body, Some(tokens));
    let mut findings = plan.rules.check_row(&item);
    findings.extend(not_rendered);
    let answers = plan.rules.needs().answers;
    let prints = answers.then(|| crate::model::Prints::of(body, scratch));
    SeenRow {
        row: packed.row,
        beside: packed.beside,
        keys: packed.keys,
        tokens,
        messages: Profile::of(body, None, None).messages,
        findings,
        facts: Some(RowFacts::of(&item, prints.as_ref(), line)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_small() {
        // As the docs here and in `diff` say.
        assert_eq!(size_of::<Entry>(), 112);
    }
}
