//! Rows that were written, read back: for what has to be proved from the files alone.

use std::path::Path;
use std::sync::Arc;

use super::belt;
use super::pool::Pool;
use super::watch::Watch;
use crate::config::Settings;
use crate::error::Result;
use crate::model::{Body, Raw};
use crate::read::source::discover;
use crate::read::{Batch, Decode, Frame, READERS, Reader, Sample, json};
use crate::target::{TARGETS, Target};

/// How rows are read back.
#[derive(Clone, Copy)]
pub(super) enum Format {
    /// As the target reads them that they were written for.
    Target(&'static dyn Target),
    /// As the reader reads them that first read them: they were left as they stood.
    Reader(&'static dyn Reader),
}

impl Format {
    /// The format with this name among targets or readers, as a manifest names it.
    pub fn named(kind: &str, name: &str) -> Option<Self> {
        match kind {
            "target" => {
                TARGETS.iter().find(|target| target.spec().name == name).map(|target| Self::Target(*target))
            }
            "reader" => {
                READERS.iter().find(|reader| reader.spec().name == name).map(|reader| Self::Reader(*reader))
            }
            _ => None,
        }
    }
}

/// Goes through the rows of a file: workers look at each (`look`), `each` gets what they saw with the row's number from 1,
/// in order. What is wrong with a row that cannot be read is said in its place.
pub(super) fn rows_back<Seen: Send>(
    path: &Path,
    format: Format,
    (settings, pool): (&Settings, &Pool),
    watch: &dyn Watch,
    look: impl Fn(&Body) -> Seen + Sync,
    mut each: impl FnMut(u64, std::result::Result<Seen, String>) -> Result<()>,
) -> Result<()> {
    let discovered = discover(&[path.display().to_string()], &settings.read)?;
    let Some(source) = discovered.sources.first() else {
        // An empty side is a file without rows.
        return Ok(());
    };
    let sample = Sample::of(source, &settings.read)?;
    if sample.head.trim_ascii().is_empty() {
        return Ok(());
    }
    let decoding = match format {
        Format::Target(target) => Decoding::Target(target),
        Format::Reader(reader) => Decoding::Reader(reader.open(source, &sample, &settings.read)?.decoder),
    };
    let frames = json::frames(source, &sample, &settings.read)?;
    let mut number = 0;
    belt::run_source(
        (source, frames),
        pool,
        (watch, "reading back"),
        |batch: Batch| {
            let rows = batch.frames().filter(|frame| !frame.bytes.trim_ascii().is_empty());
            rows.map(|frame| decoding.body(&frame).map(|body| look(&body))).collect::<Vec<_>>()
        },
        |rows| {
            rows.into_iter().try_for_each(|row| {
                number += 1;
                each(number, row)
            })
        },
    )
}

/// A format, ready for the rows of one file.
enum Decoding {
    Target(&'static dyn Target),
    Reader(Arc<dyn Decode>),
}

impl Decoding {
    fn body(&self, frame: &Frame<'_>) -> std::result::Result<Body, String> {
        match self {
            Self::Target(target) => {
                let row = serde_json::from_slice(frame.bytes).map_err(|error| error.to_string())?;
                target.decode(row).map_err(|findings| {
                    findings.first().map_or_else(String::new, |finding| finding.message.clone())
                })
            }
            Self::Reader(decoder) => {
                match decoder.decode(frame).map_err(|rejection| rejection.message)?.raw {
                    Raw::Example(example) => Ok(Body::Example(example)),
                    Raw::Preference(preference) => Ok(Body::Preference(preference)),
                    Raw::Conversation(_) => {
                        Err("it is a conversation whose roles are not settled".to_owned())
                    }
                }
            }
        }
    }
}
