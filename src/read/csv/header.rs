//! The names of a table's columns, or their numbers where it has no header.

use super::columns::{is_known, plain};
use super::dialect::Dialect;
use super::split::texts;
use crate::error::{Error, Result};
use crate::text::encoding::to_text;
use crate::text::sanitize::excerpt;
use crate::text::similar::nearest;
use crate::text::time;

/// Longest name of a column: longer first rows are data.
const LONGEST_NAME: usize = 64;
/// Most words of a name: more are a sentence.
const MOST_WORDS: usize = 5;
/// Most names listed in a message.
const NAMES_LISTED: usize = 40;

/// The columns of one table.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// As written; the number from 1 where there is no name, and a number behind a name that stands again.
    pub names: Vec<String>,
    /// In the form in which names are compared.
    pub plain: Vec<String>,
    /// The row itself; `None` when the table has no header.
    pub row: Option<Vec<u8>>,
    /// Names that stand more than once.
    pub repeated: Vec<String>,
}

impl Header {
    /// Reads the first row; `second` helps to tell names from data.
    pub(super) fn of(first: &[u8], second: Option<&[u8]>, dialect: Dialect) -> Self {
        let text = to_text(first).0;
        let cells: Vec<String> =
            texts(&text, dialect).cells.iter().map(|cell| cell.trim().to_owned()).collect();
        let second_text = second.map(|row| to_text(row).0);
        let second = second_text.as_deref().map(|row| texts(row, dialect).cells).unwrap_or_default();
        if !is_header(&cells, &second) {
            let names: Vec<String> = (1..=cells.len()).map(|number| number.to_string()).collect();
            return Self { plain: vec![String::new(); names.len()], names, row: None, repeated: Vec::new() };
        }
        let plain: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
        let mut names: Vec<String> = Vec::with_capacity(cells.len());
        let mut repeated = Vec::new();
        let mut seen = std::collections::BTreeMap::<String, usize>::new();
        for (at, cell) in cells.into_iter().enumerate() {
            if cell.is_empty() {
                names.push((at + 1).to_string());
                continue;
            }
            let times = seen.entry(cell.clone()).or_default();
            *times += 1;
            if *times == 2 {
                repeated.push(cell.clone());
            }
            names.push(if *times > 1 { format!("{cell} ({times})") } else { cell });
        }
        Self { names, plain, row: Some(first.to_vec()), repeated }
    }

    pub(super) fn width(&self) -> usize {
        self.names.len()
    }

    /// The name of a column for people, safe and short.
    pub(super) fn shown(&self, column: usize) -> String {
        self.names.get(column).map_or_else(|| (column + 1).to_string(), |name| excerpt(name, 60))
    }

    /// All names for people.
    pub(super) fn listed(&self) -> String {
        let mut listed: Vec<String> =
            (0..self.width().min(NAMES_LISTED)).map(|column| format!("`{}`", self.shown(column))).collect();
        if self.width() > NAMES_LISTED {
            listed.push(format!("and {} more", self.width() - NAMES_LISTED));
        }
        listed.join(", ")
    }

    /// The column that the user means by `typed`: its name, the same in another spelling, or its number.
    pub(super) fn find(&self, typed: &str, flag: &str, source: &str) -> Result<usize> {
        let typed = typed.trim();
        let spelled = plain(typed);
        let number = || typed.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        self.names
            .iter()
            .position(|name| name == typed)
            .or_else(|| self.plain.iter().position(|name| !spelled.is_empty() && *name == spelled))
            .or_else(|| number().filter(|column| *column < self.width()))
            .ok_or_else(|| {
                let columns = if self.row.is_some() {
                    format!("the columns are {}", self.listed())
                } else {
                    format!("the table has no header: give a number from 1 to {}", self.width())
                };
                let hint = match nearest(typed, self.names.iter().map(String::as_str)) {
                    Some(_) if self.row.is_none() => columns,
                    Some(name) => format!("did you mean `{}`? {columns}", excerpt(name, 60)),
                    None => columns,
                };
                Error::usage(format!("`{source}` has no column `{}` ({flag})", excerpt(typed, 60)))
                    .with_hint(hint)
            })
    }
}

/// Whether the cells of the first row are names: one of them is known, or all look like names and the second
/// row does not forbid it.
fn is_header(cells: &[String], second: &[std::borrow::Cow<'_, str>]) -> bool {
    // A row with numbers or times is data, whatever words stand beside them.
    let valued =
        |cell: &String| !cell.is_empty() && (cell.parse::<f64>().is_ok() || time::parse(cell).is_some());
    if cells.iter().any(|cell| is_known(&plain(cell))) && !cells.iter().any(valued) {
        return true;
    }
    let named = cells.iter().filter(|cell| !cell.is_empty()).count();
    let distinct = cells.iter().collect::<std::collections::BTreeSet<_>>().len();
    named * 2 >= cells.len()
        && named > 0
        && (distinct == cells.len() || distinct > named)
        && cells.iter().all(|cell| looks_like_name(cell))
        // A value of the first row that comes back in the second is data.
        && !cells.iter().zip(second).any(|(cell, below)| !cell.is_empty() && cell == below.trim())
}

fn looks_like_name(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    cell.chars().count() <= LONGEST_NAME
        && cell.split_whitespace().count() <= MOST_WORDS
        && !cell.contains(['\n', '@'])
        && !cell.ends_with(['.', '!', ','])
        && (cell.is_empty() || digits * 2 <= cell.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(first: &str, second: &str) -> Header {
        Header::of(first.as_bytes(), Some(second.as_bytes()), Dialect { delimiter: b',', end: b'\n' })
    }

    #[test]
    fn headers_and_their_absence() {
        assert!(header("Ticket ID,text", "1,hello").row.is_some());
        assert!(header("alpha,beta", "1,hello").row.is_some());
        assert!(header("12,Where is my order?", "13,Hello").row.is_none());
        assert!(header("c1,Where can I find my order now", "c1,x").row.is_none());
        assert!(header("c1,hello", "c1,there").row.is_none());
        assert!(header("1,user,hello", "1,agent,hi").row.is_none());
        assert!(header("c1,user,hello", "c2,user,hi").row.is_none());
        assert!(header("q1,a1", "Where?,Here").row.is_some());
        assert!(header("user,assistant", "Where?,Here").row.is_some());
        assert!(header("5,text,What is a question", "6,text,x").row.is_none());
        let twice = header("text,text,,id", "a,b,c,d");
        assert_eq!(twice.names, ["text", "text (2)", "3", "id"]);
        assert_eq!(twice.repeated, ["text"]);
    }

    #[test]
    fn columns_are_found_or_named() {
        let header = header("Ticket ID,Message.Text,", "1,hello,");
        assert_eq!(header.find("ticket_id", "--id-column", "a.csv").unwrap(), 0);
        assert_eq!(header.find("2", "--text-column", "a.csv").unwrap(), 1);
        let error = header.find("Tiket ID", "--id-column", "a.csv").unwrap_err();
        assert_eq!(error.to_string(), "`a.csv` has no column `Tiket ID` (--id-column)");
        assert_eq!(
            error.hint(),
            Some("did you mean `Ticket ID`? the columns are `Ticket ID`, `Message.Text`, `3`")
        );
        assert!(header.find("9", "--id-column", "a.csv").is_err());
        assert!(header.find("0", "--id-column", "a.csv").is_err());
    }
}
