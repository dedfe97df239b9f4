//! What all readers of JSON share: framing by layout, and parsing a frame with its faults named.

use serde_json::Value;

use super::codes;
use super::frame::{Elements, Feed, Frame, Frames, Lines, Whole};
use super::sample::{Layout, Sample};
use super::settings::ReadSettings;
use super::source::Source;
use crate::diagnostic::{Finding, Rejection};
use crate::error::Result;
use crate::text::json::{FaultKind, parse};

/// The frames of a JSON source whose records are lines, elements of an array, or the one object.
pub fn frames(source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Box<dyn Frames>> {
    let feed = Feed::new(source.open(settings)?, source.name.clone());
    let limit = settings.limits.record_bytes;
    let elements = |feed| Elements::new(feed, source.name.clone(), source.index, limit, Vec::new());
    Ok(match sample.json().map(|head| head.layout) {
        Some(Layout::Array) => Box::new(elements(feed)),
        Some(Layout::Concatenated) => Box::new(elements(feed).concatenated()),
        Some(Layout::Object) => Box::new(Whole::new(feed, source.index, limit)),
        Some(Layout::Lines) | None => Box::new(Lines::new(feed, source.index, limit)),
    })
}

/// Parses a frame, or says why not, with the place.
pub fn value(frame: &Frame<'_>, findings: &mut Vec<Finding>) -> Result<Value, Rejection> {
    let parsed = parse(frame.bytes).map_err(|fault| {
        let def = match fault.kind {
            FaultKind::Encoding => &codes::NOT_UTF8,
            FaultKind::Depth => &codes::JSON_TOO_DEEP,
            FaultKind::Surrogate => &codes::JSON_SURROGATE,
            FaultKind::Truncated | FaultKind::Syntax => &codes::JSON_INVALID,
        };
        let end = (fault.offset + 1).min(frame.bytes.len());
        Rejection::new(def, fault.message).with_span(fault.offset.min(end), end)
    })?;
    findings.extend(
        parsed.duplicate_keys.into_iter().map(|path| {
            Finding::new(&codes::DUPLICATE_KEY, path, "the key stands twice; the last one counts")
        }),
    );
    Ok(parsed.value)
}
