//! The sides of an earlier run, read from its `provenance.jsonl`.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde::Deserialize;

use super::provenance::PROVENANCE;
use crate::error::{Error, Result};
use crate::split::{Earlier, Side};
use crate::text::hash::from_hex;

/// What of a provenance line says where its row stands, and beside which others.
#[derive(Deserialize)]
pub(super) struct Stood {
    /// The file of its side.
    pub file: String,
    /// Its row, from 1.
    pub row: u64,
    /// Its group.
    pub group: Option<String>,
    /// What it says.
    pub fingerprint: Option<String>,
    /// What it has in common with others, where that is more than its group.
    #[serde(default)]
    pub keys: Vec<String>,
    /// The prompts inside it, before its earlier answers.
    #[serde(default)]
    pub inner: Vec<String>,
}

/// Goes through the provenance of a run in `folder`, with the line of each entry.
pub(super) fn read_provenance(folder: &Path, mut each: impl FnMut(u64, Stood) -> Result<()>) -> Result<()> {
    let path = folder.join(PROVENANCE);
    let shown = path.display();
    let file = File::open(&path).map_err(|error| Error::input(format!("cannot read `{shown}`: {error}")))?;
    let mut reader = BufReader::with_capacity(256 << 10, file);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = reader
            .read_until(b'\n', &mut line)
            .map_err(|error| Error::input(format!("cannot read `{shown}`: {error}")))?;
        if read == 0 {
            break;
        }
        let stood = serde_json::from_slice(&line).map_err(|error| {
            Error::input(format!("`{shown}` line {number} is no line of provenance: {error}"))
        })?;
        each(number, stood)?;
    }
    Ok(())
}

/// Where rows and groups stood in the run in `folder`.
pub(super) fn earlier(folder: &Path) -> Result<Earlier> {
    let way_out = "give the folder of an earlier `prepare` or `split`, with its provenance.jsonl";
    let mut earlier = Earlier::default();
    read_provenance(folder, |number, stood| {
        let broken = |what: &str| {
            let place = folder.join(PROVENANCE);
            Error::input(format!("`{}` line {number} {what}", place.display())).with_hint(way_out)
        };
        let side = Side::of_file(&stood.file).ok_or_else(|| broken("names no side of a split"))?;
        let fingerprint = stood.fingerprint.as_deref().and_then(from_hex).ok_or_else(|| {
            broken("has no fingerprint: the run was made by an older chatmill, and has to be made once more")
        })?;
        let keys: Option<Vec<u128>> =
            stood.keys.iter().chain(&stood.group).map(|key| from_hex(key)).collect();
        let inner: Option<Vec<u128>> = stood.inner.iter().map(|key| from_hex(key)).collect();
        let (keys, inner) = keys.zip(inner).ok_or_else(|| broken("has a key that is none"))?;
        earlier.add(fingerprint, keys, inner, side);
        Ok(())
    })
    .map_err(|error| if error.hint().is_none() { error.with_hint(way_out) } else { error })?;
    Ok(earlier)
}
