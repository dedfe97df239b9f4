//! The belt: one thread finds batches in order, a pool works on them, results come back in order.
//!
//! At most a few batches are in flight, so memory does not grow with the input. The calling thread frames and runs
//! the tail, since both are cheap beside the work.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;

use super::pool::Pool;
use super::watch::Watch;
use crate::error::{Error, Result};
use crate::read::{Batch, Frames, Source};

/// Takes a source's batches through `work`, which looks at each of them, and hands what it saw to `tail`, in order;
/// `stage` is what the user is told meanwhile.
pub fn run_source<Done: Send>(
    (source, mut frames): (&Source, Box<dyn Frames>),
    pool: &Pool,
    (watch, stage): (&dyn Watch, &str),
    work: impl Fn(Batch) -> Done + Sync,
    tail: impl FnMut(Done) -> Result<()>,
) -> Result<()> {
    let (mut more, mut reported) = (true, 0);
    watch.begin(stage, source.bytes);
    let result = run(
        pool,
        watch,
        || {
            if !more {
                return Ok(None);
            }
            let mut batch = Batch::default();
            more = frames.fill(&mut batch)?;
            let read = source.bytes_read();
            watch.advance(read.saturating_sub(reported));
            reported = read.max(reported);
            Ok(Some(batch))
        },
        work,
        tail,
    );
    watch.end();
    result
}

/// Runs `work` on every job that `next` finds and hands the results to `tail` in the order of the jobs.
///
/// Results do not depend on the number of workers. Stops at the first error of `next` or `tail`, or when
/// `watch` says that the user wants to stop.
pub fn run<Job, Done>(
    pool: &Pool,
    watch: &dyn Watch,
    mut next: impl FnMut() -> Result<Option<Job>>,
    work: impl Fn(Job) -> Done + Sync,
    mut tail: impl FnMut(Done) -> Result<()>,
) -> Result<()>
where
    Job: Send,
    Done: Send,
{
    // Enough that workers have something to do while the calling thread puts scattered messages together, and still
    // only some megabytes.
    let in_flight_limit = pool.threads().saturating_mul(8).saturating_add(1);
    let (sender, receiver) = mpsc::channel::<(u64, std::thread::Result<Done>)>();
    let work = &work;
    pool.beside(|scope| {
        let mut waiting: BTreeMap<u64, Done> = BTreeMap::new();
        let (mut sent, mut passed) = (0u64, 0u64);
        let mut more = true;
        loop {
            if watch.stop_wanted() {
                return Err(Error::interrupted());
            }
            while more && sent - passed < in_flight_limit as u64 {
                match next()? {
                    None => more = false,
                    Some(job) => {
                        let sender = sender.clone();
                        let number = sent;
                        scope.spawn(move |_| {
                            let done = catch_unwind(AssertUnwindSafe(|| work(job)));
                            // The receiver is gone only when the run has failed already.
                            let _ = sender.send((number, done));
                        });
                        sent += 1;
                    }
                }
            }
            if passed == sent {
                return Ok(());
            }
            let (number, done) =
                receiver.recv().map_err(|_| Error::internal("a worker went away with its batch"))?;
            let done = done.map_err(|_| {
                Error::internal("a worker met a defect of chatmill and stopped")
                    .with_hint("please report it with the lines above; the input is not to blame")
            })?;
            waiting.insert(number, done);
            while let Some(done) = waiting.remove(&passed) {
                passed += 1;
                tail(done)?;
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::watch::Silent;
    use super::*;
    use crate::config::Settings;
    use crate::error::ErrorKind;

    fn pool(threads: usize) -> Pool {
        Pool::of(&Settings { threads, ..Settings::default() }).unwrap()
    }

    #[test]
    fn results_come_in_order_for_any_number_of_threads() {
        for threads in [1, 2, 8] {
            let mut jobs = 0..500u64;
            let mut seen = Vec::new();
            run(
                &pool(threads),
                &Silent,
                || Ok(jobs.next()),
                |job| (0..(job * 7919) % 300).fold(job, |sum, step| sum ^ (step << 32)) & 0xffff_ffff,
                |done| {
                    seen.push(done);
                    Ok(())
                },
            )
            .unwrap();
            assert_eq!(seen, (0..500).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_defect_in_a_worker_is_an_error_and_no_hang() {
        let mut jobs = 0..50u64;
        let next = || Ok(jobs.next());
        let error = run(&pool(2), &Silent, next, |job| assert!(job != 20, "made up"), |()| Ok(()));
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Internal);
    }

    #[test]
    fn errors_stop_the_belt() {
        let mut jobs = 0..500u64;
        let error = run(
            &pool(2),
            &Silent,
            || Ok(jobs.next()),
            |job| job,
            |done| if done == 20 { Err(Error::output("full")) } else { Ok(()) },
        );
        assert_eq!(error.unwrap_err().to_string(), "full");
    }
}
