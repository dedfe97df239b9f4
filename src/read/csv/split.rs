//! A row, split into the text of its cells.

use std::borrow::Cow;

use memchr::memchr;

use super::dialect::Dialect;
use super::scan::{QUOTE, Quoted, quoted};

/// Most cells of a row that are kept: the widest sheet Excel has (16,384 columns, its published limit).
pub(super) const MOST_CELLS: usize = 16_384;

/// One cell as it stands in the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell<'a> {
    /// Its bytes without the quotes around it; quotes inside are still doubled.
    pub bytes: &'a [u8],
    /// Whether it stood in quotes.
    pub quoted: bool,
}

/// The cells of one row, in order; a row has at least one.
pub(super) struct Split<'a> {
    row: &'a [u8],
    dialect: Dialect,
    at: Option<usize>,
    /// A quote was opened that nothing closes; the bytes behind it hold no closing one either.
    hopeless: bool,
    /// A quote stood where one opens a cell, and was none.
    pub stray: bool,
}

impl<'a> Split<'a> {
    pub(super) fn new(row: &'a [u8], dialect: Dialect) -> Self {
        Self { row, dialect, at: Some(0), hopeless: false, stray: false }
    }

    fn in_quotes(&mut self, start: usize) -> Option<Cell<'a>> {
        let open = start + self.row[start..].iter().take_while(|byte| **byte == b' ').count();
        if self.hopeless || self.row.get(open) != Some(&QUOTE) {
            return None;
        }
        let row = self.row;
        match quoted(row, open, self.dialect, true) {
            Quoted::Closed { inner_end, after, .. } => {
                match row.get(after) {
                    None => self.at = None,
                    Some(byte) if *byte == self.dialect.delimiter => self.at = Some(after + 1),
                    // A line end inside a row that is cut short: text, like the rest.
                    Some(_) => return None,
                }
                Some(Cell { bytes: &row[open + 1..inner_end], quoted: true })
            }
            Quoted::Open { first_line_end: Some(_) } => {
                self.stray = true;
                self.at = None;
                Some(Cell { bytes: &row[open + 1..], quoted: true })
            }
            Quoted::Open { first_line_end: None } => {
                self.stray = true;
                self.hopeless = true;
                None
            }
            // Words in quotes at the beginning of a cell: nothing is lost, nothing to report.
            Quoted::Text => None,
            Quoted::Stray { .. } => {
                self.stray = true;
                None
            }
        }
    }
}

impl<'a> Iterator for Split<'a> {
    type Item = Cell<'a>;

    fn next(&mut self) -> Option<Cell<'a>> {
        let start = self.at?;
        if let Some(cell) = self.in_quotes(start) {
            return Some(cell);
        }
        let end = memchr(self.dialect.delimiter, &self.row[start..]).map(|skip| start + skip);
        self.at = end.map(|end| end + 1);
        Some(Cell { bytes: &self.row[start..end.unwrap_or(self.row.len())], quoted: false })
    }
}

/// How many cells a row has.
pub(super) fn count(row: &[u8], dialect: Dialect) -> usize {
    Split::new(row, dialect).count()
}

/// The bytes of one cell, trimmed, as they stand.
pub(super) fn nth(row: &[u8], dialect: Dialect, column: usize) -> Option<&[u8]> {
    Split::new(row, dialect).nth(column).map(|cell| cell.bytes.trim_ascii())
}

/// The text of all cells of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Texts<'a> {
    pub cells: Vec<Cow<'a, str>>,
    /// How many there are in the row, also where that is more than are kept.
    pub width: usize,
    /// A quote was opened that nothing closes.
    pub stray: bool,
}

/// Splits `row` into texts.
pub(super) fn texts(row: &str, dialect: Dialect) -> Texts<'_> {
    let mut split = Split::new(row.as_bytes(), dialect);
    let mut cells = Vec::new();
    let mut width = 0;
    for cell in split.by_ref() {
        width += 1;
        if cells.len() < MOST_CELLS {
            cells.push(text(cell));
        }
    }
    Texts { cells, width, stray: split.stray }
}

/// The cells of a row that has more than `width`, where it is plain which separators are text: a space stands behind
/// those of a text and behind no other. Only texts of the columns `prose` are put together again, as they stood;
/// `None` where that does not give `width` cells.
pub(super) fn rejoined<'a>(
    row: &'a str,
    dialect: Dialect,
    width: usize,
    prose: &[usize],
) -> Option<Texts<'a>> {
    let mut split = Split::new(row.as_bytes(), dialect);
    let mut cells: Vec<Cow<'a, str>> = Vec::new();
    // Where the last cell begins, if it stands without quotes.
    let mut open = None;
    while let Some(start) = split.at {
        let cell = split.next()?;
        let goes_on = !cell.quoted && cell.bytes.starts_with(b" ") && !cell.bytes.trim_ascii().is_empty();
        if let (true, Some(began)) = (goes_on, open) {
            let end = split.at.map_or(row.len(), |next| next - 1);
            let column = cells.len().checked_sub(1).filter(|column| prose.contains(column))?;
            *cells.get_mut(column)? = Cow::Borrowed(row.get(began..end)?);
        } else if cells.len() == MOST_CELLS {
            return None;
        } else {
            cells.push(text(cell));
            open = (!cell.quoted).then_some(start);
        }
    }
    let fits = cells.len() >= width && cells.iter().skip(width).all(|cell| cell.trim().is_empty());
    (fits && !split.stray).then_some(Texts { width: cells.len(), cells, stray: false })
}

/// Quotes undoubled. Delimiters and quotes are ASCII, so a cell of valid text is valid text.
fn text(cell: Cell<'_>) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(cell.bytes);
    if cell.quoted && memchr(QUOTE, cell.bytes).is_some() { text.replace("\"\"", "\"").into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(row: &str) -> Vec<String> {
        let dialect = Dialect { delimiter: b',', end: b'\n' };
        texts(row, dialect).cells.into_iter().map(Cow::into_owned).collect()
    }

    #[test]
    fn cells() {
        assert_eq!(split("a,\"b, \"\"c\"\"\",,d"), ["a", "b, \"c\"", "", "d"]);
        assert_eq!(split("\"a\nb\", \"c,d\" ,e\"f"), ["a\nb", "c,d", "e\"f"]);
        assert_eq!(split(""), [""]);
        assert_eq!(split("a,"), ["a", ""]);
        assert_eq!(split("\"\",\"\"\"\""), ["", "\""]);
    }

    #[test]
    fn texts_are_whole_again_where_it_is_plain_how() {
        let dialect = Dialect { delimiter: b',', end: b'\n' };
        let whole = |row: &str, width, prose: &[usize]| {
            let cells = rejoined(row, dialect, width, prose)?.cells;
            Some(cells.into_iter().map(Cow::into_owned).collect::<Vec<_>>())
        };
        let strings = |cells: &[&str]| Some(cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>());
        assert_eq!(whole("q?,No, it is, too old.", 2, &[0, 1]), strings(&["q?", "No, it is, too old."]));
        assert_eq!(whole("Hi, q?,No.", 2, &[0, 1]), strings(&["Hi, q?", "No."]));
        assert_eq!(whole("1,ana,Hi, \"you\",5,,", 4, &[2]), None);
        assert_eq!(
            whole("1,ana,Hi, you,\"a, b\",,", 4, &[2]),
            strings(&["1", "ana", "Hi, you", "a, b", "", ""])
        );
        // No space behind a separator, a column that holds no text, quotes, a separator between blanks.
        assert_eq!(whole("q?,It costs 1,000 euro", 2, &[0, 1]), None);
        assert_eq!(whole("1, agent,10,000 pieces", 3, &[2]), None);
        assert_eq!(whole("7,Doe, John,Hello", 3, &[2]), None);
        assert_eq!(whole("q?,\"No\", it is", 2, &[0, 1]), None);
        assert_eq!(whole("q?,No, ,x", 2, &[0, 1]), None);
    }

    #[test]
    fn quotes_that_are_text() {
        assert_eq!(split("1,\"a,b"), ["1", "\"a", "b"]);
        assert_eq!(split("1,\"Refund\" please,b"), ["1", "\"Refund\" please", "b"]);
        assert_eq!(split("1,\"Refund\" please,\"b, c\""), ["1", "\"Refund\" please", "b, c"]);
        assert_eq!(split("1,\"say \"hi\", ok\",b"), ["1", "say \"hi", " ok\"", "b"]);
        assert_eq!(split("1,\"cut, in\nthe middle"), ["1", "cut, in\nthe middle"]);
    }
}
