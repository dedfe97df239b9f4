//! `convert`: one shape to another, streaming; every record that cannot be converted is named.

use super::plan::Plan;
use super::provenance::rejected_line;
use super::tally::RunTally;
use super::walk::walk;
use super::watch::Watch;
use crate::error::Result;
use crate::report::Summary;

/// Where converted rows and rejected records go.
pub trait Out {
    /// A row of the target, without line feed.
    fn row(&mut self, row: &[u8]) -> Result<()>;

    /// A line about a rejected record.
    fn rejected(&mut self, line: &[u8]) -> Result<()>;
}

/// Converts the plan's inputs, row by row, in order.
pub fn convert(plan: &Plan, out: &mut dyn Out, watch: &dyn Watch) -> Result<Summary> {
    let mut tally = RunTally::new(plan);
    walk(plan, watch, |outcome| {
        tally.record(plan, &outcome);
        if let Some(rejection) = &outcome.rejected {
            out.rejected(&rejected_line(plan, &outcome, None, rejection))?;
        }
        let mut written = false;
        for (number, part) in outcome.parts.iter().enumerate() {
            if let Some(rejection) = &part.rejected {
                let number = (outcome.parts.len() > 1).then_some(number);
                out.rejected(&rejected_line(plan, &outcome, number, rejection))?;
            } else {
                out.row(&part.row)?;
                tally.row(part.kept, part.merged);
                written = true;
            }
        }
        if written {
            tally.record_written();
        }
        Ok(())
    })?;
    tally.summary(plan, "convert")
}
