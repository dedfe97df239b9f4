//! From what the user typed to a sorted list of sources.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::table::{self, Kind};
use super::{Place, Source, Stamp, is_data};
use crate::diagnostic::{Finding, Severity};
use crate::error::{Error, ErrorKind, Result};
use crate::read::codes;
use crate::read::settings::ReadSettings;
use crate::text::sanitize::{excerpt, excerpt_bytes};
use crate::text::similar::nearest;

/// What the inputs lead to.
#[derive(Debug, Default)]
pub struct Discovered {
    /// The sources, sorted by name, `index` being the place in this list.
    pub sources: Vec<Source>,
    /// Files that were found and will not be read, with the reason.
    pub skipped: Vec<Skipped>,
    /// What is to be said of sources that were tables: name and finding, in the order of the sources.
    pub findings: Vec<(String, Finding)>,
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

/// Longest name of an archive's member that is shown whole: what file systems take as a path.
const MEMBER_NAME: usize = 4_096;

/// Finds the sources behind `inputs`: files, folders and globs (hidden files passed over), zip archives, `-`.
///
/// What is the same file on the disk is one source, however often and under whatever names it is reached. Workbooks
/// are one source for each sheet, databases the result of the query of `settings`; both are converted here.
pub fn discover(inputs: &[String], settings: &ReadSettings) -> Result<Discovered> {
    let mut found = Finder { settings, sources: Vec::new(), skipped: Vec::new(), root: 0, stamp: None };
    for input in inputs {
        found.input(input)?;
    }
    let (sources, findings) = found.distinct()?;
    let mut discovered = Discovered { sources, skipped: found.skipped, findings };
    for (index, source) in discovered.sources.iter_mut().enumerate() {
        source.index =
            u32::try_from(index).map_err(|_| Error::input("more than 4,294,967,295 input files"))?;
    }
    discovered.skipped.sort_by(|a, b| a.name.cmp(&b.name));
    discovered.skipped.dedup_by(|a, b| a == b);
    Ok(discovered)
}

/// What makes two sources one: the file behind all links, and the place in it.
type Identity = (PathBuf, u64);

/// A source that may still prove to be a table.
struct Candidate {
    identity: Identity,
    source: Source,
    /// What it is, where that is known already.
    kind: Option<Kind>,
}

struct Finder<'a> {
    settings: &'a ReadSettings,
    sources: Vec<Candidate>,
    skipped: Vec<Skipped>,
    /// Length of the name of the folder or archive that is being looked into.
    root: usize,
    /// What the file is like that is being looked into.
    stamp: Option<Stamp>,
}

/// Sources, and what is to be said of them.
type Told = (Vec<Source>, Vec<(String, Finding)>);

impl Finder<'_> {
    /// The sources in the order of their names; of equal ones the smallest name stays. Tables become text.
    fn distinct(&mut self) -> Result<Told> {
        let (mut sources, mut findings) = (Vec::new(), Vec::new());
        for (source, kind) in self.candidates() {
            let Some(kind) = kind.or_else(|| table::kind(&source, self.settings)) else {
                sources.push(source);
                continue;
            };
            let tables = match table::tables(&source, kind, self.settings) {
                // What needs a word from the user, or another build, is left out where nobody named it.
                Err(error) if error.kind() == ErrorKind::Usage && !source.explicit => {
                    let says = error.to_string();
                    let way = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
                    self.skip(source.name, format!("{says}{way}"));
                    continue;
                }
                tables => tables?,
            };
            for (name, why) in tables.skipped {
                self.skip(name, why);
            }
            for (source, said) in tables.sources {
                findings.extend(said.into_iter().map(|finding| (source.name.clone(), finding)));
                sources.push(source);
            }
        }
        Ok((sources, findings))
    }

    fn candidates(&mut self) -> Vec<(Source, Option<Kind>)> {
        self.sources.sort_by(|a, b| (&a.source.name, &a.identity).cmp(&(&b.source.name, &b.identity)));
        let mut kept: Vec<(Source, Option<Kind>)> = Vec::with_capacity(self.sources.len());
        let mut known: HashMap<Identity, usize> = HashMap::new();
        for Candidate { identity, source, kind } in self.sources.drain(..) {
            let first = *known.entry(identity).or_insert(kept.len());
            match kept.get_mut(first) {
                Some((first, _)) => first.explicit |= source.explicit,
                None => kept.push((source, kind)),
            }
        }
        kept
    }

    fn add(&mut self, identity: Identity, name: String, place: Place, bytes: u64, explicit: bool) {
        let root = if explicit { 0 } else { self.root };
        let source = Source { explicit, root, stamp: self.stamp, ..Source::new(name, place, bytes) };
        self.sources.push(Candidate { identity, source, kind: None });
    }

    fn input(&mut self, input: &str) -> Result<()> {
        if input == "-" {
            return self.stream("-".into(), PathBuf::from("-"), &mut std::io::stdin().lock());
        }
        let path = Path::new(input);
        if path.is_dir() {
            return self.folder(path);
        }
        if path.is_file() {
            return self.file(path, true);
        }
        if path.exists() {
            let mut pipe =
                File::open(path).map_err(|error| Error::input(format!("cannot open `{input}`: {error}")))?;
            return self.stream(input.to_owned(), true_path(path), &mut pipe);
        }
        if input.contains(['*', '?', '[', '{']) {
            return self.glob(input);
        }
        Err(missing(path))
    }

    /// What can be read only once: standard input, a named pipe.
    fn stream(&mut self, name: String, path: PathBuf, stream: &mut dyn Read) -> Result<()> {
        if self.sources.iter().any(|known| known.identity.0 == path) {
            return Ok(());
        }
        let mut file = tempfile::NamedTempFile::new()
            .map_err(|error| Error::output(format!("cannot make a temporary file for `{name}`: {error}")))?;
        let bytes = std::io::copy(stream, &mut file)
            .map_err(|error| Error::input(format!("cannot copy `{name}` to a temporary file: {error}")))?;
        self.stamp = None;
        self.add((path, 0), name, Place::Stream(Arc::new(file)), bytes, true);
        Ok(())
    }

    /// Links are not followed, so that a folder from elsewhere cannot pull in what lies outside it.
    fn folder(&mut self, folder: &Path) -> Result<()> {
        let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
        self.root = shown(folder).len();
        let mut walk = walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name()));
        while let Some(entry) = walk.next() {
            let entry = entry.map_err(|error| Error::input(format!("cannot look into a folder: {error}")))?;
            let kind = entry.file_type();
            if kind.is_file() {
                self.file(entry.path(), false)?;
            } else if kind.is_symlink() {
                let why = "is a link, which is not followed in folders; name it to have it read";
                self.skip(shown(entry.path()), why.into());
            } else if !kind.is_dir() {
                self.skip(shown(entry.path()), "is no ordinary file".into());
            } else if entry.depth() > 0 && is_run(entry.path()) {
                self.skip(shown(entry.path()), EARLIER_RUN.into());
                walk.skip_current_dir();
            }
        }
        self.root = 0;
        Ok(())
    }

    fn glob(&mut self, pattern: &str) -> Result<()> {
        let inner = pattern.strip_prefix("./").unwrap_or(pattern);
        let glob = globset::GlobBuilder::new(inner)
            .literal_separator(true)
            .build()
            .map_err(|error| Error::usage(format!("`{pattern}` is not a pattern: {error}")))?
            .compile_matcher();
        // Walk from the last folder before the first wildcard, and no deeper than the pattern reaches.
        let fixed = inner.find(['*', '?', '[', '{']).unwrap_or(inner.len());
        let slash = inner[..fixed].rfind(std::path::is_separator).map_or(0, |slash| slash + 1);
        let (root, parts) = inner.split_at(slash);
        let root = if root.is_empty() { "." } else { root };
        let parts = || parts.split(std::path::is_separator);
        let depth = if inner.contains("**") { usize::MAX } else { parts().count() };
        // As in a shell, hidden names are meant only where the pattern has the dot.
        let dotted = parts().filter(|part| part.starts_with('.'));
        let dotted: Vec<_> = dotted.filter_map(|part| globset::Glob::new(part).ok()).collect();
        let dotted: Vec<_> = dotted.iter().map(globset::Glob::compile_matcher).collect();
        let is_meant = |entry: &walkdir::DirEntry| {
            let name = entry.file_name();
            entry.depth() == 0 || !is_hidden(name) || dotted.iter().any(|part| part.is_match(name))
        };
        // `**/*.jsonl` names no folder and no file: what a run wrote is no more meant than in a folder that is given.
        let is_any = depth == usize::MAX && parts().next_back().is_some_and(|part| part.starts_with('*'));
        let mut matched = false;
        let walk = walkdir::WalkDir::new(root).max_depth(depth).sort_by_file_name().into_iter();
        let mut walk = walk.filter_entry(is_meant);
        while let Some(entry) = walk.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let name = error.path().map_or_else(|| root.to_owned(), shown);
                    self.skip(name, format!("cannot be looked into: {error}"));
                    continue;
                }
            };
            let path = entry.path().strip_prefix("./").unwrap_or(entry.path());
            if is_any && entry.depth() > 0 && entry.file_type().is_dir() && is_run(path) {
                self.skip(shown(path), EARLIER_RUN.into());
                walk.skip_current_dir();
                continue;
            }
            // The pattern names a link as the shell would.
            if glob.is_match(path) && path.is_file() {
                matched = true;
                self.file(path, true)?;
            }
        }
        if matched { Ok(()) } else { Err(Error::usage(format!("no file matches `{pattern}`"))) }
    }

    fn file(&mut self, path: &Path, explicit: bool) -> Result<()> {
        let name = shown(path);
        self.stamp = Stamp::of(path);
        let cannot = |error: std::io::Error| Error::input(format!("cannot open `{name}`: {error}"));
        let mut file = File::open(path).map_err(cannot)?;
        let mut magic = [0; 4];
        let read = file.read(&mut magic).map_err(cannot)?;
        if table::is_zip(&magic[..read]) {
            let outer = std::mem::replace(&mut self.root, name.len());
            let looked_into = self.archive(path, &name, file, explicit);
            self.root = outer;
            return looked_into;
        }
        let bytes = file.metadata().map_err(cannot)?.len();
        self.add((true_path(path), 0), name, Place::File(path.to_owned()), bytes, explicit);
        Ok(())
    }

    fn archive(&mut self, path: &Path, name: &str, mut file: File, explicit: bool) -> Result<()> {
        let broken = |error: zip::result::ZipError| {
            Error::input(format!("cannot read the archive `{name}`: {error}"))
                .with_hint("the archive is cut short or damaged: get it again")
        };
        let bytes = file
            .rewind()
            .and_then(|()| file.metadata())
            .map_err(|error| Error::input(format!("cannot read `{name}`: {error}")))?
            .len();
        let mut archive = zip::ZipArchive::new(file).map_err(broken)?;
        if archive.len() > ARCHIVE_MEMBERS {
            return Err(Error::input(format!(
                "`{name}` has {} members, more than the {ARCHIVE_MEMBERS} that are looked into",
                archive.len()
            )));
        }
        let identity = true_path(path);
        if let Some(kind) = Kind::of_zip(&mut archive) {
            self.add((identity, 0), name.to_owned(), Place::File(path.to_owned()), bytes, explicit);
            if let Some(book) = self.sources.last_mut() {
                book.kind = Some(kind);
            }
            return Ok(());
        }
        for index in 0..archive.len() {
            let member = archive.by_index_raw(index).map_err(broken)?;
            if member.is_dir() {
                continue;
            }
            let inner = member.name().map_or_else(
                |_| excerpt_bytes(member.name_raw(), MEMBER_NAME),
                |name| excerpt(&name, MEMBER_NAME),
            );
            let full = format!("{name}!{inner}");
            if inner.split('/').any(|part| part.starts_with('.') && part != ".." && part != ".")
                || inner.starts_with("__MACOSX/")
            {
                // What a system puts into archives by itself is no news.
                if !inner.starts_with("__MACOSX/") && !inner.ends_with(".DS_Store") {
                    self.skip(full, "is hidden; unpack it and name it to have it read".into());
                }
                continue;
            }
            let deflated = match member.compression() {
                zip::CompressionMethod::Stored => false,
                zip::CompressionMethod::Deflated => true,
                other => {
                    let why = format!("is packed with {other:?}, only stored and deflated members are read");
                    self.skip_member(full, why);
                    continue;
                }
            };
            if member.encrypted() {
                self.skip_member(full, "is encrypted; unpack it with its password first".into());
                continue;
            }
            if member.enclosed_name().is_none() {
                self.skip_member(
                    full,
                    "has a path that leads out of the archive; unpack it and name it".into(),
                );
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
            self.add((identity.clone(), start), full, place, member.compressed_size(), false);
        }
        Ok(())
    }

    /// Names a member that was meant and cannot be read.
    fn skip_member(&mut self, name: String, why: String) {
        let is_data = is_data(&name);
        self.skip(name, why);
        if let Some(skipped) = self.skipped.last_mut().filter(|_| is_data) {
            skipped.finding.severity = Severity::Error;
        }
    }

    fn skip(&mut self, name: String, why: String) {
        self.skipped.push(Skipped {
            finding: Finding::new(&codes::FILE_SKIPPED, "", why),
            name,
            explicit: false,
        });
    }
}

/// Why what chatmill wrote is not read where nobody named it.
const EARLIER_RUN: &str = "holds what an earlier run of chatmill wrote; name it to have it read";

/// Whether nobody means a file or folder of this name who does not name it.
fn is_hidden(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with('.') || name == "__MACOSX"
}

/// Whether chatmill wrote the folder: its manifest says so at its head.
fn is_run(folder: &Path) -> bool {
    let mut head = Vec::new();
    let read =
        File::open(folder.join("manifest.json")).and_then(|file| file.take(256).read_to_end(&mut head));
    read.is_ok() && memchr::memmem::find(&head, b"\"chatmill\":").is_some()
}

/// The path behind all links; as it is where that cannot be found out.
fn true_path(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// The name of a path: as it is, with `\xNN` for bytes that are not UTF-8, so that two names stay two.
fn shown(path: &Path) -> String {
    let mut name = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        name.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(name, "\\x{byte:02x}");
        }
    }
    name
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn names(home: &Path, inputs: &[&str]) -> Vec<String> {
        let inputs: Vec<String> = inputs.iter().map(|input| format!("{}/{input}", home.display())).collect();
        let prefix = format!("{}/", home.display());
        let discovered = discover(&inputs, &ReadSettings::default()).unwrap();
        discovered.sources.into_iter().map(|source| source.name.replacen(&prefix, "", 1)).collect()
    }

    #[test]
    fn one_file_is_one_source_under_all_its_names() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("d")).unwrap();
        fs::write(home.path().join("d/a.jsonl"), "{}").unwrap();
        fs::write(home.path().join("d/b.jsonl"), "{}").unwrap();
        for inputs in [["d", "d/../d/a.jsonl"], ["d/../d/a.jsonl", "d"], ["d/*.jsonl", "d/./b.jsonl"]] {
            let found = names(home.path(), &inputs);
            assert_eq!(found.len(), 2, "{found:?}");
        }
    }

    #[test]
    fn what_an_earlier_run_wrote_is_passed_over_unless_it_is_named() {
        let home = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("in/a.jsonl", "{}"),
            ("in/out/manifest.json", "{\n  \"schema\": 1,\n  \"chatmill\": \"0.1.0\"\n}"),
            ("in/out/train.jsonl", "{}"),
            ("in/other/manifest.json", "{\"chats\": 7}"),
        ] {
            let path = home.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        assert_eq!(names(home.path(), &["in"]), ["in/a.jsonl", "in/other/manifest.json"]);
        assert_eq!(names(home.path(), &["in/**/*.json*"]), ["in/a.jsonl", "in/other/manifest.json"]);
        assert_eq!(names(home.path(), &["in/**/train.jsonl"]), ["in/out/train.jsonl"]);
        let named = names(home.path(), &["in", "in/out"]);
        assert!(named.contains(&"in/out/train.jsonl".to_owned()), "{named:?}");
        let folder = home.path().join("in").display().to_string();
        let skipped = discover(&[folder], &ReadSettings::default()).unwrap().skipped;
        assert!(skipped.len() == 1 && skipped[0].finding.message.contains("earlier run"), "{skipped:?}");
    }

    #[test]
    fn members_with_long_names_are_all_found() {
        let home = tempfile::tempdir().unwrap();
        let mut archive = zip::ZipWriter::new(File::create(home.path().join("a.zip")).unwrap());
        for name in ["a", "b"] {
            let name = format!("{}/{name}.jsonl", "d".repeat(230));
            archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut archive, b"{}").unwrap();
        }
        archive.finish().unwrap();
        assert_eq!(names(home.path(), &["a.zip"]).len(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_named_and_followed_only_when_asked_for() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("d")).unwrap();
        fs::write(home.path().join("a.jsonl"), "{}").unwrap();
        std::os::unix::fs::symlink("../a.jsonl", home.path().join("d/link.jsonl")).unwrap();
        std::os::unix::fs::symlink(".", home.path().join("d/loop")).unwrap();
        let folder = home.path().join("d").to_string_lossy().into_owned();
        let discovered = discover(&[folder], &ReadSettings::default()).unwrap();
        assert!(discovered.sources.is_empty());
        assert_eq!(discovered.skipped.len(), 2);
        assert_eq!(names(home.path(), &["d/*.jsonl", "d/link.jsonl"]), ["d/link.jsonl"]);
        assert_eq!(names(home.path(), &["d/link.jsonl", "a.jsonl"]), ["a.jsonl"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_not_utf8_stay_apart() {
        use std::os::unix::ffi::OsStrExt;
        let home = tempfile::tempdir().unwrap();
        for name in [b"\xfe.jsonl", b"\xff.jsonl"] {
            fs::write(home.path().join(std::ffi::OsStr::from_bytes(name)), "{}").unwrap();
        }
        assert_eq!(names(home.path(), &["."]).len(), 2);
    }
}
