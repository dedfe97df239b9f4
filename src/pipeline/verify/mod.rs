//! `verify`: whether a folder keeps what its manifest and its certificate promise, proved again from the files alone.

mod files;
mod manifest;
mod rows;

use std::path::Path;

use super::watch::Watch;
use crate::config::Settings;
use crate::error::Result;
use crate::report::proof::Proof;

/// Proves every promise of the run in `folder`; what does not hold is told in the proof, and only what keeps it from being
/// looked at is an error.
pub fn verify(folder: &Path, settings: &Settings, watch: &dyn Watch) -> Result<Proof> {
    let manifest = manifest::Manifest::read(folder)?;
    let mut checks = vec![files::files(folder, &manifest)?, files::sums(&manifest)];
    checks.extend(rows::rows(folder, &manifest, settings, watch)?);
    Ok(Proof::new(folder.display().to_string(), checks))
}
