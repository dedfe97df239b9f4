//! Which reader, and why.

use super::reader::{Guess, Reader};
use super::sample::Sample;
use super::settings::{PathSettings, ReadSettings};
use super::source::Source;
use super::{READERS, by_name};
use crate::error::{Error, Result};
use crate::text::encoding::looks_like_text;
use crate::text::similar::suggestion;

/// The reader that paths are meant for.
const NESTED_JSON: &str = "nested-json";

/// The reader chosen for a source.
#[derive(Clone)]
pub struct Choice {
    /// The reader.
    pub reader: &'static dyn Reader,
    /// Why this one.
    pub why: String,
}

/// Chooses the reader for a source: the one asked for, or the surest of all; `None` when no reader knows it.
pub fn detect(source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Option<Choice>> {
    if let Some(name) = &settings.from {
        let reader = by_name(name).ok_or_else(|| {
            Error::usage(format!("unknown reader `{name}`"))
                .with_hint(suggestion(name, READERS.iter().map(|reader| reader.spec().name)))
        })?;
        if !sample.head.is_empty() && !looks_like_text(&sample.head) {
            return Err(Error::input(format!("`{}` is not text, so `{name}` cannot read it", source.name))
                .with_hint("leave the file out, or give `--encoding` where it is text in a rare encoding"));
        }
        return Ok(Some(Choice { reader, why: "asked for with --from".into() }));
    }
    if !looks_like_text(&sample.head) {
        return Ok(None);
    }
    // Whoever says where things are in JSON means the reader that looks there.
    if settings.paths != PathSettings::default()
        && sample.json().is_some()
        && let Some(reader) = by_name(NESTED_JSON)
    {
        return Ok(Some(Choice { reader, why: "a path in nested JSON was given".into() }));
    }
    Ok(best(sample).map(|(reader, guess)| Choice { reader, why: guess.why }))
}

/// The surest guess; of equals the first reader's.
fn best(sample: &Sample) -> Option<(&'static dyn Reader, Guess)> {
    // Readers that look for anything take the longest: they come last, and mostly not at all.
    let (any, certain): (Vec<_>, Vec<_>) =
        READERS.iter().enumerate().partition(|(_, reader)| reader.surest() < 100);
    let mut best: Option<(usize, Guess)> = None;
    for (place, reader) in certain.into_iter().chain(any) {
        if best.as_ref().is_some_and(|(_, best)| best.confidence > reader.surest()) {
            continue;
        }
        let Some(guess) = reader.sniff(sample) else { continue };
        let better = |(of, best): &(usize, Guess)| {
            (guess.confidence, std::cmp::Reverse(place)) > (best.confidence, std::cmp::Reverse(*of))
        };
        if best.as_ref().is_none_or(better) {
            best = Some((place, guess));
        }
    }
    best.and_then(|(place, guess)| Some((*READERS.get(place)?, guess)))
}
