//! How a run shows its progress and learns that it should stop.

use crate::error::{Error, Result};

/// Watches a run. Called from the thread that runs the belt.
pub trait Watch: Sync {
    /// Reading begins: so many bytes lie ahead.
    fn begin(&self, stage: &str, bytes: u64);

    /// So many bytes more have been read.
    fn advance(&self, bytes: u64);

    /// The stage has ended.
    fn end(&self);

    /// Whether the user or the system wants the run to stop.
    fn stop_wanted(&self) -> bool;
}

/// Ends a long search when the user wants to stop; how far it is does not matter.
pub(super) fn until_stopped(watch: &dyn Watch) -> impl Fn(u64, u64) -> Result<()> + '_ {
    |_, _| {
        if watch.stop_wanted() {
            return Err(Error::interrupted());
        }
        Ok(())
    }
}

/// Shows nothing and never stops.
pub struct Silent;

impl Watch for Silent {
    fn begin(&self, _stage: &str, _bytes: u64) {}

    fn advance(&self, _bytes: u64) {}

    fn end(&self) {}

    fn stop_wanted(&self) -> bool {
        false
    }
}
