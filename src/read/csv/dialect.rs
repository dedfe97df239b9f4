//! How a table separates its cells and rows, recognised from its head.

use super::scan::{Bound, Judge, bound};
use super::split::count;

/// The separators of one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Between cells.
    pub delimiter: u8,
    /// After a row: a line feed, or a carriage return in files of old Macs, which have no line feed at all.
    pub end: u8,
}

/// Tried in this order; of equally good ones the first is taken.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Rows of the head that are split to compare delimiters.
const ROWS_COMPARED: usize = 60;

/// What the head says about the separators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sniffed {
    pub dialect: Dialect,
    /// The file names its delimiter in a first line `sep=;`, which is not a row.
    pub named: bool,
}

/// The separators of the table that begins with `head`.
pub(super) fn sniff(head: &[u8], complete: bool, forced: Option<u8>, file_name: &str) -> Sniffed {
    let old_mac = memchr::memchr(b'\n', head).is_none() && memchr::memchr_iter(b'\r', head).count() > 1;
    let end = if old_mac { b'\r' } else { b'\n' };
    let named = named_delimiter(head, end);
    let delimiter = forced.or(named).unwrap_or_else(|| {
        let tabs = [".tsv", ".tab"].iter().any(|suffix| file_name.ends_with(suffix));
        let usual = if tabs { b'\t' } else { b',' };
        let candidates = [usual].into_iter().chain(CANDIDATES);
        let scored = candidates
            .map(|delimiter| (agreement(head, complete, Dialect { delimiter, end }), delimiter))
            .reduce(|best, next| if next.0 > best.0 { next } else { best });
        scored.filter(|((share, _), _)| *share > 0).map_or(usual, |(_, delimiter)| delimiter)
    });
    Sniffed { dialect: Dialect { delimiter, end }, named: named.is_some() }
}

/// `sep=;`, which Excel writes and reads as a first line, with or without quotes.
fn named_delimiter(head: &[u8], end: u8) -> Option<u8> {
    let line = head.split(|byte| *byte == end).next()?.trim_ascii_end();
    let line = line.strip_prefix(b"\"").map_or(line, |line| line.strip_suffix(b"\"").unwrap_or(line));
    match line {
        // A tab at the end of the line was trimmed away with the white space.
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'='] => Some(b'\t'),
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] if delimiter.is_ascii_punctuation() => {
            Some(*delimiter)
        }
        _ => None,
    }
}

/// How many of a thousand rows are as wide as the first, and that width; nothing when there is one column.
fn agreement(head: &[u8], complete: bool, dialect: Dialect) -> (usize, usize) {
    let (mut width, mut rows, mut agreeing) = (0, 0, 0);
    for row in Rows::new(head, complete, dialect).take(ROWS_COMPARED) {
        let cells = count(row, dialect);
        if width == 0 {
            width = cells;
        }
        rows += 1;
        agreeing += usize::from(cells == width);
    }
    if width < 2 { (0, 0) } else { (agreeing * 1000 / rows.max(1), width) }
}

/// The rows of a slice: what the framing finds in a stream, for the head of a table.
pub(super) struct Rows<'a> {
    bytes: &'a [u8],
    complete: bool,
    dialect: Dialect,
    judge: Judge,
    at: usize,
}

impl<'a> Rows<'a> {
    /// The rows of `bytes`; the last one is left out when it is not `complete`. Blank lines are passed over.
    pub(super) fn new(bytes: &'a [u8], complete: bool, dialect: Dialect) -> Self {
        Self { bytes, complete, dialect, judge: Judge::default(), at: 0 }
    }

    /// Knows what a row looks like, to recover from stray quotes.
    pub(super) fn judged(mut self, judge: Judge) -> Self {
        self.judge = judge;
        self
    }
}

impl<'a> Iterator for Rows<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
            let (end, next) = match bound(rest, self.dialect, self.complete, self.judge) {
                Bound::Record { end, next } => (end, next),
                Bound::Open { quoted_from } => match quoted_from {
                    Some(line_end) if self.judge.are_rows(rest, line_end + 1, self.dialect, 50) => {
                        (line_end, line_end + 1)
                    }
                    _ if self.complete => (rest.len(), rest.len()),
                    _ => return None,
                },
            };
            let row = trimmed(&rest[..end], self.dialect);
            self.at += next;
            if !row.trim_ascii().is_empty() || row.contains(&self.dialect.delimiter) {
                return Some(row);
            }
        }
    }
}

/// A row without the carriage return that belongs to its line end.
pub(super) fn trimmed(row: &[u8], dialect: Dialect) -> &[u8] {
    if dialect.end == b'\n' { row.strip_suffix(b"\r").unwrap_or(row) } else { row }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delimiter(text: &str, name: &str) -> char {
        char::from(sniff(text.as_bytes(), true, None, name).dialect.delimiter)
    }

    #[test]
    fn delimiters_are_found_outside_quotes() {
        assert_eq!(delimiter("id;price;text\n1;3,50;\"a, b, c\"\n2;4,50;\"x;y\"\n", "a.csv"), ';');
        assert_eq!(delimiter("a\tb\n\"x, y\"\tz\n", "a.csv"), '\t');
        assert_eq!(delimiter("a|b\nx, y|z\n", "a"), '|');
        assert_eq!(delimiter("one\ntwo\n", "a.tsv"), '\t');
        assert_eq!(delimiter("one\ntwo\n", "a.csv"), ',');
        assert_eq!(delimiter("sep=#\na#b\n", "a.csv"), '#');
        assert_eq!(delimiter("sep=\t\r\na\tb\r\n", "a.csv"), '\t');
    }

    #[test]
    fn old_macs_end_lines_with_a_carriage_return() {
        let text = b"a,b\r1,2\r3,4";
        let dialect = sniff(text, true, None, "a.csv").dialect;
        assert_eq!(dialect.end, b'\r');
        assert_eq!(Rows::new(text, true, dialect).count(), 3);
    }
}
