//! Files and sums: whether everything is there as it was written.

use std::path::Path;

use super::manifest::Manifest;
use crate::disk::digest;
use crate::error::{Error, Result};
use crate::report::proof::Check;
use crate::split::Side;
use crate::text::number::count;

/// Every output has the size and the digest of the manifest, and there is no side beside them.
pub(super) fn files(folder: &Path, manifest: &Manifest) -> Result<Check> {
    let mut check = Check::new("files");
    for output in &manifest.outputs {
        let path = folder.join(&output.path);
        let length = match path.metadata() {
            Ok(metadata) if metadata.is_file() => metadata.len(),
            _ => {
                check.fail(|| format!("{} is gone", output.path));
                continue;
            }
        };
        if length != output.bytes {
            check.fail(|| format!("{} has {length} bytes, and {} were written", output.path, output.bytes));
        } else if digest_of(&path)? != output.blake3 {
            check.fail(|| format!("{} is not what was written: its BLAKE3 digest is another", output.path));
        }
    }
    for side in Side::ALL {
        let written = manifest.outputs.iter().any(|output| output.path == side.file());
        if !written && folder.join(side.file()).exists() {
            check.fail(|| format!("{} is not from this run", side.file()));
        }
    }
    check.says = format!("{} with size and digest as written", count(manifest.outputs.len() as u64, "file"));
    Ok(check)
}

fn digest_of(path: &Path) -> Result<String> {
    digest(path)
        .map(|digest| digest.to_hex().to_string())
        .map_err(|error| Error::input(format!("cannot read `{}`: {error}", path.display())))
}

/// Every record has a verdict, and the files hold as many rows as the certificate says.
pub(super) fn sums(manifest: &Manifest) -> Check {
    let mut check = Check::new("sums");
    let ledger = &manifest.ledger;
    if !ledger.sums_agree() {
        check.fail(|| {
            format!(
                "{} were read, and the verdicts add up to another number",
                count(ledger.records, "record")
            )
        });
    }
    let written = |name: &str| manifest.outputs.iter().find(|output| output.path == name);
    for side in manifest.certificate.iter().flat_map(|certificate| &certificate.sides) {
        let name = &side.file.file;
        let Some(output) = written(name) else {
            check.fail(|| format!("the certificate names {name}, and the manifest does not"));
            continue;
        };
        if (output.examples, output.bytes, Some(&output.blake3))
            != (side.rows, side.file.bytes, side.file.blake3.as_ref())
        {
            check.fail(|| format!("certificate and manifest say different things of {name}"));
        }
    }
    check.says = format!("{}, each with one verdict", count(ledger.records, "record"));
    check
}
