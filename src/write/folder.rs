//! The output folder as one transaction.

use std::fs;
use std::path::{Path, PathBuf};

use super::file::{Ending, OutFile, Written, write_error};
use crate::disk;
use crate::error::{Error, Result};

/// Name of the folder inside the output folder that holds what is not finished. It goes last, so that its presence
/// means: a run was interrupted here and may be done again.
pub const PARTIAL: &str = ".chatmill-partial";

/// Outputs that not every run writes: those of an earlier run would pass for this one's.
const MAY_BE_STALE: [&str; 5] = ["kept.jsonl", "split.cert.json", "test.jsonl", "train.jsonl", "valid.jsonl"];

/// Name of the manifest, whose presence means: chatmill made this folder, and it is whole.
pub const MANIFEST: &str = "manifest.json";

/// An output folder being filled. Dropped before [`OutFolder::commit`], it takes away what it wrote.
pub struct OutFolder {
    folder: PathBuf,
    partial: PathBuf,
    created: bool,
    finished: Vec<Written>,
    state: State,
    /// Held while the run lasts, so that no second run takes this one for an interrupted one.
    _lock: Lock,
    /// What was found and cleared away: an interrupted run.
    pub resumed: bool,
}

/// How far the transaction has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing has a final name yet.
    Filling,
    /// Some files may have one: what is left under [`PARTIAL`] says so to the next run.
    Renaming,
    /// All have.
    Done,
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
        let lock = lock(folder)?;
        let names = fs::read_dir(folder)
            .and_then(|entries| {
                entries
                    .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
                    .collect::<std::io::Result<Vec<String>>>()
            })
            .map_err(|error| write_error(folder, &error))?;
        let interrupted = names.iter().any(|name| name == PARTIAL);
        let earlier = names.iter().any(|name| name == MANIFEST);
        // A whole run beside an interrupted one is still a whole run.
        let may_fill = names.is_empty() || if earlier { force } else { interrupted };
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
            state: State::Filling,
            _lock: lock,
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

    /// Ends files and waits for them; they get their final names with [`OutFolder::commit`].
    pub fn finish(&mut self, files: impl IntoIterator<Item = OutFile>) -> Result<Vec<Written>> {
        let endings = files.into_iter().map(OutFile::end).collect::<Result<_>>()?;
        self.wait(endings)
    }

    /// The same for files that are ended already.
    pub fn wait(&mut self, endings: Vec<Ending>) -> Result<Vec<Written>> {
        let written: Vec<Written> = endings.into_iter().map(Ending::wait).collect::<Result<_>>()?;
        self.finished.extend_from_slice(&written);
        Ok(written)
    }

    /// Gives all files their final names, in the order they were finished, then removes what is left of an earlier run.
    ///
    /// The manifest of an earlier run goes first, so that a folder with a manifest is always whole.
    pub fn commit(self) -> Result<()> {
        self.commit_by(|| Ok(()))
    }

    /// The same; `step` is called before each change of the folder, and may end it there.
    fn commit_by(mut self, mut step: impl FnMut() -> Result<()>) -> Result<()> {
        // What can be known to fail fails before the first change.
        for written in &self.finished {
            let place = self.folder.join(&written.name);
            if place.is_dir() {
                return Err(Error::output(format!("cannot write `{}`: it is a folder", place.display()))
                    .with_hint("move the folder away or choose another one with `-o`"));
            }
        }
        self.state = State::Renaming;
        let old = self.folder.join(MANIFEST);
        if old.exists() {
            step()?;
            fs::remove_file(&old).map_err(|error| write_error(&old, &error))?;
        }
        for name in MAY_BE_STALE {
            let stale = self.folder.join(name);
            if stale.exists() && self.finished.iter().all(|written| written.name != name) {
                step()?;
                fs::remove_file(&stale).map_err(|error| write_error(&stale, &error))?;
            }
        }
        for written in &self.finished {
            let place = self.folder.join(&written.name);
            step()?;
            fs::rename(self.partial.join(&written.name), &place)
                .map_err(|error| write_error(&place, &error))?;
        }
        self.sync()?;
        self.state = State::Done;
        step()?;
        fs::remove_dir_all(&self.partial).map_err(|error| write_error(&self.partial, &error))?;
        self.sync()
    }

    fn sync(&self) -> Result<()> {
        disk::sync_folder(&self.folder).map_err(|error| write_error(&self.folder, &error))
    }
}

impl Drop for OutFolder {
    fn drop(&mut self) {
        if self.state == State::Filling {
            // Best effort: what cannot be removed now is recognised and removed by the next run.
            let _ = fs::remove_dir_all(&self.partial);
            if self.created {
                let _ = fs::remove_dir(&self.folder);
            }
        }
    }
}

/// What keeps two runs out of one folder; it ends with the process, however that ends.
type Lock = Option<fs::File>;

/// Locks `folder` against other runs. Where folders cannot be locked (some network disks, Windows), runs are not kept
/// apart.
fn lock(folder: &Path) -> Result<Lock> {
    if cfg!(not(unix)) {
        return Ok(None);
    }
    let opened = fs::File::open(folder).map_err(|error| write_error(folder, &error))?;
    match opened.try_lock() {
        Err(fs::TryLockError::WouldBlock) => {
            Err(Error::usage(format!("another run is writing into `{}`", folder.display()))
                .with_hint("wait for it, or give another folder with `-o`"))
        }
        Ok(()) | Err(fs::TryLockError::Error(_)) => Ok(Some(opened)),
    }
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
            out.finish([file])?;
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

    /// Runs into a folder that may hold an earlier run, whose `commit` is killed after so many steps; whether it was.
    fn killed_after(steps: usize, folder: &Path, files: &[(&str, &str)]) -> bool {
        let mut out = OutFolder::open(folder, true).unwrap();
        for (name, text) in files {
            let mut file = out.create(name).unwrap();
            file.row(text.as_bytes()).unwrap();
            out.finish([file]).unwrap();
        }
        let mut left = steps;
        let killed = out.commit_by(|| {
            left = left.checked_sub(1).ok_or_else(|| Error::output("killed"))?;
            Ok(())
        });
        killed.is_err()
    }

    #[test]
    fn a_kill_at_any_moment_leaves_no_half_run() {
        let first = [("test.jsonl", "1"), ("train.jsonl", "1"), ("valid.jsonl", "1"), (MANIFEST, "1")];
        let second = [("train.jsonl", "2"), ("valid.jsonl", "2"), (MANIFEST, "2")];
        for earlier in [false, true] {
            let mut killed = 0;
            for steps in 0.. {
                let home = tempfile::tempdir().unwrap();
                let folder = home.path().join("out");
                if earlier {
                    assert!(!killed_after(usize::MAX, &folder, &first));
                }
                let is_killed = killed_after(steps, &folder, &second);
                let texts = |names: &[(&str, &str)]| {
                    let text = |(name, _): &(&str, &str)| fs::read_to_string(folder.join(name)).unwrap();
                    names.iter().map(text).collect::<Vec<_>>()
                };
                if folder.join(MANIFEST).exists() {
                    // All of one run.
                    let is_first = fs::read_to_string(folder.join(MANIFEST)).unwrap() == "1\n";
                    let (whole, text) = if is_first { (&first[..], "1\n") } else { (&second[..], "2\n") };
                    assert!(texts(whole).iter().all(|found| found == text), "{steps}");
                    let others = names(&folder).into_iter().filter(|name| name != PARTIAL);
                    assert_eq!(others.count(), whole.len(), "{steps}");
                }
                if !is_killed {
                    break;
                }
                killed += 1;
                assert!(names(&folder).contains(&PARTIAL.to_owned()), "{steps}");
                assert!(!killed_after(usize::MAX, &folder, &second), "{steps}");
                assert_eq!((names(&folder).len(), texts(&second)), (3, vec!["2\n".to_owned(); 3]), "{steps}");
            }
            assert_eq!(killed, if earlier { 6 } else { 4 });
        }
    }

    #[test]
    fn strangers_files_are_never_touched() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("notes.txt"), "mine").unwrap();
        assert!(run(home.path(), true, true).is_err());
        assert_eq!(names(home.path()), ["notes.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn two_runs_do_not_share_a_folder() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("out");
        let first = OutFolder::open(&folder, false).unwrap();
        assert!(OutFolder::open(&folder, true).err().unwrap().to_string().contains("another run"));
        drop(first);
        run(&folder, false, true).unwrap();
    }

    #[test]
    fn an_earlier_run_is_replaced_only_when_asked_for_and_only_as_a_whole() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("out");
        run(&folder, false, true).unwrap();
        fs::create_dir(folder.join(PARTIAL)).unwrap();
        assert!(run(&folder, false, true).unwrap_err().hint().unwrap().contains("--force"));
        fs::remove_file(folder.join("train.jsonl")).unwrap();
        fs::create_dir(folder.join("train.jsonl")).unwrap();
        assert!(run(&folder, true, true).is_err());
        assert_eq!(names(&folder), ["manifest.json", "train.jsonl"]);
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
