//! Tables that a system exports, known by their columns: rows become records with the columns as keys, which the
//! system's reader takes like its JSON. Finding rows, gathering those of one conversation and surviving what is wrong
//! with rows is done as for any table.

use memchr::memmem;
use serde_json::Value;

use super::Looked;
use super::decode::usable;
use super::groups::Grouped;
use super::records::Records;
use super::row::{Cells, Faults, Table};
use super::turns::Key;
use super::value::{clean, said};
use crate::diagnostic::{Finding, Rejection};
use crate::error::{Error, Result};
use crate::model::Extra;
use crate::read::frame::{Feed, Frame, Frames};
use crate::read::sample::Sample;
use crate::read::settings::ReadSettings;
use crate::read::source::Source;
use crate::text::encoding::to_text;

/// One table of a system.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// What it is, for the user: "comments of tickets".
    pub what: &'static str,
    /// Columns that it always has, in any order, among others.
    pub columns: &'static [&'static str],
    /// The column whose value the rows of one conversation share; `None` where a row is a conversation.
    pub key: Option<&'static str>,
    /// What must hold for most rows at the head of the table, where columns of such names are usual.
    pub fits: Option<fn(&Extra) -> bool>,
}

/// Bytes of a head in which the header must stand: the widest export of a system has some 700 columns.
const HEADER_WITHIN: usize = 32 << 10;

/// The form of the table at the head of a source, if it is one of `forms`.
pub fn known<'f>(sample: &Sample, forms: &'f [Form]) -> Option<&'f Form> {
    // Every reader asks this of every file: most are turned away by their first bytes.
    let start = sample.head.get(..sample.head.len().min(HEADER_WITHIN)).unwrap_or_default();
    let has = |column: &&str| memmem::find(start, column.as_bytes()).is_some();
    let mut likely = forms.iter().filter(|form| form.columns.iter().all(has)).peekable();
    likely.peek()?;
    if sample.json().is_some() {
        return None;
    }
    let looked = Looked::at(sample, None)?;
    looked.table.header.row.as_ref()?;
    let fits = |fits: fn(&Extra) -> bool| {
        let rows = looked.rows.iter().map(|row| record(&looked.table, row.iter().map(String::as_str)));
        let fitting = rows.filter(fits).count();
        fitting > 0 && fitting * 2 >= looked.rows.len()
    };
    likely.find(|form| {
        form.columns.iter().all(|column| position(&looked.table, column).is_some())
            && form.fits.is_none_or(fits)
    })
}

/// The names of the columns of a table at the head of a source; none where there is no table.
pub fn columns(sample: &Sample) -> Vec<String> {
    if sample.json().is_some() {
        return Vec::new();
    }
    let looked = Looked::at(sample, None).filter(|looked| looked.table.header.row.is_some());
    looked.map(|looked| looked.table.header.names.clone()).unwrap_or_default()
}

/// Rows of a table as records.
pub struct Rows {
    table: Table,
}

/// Opens a table in the form that [`known`] found: frames of conversations, and what reads their rows.
pub fn open(
    source: &Source,
    sample: &Sample,
    settings: &ReadSettings,
    form: &Form,
) -> Result<(Box<dyn Frames>, Rows)> {
    let no_table = || Error::input(format!("`{}` holds no table", source.name));
    let looked = Looked::at(sample, settings.columns.delimiter).ok_or_else(no_table)?;
    let (layout, table) = (looked.layout, looked.table);
    let frames: Box<dyn Frames> = if let Some(name) = form.key {
        let column = position(&table, name).ok_or_else(no_table)?;
        Box::new(Grouped::new(source, settings, layout, table.clone(), Key::Id(column)))
    } else {
        let feed = Feed::new(source.open(settings)?, source.name.clone());
        Box::new(Records::new(feed, source.index, settings.limits.record_bytes, layout))
    };
    Ok((frames, Rows { table }))
}

impl Rows {
    /// The rows of a frame, and what was wrong with them. Cells that say nothing are no keys.
    pub fn records(&self, frame: &Frame<'_>) -> Result<(Vec<Extra>, Vec<Finding>), Rejection> {
        usable(frame, &self.table)?;
        let width = self.table.header.width();
        let mut faults = Faults::default();
        let mut records = Vec::new();
        for row in frame.rows() {
            let (text, stored) = to_text(row);
            let cells = self.table.split(&text);
            faults.note(stored, &cells, &self.table)?;
            records.push(record(&self.table, cells.texts.cells.iter().map(AsRef::as_ref)));
        }
        Ok((records, faults.findings(width)))
    }
}

/// Hands every row of a table to `take`, for lists that are read whole; whether it is a table at all.
pub fn each_row(
    source: &Source,
    sample: &Sample,
    settings: &ReadSettings,
    mut take: impl FnMut(&Extra),
) -> Result<bool> {
    let Some(looked) = Looked::at(sample, None).filter(|looked| looked.table.header.row.is_some()) else {
        return Ok(false);
    };
    let feed = Feed::new(source.open(settings)?, source.name.clone());
    let mut records = Records::new(feed, source.index, settings.limits.record_bytes, looked.layout);
    while let Some(row) = records.next_row()? {
        if row.fault.is_none() {
            let text = to_text(records.bytes()).0;
            let Cells { texts, .. } = looked.table.split(&text);
            take(&record(&looked.table, texts.cells.iter().map(AsRef::as_ref)));
        }
    }
    Ok(true)
}

fn position(table: &Table, name: &str) -> Option<usize> {
    table.header.names.iter().position(|known| known.eq_ignore_ascii_case(name))
}

fn record<'a>(table: &Table, cells: impl Iterator<Item = &'a str>) -> Extra {
    let filled = |(column, cell): (usize, &str)| {
        let name = table.name(column);
        let is_speech = SPEECH.iter().any(|known| name.eq_ignore_ascii_case(known));
        let text = if is_speech { said(cell) } else { clean(cell) };
        (!text.is_empty()).then(|| (name, Value::String(text.into_owned())))
    };
    cells.enumerate().filter_map(filled).collect()
}

/// Columns of the systems' tables that hold what somebody said.
const SPEECH: &[&str] =
    &["body", "message", "msg", "text", "original_message", "MessageText", "TextBody", "CommentBody"];
