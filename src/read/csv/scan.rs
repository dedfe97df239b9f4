//! Where a quoted cell and a row end, also where quotes are not what they should be.
//!
//! The format of RFC 4180 with the liberties that exports take. A quote opens a cell only at its beginning
//! and closes it only before a delimiter or a line end; any other is text. A lone carriage return never ends
//! a row. A stray quote would swallow rows up to the next quote, so a quoted cell is given up, and its row
//! ends with its line, when what it swallows looks like rows. The splitting of a row (`split`) asks the same
//! function, so both always agree.

use memchr::{memchr, memchr2};

use super::dialect::{Dialect, trimmed};
use super::split::count;

/// The only quote there is.
pub(super) const QUOTE: u8 = b'"';
/// Lines behind a suspected quote that are looked at.
const LINES_JUDGED: usize = 50;

/// Where a row ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// It ends at `end`; the next begins at `next`.
    Record { end: usize, next: usize },
    /// It does not end in these bytes. Inside a quoted cell of several lines, `quoted_from` is the cell's
    /// first line end, where the row ends if the quote is stray.
    Open { quoted_from: Option<usize> },
}

/// What a quoted cell turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Quoted {
    /// Closed: its text ends at `inner_end`, the delimiter or line end behind it is at `after`.
    Closed { inner_end: usize, after: usize, first_line_end: Option<usize>, odd: bool },
    /// The opening quote is stray, and its row ends at `line_end`.
    Stray { line_end: usize },
    /// The opening quote is text, and the cell has no quotes around it.
    Text,
    /// The bytes end before it closes.
    Open { first_line_end: Option<usize> },
}

/// What a row of this table looks like.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Judge {
    /// Cells of the header; 0 or 1 when nothing can be judged by it.
    pub width: usize,
}

impl Judge {
    /// Whether at least `percent` of the lines of `bytes` from `from` on look like rows.
    pub(super) fn are_rows(self, bytes: &[u8], from: usize, dialect: Dialect, percent: usize) -> bool {
        let (mut lines, mut rows) = (0, 0);
        let rest = bytes.get(from..).unwrap_or_default();
        for line in rest.split(|byte| *byte == dialect.end) {
            if line.trim_ascii().is_empty() {
                continue;
            }
            lines += 1;
            rows += usize::from(self.is_row(trimmed(line, dialect), dialect));
            if lines == LINES_JUDGED {
                break;
            }
        }
        lines > 0 && rows * 100 >= lines * percent
    }

    fn is_row(self, line: &[u8], dialect: Dialect) -> bool {
        self.width > 1 && count(line, dialect) == self.width
    }
}

/// Where the row at the beginning of `bytes` ends; `ended` when the source ends with them.
pub(super) fn bound(bytes: &[u8], dialect: Dialect, ended: bool, judge: Judge) -> Bound {
    let (mut at, mut first_line_end, mut strange) = (0, None, false);
    loop {
        let Some(skip) = memchr2(QUOTE, dialect.end, &bytes[at..]) else {
            return Bound::Open { quoted_from: None };
        };
        let here = at + skip;
        if bytes[here] == dialect.end {
            // A row of several lines that is not what it should be, and whose further lines are rows: a stray
            // quote.
            if let Some(line_end) = first_line_end
                && (strange
                    || (judge.width > 1 && count(trimmed(&bytes[..here], dialect), dialect) != judge.width))
                && judge.are_rows(&bytes[..here], line_end + 1, dialect, 80)
            {
                return record(line_end);
            }
            return record(here);
        }
        if !opens(bytes, here, dialect) {
            at = here + 1;
            continue;
        }
        match quoted(bytes, here, dialect, ended) {
            Quoted::Closed { after, first_line_end: crossed, odd, .. } => {
                at = after;
                first_line_end = first_line_end.or(crossed);
                strange |= odd;
            }
            Quoted::Stray { line_end } => return record(line_end),
            Quoted::Text => at = here + 1,
            Quoted::Open { first_line_end } => return Bound::Open { quoted_from: first_line_end },
        }
    }
}

fn record(end: usize) -> Bound {
    Bound::Record { end, next: end + 1 }
}

/// Whether the quote at `here` stands at the beginning of a cell, spaces aside.
fn opens(bytes: &[u8], here: usize, dialect: Dialect) -> bool {
    bytes[..here].iter().rfind(|byte| **byte != b' ').is_none_or(|before| *before == dialect.delimiter)
}

/// The cell whose opening quote is at `open`.
pub(super) fn quoted(bytes: &[u8], open: usize, dialect: Dialect, ended: bool) -> Quoted {
    let mut at = open + 1;
    let (mut first_line_end, mut quotes, mut odd) = (None, 1, false);
    loop {
        let rest = &bytes[at..];
        let found =
            if first_line_end.is_none() { memchr2(QUOTE, dialect.end, rest) } else { memchr(QUOTE, rest) };
        let Some(skip) = found else { return Quoted::Open { first_line_end } };
        let here = at + skip;
        if bytes[here] == dialect.end {
            // `5,"Refund" please,x`: quotes that pair up within their line are text.
            if odd && quotes % 2 == 0 {
                return Quoted::Text;
            }
            first_line_end = Some(here);
            at = here + 1;
            continue;
        }
        let run = bytes[here..].iter().take_while(|byte| **byte == QUOTE).count();
        let after = here + run;
        let may_open = bytes[here - 1] == dialect.delimiter || bytes[here - 1] == dialect.end;
        if odd && quotes % 2 == 0 && may_open && first_line_end.is_none() {
            return Quoted::Text;
        }
        quotes += run;
        // Pairs are quotes in the text.
        if run % 2 == 1 || (after == bytes.len() && !ended) {
            match closes(bytes, after, dialect, ended) {
                Closing::Unknown => return Quoted::Open { first_line_end },
                Closing::At(next) => {
                    return Quoted::Closed { inner_end: after - 1, after: next, first_line_end, odd };
                }
                Closing::No => {
                    // On a later line a quote that can only be an opening one: the first was stray.
                    if let Some(line_end) = first_line_end
                        && may_open
                    {
                        return Quoted::Stray { line_end };
                    }
                    odd = true;
                }
            }
        }
        at = after;
    }
}

enum Closing {
    At(usize),
    No,
    Unknown,
}

/// Whether what follows a quote (spaces aside) ends the cell.
fn closes(bytes: &[u8], after: usize, dialect: Dialect, ended: bool) -> Closing {
    let at_end = |at| if ended { Closing::At(at) } else { Closing::Unknown };
    let spaces = bytes[after..].iter().take_while(|byte| **byte == b' ').count();
    let at = after + spaces;
    match bytes.get(at) {
        None => at_end(at),
        Some(byte) if *byte == dialect.delimiter || *byte == dialect.end => Closing::At(at),
        Some(b'\r') if dialect.end == b'\n' => match bytes.get(at + 1) {
            None => at_end(bytes.len()),
            Some(b'\n') => Closing::At(at),
            Some(_) => Closing::No,
        },
        Some(_) => Closing::No,
    }
}

#[cfg(test)]
mod tests {
    use super::super::dialect::Rows;
    use super::*;

    const COMMA: Dialect = Dialect { delimiter: b',', end: b'\n' };

    fn rows(text: &str) -> Vec<&str> {
        let judge = Judge { width: 3 };
        Rows::new(text.as_bytes(), true, COMMA)
            .judged(judge)
            .map(|row| std::str::from_utf8(row).unwrap())
            .collect()
    }

    #[test]
    fn rows_end_at_line_feeds_outside_quotes() {
        assert_eq!(rows("a,b,c\r\n\n1,\"x\ny\",2\n3,4,5"), ["a,b,c", "1,\"x\ny\",2", "3,4,5"]);
        assert_eq!(rows("1,\"a \"\"b\"\"\n, c\",3\nx,y,z\n"), ["1,\"a \"\"b\"\"\n, c\",3", "x,y,z"]);
        assert_eq!(rows("1,hi \r\rthere,2\n3,4,5\n"), ["1,hi \r\rthere,2", "3,4,5"]);
        assert_eq!(rows("1,5\" pipe,2\n3,4,5\n"), ["1,5\" pipe,2", "3,4,5"]);
        assert_eq!(rows("1, \"a\nb\" ,2\n3,4,5\n"), ["1, \"a\nb\" ,2", "3,4,5"]);
        assert_eq!(rows("1,\"\",2\n3,\"\"\"\"\"\",5\n"), ["1,\"\",2", "3,\"\"\"\"\"\",5"]);
    }

    #[test]
    fn one_stray_quote_hides_no_row() {
        // Up to the end of the file.
        assert_eq!(rows("1,\"a,b\n2,c,d\n3,e,f\n"), ["1,\"a,b", "2,c,d", "3,e,f"]);
        // Up to a row with proper quotes, which would close the cell with the right width.
        assert_eq!(rows("1,\"a,b\n2,\"c, d\",e\n3,f,g\n"), ["1,\"a,b", "2,\"c, d\",e", "3,f,g"]);
        assert_eq!(rows("\"1\",\"a,\"b\"\n\"2\",\"c\",\"d\"\n"), ["\"1\",\"a,\"b\"", "\"2\",\"c\",\"d\""]);
        // Up to an inch sign at the end of a cell.
        assert_eq!(rows("1,\"a,b\n2,c,d\n3,e,5\"\n4,f,g\n"), ["1,\"a,b", "2,c,d", "3,e,5\"", "4,f,g"]);
        assert_eq!(rows("1,\"a\" b,\"c\nd\"\n2,c,d\n"), ["1,\"a\" b,\"c\nd\"", "2,c,d"]);
        // Words in quotes that are not escaped.
        assert_eq!(rows("1,\"Refund\" please,b\n2,c,d\n"), ["1,\"Refund\" please,b", "2,c,d"]);
        assert_eq!(rows("1,\"say \"hi\" to\nme\",b\n2,c,d\n"), ["1,\"say \"hi\" to\nme\",b", "2,c,d"]);
    }

    #[test]
    fn a_cell_cut_at_the_end_of_the_file_stays_whole() {
        assert_eq!(rows("1,a,b\n2,\"long text\nwithout an end"), ["1,a,b", "2,\"long text\nwithout an end"]);
    }
}
