//! Getting hold of the file of an index: made where there is none, and locked.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use super::fault::Fault;
use super::header;
use super::terms::Terms;
use crate::disk::{folder_of, sync_folder, temporary_beside};
use crate::error::{Error, Result};

/// The bytes of an index without rows.
pub(super) fn fresh(terms: &Terms) -> Result<Vec<u8>> {
    header::fresh(terms.text()).ok_or_else(|| Error::internal("an index has no room for its terms"))
}

/// The file at `path`, locked; true when it was made for that.
pub(super) fn open_or_create(path: &Path, terms: &Terms) -> Result<(File, bool)> {
    let shown = path.display();
    if !path.try_exists().map_err(|error| Fault::System(error).of(path))? {
        let bytes = fresh(terms)?;
        // Whole or not at all, and nobody else has it before it is locked.
        let folder = folder_of(path);
        let made = temporary_beside(path).and_then(|made| {
            made.as_file().write_all(&bytes)?;
            made.as_file().sync_all()?;
            Ok(made)
        });
        let made = made.map_err(|error| {
            Error::output(format!("cannot make the index `{shown}`: {error}"))
                .with_hint("give a file in a folder that you may write to")
        })?;
        lock(made.as_file(), path)?;
        match made.persist_noclobber(path) {
            Ok(file) => {
                sync_folder(folder).map_err(|error| Fault::System(error).of(path))?;
                return Ok((file, true));
            }
            // Another run was faster.
            Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(Error::output(format!("cannot make the index `{shown}`: {}", error.error)));
            }
        }
    }
    if !path.metadata().map_err(|error| Fault::System(error).of(path))?.is_file() {
        return Err(Error::usage(format!("`{shown}` is no file, and so no index"))
            .with_hint("give the name of a file with `--index`"));
    }
    let file = File::options().read(true).write(true).open(path).map_err(|error| {
        Error::input(format!("cannot open the index `{shown}`: {error}"))
            .with_hint("a run adds its rows to the index: see that you may read and write it")
    })?;
    lock(&file, path)?;
    Ok((file, false))
}

/// Keeps other runs out. Where files cannot be locked (some network disks), a change is seen before anything is written.
fn lock(file: &File, path: &Path) -> Result<()> {
    match file.try_lock() {
        Err(fs::TryLockError::WouldBlock) => {
            Err(Error::usage(format!("another run is using the index `{}`", path.display()))
                .with_hint("wait for it: each run is compared with all that were finished before"))
        }
        Ok(()) | Err(fs::TryLockError::Error(_)) => Ok(()),
    }
}
