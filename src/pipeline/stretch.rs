//! What one batch of records leaves for the tail of `prepare`: a worker writes it all down, so that the tail moves whole
//! buffers.

use super::judge::{Entry, Place, SmallCount, small};
use super::plan::Plan;
use super::provenance::{provenance_rest, rejected_part, rejected_record};
use super::tally::RunTally;
use super::work::{Made, Outcome};
use crate::error::Result;
use crate::write::Slice;

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
    /// An entry for each of these, the records being counted from 0.
    pub entries: Vec<Entry>,
}

impl Stretch {
    /// Writes down what is kept of each outcome.
    pub fn of(plan: &Plan, outcomes: &mut dyn Iterator<Item = Outcome>) -> Result<Self> {
        let mut stretch = Self {
            records: 0,
            tally: RunTally::part(),
            rejected: Vec::new(),
            spooled: Vec::new(),
            entries: Vec::new(),
        };
        for outcome in outcomes {
            stretch.add(plan, &outcome)?;
        }
        Ok(stretch)
    }

    fn add(&mut self, plan: &Plan, outcome: &Outcome) -> Result<()> {
        self.tally.record(plan, outcome);
        if let Some(rejection) = &outcome.rejected {
            rejected_record(plan, outcome, rejection, &mut self.rejected);
        }
        for (number, part) in outcome.parts.iter().enumerate() {
            if let Some(rejection) = &part.rejected {
                rejected_part(plan, outcome, number, rejection, &mut self.rejected);
                continue;
            }
            let start = self.spooled.len();
            self.spooled.extend_from_slice(&part.row);
            provenance_rest(plan, outcome, number, &mut self.spooled);
            let slice = Slice::of(part.row.len(), self.spooled.len() - start - part.row.len())?;
            self.entries.push(entry(self.records, outcome, part, slice));
        }
        self.records += 1;
        Ok(())
    }
}

fn entry(record: u32, outcome: &Outcome, made: &Made, slice: Slice) -> Entry {
    let origin = outcome.origin;
    Entry {
        record,
        place: Place { source: origin.source, line: small(origin.line), offset: origin.offset },
        slice,
        fingerprint: made.facts.fingerprint.unwrap_or_default(),
        group: made.group,
        kept: small(made.kept),
        merged: small(made.merged),
        tokens: made.facts.tokens.map(SmallCount::from),
        row_facts: made.row_facts,
    }
}
