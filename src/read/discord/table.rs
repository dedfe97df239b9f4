//! The CSV export.

use super::plain::Written;
use crate::diagnostic::Rejection;
use crate::read::codes;
use crate::read::csv::{known_cells, known_rows};
use crate::read::frame::{Feed, Frames};
use crate::text::number::count;

/// The header, as it has been since 2019.
const HEADER: &str = "AuthorID,Author,Date,Content,Attachments,Reactions";
/// Cells in a row.
const WIDTH: usize = 6;
/// Rows whose dates are looked at.
const LOOKED_AT: usize = 200;

/// Whether a file begins with the header.
pub(super) fn is_table(head: &[u8]) -> bool {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii();
    let plain: Vec<u8> = line.iter().copied().filter(|byte| *byte != b'"').collect();
    plain == HEADER.as_bytes()
}

/// The rows behind the header.
pub(super) fn rows(feed: Feed, source: u32, limit: usize) -> impl Frames {
    known_rows(feed, source, limit, WIDTH)
}

/// A row as a message.
pub(super) fn read(row: &str) -> Result<Written, Rejection> {
    let cells = known_cells(row);
    let [id, author, date, content, attachments, reactions] = cells.as_slice() else {
        let says =
            format!("the row has {}, not the {WIDTH} of the header", count(cells.len() as u64, "cell"));
        return Err(Rejection::new(&codes::WRONG_SHAPE, says));
    };
    let list = |cell: &str| -> Vec<String> {
        cell.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
    };
    Ok(Written {
        author: if author.trim().is_empty() { id.trim() } else { author.trim() }.to_owned(),
        date: date.trim().to_owned(),
        content: content.replace("\r\n", "\n"),
        embedded: String::new(),
        media: list(attachments),
        reactions: list(reactions),
    })
}

/// The dates at the beginning of a file. Rows with line ends inside are passed over.
pub(super) fn dates(head: &str) -> Vec<String> {
    let rows = head.lines().skip(1).filter_map(|row| read(row).ok());
    rows.map(|written| written.date).take(LOOKED_AT).collect()
}
