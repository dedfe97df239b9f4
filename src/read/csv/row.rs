//! One row on its way to what it holds: its cells as text, and what is wrong with it as a row.

use std::borrow::Cow;

use serde_json::Value;

use super::dialect::Dialect;
use super::header::Header;
use super::split::{Split, Texts, rejoined, texts};
use super::value::{clean, is_ambiguous, is_nothing, said};
use crate::diagnostic::{Finding, Rejection};
use crate::model::Extra;
use crate::read::codes;
use crate::text::encoding::Stored;

/// The columns of a table and how its rows are split.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub dialect: Dialect,
    pub header: Header,
    /// Columns of texts, in which a separator without quotes may stand.
    pub prose: Vec<usize>,
}

impl Table {
    /// The cells of a row; a text that its own separators cut is whole again where it is plain how.
    pub(super) fn split<'a>(&self, row: &'a str) -> Cells<'a> {
        let width = self.header.width();
        let texts = texts(row, self.dialect);
        // Empty cells behind the last column are what spreadsheets leave; they take and shift nothing.
        let surplus = texts.width > texts.cells.len()
            || texts.cells.iter().skip(width).any(|cell| !cell.trim().is_empty());
        if !surplus {
            return Cells { texts, fit: Fit::Right };
        }
        match rejoined(row, self.dialect, width, &self.prose) {
            Some(texts) => Cells { texts, fit: Fit::Joined },
            None => Cells { texts, fit: Fit::Surplus },
        }
    }

    /// Whether a row says the names of the columns again.
    pub(super) fn repeats_header(&self, row: &[u8]) -> bool {
        let Some(header) = &self.header.row else { return false };
        if row == header.as_slice() {
            return true;
        }
        let mut theirs = Split::new(header, self.dialect);
        let mut ours = Split::new(row, self.dialect);
        loop {
            match (theirs.next(), ours.next()) {
                (None, None) => return true,
                (Some(a), Some(b)) if a.bytes.trim_ascii() == b.bytes.trim_ascii() => {}
                _ => return false,
            }
        }
    }

    /// Everything in columns that are not `used`, under their names.
    pub(super) fn extra(&self, cells: &Cells<'_>, used: &[Option<usize>]) -> Extra {
        let mut extra = Extra::new();
        for (column, cell) in cells.texts.cells.iter().enumerate() {
            if !used.contains(&Some(column)) && !is_nothing(cell.trim()) {
                extra.insert(self.name(column), Value::String(cell.clone().into_owned()));
            }
        }
        extra
    }

    /// The column's name, or its number behind the end of the header.
    pub(super) fn name(&self, column: usize) -> String {
        self.header.names.get(column).cloned().unwrap_or_else(|| (column + 1).to_string())
    }
}

/// How the cells of a row fit the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// Nothing stands behind the last column.
    Right,
    /// Nothing does any more: separators in a text had cut it.
    Joined,
    /// Text stands there, and it is not plain where it belongs.
    Surplus,
}

/// The cells of one row.
pub(super) struct Cells<'a> {
    pub texts: Texts<'a>,
    pub fit: Fit,
}

impl Cells<'_> {
    /// The text of a cell that is used; empty when it says nothing or is missing.
    pub(super) fn text(&self, column: usize) -> Cow<'_, str> {
        self.texts.cells.get(column).map_or(Cow::Borrowed(""), |cell| clean(cell))
    }

    /// The text of a cell that somebody said.
    pub(super) fn said(&self, column: usize) -> Cow<'_, str> {
        self.texts.cells.get(column).map_or(Cow::Borrowed(""), |cell| said(cell))
    }

    /// The word in a cell that is read as nothing and may be an answer.
    pub(super) fn ambiguous(&self, column: usize) -> Option<&str> {
        self.texts.cells.get(column).map(|cell| cell.trim()).filter(|cell| is_ambiguous(cell))
    }

    /// Like [`Cells::text`], of a column that may not be there.
    pub(super) fn maybe(&self, column: Option<usize>) -> Cow<'_, str> {
        column.map_or(Cow::Borrowed(""), |column| self.text(column))
    }
}

/// What was wrong with the rows of one record, one finding a kind.
#[derive(Debug, Default)]
pub(super) struct Faults {
    rows: usize,
    ragged: usize,
    first_width: usize,
    joined: usize,
    converted: usize,
    stray: usize,
}

impl Faults {
    /// Notes what is wrong with a row; an error where its texts may be cut.
    pub(super) fn note(&mut self, stored: Stored, cells: &Cells<'_>, table: &Table) -> Result<(), Rejection> {
        let (texts, width) = (&cells.texts, table.header.width());
        self.rows += 1;
        self.converted += usize::from(stored == Stored::Windows1252);
        self.stray += usize::from(texts.stray);
        self.joined += usize::from(cells.fit == Fit::Joined);
        if cells.fit == Fit::Surplus {
            let above =
                if table.header.row.is_some() { "under a header of" } else { "where the first row has" };
            let row =
                if self.rows == 1 { "the row".into() } else { format!("row {} of the record", self.rows) };
            let message = format!(
                "{row} has {} cells {above} {width}, so a text may be cut at a separator",
                texts.width
            );
            return Err(Rejection::new(&codes::SURPLUS_CELLS, message));
        }
        if texts.width < width {
            self.ragged += 1;
            if self.ragged == 1 {
                self.first_width = texts.width;
            }
        }
        Ok(())
    }

    pub(super) fn findings(&self, width: usize) -> Vec<Finding> {
        let mut findings = Vec::new();
        let of = |count: usize| match (self.rows, count) {
            (0 | 1, _) => "the row".to_owned(),
            (rows, 1) => format!("one of {rows} rows"),
            (rows, count) => format!("{count} of {rows} rows, the first of them"),
        };
        if self.converted > 0 {
            let message = format!("{} was not UTF-8 and was read as Windows-1252", of(self.converted));
            findings.push(Finding::new(&codes::WINDOWS_1252, "", message));
        }
        if self.ragged > 0 {
            let cells =
                if self.first_width == 1 { "1 cell".into() } else { format!("{} cells", self.first_width) };
            let message = format!("{} has {cells} under a header of {width}", of(self.ragged));
            findings.push(Finding::new(&codes::RAGGED_ROW, "", message));
        }
        if self.joined > 0 {
            let rows = match self.rows {
                0 | 1 => "the row".to_owned(),
                rows => format!("{} of {rows} rows", self.joined),
            };
            let message = format!("{rows} held the separator in a text without quotes; it is whole again");
            findings.push(Finding::new(&codes::JOINED_CELLS, "", message));
        }
        if self.stray > 0 {
            let message =
                format!("{} opens a quote that nothing closes; it was read as text", of(self.stray));
            findings.push(Finding::new(&codes::STRAY_QUOTE, "", message));
        }
        findings
    }
}
