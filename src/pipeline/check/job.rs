//! The files of a check as those of one job: what is learned, and what is held back to validate it.

use crate::diagnostic::Placed;
use crate::lint::{About, DatasetFacts, FileSize, JobFacts, Rules};
use crate::split::Side;

/// Files and their sizes, as they come.
#[derive(Default)]
pub(super) struct Job {
    /// The first file that is learned, and how much all such files hold.
    training: Option<(String, FileSize)>,
    /// The first file that is held back for validation, and how much all such files hold.
    validation: Option<(String, FileSize)>,
}

impl Job {
    /// Adds a file; what is held back for a test is no part of a job.
    pub(super) fn add(&mut self, name: &str, dataset: &DatasetFacts) {
        let files = match Side::of_name(name) {
            None | Some(Side::Train) => &mut self.training,
            Some(Side::Valid) => &mut self.validation,
            Some(Side::Test) => return,
        };
        let size = FileSize { examples: dataset.examples, bytes: dataset.bytes };
        match files {
            Some((_, sum)) => *sum = sum.and(size),
            None => *files = Some((name.to_owned(), size)),
        }
    }

    /// What the rules say of the job, each finding at the file that it is about.
    pub(super) fn findings(&self, rules: &Rules) -> Vec<Placed> {
        let size = |files: &Option<(String, FileSize)>| files.as_ref().map(|(_, size)| *size);
        let facts = JobFacts {
            training: size(&self.training),
            validation: size(&self.validation),
            // The other file may have been checked before.
            complete: false,
        };
        let placed = rules.check_job(&facts).into_iter().filter_map(|(about, finding)| {
            let [one, other] = match about {
                About::Training => [&self.training, &self.validation],
                About::Validation => [&self.validation, &self.training],
            };
            let (name, _) = one.as_ref().or(other.as_ref())?;
            Some(Placed::in_file(name, finding))
        });
        placed.collect()
    }
}
