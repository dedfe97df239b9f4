//! Readers of targets' own rows, so that a file made for one can be moved to another.

use super::json::rows::ReadRow;
use super::json::{self, Misfit};
use super::reader::{Guess, Opened, Reader, ReaderSpec};
use super::{ReadSettings, Sample, Source};
use crate::error::Result;
use crate::model::{Body, Extra, Raw};
use crate::target::Target;

/// A reader of the rows of a target.
pub struct RowsOf {
    /// The description.
    pub spec: &'static ReaderSpec,
    /// Whether a row is one of these.
    pub known: fn(&Extra) -> bool,
    /// Reads a row: [`read`] with its target.
    pub read: ReadRow,
}

/// Reads a row as `target` does.
pub fn read(target: &dyn Target, row: Extra) -> std::result::Result<Raw, Misfit> {
    Ok(match target.decode(row.into()).map_err(Misfit::first)? {
        Body::Example(example) => Raw::Example(example),
        Body::Preference(preference) => Raw::Preference(preference),
    })
}

impl Reader for RowsOf {
    fn spec(&self) -> &'static ReaderSpec {
        self.spec
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        let head = sample.json()?;
        let fits = json::majority(head, self.known)?;
        let why = format!("{} in {fits} of {} rows looked at", self.spec.recognised_by, head.records.len());
        // Before the reader of chat rows (90), whose keys these have, too.
        Some(Guess { confidence: 93, why })
    }

    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        json::rows::open(source, sample, settings, self.read)
    }
}
