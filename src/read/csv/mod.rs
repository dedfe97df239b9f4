//! Tables: comma, semicolon, tab or pipe separated, in the shapes that support exports come in.
//!
//! A table is cut into rows by quotes and line ends as they really are (`scan`, `records`), its columns are
//! recognised by name and value (`columns`, `shape`; `notes` tells the user), and a row is an example, a conversation,
//! or a message whose fellows are gathered first (`groups`). Who is who among speakers is left to assembling.

mod cell;
mod columns;
mod decode;
mod dialect;
pub(super) mod export;
mod groups;
mod header;
mod notes;
mod order;
mod pairs;
mod python;
mod records;
mod row;
mod scan;
mod shape;
mod split;
#[cfg(test)]
mod tests;
mod turns;
mod value;

use std::sync::Arc;

pub(super) use pairs::{Pairs, has_pairs, open_pairs};

use dialect::{Rows as SliceRows, Sniffed};
use header::Header;
use records::{Layout, Records};
use row::Table;
use scan::Judge;
use shape::{Chosen, Shape};
use turns::Key;

use super::frame::Feed;
use super::reader::{Decode, Guess, Opened, Reader, ReaderSpec};
use super::settings::ColumnSettings;
use super::transcript::grammar::Reading;
use super::{Frames, ReadSettings, Sample, Source};
use crate::error::Result;
use crate::text::encoding::to_text;
use crate::text::time;

static SPEC: ReaderSpec = ReaderSpec {
    name: "csv",
    title: "tables (CSV, TSV): a row is an example, a message, or a conversation",
    notes: "\
- **Separators**: comma, semicolon, tab or pipe are recognised outside quotes; a first line `sep=;` and \
  `--delimiter` settle it. Quotes count in tab-separated files too. Cells may hold line ends; a lone \
  carriage return ends no row.\n\
- **A row is an example**: a question and an answer, perhaps instructions and a context. Other columns are \
  kept.\n\
- **A row is a message**: rows of one conversation may stand anywhere. They are ordered by a column of \
  numbers, else by time, also as Excel counts days (`45353.354`); a row without a time stays beside its neighbours. An index of 24 bytes a row and some \
  40 bytes a conversation is held, 4 bytes a row more and a temporary copy of the file where \
  conversations are scattered; never the text.\n\
- **Replies**: a column of message identifiers and one of what is replied to: all that hangs together is one \
  conversation, ordered by time, so that no turn of a branch is lost or stands twice.\n\
- **A row is a conversation**: a JSON list, a list as Python prints it, or a transcript in any form that \
  the reader `transcript` knows, in one cell; or turns in columns `user_1`, `agent_1`, `user_2` and so on. HTML in a cell is not taken apart.\n\
- **Oddities**: rows of another width, repeated headers, stray quotes, Windows-1252, `_x000D_`, words like \
  `NaN` for nothing are survived and reported. `None`, `null`, `N/A` and `-` in the text of a message are what somebody said; \
  where a row is an example or a column a turn they are nothing, and named. Without a header columns are named by number, from 1.",
    how_to_get: "",
    recognised_by: "rows of the header's width under column names such as `question` and `answer`, or \
                    `conversation_id`, `role` and `text`",
};

/// Rows of the head that are looked at.
const ROWS_LOOKED_AT: usize = 200;

/// Rows of a table of a known form, separated by commas, behind its header of `width` cells.
pub(super) fn known_rows(feed: Feed, source: u32, limit: usize, width: usize) -> impl Frames {
    Records::new(feed, source, limit, Layout { dialect: COMMAS, width, skip: 1 })
}

/// The cells of such a row.
pub(super) fn known_cells(row: &str) -> Vec<std::borrow::Cow<'_, str>> {
    split::texts(row, COMMAS).cells
}

const COMMAS: dialect::Dialect = dialect::Dialect { delimiter: b',', end: b'\n' };

/// The reader of tables.
pub struct Csv;

impl Reader for Csv {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        if sample.json().is_some() {
            return None;
        }
        let named = [".csv", ".tsv", ".tab", ".psv"].iter().any(|suffix| sample.file_name.ends_with(suffix));
        let looked = Looked::at(sample, None)?;
        let width = looked.table.header.width();
        if width < 2 || looked.agreeing * 100 < looked.rows.len() * 60 {
            return None;
        }
        let chosen =
            shape::choose(&looked.table.header, &looked.rows, &ColumnSettings::default(), "").ok()?;
        let known = !matches!(chosen.shape, Shape::Unknown | Shape::Questions { .. });
        // Without the name of a table, prose with commas must not pass for one.
        let certain = known
            && looked.table.header.row.is_some()
            && looked.rows.len() >= 3
            && looked.agreeing * 100 >= looked.rows.len() * 95;
        let confidence = match (named, chosen.shape) {
            (true, Shape::Unknown) => 60,
            (true, Shape::Questions { .. }) => 70,
            (true, _) => 80,
            (false, _) if certain => 75,
            (false, _) => return None,
        };
        let why = format!(
            "{} of {} rows are as wide as the first, {}",
            looked.agreeing,
            looked.rows.len(),
            chosen.notes.first().map_or("", String::as_str)
        );
        Some(Guess { confidence, why })
    }

    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        let feed = || -> Result<Feed> { Ok(Feed::new(source.open(settings)?, source.name.clone())) };
        let limit = settings.limits.record_bytes;
        let Some(looked) = Looked::at(sample, settings.columns.delimiter) else {
            // Nothing in it: no rows, and the columns do not matter.
            let dialect =
                dialect::sniff(&sample.head, sample.complete, settings.columns.delimiter, &sample.file_name)
                    .dialect;
            let layout = Layout { dialect, width: 0, skip: 0 };
            let table = Table { dialect, header: Header::of(b"", None, dialect), prose: Vec::new() };
            return Ok(Opened {
                frames: Box::new(Records::new(feed()?, source.index, limit, layout)),
                decoder: Arc::new(decode::Rows { table, shape: Shape::Unknown, system: None, reading: None }),
                notes: Vec::new(),
            });
        };
        let Chosen { shape, system, notes: said } =
            shape::choose(&looked.table.header, &looked.rows, &settings.columns, &source.name)?;
        let mut notes = looked.notes();
        notes.extend(said);
        let (layout, table) = (looked.layout, Table { prose: shape.prose(), ..looked.table.clone() });
        let grouped = |key, turn: shape::TurnColumns| -> (Box<dyn Frames>, Arc<dyn Decode>) {
            let day_first = looked.day_first(turn.time);
            let frames = groups::Grouped::new(source, settings, layout, table.clone(), key);
            let newest_first = looked.newest_first(key, turn.time);
            let table = table.clone();
            let decoder = turns::Conversations { table, key, turn, system, day_first, newest_first };
            (Box::new(frames), Arc::new(decoder))
        };
        let (frames, decoder) = match shape {
            Shape::Messages { id, turn } => grouped(Key::Id(id), turn),
            Shape::Replies { message, parent, turn } => grouped(Key::Replies { message, parent }, turn),
            shape => {
                let frames: Box<dyn Frames> = Box::new(Records::new(feed()?, source.index, limit, layout));
                let reading = match &shape {
                    Shape::Transcripts { transcript, .. } => {
                        let names = settings.speakers.iter().map(String::as_str);
                        looked.reading(*transcript).map(|reading| reading.with_speakers(names))
                    }
                    _ => None,
                };
                let decoder: Arc<dyn Decode> =
                    Arc::new(decode::Rows { table: table.clone(), shape, system, reading });
                (frames, decoder)
            }
        };
        Ok(Opened { frames, decoder, notes })
    }
}

/// The head of a table.
struct Looked {
    table: Table,
    layout: Layout,
    rows: Vec<Vec<String>>,
    /// Rows as wide as the header.
    agreeing: usize,
}

impl Looked {
    /// `None` when the head holds no row.
    fn at(sample: &Sample, forced: Option<u8>) -> Option<Self> {
        let Sniffed { dialect, named } =
            dialect::sniff(&sample.head, sample.complete, forced, &sample.file_name);
        let mut first_rows = SliceRows::new(&sample.head, sample.complete, dialect).skip(usize::from(named));
        let first = first_rows.next()?;
        let header = Header::of(first, first_rows.next(), dialect);
        let skip = usize::from(named) + usize::from(header.row.is_some());
        let width = header.width();
        let layout = Layout { dialect, width, skip };
        let judge = Judge { width };
        let table = Table { dialect, header, prose: Vec::new() };
        let (mut rows, mut agreeing) = (Vec::new(), 0);
        for row in SliceRows::new(&sample.head, sample.complete, dialect)
            .judged(judge)
            .skip(skip)
            .take(ROWS_LOOKED_AT)
        {
            if table.repeats_header(row) {
                continue;
            }
            let text = to_text(row).0;
            let cells = table.split(&text).texts;
            let padded = cells.cells.iter().skip(width).all(|cell| cell.trim().is_empty());
            agreeing += usize::from(cells.width >= width && padded);
            rows.push(cells.cells.into_iter().map(std::borrow::Cow::into_owned).collect());
        }
        Some(Self { table, layout, rows, agreeing })
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let delimiter = match self.layout.dialect.delimiter {
            b',' => "commas".to_owned(),
            b';' => "semicolons".to_owned(),
            b'\t' => "tabs".to_owned(),
            b'|' => "pipes".to_owned(),
            other => format!("`{}`", char::from(other).escape_default()),
        };
        notes.push(format!("cells are separated by {delimiter}"));
        let header = &self.table.header;
        if header.row.is_none() {
            notes.push(format!(
                "the first row looks like data, so it is read as such; columns are named by number, 1 to {}",
                header.width()
            ));
        }
        if !header.repeated.is_empty() {
            let names: Vec<String> = header
                .repeated
                .iter()
                .map(|name| format!("`{}`", crate::text::sanitize::excerpt(name, 60)))
                .collect();
            notes.push(format!(
                "the header has {} more than once: the first is used, another can be named by its number",
                names.join(", ")
            ));
        }
        notes
    }

    /// How the cells of a column of transcripts are read.
    fn reading(&self, column: usize) -> Option<Reading> {
        cell::reading(self.rows.iter().filter_map(|row| row.get(column)).map(String::as_str))
    }

    /// Whether dates like `13/01/2024` among the first rows tell that the day comes first.
    fn day_first(&self, time: Option<usize>) -> bool {
        let Some(column) = time else { return false };
        self.rows
            .iter()
            .filter_map(|row| row.get(column))
            .find_map(|cell| time::day_first(cell))
            .unwrap_or(false)
    }

    /// Whether the first rows run from the newest to the oldest within their conversations.
    fn newest_first(&self, key: Key, time: Option<usize>) -> bool {
        let Some(column) = time else { return false };
        let day_first = self.day_first(time);
        let time = |row: &[String]| order::moment(row.get(column)?, day_first);
        let id = |row: &[String]| match key {
            Key::Id(column) => row.get(column).cloned(),
            Key::Replies { .. } | Key::Pair { .. } => None,
        };
        let neighbours = self.rows.windows(2).filter_map(|pair| match pair {
            [one, next] if id(one) == id(next) => Some((time(one)?, time(next)?)),
            _ => None,
        });
        order::newest_first(neighbours).unwrap_or(false)
    }
}
