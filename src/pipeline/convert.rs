//! `convert`: one shape to another, streaming; every record that cannot be converted is named.

use super::plan::Plan;
use super::pricing::{Pricing, limit_of};
use super::provenance::{rejected_part, rejected_record};
use super::tally::RunTally;
use super::walk::{WalkOptions, walk};
use super::watch::Watch;
use super::work::Outcome;
use crate::cost;
use crate::error::Result;
use crate::report::Summary;

/// Where converted rows and rejected records go.
pub trait Out {
    /// A row of the target, without line feed.
    fn row(&mut self, row: &[u8]) -> Result<()>;

    /// Lines about a rejected record and its examples, each with its line feed.
    fn rejected(&mut self, lines: &[u8]) -> Result<()>;
}

/// Converts the plan's inputs, row by row, in order; where the plan counts tokens, with the bill for what was written.
pub fn convert(plan: &Plan, out: &mut dyn Out, watch: &dyn Watch) -> Result<Summary> {
    let mut tally = RunTally::new(plan);
    let mut billed = cost::Tally::default();
    let limit = limit_of(plan);
    walk(
        plan,
        WalkOptions::default(),
        watch,
        |outcome| rejected_lines(plan, outcome),
        |outcome, rejected| {
            tally.record(plan, &outcome);
            if !rejected.is_empty() {
                out.rejected(&rejected)?;
            }
            let mut written = false;
            for part in &outcome.parts {
                if part.rejected.is_none() {
                    out.row(&part.row)?;
                    tally.row(part.kept, part.merged);
                    written = true;
                    if let Some(count) = part.facts.tokens.filter(|_| plan.settings.count) {
                        billed.add(&count, limit)?;
                    }
                }
            }
            if written {
                tally.record_written();
            }
            Ok(())
        },
    )?;
    let mut summary = tally.summary(plan, "convert")?;
    if plan.settings.count && billed.examples > 0 {
        // The rows are written: what cannot be priced is said by whoever asked for it.
        let bill = Pricing::of(&plan.settings)
            .and_then(|pricing| pricing.bill(plan, &billed, cost::Tokens::default()));
        summary.cost = bill.ok();
    }
    Ok(summary)
}

/// What `rejected.jsonl` says of a record and its examples.
fn rejected_lines(plan: &Plan, outcome: &Outcome) -> Vec<u8> {
    let mut lines = Vec::new();
    if let Some(rejection) = &outcome.rejected {
        rejected_record(plan, outcome, rejection, &mut lines);
    }
    for (number, part) in outcome.parts.iter().enumerate() {
        if let Some(rejection) = &part.rejected {
            rejected_part(plan, outcome, number, rejection, &mut lines);
        }
    }
    lines
}
