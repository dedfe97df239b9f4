//! The output folder as one transaction.

use std::fs;
use std::path::{Path, PathBuf};

use super::file::{OutFile, Written, write_error};
use crate::error::{Error, Result};

/// Name of the folder inside the output folder that holds what is not finished. It goes last, so that its presence
/// means: a run was interrupted here and may be done again.
pub const PARTIAL: &str = ".chatmill-partial";

/// Name of the manifest, whose presence means: chatmill made this folder, and it is whole.
const MANIFEST: &str = "manifest.json";

/// An output folder being filled. Dropped before [`OutFolder::commit`], it takes away what it wrote.
pub struct OutFolder {
    folder: PathBuf,
    partial: PathBuf,
    created: bool,
    finished: Vec<Written>,
    committed: bool,
    /// What was found and cleared away: an interrupted run.
    pub resumed: bool,
}

impl OutFolder {
    /// Prepares `folder`: it must not exist, be empty, hold an interrupted run, or, with `force`, an earlier one.
    pub fn open(folder: &Path, force: bool) -> Result<Self> {
        let created = !folder.exists();
        if !created && !folder.is_dir() {
            return Err(Error::usage(format!("`{}` is a file, not a folder", folder.display()))
                .with_hint("give a new folder with `-o`"));
        }
        fs::create_dir_all(folder).map_err(|error| write_error(folder, &error))?;
        let names: Vec<String> = fs::read_dir(folder)
            .map_err(|error| write_error(folder, &error))?
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        let interrupted = names.iter().any(|name| name == PARTIAL);
        let earlier = names.iter().any(|name| name == MANIFEST);
        let may_fill = names.is_empty() || interrupted || (earlier && force);
        if !may_fill {
            let error = Error::usage(format!("the output folder `{}` is not empty", folder.display()));
            return Err(if earlier {
                error.with_hint("it holds an earlier run: give `--force` to replace it, or another folder")
            } else {
                error.with_hint("give a new or empty folder with `-o`")
            });
        }
        let partial = folder.join(PARTIAL);
        if interrupted {
            fs::remove_dir_all(&partial).map_err(|error| write_error(&partial, &error))?;
        }
        fs::create_dir(&partial).map_err(|error| write_error(&partial, &error))?;
        Ok(Self {
            folder: folder.to_owned(),
            partial,
            created,
            finished: Vec::new(),
            committed: false,
            resumed: interrupted,
        })
    }

    /// A new file that will be called `name`.
    pub fn create(&self, name: &str) -> Result<OutFile> {
        OutFile::create(&self.partial, name)
    }

    /// Where unfinished things lie, for a spool on the same disk.
    pub fn partial(&self) -> &Path {
        &self.partial
    }

    /// Ends a file; it gets its final name with [`OutFolder::commit`].
    pub fn finish(&mut self, file: OutFile) -> Result<Written> {
        let written = file.finish()?;
        self.finished.push(written.clone());
        Ok(written)
    }

    /// Gives all files their final names, in the order they were finished, then removes what is left of an earlier run.
    ///
    /// The manifest of an earlier run goes first, so that a folder with a manifest is always whole.
    pub fn commit(mut self) -> Result<()> {
        let old = self.folder.join(MANIFEST);
        if old.exists() {
            fs::remove_file(&old).map_err(|error| write_error(&old, &error))?;
        }
        for name in ["train.jsonl", "valid.jsonl", "test.jsonl"] {
            let stale = self.folder.join(name);
            if stale.exists() && self.finished.iter().all(|written| written.name != name) {
                fs::remove_file(&stale).map_err(|error| write_error(&stale, &error))?;
            }
        }
        for written in &self.finished {
            let place = self.folder.join(&written.name);
            fs::rename(self.partial.join(&written.name), &place)
                .map_err(|error| write_error(&place, &error))?;
        }
        sync_folder(&self.folder)?;
        self.committed = true;
        fs::remove_dir_all(&self.partial).map_err(|error| write_error(&self.partial, &error))?;
        sync_folder(&self.folder)
    }
}

impl Drop for OutFolder {
    fn drop(&mut self) {
        if !self.committed {
            // Best effort: what cannot be removed now is recognised and removed by the next run.
            let _ = fs::remove_dir_all(&self.partial);
            if self.created {
                let _ = fs::remove_dir(&self.folder);
            }
        }
    }
}

/// Renames are on the disk only when the folder is.
fn sync_folder(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    fs::File::open(folder)
        .and_then(|opened| opened.sync_all())
        .map_err(|error| write_error(folder, &error))?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn run(folder: &Path, force: bool, commit: bool) -> Result<()> {
        let mut out = OutFolder::open(folder, force)?;
        for name in ["train.jsonl", MANIFEST] {
            let mut file = out.create(name)?;
            file.row(b"{}")?;
            out.finish(file)?;
        }
        if commit { out.commit() } else { Ok(()) }
    }

    #[test]
    fn whole_or_not_at_all() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("out");
        run(&folder, false, false).unwrap();
        assert!(!folder.exists());
        run(&folder, false, true).unwrap();
        assert_eq!(names(&folder), ["manifest.json", "train.jsonl"]);
        assert!(run(&folder, false, true).unwrap_err().hint().unwrap().contains("--force"));
        run(&folder, true, true).unwrap();
        assert_eq!(names(&folder), ["manifest.json", "train.jsonl"]);
    }

    #[test]
    fn strangers_files_are_never_touched() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("notes.txt"), "mine").unwrap();
        assert!(run(home.path(), true, true).is_err());
        assert_eq!(names(home.path()), ["notes.txt"]);
    }

    #[test]
    fn an_interrupted_run_is_done_again() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("out");
        fs::create_dir_all(folder.join(PARTIAL)).unwrap();
        fs::write(folder.join(PARTIAL).join("train.jsonl"), "half").unwrap();
        fs::write(folder.join("train.jsonl"), "renamed before the kill").unwrap();
        run(&folder, false, true).unwrap();
        assert_eq!(names(&folder), ["manifest.json", "train.jsonl"]);
    }
}
