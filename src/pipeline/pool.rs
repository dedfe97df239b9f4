//! The workers of a run: all that is done by several threads is done by these, so that `--threads` binds it.

use crate::config::Settings;
use crate::error::{Error, Result};

/// The workers of a run.
pub struct Pool(rayon::ThreadPool);

impl Pool {
    /// As many as the settings want; results do not depend on their number.
    pub fn of(settings: &Settings) -> Result<Self> {
        let threads = settings.worker_count();
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|index| format!("worker-{index}"));
        let pool = pool.build();
        pool.map(Self).map_err(|error| Error::internal(format!("cannot start {threads} threads: {error}")))
    }

    /// How many they are.
    pub fn threads(&self) -> usize {
        self.0.current_num_threads()
    }

    /// Does something that divides itself among the workers, and waits for it. The belt does not run inside: its tail would
    /// keep a worker from the work that it waits for.
    pub fn install<Done: Send>(&self, work: impl FnOnce() -> Done + Send) -> Done {
        self.0.install(work)
    }

    /// Runs `tail` on the thread that calls, while workers do what it spawns.
    pub(super) fn beside<'scope, Done>(&self, tail: impl FnOnce(&rayon::Scope<'scope>) -> Done) -> Done {
        self.0.in_place_scope(tail)
    }
}
