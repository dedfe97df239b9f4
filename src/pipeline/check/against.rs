//! Files that rows are held against: in any format that can be read, since evaluation sets come in many.

use super::leaks::{Leaks, Likeness, Terms};
use crate::config::Settings;
use crate::diagnostic::{Finding, Placed, Rejection};
use crate::error::Result;
use crate::lint::leak;
use crate::model::Prints;
use crate::pipeline::bodies::Taken;
use crate::pipeline::divided::files_of;
use crate::pipeline::plan::Plan;
use crate::pipeline::walk::walk_jobs;
use crate::pipeline::watch::Watch;
use crate::text::number::count;

/// Files that rows are held against.
pub(super) struct Against(Option<Plan>);

impl Against {
    /// Finds out how each is read. Of a folder that holds a run, the rows are taken.
    pub(super) fn open(settings: &Settings, inputs: &[String]) -> Result<Self> {
        let inputs: Vec<String> = inputs.iter().flat_map(|input| files_of(input).0).collect();
        if inputs.is_empty() {
            return Ok(Self(None));
        }
        Plan::make(Settings { inputs, count: false, ..settings.clone() }).map(|plan| Self(Some(plan)))
    }

    /// Their names, by number.
    pub(super) fn names(&self) -> Vec<String> {
        let sources = self.0.iter().flat_map(|plan| &plan.sources);
        sources.map(|planned| planned.source.name.clone()).collect()
    }

    /// Adds their rows to what is compared, and tells what could not be read.
    pub(super) fn read(
        &self,
        terms: Terms,
        leaks: &mut Leaks,
        watch: &dyn Watch,
        mut tell: impl FnMut(Placed) -> Result<()>,
    ) -> Result<()> {
        let Some(plan) = &self.0 else { return Ok(()) };
        for skipped in &plan.skipped {
            tell(Placed::in_file(
                &skipped.name,
                Finding::new(&leak::NOT_COMPARED, "", skipped.finding.message.clone()),
            ))?;
        }
        let mut unread: Vec<Unread> = plan.sources.iter().map(|_| Unread::default()).collect();
        walk_jobs(
            plan,
            watch,
            |job| {
                let (mut texts, mut shingler) = (Vec::new(), terms.shingler());
                let seen = job.batch.frames().map(|frame| {
                    let Taken { bodies, rejected, unsettled, .. } = Taken::of(plan, &job.decoder, &frame);
                    let likenesses: Vec<Likeness> = (bodies.iter().chain(&unsettled))
                        .map(|body| terms.likeness(body, &Prints::of(body, &mut texts), shingler.as_mut()))
                        .collect();
                    (frame.origin, likenesses, rejected)
                });
                seen.collect::<Vec<_>>()
            },
            |seen| {
                for (origin, likenesses, rejected) in seen {
                    if let Some(unread) = unread.get_mut(origin.source as usize) {
                        unread.add(origin.line, likenesses.is_empty().then_some(rejected).flatten());
                    }
                    likenesses
                        .iter()
                        .try_for_each(|likeness| leaks.add(origin.source, origin.line, likeness))?;
                }
                Ok(())
            },
        )?;
        let sources = plan.sources.iter().zip(unread);
        let findings =
            sources.filter_map(|(planned, unread)| Some((&planned.source.name, unread.finding()?)));
        findings.map(|(name, finding)| Placed::in_file(name, finding)).try_for_each(tell)
    }
}

/// Records of a file that could not be read.
#[derive(Default)]
struct Unread {
    records: u64,
    unread: u64,
    first: Option<(u64, Rejection)>,
}

impl Unread {
    fn add(&mut self, line: u64, rejected: Option<Rejection>) {
        self.records += 1;
        if let Some(rejection) = rejected {
            self.unread += 1;
            self.first.get_or_insert((line, rejection));
        }
    }

    fn finding(self) -> Option<Finding> {
        let (line, rejection) = self.first?;
        let (unread, records) = (self.unread, count(self.records, "record"));
        let message =
            format!("{unread} of {records} could not be read; the first, line {line}: {}", rejection.message);
        Some(Finding::new(&leak::NOT_COMPARED, "", message))
    }
}
