//! Rows as a target would be sent them, looked at once more: for what has to be counted by many models, or read for what
//! stands in all of them.

use super::plan::Plan;
use super::tally::RunTally;
use super::walk::{WalkOptions, walk};
use super::watch::Watch;
use crate::error::{Error, Result};
use crate::model::Body;
use crate::report::Summary;

/// Walks the plan's inputs; workers look at every row that would be written (`look`), `each` gets what they saw, in order.
pub(super) fn rows<Seen: Send>(
    plan: &Plan,
    watch: &dyn Watch,
    look: impl Fn(&Body) -> Seen + Sync,
    mut each: impl FnMut(Seen) -> Result<()>,
) -> Result<Summary> {
    let mut tally = RunTally::new(plan);
    walk(
        plan,
        WalkOptions::default(),
        watch,
        |outcome| {
            let written = outcome.parts.iter().filter(|part| part.rejected.is_none());
            // A row that was just written is read again: the two are inverse, and a test holds that.
            let bodies = written.map(|part| {
                let row = serde_json::from_slice(&part.row).ok()?;
                plan.target.decode(row).ok()
            });
            bodies.map(|body| body.map(|body| look(&body))).collect::<Vec<Option<Seen>>>()
        },
        |outcome, seen| {
            tally.record(plan, &outcome);
            let mut written = false;
            for part in outcome.parts.iter().filter(|part| part.rejected.is_none()) {
                tally.row(part.kept, part.merged);
                written = true;
            }
            if written {
                tally.record_written();
            }
            seen.into_iter().try_for_each(|seen| {
                let name = plan.target.spec().name;
                let lost = || Error::internal(format!("a row written for `{name}` cannot be read back"));
                each(seen.ok_or_else(lost)?)
            })
        },
    )?;
    tally.summary(plan, "cost")
}
