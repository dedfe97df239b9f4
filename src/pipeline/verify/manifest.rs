//! What a run wrote about itself.

use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::pipeline::manifest::RowFormat;
use crate::pipeline::rows_back::Format;
use crate::report::summary::{Ledger, Output};
use crate::split::certificate::{self, Certificate};

/// `manifest.json`, as far as it can be proved.
#[derive(Deserialize)]
pub(super) struct Manifest {
    pub schema: u32,
    rows: RowFormat,
    pub ledger: Ledger,
    pub outputs: Vec<Output>,
    /// Whether the folder has sides.
    #[serde(skip)]
    pub certificate: Option<Certificate>,
}

impl Manifest {
    /// Reads the manifest of `folder`, with its certificate.
    pub fn read(folder: &Path) -> Result<Self> {
        let name = "manifest.json";
        if !folder.join(name).is_file() {
            return Err(Error::input(format!("`{}` holds no {name}", folder.display()))
                .with_hint("give the folder that `prepare`, `split` or `dedup` wrote with `-o`"));
        }
        let mut manifest: Self = read(folder, name)?;
        if manifest.schema != crate::report::summary::SCHEMA {
            return Err(Error::input(format!(
                "`{name}` has schema {}, which this chatmill does not know",
                manifest.schema
            ))
            .with_hint("verify it with the version of chatmill that it names"));
        }
        if manifest.has_sides() {
            manifest.certificate = Some(read(folder, certificate::FILE)?);
        }
        Ok(manifest)
    }

    /// Whether rows were put on sides.
    pub fn has_sides(&self) -> bool {
        self.outputs.iter().any(|output| output.path == certificate::FILE)
    }

    /// How rows are read back.
    pub fn format(&self) -> Result<Format> {
        Format::named(&self.rows.kind, &self.rows.name).ok_or_else(|| {
            let RowFormat { kind, name } = &self.rows;
            Error::input(format!(
                "the manifest says that rows are read as {kind} `{name}`, which this chatmill does not know"
            ))
            .with_hint("verify it with the version of chatmill that it names")
        })
    }
}

fn read<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<T> {
    let path = folder.join(name);
    let shown = path.display();
    let text = std::fs::read(&path).map_err(|error| {
        Error::input(format!("cannot read `{shown}`: {error}")).with_hint("without it nothing can be proved")
    })?;
    serde_json::from_slice(&text).map_err(|error| {
        Error::input(format!("`{shown}` is not what chatmill wrote: {error}"))
            .with_hint("without it nothing can be proved")
    })
}
