//! `fate`: what each target would make of every row as it stands: kept, changed, cut, left out, refused.
//!
//! A row that a target reads by itself is judged as it is. Any other is read as `convert` would read it and written in the
//! target's layout, with what that leaves out said; nothing is mended. Then the target's own rules speak, as its loader does, and its limit of
//! length as it is where nobody sets it.

mod court;
mod packing;
mod pairs;
mod tally;

use std::sync::Arc;

use self::court::Court;
use self::packing::Wrapping;
use self::tally::Tally;
use super::belt;
use super::pool::Pool;
use super::watch::Watch;
use crate::config::Settings;
use crate::error::Result;
use crate::read::source::discover;
use crate::read::{Batch, Decode, Frame, Sample, Source, detect, json};
use crate::report::fates::{Fates, RowFates};

/// Judges every row of the inputs under `targets`; `each` sees the fates row by row, in order.
///
/// `packing` is how trainers are told to pack rows: `on` for their own way, or the name of one; by default none packs.
pub fn fate(
    settings: &Settings,
    targets: &[String],
    packing: Option<&str>,
    watch: &dyn Watch,
    mut each: impl FnMut(RowFates) -> Result<()>,
) -> Result<Fates> {
    let court = Court::of(settings, targets, packing)?;
    let wrapping = |judge: &court::Judge| Wrapping::of(judge.packing, judge.limit);
    let mut wrapped: Vec<Option<Wrapping>> = court.judges.iter().map(wrapping).collect();
    let mut tally = Tally::new(&court);
    let discovered = discover(&settings.inputs, &settings.read)?;
    let pool = Pool::of(settings)?;
    for source in &discovered.sources {
        let sample = Sample::of(source, &settings.read)?;
        let frames = json::frames(source, &sample, &settings.read)?;
        let decoder = decoder(settings, source, &sample);
        tally.files += 1;
        belt::run_source(
            (source, frames),
            &pool,
            (watch, "judging"),
            |batch: Batch| {
                let rows = batch.frames().filter(|frame| !is_blank(frame));
                rows.map(|frame| (frame.origin.line, court.row(&frame, decoder.as_deref())))
                    .collect::<Vec<_>>()
            },
            |rows| {
                for (line, mut row) in rows {
                    for (wrapping, judged) in wrapped.iter_mut().zip(&mut row) {
                        if let (Some(wrapping), Some(tokens)) = (wrapping, judged.tokens) {
                            wrapping.place(&mut judged.fate, tokens);
                        }
                    }
                    tally.add(&source.name, line, &row);
                    let fates = row.into_iter().map(|judged| judged.fate).collect();
                    each(RowFates { path: source.name.clone(), line, fates })?;
                }
                Ok(())
            },
        )?;
    }
    Ok(tally.finish(&court))
}

/// Who reads the rows for targets that cannot: the reader that would convert the file.
fn decoder(settings: &Settings, source: &Source, sample: &Sample) -> Option<Arc<dyn Decode>> {
    let choice = detect(source, sample, &settings.read).ok()??;
    Some(choice.reader.open(source, sample, &settings.read).ok()?.decoder)
}

fn is_blank(frame: &Frame<'_>) -> bool {
    frame.fault.is_none() && frame.bytes.iter().all(u8::is_ascii_whitespace)
}
