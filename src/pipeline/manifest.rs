//! `manifest.json`, and other small files of JSON in the output folder.

use serde::Serialize;

use super::plan::Plan;
use crate::error::{Error, Result};
use crate::report::Summary;
use crate::report::summary::Output;
use crate::write::{OutFolder, Written};

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
    target: &'static str,
    target_checked: &'static str,
    model: &'static str,
    settings: ManifestSettings<'a>,
    inputs: Vec<ManifestInput<'a>>,
    ledger: &'a crate::report::summary::Ledger,
    outputs: &'a [Output],
}

#[derive(Serialize)]
struct ManifestSettings<'a> {
    seed: u64,
    valid: f64,
    test: f64,
    group_by: Option<&'a str>,
    twins_on: String,
    keep_twins: bool,
    mended: Vec<&'static str>,
    rules: Vec<&'static str>,
}

#[derive(Serialize)]
struct ManifestInput<'a> {
    path: &'a str,
    bytes: u64,
    blake3: Option<&'a str>,
}

/// Writes `manifest.json`.
pub(super) fn write_manifest(plan: &Plan, out: &mut OutFolder, summary: &Summary) -> Result<()> {
    let settings = &plan.settings;
    let manifest = Manifest {
        schema: crate::report::summary::SCHEMA,
        chatmill: summary.chatmill,
        target: summary.target,
        target_checked: plan.target.spec().checked,
        model: plan.model.name,
        settings: ManifestSettings {
            seed: settings.split.seed,
            valid: settings.split.valid,
            test: settings.split.test,
            group_by: settings.group_by.as_deref(),
            twins_on: settings.twins.on.to_string(),
            keep_twins: settings.twins.keep,
            mended: plan.assemble.active().collect(),
            rules: plan.rules.active().map(|(rule, _)| rule.def.code).collect(),
        },
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
        outputs: &summary.outputs,
    };
    write_json(out, "manifest.json", &manifest).map(|_| ())
}
