//! The walk that all commands share: sources to batches to outcomes, in order.

use std::sync::Arc;

use super::belt;
use super::plan::Plan;
use super::watch::Watch;
use super::work::{Job, Outcome, work};
use crate::error::Result;
use crate::read::{Batch, Decode, Frames, Source};

/// What is asked of each example beside its row.
#[derive(Debug, Clone, Copy, Default)]
pub struct WalkOptions {
    /// Examples will be compared and divided into sides: each needs a fingerprint and a group.
    pub judged: bool,
    /// What it is made of.
    pub profile: bool,
    /// What is trained of it.
    pub learned: bool,
    /// How it is trained, where it begins in this line.
    pub show: Option<u64>,
}

/// Runs the plan's sources through the work, lets a worker write down (`note`) what the command keeps of each outcome,
/// and hands both to `tail`, in the order of the input.
pub fn walk<Note: Send>(
    plan: &Plan,
    options: WalkOptions,
    watch: &dyn Watch,
    note: impl Fn(&Outcome) -> Note + Sync,
    mut tail: impl FnMut(Outcome, Note) -> Result<()>,
) -> Result<()> {
    let noted = |outcome: Outcome| {
        let note = note(&outcome);
        (outcome, note)
    };
    walk_jobs(
        plan,
        watch,
        |job| work(plan, options, job).map(noted).collect::<Vec<_>>(),
        |outcomes| outcomes.into_iter().try_for_each(|(outcome, note)| tail(outcome, note)),
    )
}

/// Cuts the plan's sources into batches; a worker looks at each (`look`), and `tail` gets what it saw, in the order of the input.
pub(super) fn walk_jobs<Sum: Send>(
    plan: &Plan,
    watch: &dyn Watch,
    look: impl Fn(&Job) -> Sum + Sync,
    mut tail: impl FnMut(Sum) -> Result<()>,
) -> Result<()> {
    let mut cutter = Cutter::new(plan);
    let total = plan.sources.iter().map(|planned| planned.source.bytes).sum();
    let pool = plan.pool()?;
    watch.begin("reading", total);
    let result = belt::run(
        pool,
        watch,
        || cutter.next(),
        |job: Job| (look(&job), job.read_bytes),
        |(sum, read_bytes)| {
            watch.advance(read_bytes);
            tail(sum)
        },
    );
    watch.end();
    result
}

/// Cuts the sources into batches, one after the other.
struct Cutter<'a> {
    plan: &'a Plan,
    next_source: usize,
    current: Option<Cutting>,
    /// Batches so far.
    batches: u64,
}

struct Cutting {
    frames: Box<dyn Frames>,
    decoder: Arc<dyn Decode>,
    source: Source,
    reported: u64,
}

impl<'a> Cutter<'a> {
    /// Before the first source of the plan.
    fn new(plan: &'a Plan) -> Self {
        Self { plan, next_source: 0, current: None, batches: 0 }
    }

    /// The next batch; `None` when all is cut.
    fn next(&mut self) -> Result<Option<Job>> {
        loop {
            if self.current.is_none() {
                let Some(planned) = self.plan.sources.get(self.next_source) else { return Ok(None) };
                self.next_source += 1;
                if planned.follows {
                    continue;
                }
                let opened = planned.open(&self.plan.settings.read)?;
                self.current = Some(Cutting {
                    frames: opened.frames,
                    decoder: opened.decoder,
                    source: planned.source.clone(),
                    reported: 0,
                });
            }
            let Some(cutting) = &mut self.current else { continue };
            let mut batch = Batch::after(self.batches);
            self.batches += 1;
            let more = cutting.frames.fill(&mut batch)?;
            let read = cutting.source.bytes_read();
            let read_bytes = read.saturating_sub(cutting.reported);
            cutting.reported += read_bytes;
            let decoder = Arc::clone(&cutting.decoder);
            if !more {
                self.current = None;
            }
            if !batch.is_empty() {
                return Ok(Some(Job { decoder, batch, read_bytes }));
            }
        }
    }
}
