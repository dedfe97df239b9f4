//! One file, written beside its place and put there when it is whole.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::file::{BUFFER, write_error};
use crate::disk::temporary_beside;
use crate::error::{Error, Result};

/// A file that appears under its name only when it is whole. What is no file (a pipe, a device) is written to as it
/// stands, never replaced.
pub struct Replacing {
    writer: BufWriter<File>,
    temporary: Option<tempfile::TempPath>,
    path: PathBuf,
}

impl Replacing {
    /// Begins a file that will be called `path`.
    pub fn create(path: &Path) -> Result<Self> {
        let (file, temporary) = if path.is_dir() {
            return Err(Error::usage(format!("`{}` is a folder, not a file", path.display()))
                .with_hint("give the name of a file in it"));
        } else if path.exists() && !path.is_file() {
            let file = File::options().write(true).open(path).map_err(|error| write_error(path, &error))?;
            (file, None)
        } else {
            let (file, temporary) = temporary_beside(path)
                .map_err(|error| {
                    Error::output(format!("cannot write `{}`: {error}", path.display()))
                        .with_hint("choose a file in a folder you may write to, or one that can be made")
                })?
                .into_parts();
            (file, Some(temporary))
        };
        Ok(Self { writer: BufWriter::with_capacity(BUFFER, file), temporary, path: path.to_owned() })
    }

    /// Whether nothing is seen of what is written until it is finished; into devices and pipes it goes at once.
    pub fn is_beside(&self) -> bool {
        self.temporary.is_some()
    }

    /// Writes bytes as they are.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.writer.write_all(bytes).map_err(|error| write_error(&self.path, &error))
    }

    /// Writes a line and its line feed.
    pub fn line(&mut self, line: &[u8]) -> Result<()> {
        self.write(line)?;
        self.write(b"\n")
    }

    /// Gives the file its name, in place of one that has it.
    pub fn finish(self) -> Result<()> {
        let (temporary, path) = self.synced()?;
        let Some(temporary) = temporary else { return Ok(()) };
        temporary.persist(&path).map_err(|error| write_error(&path, &error.error))
    }

    /// Gives the file its name and the rights of the file that has it, which gets a name of its own: `path.bak`, or
    /// `path.bak2` and so on, since a backup is never replaced. The name of the backup.
    pub fn finish_with_backup(self) -> Result<PathBuf> {
        self.keep_rights()?;
        let (temporary, path) = self.synced()?;
        let backup = back_up(&path)?;
        if let Some(temporary) = temporary {
            temporary.persist(&path).map_err(|error| write_error(&path, &error.error))?;
        }
        Ok(backup)
    }

    /// Gives the file its name and the rights of the file that has it, which is lost.
    pub fn finish_without_backup(self) -> Result<()> {
        self.keep_rights()?;
        self.finish()
    }

    fn keep_rights(&self) -> Result<()> {
        fs::metadata(&self.path)
            .and_then(|known| self.writer.get_ref().set_permissions(known.permissions()))
            .map_err(|error| write_error(&self.path, &error))
    }

    fn synced(self) -> Result<(Option<tempfile::TempPath>, PathBuf)> {
        let file = self.writer.into_inner().map_err(|error| write_error(&self.path, error.error()))?;
        if self.temporary.is_some() {
            file.sync_all().map_err(|error| write_error(&self.path, &error))?;
        }
        Ok((self.temporary, self.path))
    }
}

/// Backups of one file before somebody should look at them.
const MOST_BACKUPS: u32 = 999;

/// A second name for the file at `path`, or a copy where the disk knows no second names.
fn back_up(path: &Path) -> Result<PathBuf> {
    for number in 1..=MOST_BACKUPS {
        let mut name = path.as_os_str().to_owned();
        name.push(if number == 1 { ".bak".to_owned() } else { format!(".bak{number}") });
        let backup = PathBuf::from(name);
        let linked = fs::hard_link(path, &backup).or_else(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => Err(error),
            _ => File::create_new(&backup).and_then(|mut copy| {
                std::io::copy(&mut File::open(path)?, &mut copy)?;
                copy.sync_all()
            }),
        });
        match linked {
            Ok(()) => return Ok(backup),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(write_error(&backup, &error)),
        }
    }
    Err(Error::output(format!("`{}` has {MOST_BACKUPS} backups", path.display()))
        .with_hint("move them away, or give `--no-backup`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(path: &Path, text: &str) -> Replacing {
        let mut file = Replacing::create(path).unwrap();
        file.line(text.as_bytes()).unwrap();
        file
    }

    #[test]
    fn a_backup_is_never_replaced() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a.jsonl");
        put(&path, "one").finish().unwrap();
        assert_eq!(put(&path, "two").finish_with_backup().unwrap(), home.path().join("a.jsonl.bak"));
        assert_eq!(put(&path, "three").finish_with_backup().unwrap(), home.path().join("a.jsonl.bak2"));
        let read = |name: &str| fs::read_to_string(home.path().join(name)).unwrap();
        assert_eq!(["a.jsonl", "a.jsonl.bak", "a.jsonl.bak2"].map(read), ["three\n", "one\n", "two\n"]);
    }

    #[test]
    fn the_folder_of_a_file_is_made_and_where_it_cannot_be_no_hidden_name_is_said() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("new/and/deep/a.jsonl");
        put(&path, "one").finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\n");
        let below_a_file = path.join("b.jsonl");
        let error = Replacing::create(&below_a_file).err().unwrap().to_string();
        assert!(error.contains("b.jsonl") && !error.contains(".chatmill-"), "{error}");
    }

    #[test]
    fn what_is_not_finished_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        drop(put(&home.path().join("a.jsonl"), "one"));
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn rights_stay() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a.jsonl");
        fs::write(&path, "one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        put(&path, "two").finish_without_backup().unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
