//! Sources of which each record is a row by itself: nothing to settle beforehand, one function from row to record.

use std::sync::Arc;

use super::{Misfit, frames, object};
use crate::diagnostic::Rejection;
use crate::error::Result;
use crate::model::{Extra, Raw};
use crate::read::reader::{Decode, Decoded, Opened};
use crate::read::{Frame, ReadSettings, Sample, Source};

/// What a row holds, or why it does not fit.
pub type ReadRow = fn(Extra) -> Result<Raw, Misfit>;

/// A source whose rows `read` understands.
pub fn open(source: &Source, sample: &Sample, settings: &ReadSettings, read: ReadRow) -> Result<Opened> {
    Ok(Opened {
        frames: frames(source, sample, settings)?,
        decoder: Arc::new(Rows { read }),
        notes: Vec::new(),
    })
}

struct Rows {
    read: ReadRow,
}

impl Decode for Rows {
    fn decode(&self, frame: &Frame<'_>) -> Result<Decoded, Rejection> {
        let mut findings = Vec::new();
        let row = object(frame, &mut findings)?;
        let raw = (self.read)(row).map_err(|misfit| misfit.reject(frame))?;
        Ok(Decoded { raw, findings })
    }
}
