//! The text that rows of a table become: CSV, whose reader knows the columns of tables, or JSON Lines.
//!
//! Written to a temporary file where the rows can be read only once (sheets, queries), made on the way where they can
//! be read again (Parquet).
#![cfg_attr(
    not(all(feature = "workbook", feature = "parquet", feature = "sqlite")),
    allow(dead_code, unused, reason = "a build without one of the libraries needs a part of this only")
)]

use std::borrow::Cow;
use std::io::{BufWriter, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tempfile::{NamedTempFile, TempPath};

use super::limit::{ALWAYS_ALLOWED, too_far};
use crate::read::settings::{ColumnSettings, PathSettings, ReadSettings};
use crate::text::encoding::to_text;
use crate::text::json::write_string;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// RFC 4180 with commas and line feeds, the names of the columns first.
    Csv,
    /// One object a line, the columns in their order, without those that hold nothing in that row.
    JsonLines,
}

impl Form {
    /// As people call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::JsonLines => "JSON Lines",
        }
    }

    /// How files of that form are named.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Csv => ".csv",
            Self::JsonLines => ".jsonl",
        }
    }

    /// JSON Lines where a column holds structures or is called as in rows of training data, otherwise CSV: its reader
    /// knows what `id, role, text, time` are and puts the rows of one conversation together. Whoever names columns or
    /// paths means the reader they belong to.
    pub(super) fn of<'a>(
        names: impl IntoIterator<Item = &'a str>,
        structured: bool,
        settings: &ReadSettings,
    ) -> Self {
        match settings.from.as_deref() {
            Some("csv" | "transcript") => return Self::Csv,
            Some(_) => return Self::JsonLines,
            None => {}
        }
        if structured || settings.paths != PathSettings::default() {
            return Self::JsonLines;
        }
        let known = settings.columns == ColumnSettings::default()
            && names.into_iter().any(|name| TRAINING_KEYS.contains(&name));
        if known { Self::JsonLines } else { Self::Csv }
    }
}

/// Keys by which the readers of JSON recognise rows of training data, and no table of messages has.
const TRAINING_KEYS: &[&str] = &[
    "chosen",
    "completion",
    "conversation",
    "conversations",
    "instruction",
    "messages",
    "preferred_output",
    "rejected",
];

/// What one cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'a> {
    /// Nothing.
    Null,
    /// Text.
    Text(Cow<'a, str>),
    /// What is written as it is: a number, `true`, a JSON structure.
    Json(String),
}

impl<'a> Cell<'a> {
    /// Text where the bytes are UTF-8, otherwise Base64.
    pub(super) fn of_bytes(bytes: &'a [u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.into()),
            Err(_) => Self::Text(STANDARD.encode(bytes).into()),
        }
    }

    /// What is stored as text, and should be UTF-8.
    pub(super) fn of_text(bytes: &'a [u8]) -> Self {
        Self::Text(to_text(bytes).0)
    }

    /// A number with a fraction; JSON has no way to write `NaN` and the infinities but as text.
    pub(super) fn of_float(value: f64) -> Self {
        if value.is_finite() { Self::Json(value.to_string()) } else { Self::Text(value.to_string().into()) }
    }
}

/// Adds a row to `out`, with its line feed.
pub(super) fn write_row(out: &mut Vec<u8>, form: Form, names: &[String], cells: &[Cell<'_>]) {
    match form {
        Form::Csv => {
            for (index, cell) in cells.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                match cell {
                    Cell::Null => {}
                    Cell::Text(text) => write_cell(out, text),
                    Cell::Json(json) => write_cell(out, json),
                }
            }
        }
        Form::JsonLines => {
            out.push(b'{');
            let mut first = true;
            for (name, cell) in names.iter().zip(cells).filter(|(_, cell)| **cell != Cell::Null) {
                if !first {
                    out.push(b',');
                }
                first = false;
                write_string(name, out);
                out.push(b':');
                match cell {
                    Cell::Null => {}
                    Cell::Text(text) => write_string(text, out),
                    Cell::Json(json) => out.extend_from_slice(json.as_bytes()),
                }
            }
            out.push(b'}');
        }
    }
    out.push(b'\n');
}

/// A cell of CSV. What any table separates cells with is quoted, so that nobody takes it for the separator. NUL, which
/// would make the stream no text, becomes U+FFFD.
pub(super) fn write_cell(out: &mut Vec<u8>, text: &str) {
    let special = |byte: u8| matches!(byte, b',' | b';' | b'\t' | b'|' | b'"' | b'\n' | b'\r' | 0);
    if !text.bytes().any(special) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            0 => out.extend_from_slice("\u{fffd}".as_bytes()),
            b'"' => out.extend_from_slice(b"\"\""),
            byte => out.push(byte),
        }
    }
    out.push(b'"');
}

/// Rows on their way into a temporary file, which may not outgrow the file they come from beyond all reason.
pub(super) struct Spool {
    file: BufWriter<NamedTempFile>,
    bytes: u64,
    packed: u64,
    ratio: u64,
}

impl Spool {
    /// For rows out of a file of `packed` bytes, which may become `ratio` times as many.
    pub(super) fn new(packed: u64, ratio: u64) -> std::io::Result<Self> {
        Ok(Self { file: BufWriter::new(NamedTempFile::new()?), bytes: 0, packed: packed.max(1), ratio })
    }

    /// Adds bytes.
    pub(super) fn add(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.bytes += bytes.len() as u64;
        if self.bytes > ALWAYS_ALLOWED && self.bytes / self.packed > self.ratio {
            return Err(too_far(self.packed, self.bytes, self.ratio));
        }
        self.file.write_all(bytes)
    }

    /// The file, which vanishes when nobody needs it, and its size. It is closed, since a process may not have open as
    /// many files as an archive has members.
    pub(super) fn finish(self) -> std::io::Result<(TempPath, u64)> {
        let file = self.file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        Ok((file.into_temp_path(), self.bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(form: Form, cells: &[Cell<'_>]) -> String {
        let mut out = Vec::new();
        write_row(&mut out, form, &["a".into(), "b".into(), "c".into()], cells);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn cells_are_written_so_that_they_come_back() {
        let cells = [Cell::Text("x; \"y\"\n".into()), Cell::Null, Cell::Json("12.50".into())];
        assert_eq!(written(Form::Csv, &cells), "\"x; \"\"y\"\"\n\",,12.50\n");
        assert_eq!(written(Form::JsonLines, &cells), "{\"a\":\"x; \\\"y\\\"\\n\",\"c\":12.50}\n");
        assert_eq!(written(Form::Csv, &[Cell::of_bytes(&[0, b'a'])]), "\"\u{fffd}a\"\n");
        assert_eq!(Cell::of_bytes(&[0xff, 0xfe]), Cell::Text("//4=".into()));
        assert_eq!(Cell::of_float(f64::NAN), Cell::Text("NaN".into()));
    }

    #[test]
    fn the_form_follows_the_columns_and_what_was_asked_for() {
        let plain = ReadSettings::default();
        assert_eq!(Form::of(["id", "role", "text"], false, &plain), Form::Csv);
        assert_eq!(Form::of(["prompt", "completion"], false, &plain), Form::JsonLines);
        assert_eq!(Form::of(["id"], true, &plain), Form::JsonLines);
        let asked = |from: &str| ReadSettings { from: Some(from.into()), ..ReadSettings::default() };
        assert_eq!(Form::of(["messages"], true, &asked("csv")), Form::Csv);
        assert_eq!(Form::of(["id"], false, &asked("nested-json")), Form::JsonLines);
    }

    #[test]
    fn rows_do_not_outgrow_their_file() {
        let mut spool = Spool::new(1, 2).unwrap();
        let chunk = vec![b'x'; 32 << 20];
        assert!(spool.add(&chunk).and_then(|()| spool.add(&chunk)).is_ok());
        assert!(spool.add(&chunk).unwrap_err().to_string().contains("--max-ratio"));
    }
}
