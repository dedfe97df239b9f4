//! Tables in files that are no text: recognised by their first bytes, copied where they are packed, and turned into
//! text before any reader sees them.
#![cfg_attr(
    not(all(feature = "workbook", feature = "parquet", feature = "sqlite")),
    allow(dead_code, unused, reason = "a build without one of the libraries needs a part of this only")
)]

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::{NamedTempFile, TempPath};

use super::rows::Form;
use super::{Place, Source};
use crate::diagnostic::Finding;
use crate::error::{Error, Result};
use crate::read::codes;
use crate::read::settings::ReadSettings;
use crate::text::encoding::looks_like_text;
use crate::text::number::count;
use crate::text::sanitize::excerpt;

/// What a file with a table in it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Apache Parquet.
    Parquet,
    /// A database of SQLite.
    Sqlite,
    /// A workbook that is a zip archive: `.xlsx`, `.xlsm`, `.xlsb`.
    Workbook,
    /// A workbook that is not read, or an encrypted one: `.ods`, `.xls`.
    OtherWorkbook(&'static str),
}

/// Bytes that are looked at to recognise a table.
const HEAD: u64 = 512;

impl Kind {
    /// By the first bytes, unpacked; zip archives are told apart by [`Kind::of_zip`].
    pub(super) fn of_head(head: &[u8]) -> Option<Self> {
        if head.starts_with(b"SQLite format 3\0") {
            Some(Self::Sqlite)
        } else if (head.starts_with(b"PAR1") || head.starts_with(b"PARE")) && !looks_like_text(head) {
            Some(Self::Parquet)
        } else {
            None
        }
    }

    /// By the names of an archive's members.
    pub(super) fn of_zip<R: Read + std::io::Seek>(archive: &mut zip::ZipArchive<R>) -> Option<Self> {
        let has = |name: &str| archive.index_for_name(name).is_some();
        if has("xl/workbook.xml") || has("xl/workbook.bin") {
            return Some(Self::Workbook);
        }
        let mut mime = String::new();
        let member = archive.by_name("mimetype").ok()?;
        member.take(HEAD).read_to_string(&mut mime).ok()?;
        mime.starts_with("application/vnd.oasis.opendocument.spreadsheet")
            .then_some(Self::OtherWorkbook("an OpenDocument spreadsheet"))
    }
}

/// Whether a file begins like a zip archive.
pub(super) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// The table that a source holds. What cannot be looked at is none: opening it says why.
pub(super) fn kind(source: &Source, settings: &ReadSettings) -> Option<Kind> {
    let mut head = Vec::new();
    source.unpack(settings).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
    if head.starts_with(&OLE) {
        return old_workbook(source, settings);
    }
    if is_zip(&head) && !matches!(source.place, Place::File(_)) {
        // An archive within an archive, or packed once more, is looked into only for a workbook.
        let packed = Packed::of(source, settings).ok()?;
        let file = std::fs::File::open(packed.path()).ok()?;
        return Kind::of_zip(&mut zip::ZipArchive::new(file).ok()?);
    }
    Kind::of_head(&head)
}

/// How compound files begin: what Office wrote before 2007, and encrypted workbooks today.
const OLE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// Bytes of an entry in the directory of a compound file ([MS-CFB] 2.6.1).
const ENTRY: usize = 128;
/// Bytes of a compound file that are searched for its directory, which stands at the beginning or at the end.
const SEARCHED: u64 = 64 << 20;

/// A compound file that holds a workbook: its directory names the stream.
fn old_workbook(source: &Source, settings: &ReadSettings) -> Option<Kind> {
    let mut bytes = Vec::new();
    source.unpack(settings).ok()?.take(SEARCHED).read_to_end(&mut bytes).ok()?;
    let entries = || bytes.chunks_exact(ENTRY);
    let named = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        entries().any(|entry| {
            entry.starts_with(&wide)
                && entry
                    .get(64..66)
                    .is_some_and(|length| u16::from_le_bytes([length[0], length[1]]) as usize == wide.len())
        })
    };
    if named("EncryptedPackage") {
        Some(Kind::OtherWorkbook("encrypted"))
    } else if named("Workbook") || named("Book") {
        Some(Kind::OtherWorkbook("a workbook of Excel 97 to 2003 (.xls)"))
    } else {
        None
    }
}

/// A file that can be read at any place: where it is, or a copy of what was packed.
#[derive(Debug)]
pub(super) struct Packed {
    /// Name of its source.
    pub name: String,
    path: PathBuf,
    copy: Option<TempPath>,
    bytes: u64,
}

impl Packed {
    /// The file of a source, unpacked into a temporary file where needed, within the limits of unpacking.
    pub(super) fn of(source: &Source, settings: &ReadSettings) -> Result<Self> {
        let name = source.name.clone();
        if let Place::File(path) = &source.place
            && source.stored_as_is().unwrap_or(false)
        {
            return Ok(Self { name, path: path.clone(), copy: None, bytes: source.bytes });
        }
        let cannot = |error: std::io::Error| {
            Error::input(format!("cannot unpack `{name}` to a temporary file: {error}"))
                .with_hint("the file is cut short or damaged, or the temporary folder (`TMPDIR`) is full")
        };
        let mut file = NamedTempFile::new().map_err(cannot)?;
        let mut unpacked = source.unpack(settings).map_err(cannot)?;
        std::io::copy(&mut unpacked, &mut file).map_err(cannot)?;
        let path = file.path().to_owned();
        Ok(Self { name, path, copy: Some(file.into_temp_path()), bytes: source.bytes })
    }

    /// Where it can be opened.
    pub(super) fn path(&self) -> &Path {
        self.copy.as_deref().unwrap_or(&self.path)
    }

    /// Its size as stored.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The error for rows that cannot be written down.
    pub(super) fn cannot_convert(&self, error: &std::io::Error) -> Error {
        let message = format!("cannot convert `{}`: {error}", self.name);
        match error.kind() {
            std::io::ErrorKind::OutOfMemory => Error::input(message),
            _ => Error::output(message).with_hint("give the temporary folder (`TMPDIR`) room"),
        }
    }
}

/// Calls a library that takes what a file says of itself for granted in places: its fault is the file's.
pub(super) fn without_panic<T>(call: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(call))
        .unwrap_or_else(|_| Err("its parts contradict each other".into()))
}

/// A table that became text.
pub(super) struct Converted {
    /// Its name within the file: the sheet.
    pub part: Option<String>,
    /// The text.
    pub text: TempPath,
    /// Size of the text in bytes.
    pub bytes: u64,
    /// How it is written.
    pub form: Form,
    /// Rows, without the header.
    pub rows: u64,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// What a file with tables becomes.
#[derive(Default)]
pub(super) struct Tables {
    /// The sources, with what is to be said of them.
    pub sources: Vec<(Source, Vec<Finding>)>,
    /// Parts that are not read: name and reason.
    pub skipped: Vec<(String, String)>,
}

impl Tables {
    /// Adds a text that `source` became.
    fn add(&mut self, source: &Source, what: &str, converted: Converted) {
        let name = match &converted.part {
            Some(part) => format!("{}!{}", source.name, excerpt(part, 200)),
            None => source.name.clone(),
        };
        let mut findings = vec![note(what, converted.rows, converted.form)];
        findings.extend(converted.findings);
        let place = Place::Converted {
            from: source.path().map(Path::to_owned),
            text: Arc::new(converted.text),
            form: converted.form,
        };
        let sheet =
            Source { name, place, bytes: converted.bytes, progress: Arc::default(), ..source.clone() };
        self.sources.push((sheet, findings));
    }
}

/// Turns a source that holds tables into sources of text.
pub(super) fn tables(source: &Source, kind: Kind, settings: &ReadSettings) -> Result<Tables> {
    match kind {
        Kind::OtherWorkbook("encrypted") => {
            Err(Error::usage(format!("the workbook `{}` is encrypted", source.name))
                .with_hint("save it without a password first"))
        }
        Kind::OtherWorkbook(what) => {
            Err(Error::usage(format!("`{}` is {what}, which is not read", source.name))
                .with_hint("save it as `.xlsx` or `.csv` first"))
        }
        #[cfg(feature = "workbook")]
        Kind::Workbook => {
            let mut tables = Tables::default();
            let book = super::workbook::convert(&Packed::of(source, settings)?, settings)?;
            // Of many sheets one or the other may be no table of conversations, as of the members of an archive.
            let explicit = source.explicit && book.sheets.len() == 1;
            let part = Source { explicit, ..source.clone() };
            book.sheets.into_iter().for_each(|sheet| tables.add(&part, "a sheet of a workbook", sheet));
            tables.skipped = book.skipped;
            Ok(tables)
        }
        #[cfg(feature = "sqlite")]
        Kind::Sqlite => {
            let mut tables = Tables::default();
            let converted = super::sqlite::convert(&Packed::of(source, settings)?, settings)?;
            tables.add(source, "the result of the query", converted);
            Ok(tables)
        }
        #[cfg(feature = "parquet")]
        Kind::Parquet => {
            let file = Arc::new(super::parquet::ParquetFile::look(Packed::of(source, settings)?, settings)?);
            let note = note("Parquet", file.rows, file.form);
            let place = Place::Parquet { from: source.path().map(Path::to_owned), file };
            Ok(Tables {
                sources: vec![(Source { place, ..source.clone() }, vec![note])],
                skipped: Vec::new(),
            })
        }
        #[cfg(not(feature = "workbook"))]
        Kind::Workbook => Err(built_without(source, "a workbook", "workbook")),
        #[cfg(not(feature = "sqlite"))]
        Kind::Sqlite => Err(built_without(source, "an SQLite database", "sqlite")),
        #[cfg(not(feature = "parquet"))]
        Kind::Parquet => Err(built_without(source, "a Parquet file", "parquet")),
    }
}

#[cfg(not(all(feature = "workbook", feature = "sqlite", feature = "parquet")))]
fn built_without(source: &Source, what: &str, feature: &str) -> Error {
    Error::usage(format!("`{}` is {what}, and this chatmill was built without reading it", source.name))
        .with_hint(format!("build it with `--features {feature}`, or save the table as CSV or JSON Lines"))
}

fn note(what: &str, rows: u64, form: Form) -> Finding {
    let says = format!("{what} was read as {}: {}", form.name(), count(rows, "row"));
    Finding::new(&codes::CONVERTED_TABLE, "", says)
}
