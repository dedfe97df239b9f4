//! `convert`: one shape to another, streaming; every record that cannot be converted is named.

use super::plan::Plan;
use super::provenance::Lines;
use super::tally::RunTally;
use super::walk::{Judged, walk};
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
    walk(
        plan,
        Judged::No,
        watch,
        |outcome| Lines::rejected_only(plan, outcome),
        |outcome, lines| {
            tally.record(plan, &outcome);
            if let Some(line) = &lines.record {
                out.rejected(line)?;
            }
            let mut written = false;
            for (part, line) in outcome.parts.iter().zip(&lines.parts) {
                if part.rejected.is_some() {
                    out.rejected(line)?;
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
        },
    )?;
    tally.summary(plan, "convert")
}
