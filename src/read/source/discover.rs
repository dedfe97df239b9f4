//! From what the user typed to a sorted list of sources.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Place, Source};
use crate::diagnostic::Finding;
use crate::error::{Error, Result};
use crate::read::codes;
use crate::text::sanitize::{excerpt, excerpt_bytes};
use crate::text::similar::nearest;

/// What the inputs lead to.
#[derive(Debug, Default)]
pub struct Discovered {
    /// The sources, sorted by name, `index` being the place in this list.
    pub sources: Vec<Source>,
    /// Files that were found and will not be read, with the reason.
    pub skipped: Vec<Skipped>,
}

/// A file that is not read.
#[derive(Debug, Clone, PartialEq)]
pub struct Skipped {
    /// Its name.
    pub name: String,
    /// Why.
    pub finding: Finding,
    /// Named by the user, not merely found in a folder or archive.
    pub explicit: bool,
}

/// Most members an archive may have: far above any export, far below what exhausts memory.
const ARCHIVE_MEMBERS: usize = 200_000;

/// Finds the sources behind `inputs`: files, folders (walked, hidden files passed over), globs, zip archives, `-`.
pub fn discover(inputs: &[String]) -> Result<Discovered> {
    let mut found = Finder::default();
    for input in inputs {
        found.input(input)?;
    }
    let mut discovered =
        Discovered { sources: found.sources.into_values().collect(), skipped: found.skipped };
    for (index, source) in discovered.sources.iter_mut().enumerate() {
        source.index =
            u32::try_from(index).map_err(|_| Error::input("more than 4,294,967,295 input files"))?;
    }
    discovered.skipped.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(discovered)
}

#[derive(Default)]
struct Finder {
    /// By name, so that a file given twice is read once and the order is that of the names.
    sources: BTreeMap<String, Source>,
    skipped: Vec<Skipped>,
}

impl Finder {
    fn input(&mut self, input: &str) -> Result<()> {
        if input == "-" {
            return self.stdin();
        }
        let path = Path::new(input);
        if path.is_dir() {
            return self.folder(path);
        }
        if path.exists() {
            return self.file(path, true);
        }
        if input.contains(['*', '?', '[', '{']) {
            return self.glob(input);
        }
        Err(missing(path))
    }

    fn stdin(&mut self) -> Result<()> {
        let mut file = tempfile::NamedTempFile::new().map_err(|error| {
            Error::output(format!("cannot make a temporary file for standard input: {error}"))
        })?;
        let bytes = std::io::copy(&mut std::io::stdin().lock(), &mut file).map_err(|error| {
            Error::input(format!("cannot copy standard input to a temporary file: {error}"))
        })?;
        let source = Source {
            index: 0,
            name: "-".into(),
            place: Place::Stdin(Arc::new(file)),
            bytes,
            explicit: true,
            progress: Arc::default(),
        };
        self.sources.insert("-".into(), source);
        Ok(())
    }

    fn folder(&mut self, folder: &Path) -> Result<()> {
        let hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.') || name == "__MACOSX";
        let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
        for entry in walk.filter_entry(|entry| entry.depth() == 0 || !hidden(entry.file_name())) {
            let entry = entry.map_err(|error| Error::input(format!("cannot look into a folder: {error}")))?;
            if entry.file_type().is_file() {
                self.file(entry.path(), false)?;
            }
        }
        Ok(())
    }

    fn glob(&mut self, pattern: &str) -> Result<()> {
        let glob = globset::GlobBuilder::new(pattern)
            .literal_separator(true)
            .build()
            .map_err(|error| Error::usage(format!("`{pattern}` is not a pattern: {error}")))?
            .compile_matcher();
        // Walk from the last folder before the first wildcard.
        let fixed = pattern.find(['*', '?', '[', '{']).unwrap_or(pattern.len());
        let root = pattern[..fixed].rfind('/').map_or(".", |slash| &pattern[..=slash]);
        let mut matched = false;
        for entry in walkdir::WalkDir::new(root).sort_by_file_name().into_iter().flatten() {
            let path = entry.path().strip_prefix("./").unwrap_or(entry.path());
            if entry.file_type().is_file() && glob.is_match(path) {
                matched = true;
                self.file(path, true)?;
            }
        }
        if matched { Ok(()) } else { Err(Error::usage(format!("no file matches `{pattern}`"))) }
    }

    fn file(&mut self, path: &Path, explicit: bool) -> Result<()> {
        let name = path.to_string_lossy().into_owned();
        let cannot = |error: std::io::Error| Error::input(format!("cannot open `{name}`: {error}"));
        let mut file = File::open(path).map_err(cannot)?;
        let mut magic = [0; 4];
        let read = file.read(&mut magic).map_err(cannot)?;
        if read == 4 && (magic == *b"PK\x03\x04" || magic == *b"PK\x05\x06") {
            return self.archive(path, &name, file);
        }
        let bytes = file.metadata().map_err(cannot)?.len();
        let source = Source {
            index: 0,
            name: name.clone(),
            place: Place::File(path.to_owned()),
            bytes,
            explicit,
            progress: Arc::default(),
        };
        self.sources.insert(name, source);
        Ok(())
    }

    fn archive(&mut self, path: &Path, name: &str, mut file: File) -> Result<()> {
        let broken = |error: zip::result::ZipError| {
            Error::input(format!("cannot read the archive `{name}`: {error}"))
                .with_hint("the archive is cut short or damaged: get it again")
        };
        file.rewind().map_err(|error| Error::input(format!("cannot read `{name}`: {error}")))?;
        let mut archive = zip::ZipArchive::new(file).map_err(broken)?;
        if archive.len() > ARCHIVE_MEMBERS {
            return Err(Error::input(format!(
                "`{name}` has {} members, more than the {ARCHIVE_MEMBERS} that are looked into",
                archive.len()
            )));
        }
        for index in 0..archive.len() {
            let member = archive.by_index_raw(index).map_err(broken)?;
            if member.is_dir() {
                continue;
            }
            let inner = member
                .name()
                .map_or_else(|_| excerpt_bytes(member.name_raw(), 200), |name| excerpt(&name, 200));
            let full = format!("{name}!{inner}");
            if inner.split('/').any(|part| part.starts_with('.') && part != ".." && part != ".")
                || inner.starts_with("__MACOSX/")
            {
                continue;
            }
            let deflated = match member.compression() {
                zip::CompressionMethod::Stored => false,
                zip::CompressionMethod::Deflated => true,
                other => {
                    self.skip(
                        full,
                        format!("is packed with {other:?}, only stored and deflated members are read"),
                    );
                    continue;
                }
            };
            if member.encrypted() {
                self.skip(full, "is encrypted; unpack it with its password first".into());
                continue;
            }
            if member.enclosed_name().is_none() {
                self.skip(full, "has a path that leads out of the archive".into());
                continue;
            }
            let start = member.data_start().ok_or_else(|| {
                Error::input(format!("cannot find the data of `{full}`")).with_hint("the archive is damaged")
            })?;
            let place = Place::ZipMember {
                archive: path.to_owned(),
                start,
                packed: member.compressed_size(),
                deflated,
                crc: member.crc32(),
            };
            let source = Source {
                index: 0,
                name: full.clone(),
                place,
                bytes: member.compressed_size(),
                explicit: false,
                progress: Arc::default(),
            };
            self.sources.insert(full, source);
        }
        Ok(())
    }

    fn skip(&mut self, name: String, why: String) {
        self.skipped.push(Skipped {
            finding: Finding::new(&codes::FILE_SKIPPED, "", why),
            name,
            explicit: false,
        });
    }
}

/// The error for a path that does not exist, with the nearest name beside it.
fn missing(path: &Path) -> Error {
    let error = Error::usage(format!("`{}` does not exist", path.display()));
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Some(typed) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else { return error };
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    match nearest(&typed, names.iter().map(String::as_str)) {
        Some(name) => {
            let near: PathBuf = path.with_file_name(name);
            error.with_hint(format!("did you mean `{}`?", near.display()))
        }
        None => error
            .with_hint("give a file, a folder, a zip archive, a glob in quotes, or `-` for standard input"),
    }
}
