//! Workbooks: every sheet becomes a text of its own, as CSV.
//!
//! Sheets are walked cell by cell, twice: once for the used columns, once for the text. The texts that cells share are
//! held in memory by the library, in at most three times the size of that part of the file, which is bounded.

use std::fs::File;
use std::io::{BufReader, Read};

use calamine::{Cell as At, DataRef, ExcelDateTime, Reader, Sheet, SheetType, SheetVisible, Xlsb, Xlsx};

use super::limit::{ALWAYS_ALLOWED, too_far};
use super::rows::{Form, Spool, write_cell};
use super::table::{Converted, Packed, without_panic};
use crate::diagnostic::{Def, Finding};
use crate::error::{Error, Result};
use crate::read::codes;
use crate::read::settings::ReadSettings;
use crate::text::number::{count, size};
use crate::text::sanitize::excerpt;

/// Unpacked bytes of the parts that are held in memory (shared texts, styles): everything but sheets and pictures.
const HELD: u64 = 1 << 30;
/// Columns of a sheet, as Excel has them ("Excel specifications and limits", support.microsoft.com, 2024).
const COLUMNS: u32 = 16_384;
/// Characters (UTF-16 units) that Excel keeps of a cell (same page).
const CELL_UNITS: usize = 32_767;
/// The least number with more digits than the fifteen that Excel keeps (same page).
const ROUNDED: f64 = 1e15;

/// The sheets of a workbook.
pub(super) struct Converts {
    /// Sheets that hold something.
    pub sheets: Vec<Converted>,
    /// Names and reasons of those that are not read.
    pub skipped: Vec<(String, String)>,
}

/// Converts every visible sheet.
pub(super) fn convert(file: &Packed, settings: &ReadSettings) -> Result<Converts> {
    check_parts(file, settings)?;
    let mut book = Book::open(file)?;
    let mut converts = Converts { sheets: Vec::new(), skipped: Vec::new() };
    for sheet in book.sheets() {
        let why = match (sheet.typ, sheet.visible) {
            (SheetType::WorkSheet, SheetVisible::Visible) => {
                if let Some(converted) = book.convert(&sheet.name, file, settings)? {
                    converts.sheets.push(converted);
                    continue;
                }
                "is an empty sheet"
            }
            (SheetType::WorkSheet, _) => "is a hidden sheet; show it in the workbook to have it read",
            _ => "is no sheet of cells",
        };
        converts.skipped.push((format!("{}!{}", file.name, excerpt(&sheet.name, 200)), why.to_owned()));
    }
    Ok(converts)
}

/// Unpacks every part once, before the library does, since the sizes in the directory may lie.
fn check_parts(file: &Packed, settings: &ReadSettings) -> Result<()> {
    let broken = |error: String| broken(&file.name, &error);
    let opened = File::open(file.path()).map_err(|error| broken(error.to_string()))?;
    let mut archive =
        zip::ZipArchive::new(BufReader::new(opened)).map_err(|error| broken(error.to_string()))?;
    let (mut whole, mut held) = (0u64, 0u64);
    let mut buffer = vec![0; 64 << 10];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|error| broken(error.to_string()))?;
        let name = part.name().map_or_else(|_| String::new(), |name| name.to_lowercase());
        let is_held = !["xl/worksheets/", "xl/media/"].iter().any(|folder| name.starts_with(folder));
        loop {
            let read = part.read(&mut buffer).map_err(|error| broken(error.to_string()))?;
            if read == 0 {
                break;
            }
            whole += read as u64;
            held += if is_held { read as u64 } else { 0 };
            if whole > ALWAYS_ALLOWED && whole / file.bytes().max(1) > settings.limits.ratio {
                return Err(file.cannot_convert(&too_far(file.bytes(), whole, settings.limits.ratio)));
            }
            if held > HELD {
                return Err(Error::input(format!(
                    "the texts of the workbook `{}` are more than {}, and they have to be held in memory",
                    file.name,
                    size(HELD)
                ))
                .with_hint("save its sheets as CSV, which is read without holding it"));
            }
        }
    }
    Ok(())
}

fn broken(name: &str, says: &str) -> Error {
    Error::input(format!("cannot read the workbook `{name}`: {}", excerpt(says, 200)))
        .with_hint("the file is cut short or damaged: open it in a spreadsheet program and save it again")
}

/// A workbook of either of the two forms.
enum Book {
    Xlsx(Box<Xlsx<BufReader<File>>>),
    Xlsb(Box<Xlsb<BufReader<File>>>),
}

impl Book {
    fn open(file: &Packed) -> Result<Self> {
        let opened = without_panic(|| -> Result<Self, String> {
            let open = || File::open(file.path()).map(BufReader::new).map_err(|error| error.to_string());
            let named = zip::ZipArchive::new(open()?).map_err(|error| error.to_string())?;
            if named.index_for_name("xl/workbook.bin").is_some() {
                return Xlsb::new(open()?)
                    .map(|book| Self::Xlsb(Box::new(book)))
                    .map_err(|error| error.to_string());
            }
            Xlsx::new(open()?).map(|book| Self::Xlsx(Box::new(book))).map_err(|error| error.to_string())
        });
        opened.map_err(|says| broken(&file.name, &says))
    }

    fn sheets(&self) -> Vec<Sheet> {
        match self {
            Self::Xlsx(book) => book.sheets_metadata().to_vec(),
            Self::Xlsb(book) => book.sheets_metadata().to_vec(),
        }
    }

    /// Shows every cell of a sheet, in the order of the file.
    fn walk(
        &mut self,
        sheet: &str,
        mut each: impl FnMut(&At<DataRef<'_>>) -> Result<(), String>,
    ) -> Result<(), String> {
        without_panic(|| match self {
            Self::Xlsx(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(|error| error.to_string())?;
                while let Some(cell) = cells.next_cell().map_err(|error| error.to_string())? {
                    each(&cell)?;
                }
                Ok(())
            }
            Self::Xlsb(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(|error| error.to_string())?;
                while let Some(cell) = cells.next_cell().map_err(|error| error.to_string())? {
                    each(&cell)?;
                }
                Ok(())
            }
        })
    }

    /// A sheet as text; `None` when nothing is in it.
    fn convert(&mut self, sheet: &str, file: &Packed, settings: &ReadSettings) -> Result<Option<Converted>> {
        let in_sheet =
            |says: String| broken(&file.name, &format!("{says}, in the sheet `{}`", excerpt(sheet, 60)));
        let mut used = Used::default();
        self.walk(sheet, |cell| used.add(cell)).map_err(in_sheet)?;
        let Some((first, last)) = used.columns else { return Ok(None) };
        let mut spool =
            Spool::new(file.bytes(), settings.limits.ratio).map_err(|error| file.cannot_convert(&error))?;
        let mut sheet_text = SheetText {
            row: vec![String::new(); (last - first + 1) as usize],
            first,
            at: None,
            rows: 0,
            notes: Notes::default(),
            out: Vec::new(),
        };
        let mut full = None;
        let walked = self.walk(sheet, |cell| {
            sheet_text.add(cell);
            let out = std::mem::take(&mut sheet_text.out);
            spool.add(&out).map_err(|error| {
                let says = error.to_string();
                full = Some(error);
                says
            })
        });
        if let Some(error) = full {
            return Err(file.cannot_convert(&error));
        }
        walked.map_err(in_sheet)?;
        sheet_text.end_row();
        spool.add(&sheet_text.out).map_err(|error| file.cannot_convert(&error))?;
        let (text, bytes) = spool.finish().map_err(|error| file.cannot_convert(&error))?;
        Ok(Some(Converted {
            part: Some(sheet.to_owned()),
            text,
            bytes,
            form: Form::Csv,
            // The first row names the columns.
            rows: sheet_text.rows.saturating_sub(1),
            findings: sheet_text.notes.findings(),
        }))
    }
}

/// Which columns of a sheet hold something.
#[derive(Default)]
struct Used {
    columns: Option<(u32, u32)>,
    last: (u32, u32),
}

impl Used {
    fn add(&mut self, cell: &At<DataRef<'_>>) -> Result<(), String> {
        let place = cell.get_position();
        if place < self.last {
            return Err(format!("the cell {} stands behind {}", name_of(place), name_of(self.last)));
        }
        self.last = place;
        if is_blank(cell.get_value()) {
            return Ok(());
        }
        let (_, column) = place;
        if column >= COLUMNS {
            return Err(format!("it has more than the {COLUMNS} columns a sheet can have"));
        }
        let (first, last) = self.columns.unwrap_or((column, column));
        self.columns = Some((first.min(column), last.max(column)));
        Ok(())
    }
}

fn is_blank(value: &DataRef<'_>) -> bool {
    match value {
        DataRef::Empty => true,
        DataRef::String(text) => text.is_empty(),
        DataRef::SharedString(text) => text.is_empty(),
        _ => false,
    }
}

/// A sheet on its way to text, row by row; rows without anything in them are left out.
struct SheetText {
    row: Vec<String>,
    first: u32,
    /// The row that is filled, once a cell of it was seen.
    at: Option<u32>,
    rows: u64,
    notes: Notes,
    out: Vec<u8>,
}

impl SheetText {
    fn add(&mut self, cell: &At<DataRef<'_>>) {
        if is_blank(cell.get_value()) {
            return;
        }
        let (row, column) = cell.get_position();
        if self.at != Some(row) {
            self.end_row();
            self.at = Some(row);
        }
        let text = self.notes.text(cell.get_value(), (row, column));
        let place = column.checked_sub(self.first).and_then(|column| self.row.get_mut(column as usize));
        if let Some(place) = place {
            *place = text;
        }
    }

    fn end_row(&mut self) {
        if self.at.take().is_none() {
            return;
        }
        for (index, cell) in self.row.iter_mut().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            write_cell(&mut self.out, cell);
            cell.clear();
        }
        self.out.push(b'\n');
        self.rows += 1;
    }
}

/// What is odd about cells: how many, and where the first stands.
#[derive(Default)]
struct Notes {
    cut: Option<(u64, (u32, u32))>,
    rounded: Option<(u64, (u32, u32))>,
    errors: Option<(u64, (u32, u32))>,
}

impl Notes {
    /// The text of a cell.
    fn text(&mut self, value: &DataRef<'_>, place: (u32, u32)) -> String {
        let note = |noted: &mut Option<(u64, (u32, u32))>| {
            noted.get_or_insert((0, place)).0 += 1;
        };
        let text = match value {
            DataRef::Empty => String::new(),
            DataRef::Int(number) => number.to_string(),
            DataRef::Float(number) => {
                if number.fract() == 0.0 && number.abs() >= ROUNDED {
                    note(&mut self.rounded);
                }
                // All digits, never an exponent, and no `.0`.
                number.to_string()
            }
            DataRef::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
            DataRef::DateTime(moment) => iso(moment),
            DataRef::DateTimeIso(text) | DataRef::DurationIso(text) | DataRef::String(text) => text.clone(),
            DataRef::SharedString(text) => (*text).to_owned(),
            DataRef::Error(error) => {
                note(&mut self.errors);
                error.to_string()
            }
        };
        if text.len() >= CELL_UNITS && text.encode_utf16().count() >= CELL_UNITS {
            note(&mut self.cut);
        }
        text
    }

    fn findings(&self) -> Vec<Finding> {
        let told = |noted: &Option<(u64, (u32, u32))>, def: &'static Def, what: &str| {
            noted.map(|(cells, place)| {
                let says = format!("{} {what}, the first is {}", count(cells, "cell"), name_of(place));
                Finding::new(def, "", says)
            })
        };
        [
            told(&self.cut, &codes::CUT_CELL, "of 32,767 characters, where Excel cuts"),
            told(&self.rounded, &codes::ROUNDED_NUMBER, "with a number of more than fifteen digits"),
            told(&self.errors, &codes::FORMULA_ERROR, "with the error of a formula"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// A cell as people call it: `B7`.
fn name_of((row, column): (u32, u32)) -> String {
    let mut letters = String::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.insert(0, char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    format!("{letters}{}", u64::from(row) + 1)
}

/// A date, a time or both in ISO 8601; what is neither, as the number it is stored as.
fn iso(moment: &ExcelDateTime) -> String {
    let days = moment.as_f64();
    if !(0.0..2_958_466.0).contains(&days) {
        // Excel ends with the year 9999.
        return days.to_string();
    }
    if moment.is_duration() {
        let seconds = jiff::SignedDuration::from_secs_f64((days * 86_400.0).round()).as_secs();
        return format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let fraction = if milli == 0 { String::new() } else { format!(".{milli:03}") };
    let clock = format!("{hour:02}:{minute:02}:{second:02}{fraction}");
    let date = format!("{year:04}-{month:02}-{day:02}");
    if days < 1.0 {
        clock
    } else if days.fract() == 0.0 {
        date
    } else {
        format!("{date}T{clock}")
    }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn cells_have_names() {
        assert_eq!(name_of((6, 1)), "B7");
        assert_eq!(name_of((0, 26)), "AA1");
        assert_eq!(name_of((0, 16_383)), "XFD1");
    }

    #[test]
    fn dates_are_iso_8601() {
        let at = |value| iso(&ExcelDateTime::new(value, ExcelDateTimeType::DateTime, false));
        assert_eq!(at(45_352.0), "2024-03-01");
        assert_eq!(at(45_352.5), "2024-03-01T12:00:00");
        assert_eq!(at(0.25), "06:00:00");
        assert_eq!(at(-1.0), "-1");
        let long = ExcelDateTime::new(1.5, ExcelDateTimeType::TimeDelta, false);
        assert_eq!(iso(&long), "36:00:00");
        assert_eq!(iso(&ExcelDateTime::new(0.5, ExcelDateTimeType::DateTime, true)), "12:00:00");
    }

    #[test]
    fn numbers_keep_their_digits_and_are_noted_where_excel_rounds() {
        let mut notes = Notes::default();
        assert_eq!(notes.text(&DataRef::Float(402_935_000_000.0), (0, 0)), "402935000000");
        assert_eq!(notes.text(&DataRef::Float(0.1), (0, 0)), "0.1");
        assert!(notes.findings().is_empty());
        assert_eq!(notes.text(&DataRef::Float(1.234_567_890_123_456_8e17), (1, 2)), "123456789012345680");
        assert_eq!(
            notes.findings()[0].message,
            "1 cell with a number of more than fifteen digits, the first is C2"
        );
    }
}
