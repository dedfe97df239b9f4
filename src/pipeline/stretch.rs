//! What one batch of records leaves for the tail of `prepare`: a worker writes it all down, so that the tail moves whole
//! buffers.

use std::mem::take;

use super::judge::{Case, Entry, Place, SmallCount, small};
use super::plan::Plan;
use super::provenance::{provenance_rest, rejected_part, rejected_record};
use super::standing::Standing;
use super::tally::RunTally;
use super::walk::WalkOptions;
use super::work::{Job, Made, Outcome, work};
use crate::disk::Slice;
use crate::error::Result;

/// The records of one batch, worked on.
pub(super) struct Stretch {
    /// How many.
    pub records: u32,
    /// What became of them, twins and sides aside.
    pub tally: RunTally,
    /// Their lines of `rejected.jsonl`.
    pub rejected: Vec<u8>,
    /// Rows with the rest of their provenance, for the spool.
    pub spooled: Vec<u8>,
    /// A case for each of these, the records being counted from 0.
    pub cases: Vec<Case>,
}

/// Bytes of the provenance of most rows: 274 in the file for a chat set, the place of the row among them (20,000 rows).
const PROVENANCE: usize = 256;

impl Stretch {
    /// Works on a batch and writes down what is kept of it.
    pub fn of(plan: &Plan, job: &Job) -> Result<Self> {
        // As much as was read, and a line of provenance a record: most often all of it has room without being moved.
        let usual = job.batch.bytes() + PROVENANCE * job.batch.len();
        let mut stretch = Self {
            records: 0,
            tally: RunTally::part(),
            rejected: Vec::new(),
            spooled: Vec::with_capacity(usual),
            cases: Vec::with_capacity(job.batch.len()),
        };
        for mut outcome in work(plan, WalkOptions { judged: true, ..WalkOptions::default() }, job) {
            stretch.add(plan, &mut outcome)?;
        }
        Ok(stretch)
    }

    fn add(&mut self, plan: &Plan, outcome: &mut Outcome) -> Result<()> {
        self.tally.record(plan, outcome);
        if let Some(rejection) = &outcome.rejected {
            rejected_record(plan, outcome, rejection, &mut self.rejected);
        }
        let place = outcome.origin;
        let place = Place { source: place.source, line: small(place.line), offset: place.offset };
        for number in 0..outcome.parts.len() {
            let start = self.spooled.len();
            match outcome.parts.get(number) {
                Some(Made { rejected: Some(rejection), .. }) => {
                    rejected_part(plan, outcome, number, rejection, &mut self.rejected);
                    continue;
                }
                Some(part) => self.spooled.extend_from_slice(&part.row),
                None => continue,
            }
            provenance_rest(plan, outcome, number, &mut self.spooled);
            let Some(part) = outcome.parts.get_mut(number) else { continue };
            let slice = Slice::of(part.row.len(), self.spooled.len() - start - part.row.len())?;
            self.cases.push(case(self.records, place, part, slice));
        }
        self.records += 1;
        Ok(())
    }
}

/// Takes what the judge wants out of an example.
fn case(record: u32, place: Place, made: &mut Made, slice: Slice) -> Case {
    let Standing { keys, inner, stratum, span, rank } = take(&mut made.standing);
    let fingerprint = made.facts.fingerprint.unwrap_or_default();
    let entry = Entry {
        record,
        place,
        slice,
        goes_on: made.goes_on,
        fingerprint,
        key: keys.iter().map(|shared| shared.key).min().unwrap_or(fingerprint),
        // The judge numbers strata.
        stratum: 0,
        newest: span.map(|(_, newest)| newest),
        kept: small(made.kept),
        merged: small(made.merged),
        tokens: made.facts.tokens.map(SmallCount::from),
        row_facts: made.row_facts,
    };
    Case { entry, keys, inner, stratum, rank, shingles: take(&mut made.shingles) }
}
