//! `manifest.json`, and other small files of JSON in the output folder.

mod settings;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::plan::Plan;
use crate::error::{Error, Result};
use crate::report::Summary;
use crate::report::summary::{Index, Ledger, Output};
use crate::write::{MANIFEST, OutFolder, Written};

/// Writes a file that holds one value.
pub(super) fn write_json(out: &mut OutFolder, name: &str, value: &impl Serialize) -> Result<Vec<Written>> {
    let text = serde_json::to_vec_pretty(value)
        .map_err(|error| Error::internal(format!("cannot write `{name}` as JSON: {error}")))?;
    let mut file = out.create(name)?;
    file.row(&text)?;
    out.finish([file])
}

/// What it takes to prove the run again: versions, settings, digests.
#[derive(Serialize)]
struct Manifest<'a> {
    schema: u32,
    chatmill: &'static str,
    command: &'static str,
    rows: RowFormat,
    target: &'static str,
    target_checked: &'static str,
    model: &'static str,
    settings: Value,
    inputs: Vec<ManifestInput<'a>>,
    ledger: &'a Ledger,
    index: Option<&'a Index>,
    outputs: Vec<&'a Output>,
}

/// How the rows are to be read.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RowFormat {
    /// `target` or `reader`.
    pub kind: String,
    /// Its name.
    pub name: String,
}

#[derive(Serialize)]
struct ManifestInput<'a> {
    path: &'a str,
    bytes: u64,
    blake3: Option<&'a str>,
}

/// Rows that stay as they stand are read as they were; others as their target reads them.
fn rows(plan: &Plan) -> RowFormat {
    let (kind, name) = match plan.sources.first().filter(|_| plan.settings.job.as_it_stands()) {
        Some(planned) => ("reader", planned.choice.reader.spec().name),
        None => ("target", plan.target.spec().name),
    };
    RowFormat { kind: kind.to_owned(), name: name.to_owned() }
}

/// Writes `manifest.json`, which names what the summary names and `more`; how it was written.
pub(super) fn write_manifest(
    plan: &Plan,
    out: &mut OutFolder,
    summary: &Summary,
    more: impl Iterator<Item = Output>,
) -> Result<Written> {
    let more: Vec<Output> = more.collect();
    let manifest = Manifest {
        schema: crate::report::summary::SCHEMA,
        chatmill: summary.chatmill,
        command: summary.command,
        rows: rows(plan),
        target: summary.target,
        target_checked: plan.target.spec().checked,
        model: plan.model.name,
        settings: settings::settings(plan)?,
        inputs: summary
            .inputs
            .iter()
            .map(|input| ManifestInput {
                path: &input.path,
                bytes: input.bytes,
                blake3: input.blake3.as_deref(),
            })
            .collect(),
        ledger: &summary.ledger,
        index: summary.index.as_ref(),
        outputs: summary.outputs.iter().chain(&more).collect(),
    };
    let written = write_json(out, MANIFEST, &manifest)?.pop();
    written.ok_or_else(|| Error::internal("the manifest was not written"))
}
