//! Parquet files: rows as text, made one after the other while they are read.
//!
//! The library holds one page of every column at a time.

use std::fs::File;
use std::io::{Error as IoError, ErrorKind as IoKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use jiff::civil::{DateTime, date};
use jiff::tz::TimeZone;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, TimestampType, Type as Physical};
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};
use parquet::schema::types::{Type, TypePtr};

use super::limit::{ALWAYS_ALLOWED, too_far};
use super::rows::{Cell, Form, write_row};
use super::table::{Packed, without_panic};
use crate::error::{Error, Result};
use crate::read::settings::ReadSettings;
use crate::text::json::write_string;
use crate::text::sanitize::excerpt;

/// Text that is made ahead of the reader, in bytes.
const AHEAD: usize = 64 << 10;
/// Deepest nesting of columns: as deep as JSON may nest.
const DEEPEST: usize = 128;
/// Values of a repeated column in a row group that are always allowed: one row may hold them all, in memory.
const VALUES_ALLOWED: u64 = 4 << 20;
/// Values for each stored byte of such a column beyond that: eight are one bit each.
const VALUES_A_BYTE: u64 = 64;

/// A Parquet file whose description was read.
#[derive(Debug)]
pub struct ParquetFile {
    file: Packed,
    /// How its rows are written.
    pub(super) form: Form,
    /// Rows it says it has.
    pub(super) rows: u64,
}

impl ParquetFile {
    /// Reads what the file says of itself, and refuses what cannot be read later.
    pub(super) fn look(file: Packed, settings: &ReadSettings) -> Result<Self> {
        let broken = |says: String| {
            Error::input(format!("cannot read the Parquet file `{}`: {}", file.name, excerpt(&says, 200)))
                .with_hint("the file is cut short, damaged or encrypted: get it again")
        };
        let reader = guarded(|| open(&file)).map_err(broken)?;
        let metadata = reader.metadata();
        check(metadata).map_err(broken)?;
        let schema = metadata.file_metadata().schema();
        let structured = schema.get_fields().iter().any(|column| column.is_group());
        let form = Form::of(schema.get_fields().iter().map(|column| column.name()), structured, settings);
        let rows = u64::try_from(metadata.file_metadata().num_rows()).unwrap_or(0);
        Ok(Self { file, form, rows })
    }

    /// The rows as text, from the first.
    pub(super) fn open(
        &self,
        settings: &ReadSettings,
        progress: &Arc<AtomicU64>,
    ) -> std::io::Result<impl Read + Send + use<>> {
        let reader = guarded(|| open(&self.file)).map_err(|says| damaged(&says))?;
        let schema = reader.metadata().file_metadata().schema_descr().root_schema_ptr();
        let groups = reader.metadata().row_groups().iter();
        let ends = groups
            .scan((0, 0), |(rows, bytes), group| {
                *rows += group.num_rows().unsigned_abs();
                *bytes += group.compressed_size().unsigned_abs();
                Some((*rows, *bytes))
            })
            .collect();
        let names: Vec<String> = schema.get_fields().iter().map(|column| column.name().to_owned()).collect();
        let mut text = Vec::new();
        if self.form == Form::Csv {
            let header: Vec<Cell<'_>> = names.iter().map(|name| Cell::Text(name.into())).collect();
            write_row(&mut text, self.form, &names, &header);
        }
        progress.store(0, Ordering::Relaxed);
        Ok(Rows {
            rows: Some(RowIter::from_file_into(Box::new(reader))),
            form: self.form,
            schema,
            names,
            wanted: self.rows,
            made: 0,
            ends,
            progress: Arc::clone(progress),
            text,
            at: 0,
            total: 0,
            packed: self.file.bytes().max(1),
            ratio: settings.limits.ratio,
        })
    }
}

fn open(file: &Packed) -> Result<SerializedFileReader<File>, ParquetError> {
    SerializedFileReader::new(File::open(file.path())?)
}

/// Calls the library.
fn guarded<T>(call: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, String> {
    without_panic(|| {
        call().map_err(|error| match error.to_string() {
            // The library shows what it could not read; texts of strangers do not belong into an error.
            says if says.contains("BYTE_ARRAY as String") => "a text in it is not UTF-8".into(),
            says => says,
        })
    })
}

fn damaged(says: &str) -> IoError {
    IoError::new(IoKind::InvalidData, excerpt(says, 200))
}

/// Refuses what the library stops at in the middle of a file, and what would fill the memory.
fn check(metadata: &ParquetMetaData) -> Result<(), String> {
    fn depth(column: &Type, left: usize) -> bool {
        left > 0 && (column.is_primitive() || column.get_fields().iter().all(|inner| depth(inner, left - 1)))
    }
    let described = metadata.file_metadata().schema_descr();
    if !depth(described.root_schema(), DEEPEST) {
        return Err(format!("columns nest deeper than {DEEPEST} levels"));
    }
    for column in described.columns() {
        let name = || excerpt(&column.path().string(), 80);
        if column.converted_type() == ConvertedType::INTERVAL {
            return Err(format!("the column `{}` holds intervals, which are not read; leave it out", name()));
        }
        if column.physical_type() == Physical::FIXED_LEN_BYTE_ARRAY && column.type_length() < 1 {
            return Err(format!("the column `{}` has no length", name()));
        }
    }
    let mut rows = 0u64;
    for group in metadata.row_groups() {
        let in_group = u64::try_from(group.num_rows()).map_err(|_| "a row group has less than no rows")?;
        rows = rows.saturating_add(in_group);
        for column in group.columns() {
            let starts = [Some(column.data_page_offset()), column.dictionary_page_offset()];
            if starts.into_iter().flatten().chain([column.compressed_size()]).any(i64::is_negative) {
                return Err("a column begins before the file or ends before it begins".into());
            }
            let values = column.num_values().unsigned_abs();
            let allowed =
                column.compressed_size().unsigned_abs().saturating_mul(VALUES_A_BYTE).max(VALUES_ALLOWED);
            if column.column_descr().max_rep_level() > 0 && values > allowed {
                return Err(format!(
                    "the column `{}` says it has {values} values in {} bytes",
                    excerpt(&column.column_path().string(), 80),
                    column.compressed_size()
                ));
            }
        }
    }
    if u64::try_from(metadata.file_metadata().num_rows()) != Ok(rows) {
        return Err("its row groups do not add up to the rows it says it has".into());
    }
    Ok(())
}

/// Rows that become text as the text is read.
struct Rows {
    rows: Option<RowIter<'static>>,
    form: Form,
    schema: TypePtr,
    names: Vec<String>,
    wanted: u64,
    made: u64,
    /// Rows and stored bytes up to the end of each row group.
    ends: Vec<(u64, u64)>,
    progress: Arc<AtomicU64>,
    text: Vec<u8>,
    at: usize,
    total: u64,
    packed: u64,
    ratio: u64,
}

impl Rows {
    fn refill(&mut self) -> std::io::Result<()> {
        self.text.clear();
        self.at = 0;
        let Some(rows) = &mut self.rows else { return Ok(()) };
        while self.text.len() < AHEAD {
            match guarded(|| rows.next().transpose()).map_err(|says| damaged(&says))? {
                Some(row) => {
                    let cells: Vec<Cell<'_>> = row
                        .get_column_iter()
                        .zip(self.schema.get_fields())
                        .map(|((_, field), column)| cell(field, Some(column)))
                        .collect();
                    write_row(&mut self.text, self.form, &self.names, &cells);
                    self.made += 1;
                }
                None if self.made == self.wanted => {
                    self.rows = None;
                    break;
                }
                None => {
                    let says = format!("{} of {} rows are there", self.made, self.wanted);
                    return Err(IoError::new(IoKind::UnexpectedEof, says));
                }
            }
        }
        let done = self.ends.iter().take_while(|(rows, _)| *rows <= self.made).last();
        self.progress.store(done.map_or(0, |(_, bytes)| *bytes), Ordering::Relaxed);
        self.total += self.text.len() as u64;
        if self.total > ALWAYS_ALLOWED && self.total / self.packed > self.ratio {
            return Err(too_far(self.packed, self.total, self.ratio));
        }
        Ok(())
    }
}

impl Read for Rows {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.text.len() {
            self.refill()?;
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        let count = buffer.len().min(rest.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

/// A value as a cell; `column` says what the value itself does not (nanoseconds, local times).
fn cell<'a>(field: &'a Field, column: Option<&Type>) -> Cell<'a> {
    let logical = column.and_then(|column| column.get_basic_info().logical_type_ref());
    match field {
        Field::Null => Cell::Null,
        Field::Str(text) => Cell::Text(text.into()),
        Field::Bytes(bytes) => Cell::of_bytes(bytes.data()),
        Field::Float(value) if value.is_finite() => Cell::Json(value.to_string()),
        Field::Float(value) => Cell::Text(value.to_string().into()),
        Field::Float16(value) => Cell::of_float(f64::from(*value)),
        Field::Double(value) => Cell::of_float(*value),
        Field::Decimal(value) if value.scale() < 0 || value.precision() < value.scale() => {
            Cell::of_bytes(value.data())
        }
        // Digits and a point, which JSON takes as they are; whole numbers come with the point at their end.
        Field::Decimal(_) => Cell::Json(field.to_string().trim_end_matches('.').to_owned()),
        Field::Date(days) => text_or_number(day(i64::from(*days)), i64::from(*days)),
        Field::TimeMillis(value) => time_of_day(i64::from(*value), 1_000_000),
        Field::TimeMicros(value) => time_of_day(*value, 1_000),
        Field::TimestampMillis(value) => timestamp(*value, 1_000_000, logical),
        Field::TimestampMicros(value) => timestamp(*value, 1_000, logical),
        Field::Long(value) => match logical {
            Some(LogicalType::Timestamp(TimestampType { unit: TimeUnit::NANOS, .. })) => {
                timestamp(*value, 1, logical)
            }
            Some(LogicalType::Time(TimestampType { unit: TimeUnit::NANOS, .. })) => time_of_day(*value, 1),
            _ => Cell::Json(value.to_string()),
        },
        Field::Group(row) => Cell::Json(json(|out| object(out, row, column))),
        Field::ListInternal(list) => Cell::Json(json(|out| {
            let column = element(column);
            out.push(b'[');
            for (index, value) in list.elements().iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                value_json(out, value, column);
            }
            out.push(b']');
        })),
        Field::MapInternal(map) => Cell::Json(json(|out| {
            out.push(b'{');
            for (index, (key, value)) in map.entries().iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                match cell(key, None) {
                    Cell::Null => write_string("null", out),
                    Cell::Text(text) => write_string(&text, out),
                    Cell::Json(text) => write_string(&text, out),
                }
                out.push(b':');
                value_json(out, value, None);
            }
            out.push(b'}');
        })),
        // What is left are whole numbers and truth, which read alike in Rust and JSON.
        plain => Cell::Json(plain.to_string()),
    }
}

fn json(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap_or_default()
}

fn value_json(out: &mut Vec<u8>, field: &Field, column: Option<&Type>) {
    match cell(field, column) {
        Cell::Null => out.extend_from_slice(b"null"),
        Cell::Text(text) => write_string(&text, out),
        Cell::Json(json) => out.extend_from_slice(json.as_bytes()),
    }
}

/// A struct. Every struct of a column has all its fields, so a field that is null in one row and filled in another is
/// left out where it is null: `"tool_calls": null` in every message says nothing. A message without `content` is another
/// than one that says there is none.
fn object(out: &mut Vec<u8>, row: &Row, column: Option<&Type>) {
    let columns = column.filter(|column| column.is_group()).map(Type::get_fields).unwrap_or_default();
    out.push(b'{');
    let mut first = true;
    for (name, field) in row.get_column_iter() {
        if matches!(field, Field::Null) && name != "content" {
            continue;
        }
        if !first {
            out.push(b',');
        }
        first = false;
        write_string(name, out);
        out.push(b':');
        let column = columns.iter().find(|column| column.name() == name);
        value_json(out, field, column.map(|column| &**column));
    }
    out.push(b'}');
}

/// What the elements of a list are, by the forms that the format's description names (`LogicalTypes.md`, Lists).
fn element(list: Option<&Type>) -> Option<&Type> {
    let repeated = list.filter(|list| list.is_group())?.get_fields().first()?;
    if !repeated.is_group() {
        return Some(repeated);
    }
    match repeated.get_fields() {
        [only] if repeated.name() != "array" => Some(only),
        _ => Some(repeated),
    }
}

fn text_or_number<'a>(text: Option<String>, number: i64) -> Cell<'a> {
    text.map_or_else(|| Cell::Json(number.to_string()), |text| Cell::Text(text.into()))
}

/// A day counted from 1970-01-01.
fn day(days: i64) -> Option<String> {
    let span = jiff::Span::new().try_days(days).ok()?;
    Some(date(1970, 1, 1).checked_add(span).ok()?.to_string())
}

/// A time counted in `nanoseconds` since midnight.
fn time_of_day<'a>(value: i64, nanoseconds: i64) -> Cell<'a> {
    let time = value.checked_mul(nanoseconds).and_then(|value| {
        let span = jiff::SignedDuration::from_nanos(value);
        jiff::civil::Time::midnight().checked_add(span).ok()
    });
    text_or_number(time.map(|time| time.to_string()), value)
}

/// A time counted in `nanoseconds` since 1970, of the world or, where the column says so, of a wall clock nobody named.
fn timestamp<'a>(value: i64, nanoseconds: i128, logical: Option<&LogicalType>) -> Cell<'a> {
    let local =
        matches!(logical, Some(LogicalType::Timestamp(TimestampType { is_adjusted_to_u_t_c: false, .. })));
    let instant = Timestamp::from_nanosecond(i128::from(value) * nanoseconds).ok();
    let text = instant.map(|instant| {
        let wall: DateTime = instant.to_zoned(TimeZone::UTC).datetime();
        if local { wall.to_string() } else { instant.to_string() }
    });
    text_or_number(text, value)
}
