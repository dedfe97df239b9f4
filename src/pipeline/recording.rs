//! The index of earlier runs in a run: opened before anything is written, and told what was kept.

use std::path::Path;

use super::judgement::Judged;
use super::plan::Plan;
use crate::dedup::history::{Addition, Held, History, Terms, lies_in};
use crate::diagnostic::Finding;
use crate::disk::{Records, digest};
use crate::error::{Error, Result};
use crate::report::summary::Index;
use crate::write::{MANIFEST, PARTIAL};

/// The index that the plan names, when it names one, and what was found in it.
pub(super) fn open(plan: &Plan, output: &Path) -> Result<Option<(History, Vec<Finding>)>> {
    let twins = &plan.settings.twins;
    let Some(path) = &twins.index else { return Ok(None) };
    if twins.keep {
        return Err(Error::usage("twins of rows in an index are left out, and here twins are to stay").with_hint(
            "add `--drop-twins` to `split`, or leave out `--keep-twins` (`keep = true` under `[twins]`); with \
             `--index off` nothing is compared with earlier runs",
        ));
    }
    if lies_in(path, output) {
        return Err(Error::usage(format!(
            "the index `{}` lies in the output folder `{}`, which holds one run",
            path.display(),
            output.display()
        ))
        .with_hint("give a place beside the folder: an index outlives the runs that it knows"));
    }
    let cut = twins.near.as_ref().map(|near| near.cut(twins.on));
    History::open(path, &Terms::new(twins.on, cut), output, held).map(Some)
}

/// What a folder holds of a run.
fn held(folder: &Path) -> Result<Held> {
    let manifest = folder.join(MANIFEST);
    if !manifest.is_file() {
        return Ok(if folder.join(PARTIAL).is_dir() { Held::Broken } else { Held::Nothing });
    }
    let digest = digest(&manifest)
        .map_err(|error| Error::input(format!("cannot read `{}`: {error}", manifest.display())))?;
    Ok(Held::Whole(*digest.as_bytes()))
}

/// What a run keeps, on its way into the index.
pub(super) struct Recording<'a> {
    addition: Addition<'a>,
    /// How many shingles each row has and which, for all rows of the run.
    sets: Option<Box<dyn Iterator<Item = Result<u64>> + 'a>>,
    set: Vec<u64>,
}

impl<'a> Recording<'a> {
    /// Begins to record; `sets` holds those of all rows, where near twins are looked for.
    pub fn begin(history: &'a History, sets: Option<&'a Records<u64>>, folder: &Path) -> Result<Self> {
        let sets = sets.map(|sets| Box::new(sets.iter()) as Box<dyn Iterator<Item = Result<u64>>>);
        Ok(Self { addition: Addition::begin(history, folder)?, sets, set: Vec::new() })
    }

    /// Takes the next row, which is kept or not.
    pub fn row(&mut self, judged: &Judged, kept: bool) -> Result<()> {
        self.set.clear();
        if let Some(sets) = &mut self.sets {
            let mut next = || sets.next().unwrap_or_else(|| Err(Error::internal("a row has no set")));
            for _ in 0..next()? {
                self.set.push(next()?);
            }
        }
        if !kept {
            return Ok(());
        }
        let entry = &judged.entry;
        self.addition.add(entry.fingerprint, entry.place.source, entry.place.line, &self.set)
    }

    /// What the summary says of the index, once all rows were taken; `twins` counts the examples with an exact and with a near
    /// twin in it.
    pub fn summary(&self, plan: &Plan, history: &History, twins: [u64; 2]) -> Index {
        let path = plan.settings.twins.index.as_deref().unwrap_or(Path::new(""));
        let before = u64::from(history.rows());
        Index {
            path: path.display().to_string(),
            run: history.next_run(),
            runs_before: history.runs() as u64,
            rows_before: before,
            rows_after: before + self.addition.rows(),
            duplicates_exact: twins[0],
            duplicates_near: twins[1],
        }
    }

    /// Has the rows stand in the index; they count once the folder holds the manifest with this digest.
    pub fn seal(&mut self, plan: &Plan, output: &Path, manifest: &str) -> Result<()> {
        let digest = blake3::Hash::from_hex(manifest)
            .map_err(|error| Error::internal(format!("the digest of the manifest is none: {error}")))?;
        let sources = plan.sources.iter().map(|planned| planned.source.name.clone()).collect();
        self.addition.seal(output, sources, *digest.as_bytes())
    }

    /// Has the rows count, now that the folder is whole.
    pub fn confirm(self) -> Result<()> {
        self.addition.confirm()
    }
}
