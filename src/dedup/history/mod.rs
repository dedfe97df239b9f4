//! The index of earlier runs: what they kept, so that later rows are compared with it and nothing is read again.
//!
//! An index is one file that grows by a run at a time. A run counts when its output folder is whole, and it is whole when it
//! holds the manifest whose digest the run's head names. So the order is: rows and head are written behind what counts
//! and synced; the folder gets its files, the manifest last; then the index is told that it counts up to there. Wherever
//! that breaks off, the next run sees by the folder whether the last rows count, and cuts them off where they do not.
//! What counts is never written to again, and the file is locked while a run lasts.

mod addition;
mod fault;
mod header;
mod opening;
mod place;
mod segment;
mod terms;

pub use addition::Addition;
pub use place::lies_in;
pub use segment::Digest;
pub use terms::Terms;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use fault::Fault;
use header::START;
use opening::{fresh, open_or_create};
use segment::Run;

use super::codes::{MISSING_RUN, UNFINISHED_RUN};
use crate::diagnostic::Finding;
use crate::error::{Error, Result};
use crate::text::number::{count, thousands};
use crate::text::sanitize::{excerpt, excerpt_path};

/// An index, locked for this run.
pub struct History {
    path: PathBuf,
    file: File,
    /// Runs that count, and the number of the first row of each.
    runs: Vec<(u32, Run)>,
    rows: u32,
    /// Where the runs that count end.
    end: u64,
    /// The number of the last run, whether it counts or not.
    last: u32,
    /// This run is made again, and what came behind it; 0: none.
    replaces: u32,
    /// It was not there before.
    created: bool,
    /// Bytes it had when it was opened.
    length: u64,
}

/// What an output folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// A whole run, with the digest of its manifest.
    Whole(Digest),
    /// What was left when a run broke off while it gave files their names.
    Broken,
    /// Nothing of a run.
    Nothing,
}

/// A row that an earlier run kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded<'a> {
    /// The number of the run, from 1.
    pub run: u32,
    /// Its output folder, as it was given.
    pub folder: &'a str,
    /// The source of the row.
    pub path: &'a str,
    /// Its line there, from 1.
    pub line: u32,
}

impl History {
    /// Opens the index at `path` for a run that writes to `output`, or makes one. `held` tells what a folder holds.
    ///
    /// What does not count is told in findings; it stays in the file until rows are added.
    pub fn open(
        path: &Path,
        terms: &Terms,
        output: &Path,
        held: impl Fn(&Path) -> Result<Held>,
    ) -> Result<(Self, Vec<Finding>)> {
        let (file, created) = open_or_create(path, terms)?;
        let mut history = Self {
            path: path.to_owned(),
            file,
            runs: Vec::new(),
            rows: 0,
            end: START,
            last: 0,
            replaces: 0,
            created,
            length: 0,
        };
        history.length = history.length_now()?;
        let length = history.length;
        let (known, end) = header::read(&history.file, length).map_err(|fault| fault.of(path))?;
        if known != terms.text() {
            history.take_terms(&known, terms)?;
        }
        let mut findings = Vec::new();
        history.read_runs(end).map_err(|fault| fault.of(path))?;
        while history.end < length {
            let unfinished = history.look_at_tail(length, &held)?;
            if let Some(what) = unfinished {
                findings.push(Finding::new(&UNFINISHED_RUN, "", what));
                break;
            }
        }
        findings.extend(history.look_at_output(output, &held)?);
        history.number_rows()?;
        Ok((history, findings))
    }

    /// Runs that count.
    pub fn runs(&self) -> usize {
        self.runs.len()
    }

    /// Rows of these runs; they are numbered from 0, run by run.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// The number that the present run will have.
    pub fn next_run(&self) -> u32 {
        self.last.saturating_add(1)
    }

    /// Gives every row's fingerprint and set, in order. What was given counts only when this ends well.
    pub fn each(&self, mut each: impl FnMut(u128, &[u64]) -> Result<()>) -> Result<()> {
        for (_, run) in &self.runs {
            let rows = run.rows(&self.file, |row, set| each(row.fingerprint, set).map_err(Stopped::By));
            rows.map_err(|stopped| match stopped {
                Stopped::By(error) => error,
                Stopped::Fault(fault) => fault.of(&self.path),
            })?;
        }
        Ok(())
    }

    /// One row, by its number.
    pub fn row(&self, number: u32) -> Result<Recorded<'_>> {
        let behind = self.runs.partition_point(|(first, _)| *first <= number);
        let run = behind.checked_sub(1).and_then(|at| self.runs.get(at));
        let (first, run) = run.ok_or_else(|| Error::internal("the index has no such row"))?;
        let row = run.row(&self.file, u64::from(number - first)).map_err(|fault| fault.of(&self.path))?;
        let source = run.names.sources.get(row.source as usize);
        let source = source.ok_or_else(|| Fault::Damaged("the source of a row").of(&self.path))?;
        Ok(Recorded { run: run.head.number, folder: &run.names.folder, path: source, line: row.line })
    }

    /// An index without any rows takes the terms of its first run.
    fn take_terms(&self, known: &str, terms: &Terms) -> Result<()> {
        if self.length == START {
            let fresh = fresh(terms)?;
            let written = crate::disk::write_at(&self.file, &fresh, 0).and_then(|()| self.file.sync_all());
            return written.map_err(|error| self.not_written(&error));
        }
        let (known, terms) = (excerpt(known, 200), terms.text());
        let shown = self.path.display();
        Err(Error::usage(format!(
            "the index `{shown}` was made with other terms than this run has: `{known}`, and now `{terms}`"
        ))
        .with_hint(
            "give the same `--twins-on`, `--shingle`, `--mask`, and `--near` or `--near off`; or begin a new index: \
             `chatmill dedup` over the rows of the earlier runs, with `--index` and another name, records them by the \
             new terms",
        ))
    }

    /// Reads the runs up to `end`.
    fn read_runs(&mut self, end: u64) -> std::result::Result<(), Fault> {
        while self.end < end {
            let run = Run::read(&self.file, self.end, end)?;
            self.take_run(run)?;
        }
        Ok(())
    }

    /// Counts the next run.
    fn take_run(&mut self, run: Run) -> std::result::Result<(), Fault> {
        let number = run.head.number;
        if self.last.checked_add(1) != Some(number) || run.head.replaces >= number {
            return Err(Fault::Damaged("the order of its runs"));
        }
        if run.head.replaces > 0 {
            self.withdraw(run.head.replaces);
        }
        (self.end, self.last) = (run.at[3], number);
        self.runs.push((0, run));
        Ok(())
    }

    /// This run and all behind it count no more.
    fn withdraw(&mut self, number: u32) {
        self.runs.retain(|(_, run)| run.head.number < number);
    }

    /// Looks at what stands behind the runs that count: a run whose folder is whole counts from now on. Otherwise what is
    /// to be said of it.
    fn look_at_tail(&mut self, length: u64, held: &impl Fn(&Path) -> Result<Held>) -> Result<Option<String>> {
        let bytes = count(length - self.end, "byte");
        let whole = Run::read(&self.file, self.end, length).and_then(|run| {
            run.rows(&self.file, |_, _| Ok::<(), Fault>(()))?;
            Ok(run)
        });
        let run = match whole {
            Ok(run) if self.last.checked_add(1) == Some(run.head.number) => run,
            Err(Fault::System(error)) => return Err(Fault::System(error).of(&self.path)),
            Ok(_) | Err(_) => {
                return Ok(Some(format!(
                    "{bytes} at its end are no whole run: one broke off while it wrote them"
                )));
            }
        };
        let found = held(&place::home(&self.path).join(&run.names.place))?;
        if found == Held::Whole(run.head.manifest) {
            self.take_run(run).map_err(|fault| fault.of(&self.path))?;
            header::count_up_to(&self.file, self.end).map_err(|error| self.not_written(&error))?;
            return Ok(None);
        }
        let rows = count(run.head.rows, "row");
        let (number, folder) = (run.head.number, excerpt_path(&run.names.folder, 100));
        let says = format!("run {number} recorded {rows}, and its folder `{folder}` is not whole");
        if run.head.replaces > 0 && found == Held::Broken {
            // The folder was in the middle of it: what it held before is gone, too.
            self.replaces = run.head.replaces;
            self.withdraw(run.head.replaces);
            let replaced = self.replaces;
            return Ok(Some(format!(
                "{says}; it broke off in the place of run {replaced}, which does not count either"
            )));
        }
        Ok(Some(says))
    }

    /// When the run's folder holds a run that is to be made again, that one does not count.
    fn look_at_output(
        &mut self,
        output: &Path,
        held: &impl Fn(&Path) -> Result<Held>,
    ) -> Result<Option<Finding>> {
        let found = held(output)?;
        if let Held::Whole(manifest) = found
            && let Some(at) = self.runs.iter().rposition(|(_, run)| run.head.manifest == manifest)
        {
            let number = self.runs.get(at).map_or(0, |(_, run)| run.head.number);
            if at + 1 < self.runs.len() {
                return Err(Error::usage(format!(
                    "`{}` holds run {number} of the index `{}`, and later runs were compared with its rows",
                    output.display(),
                    self.path.display()
                ))
                .with_hint("give a new folder with `-o`; only the last run can be made again in its place"));
            }
            self.withdraw(number);
            self.replaces = number;
            return Ok(None);
        }
        let place = place::between(&place::home(&self.path), output);
        let last = self.runs.last().filter(|(_, run)| run.names.place == place);
        Ok(last.map(|(_, run)| {
            let (number, rows) = (run.head.number, count(run.head.rows, "row"));
            let says = format!(
                "run {number} recorded {rows} and was written to this folder, which does not hold it"
            );
            Finding::new(&MISSING_RUN, "", says)
        }))
    }

    fn number_rows(&mut self) -> Result<()> {
        let mut rows = 0_u64;
        for (first, run) in &mut self.runs {
            *first = u32::try_from(rows).unwrap_or(u32::MAX);
            rows = rows.saturating_add(run.head.rows);
        }
        self.rows = u32::try_from(rows).ok().filter(|rows| *rows < u32::MAX).ok_or_else(|| {
            Error::input(format!(
                "the index `{}` has {} rows, and 4,294,967,294 can be compared",
                self.path.display(),
                thousands(rows)
            ))
            .with_hint("begin a new index")
        })?;
        Ok(())
    }

    fn length_now(&self) -> Result<u64> {
        let length = self.file.metadata().map(|metadata| metadata.len());
        length.map_err(|error| Fault::System(error).of(&self.path))
    }

    /// The file under the name is still the one that was opened, and it has so many bytes.
    fn still_has(&self, length: u64) -> Result<()> {
        let same = fs::metadata(&self.path).is_ok_and(|found| {
            #[cfg(unix)]
            {
                use std::os::unix::fs::MetadataExt;
                let own = self.file.metadata();
                own.is_ok_and(|own| (own.dev(), own.ino(), own.len()) == (found.dev(), found.ino(), length))
            }
            #[cfg(not(unix))]
            {
                found.len() == length
            }
        });
        if same {
            return Ok(());
        }
        Err(Error::output(format!("the index `{}` was changed while this run lasted", self.path.display()))
            .with_hint("run it again; nothing was written"))
    }

    fn not_written(&self, error: &std::io::Error) -> Error {
        Error::output(format!("cannot write the index `{}`: {error}", self.path.display()))
            .with_hint("make room, or see that you may write there; what it held before is as it was")
    }
}

impl Drop for History {
    fn drop(&mut self) {
        // An index in which nothing was recorded is none; what cannot be removed does no harm.
        if self.created && self.length_now().is_ok_and(|length| length == START) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// What ended a walk over rows.
enum Stopped {
    /// The file.
    Fault(Fault),
    /// Whoever was given the rows.
    By(Error),
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

#[cfg(test)]
mod tests;
