//! The header of a message: `[15.01.24, 10:30:45] Ana: …` of iPhones, `15/01/2024, 10:30 - Ana: …` of Android, in the
//! habits of all locales: dots, slashes or hyphens, year first or last, clocks of twelve hours, Arabic digits.
//!
//! Bytes are looked at once, from left to right, and nothing is copied: framing asks this of every line.

/// Digits of a date in the order in which they are written, and the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    /// The three numbers of the date.
    pub fields: [u16; 3],
    /// The first number has four digits.
    pub year_first: bool,
    /// The third number has four digits.
    pub year_last: bool,
    /// Milliseconds since midnight.
    pub clock: i64,
    /// The clock has twelve hours, marked in capitals (`AM`), as American phones do.
    pub capital_half: bool,
    /// A number of the date has a leading zero.
    pub padded: bool,
}

/// What stands before a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub stamp: Stamp,
    /// In brackets, as iPhones write it.
    pub bracket: bool,
    /// The date has slashes or dots, or a comma follows it: no other log is written so.
    pub telling: bool,
    /// The date has dots.
    pub dots: bool,
    /// An invisible mark stands before it, as iPhones put where the app wrote the message itself.
    pub marked: bool,
    /// Bytes of the line before the name.
    pub length: usize,
}

/// The header of `line`, if it has one.
pub(super) fn header(line: &[u8]) -> Option<Header> {
    // Nearly every line is decided by its first byte: a bracket, a digit, or the first byte of a mark or Arabic digit.
    if !matches!(line.first()?, b'[' | b'0'..=b'9' | 0xe2 | 0xd8 | 0xd9 | 0xdb | 0xef) {
        return None;
    }
    let mut cursor = Cursor { bytes: line, at: 0 };
    let marked = cursor.marks();
    let bracket = cursor.take(b"[");
    let (fields, widths, separator) = cursor.date()?;
    let comma = cursor.take(b",") || cursor.take("،".as_bytes());
    if !cursor.spaces() && !comma {
        return None;
    }
    let before = cursor.half_before();
    let (mut clock, hour) = cursor.clock()?;
    let after = if before.is_none() { cursor.half_after() } else { None };
    if let Some(afternoon) = before.or(after.map(|half| half.0)) {
        // Hours above twelve need no half.
        let half = if hour > 12 { hour } else { hour % 12 + if afternoon { 12 } else { 0 } };
        clock += (half - hour) * 3_600_000;
    }
    if bracket {
        cursor.spaces();
        if !cursor.take(b"]") {
            return None;
        }
        cursor.spaces();
    } else {
        if !cursor.spaces() || !(cursor.take(b"-") || cursor.take("–".as_bytes())) {
            return None;
        }
        if !cursor.spaces() && cursor.at < line.len() {
            return None;
        }
    }
    let stamp = Stamp {
        fields,
        year_first: widths[0] == 4,
        year_last: widths[2] == 4,
        clock,
        capital_half: after.is_some_and(|half| half.1),
        padded: fields.iter().zip(widths).take(2).any(|(field, width)| width == 2 && *field < 10),
    };
    let (telling, dots) = (comma || separator != b'-', separator == b'.');
    stamp.is_date().then_some(Header { stamp, bracket, telling, dots, marked, length: cursor.at })
}

impl Stamp {
    /// Whether the numbers are a date in any order.
    fn is_date(&self) -> bool {
        let [a, b, c] = self.fields;
        let day_and_month = |one: u16, other: u16| {
            (1..=31).contains(&one) && (1..=31).contains(&other) && (one <= 12 || other <= 12)
        };
        if self.year_first {
            day_and_month(b, c)
        } else {
            day_and_month(a, b) || !self.year_last && day_and_month(b, c)
        }
    }
}

/// A place in a line.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    /// The next byte, for the decision that is nearly always taken by it.
    fn next(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, token: &[u8]) -> bool {
        let found = self.rest().starts_with(token);
        self.at += if found { token.len() } else { 0 };
        found
    }

    /// Passes over invisible marks: U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069, U+061C, U+FEFF.
    fn marks(&mut self) -> bool {
        let start = self.at;
        while self.next().is_some_and(|byte| !byte.is_ascii()) {
            self.at += match self.rest() {
                [0xe2, 0x80, 0x8e | 0x8f | 0xaa..=0xae, ..]
                | [0xe2, 0x81, 0xa6..=0xa9, ..]
                | [0xef, 0xbb, 0xbf, ..] => 3,
                [0xd8, 0x9c, ..] => 2,
                _ => break,
            };
        }
        self.at > start
    }

    /// Passes over spaces of all widths, and marks among them; whether there was a space.
    fn spaces(&mut self) -> bool {
        let mut found = false;
        loop {
            match self.next() {
                Some(b' ' | b'\t') => {
                    found = true;
                    self.at += 1;
                    continue;
                }
                Some(byte) if !byte.is_ascii() => {}
                _ => return found,
            }
            let width = match self.rest() {
                // A single 0xa0 is the no-break space of files that are not UTF-8.
                [0xa0, ..] => 1,
                [0xc2, 0xa0, ..] => 2,
                [0xe2, 0x80, 0x89 | 0xaf, ..] => 3,
                _ => 0,
            };
            if width == 0 && !self.marks() {
                return found;
            }
            found |= width > 0;
            self.at += width;
        }
    }

    /// A number of one to four digits, ASCII or Arabic, and how many they are.
    fn number(&mut self) -> Option<(u16, usize)> {
        let (mut value, mut width) = (0, 0);
        loop {
            let (digit, bytes) = match self.next() {
                Some(digit @ b'0'..=b'9') => (digit - b'0', 1),
                Some(0xd9 | 0xdb) => match self.arabic_digit() {
                    Some(digit) => (digit, 2),
                    None => break,
                },
                _ => break,
            };
            if width == 4 {
                return None;
            }
            value = value * 10 + u16::from(digit);
            width += 1;
            self.at += bytes;
        }
        (width > 0).then_some((value, width))
    }

    /// A digit of Arabic or of Persian.
    fn arabic_digit(&self) -> Option<u8> {
        match self.rest() {
            [0xd9, digit @ 0xa0..=0xa9, ..] => Some(digit - 0xa0),
            [0xdb, digit @ 0xb0..=0xb9, ..] => Some(digit - 0xb0),
            _ => None,
        }
    }

    /// Three numbers with one sort of sign between them, and that sign. Arabic exports put marks around the signs.
    fn date(&mut self) -> Option<([u16; 3], [usize; 3], u8)> {
        let (first, width) = self.number()?;
        self.marks();
        let separator = *self.rest().first().filter(|sign| matches!(sign, b'/' | b'.' | b'-'))?;
        self.at += 1;
        // `2024. 1. 5.` in Korean and Hungarian.
        self.spaces();
        let (second, second_width) = self.number()?;
        self.marks();
        if !self.take(&[separator]) {
            return None;
        }
        self.spaces();
        let (third, third_width) = self.number()?;
        self.marks();
        if separator == b'.' {
            self.take(b".");
        }
        let widths = [width, second_width, third_width];
        let fits = matches!(widths, [4, 1 | 2, 1 | 2] | [1 | 2, 1 | 2, 2 | 4]);
        fits.then_some(([first, second, third], widths, separator))
    }

    /// The clock in milliseconds, and its hour.
    fn clock(&mut self) -> Option<(i64, i64)> {
        let (hour, width) = self.number()?;
        let colon = self.take(b":");
        if width > 2 || hour > 24 || !(colon || self.take(b".")) {
            return None;
        }
        let (minute, 2) = self.number()? else { return None };
        let (mut second, before) = (0, self.at);
        if self.take(if colon { b":" } else { b"." }) {
            match self.number() {
                Some((value, 2)) => second = value,
                _ => self.at = before,
            }
        }
        if minute > 59 || second > 60 {
            return None;
        }
        let hour = i64::from(hour);
        Some((hour * 3_600_000 + i64::from(minute) * 60_000 + i64::from(second) * 1000, hour))
    }

    /// What stands before the clock in Chinese, Japanese and Korean: whether it is afternoon.
    fn half_before(&mut self) -> Option<bool> {
        if self.rest().first().is_none_or(|byte| *byte < 0xe4) {
            return None;
        }
        let half = HALVES_BEFORE.iter().find(|(word, _)| self.rest().starts_with(word.as_bytes()))?;
        self.at += half.0.len();
        self.spaces();
        Some(half.1)
    }

    /// `AM`, `pm`, `p. m.`, `ص`: whether it is afternoon, and whether it is written in capitals.
    fn half_after(&mut self) -> Option<(bool, bool)> {
        let start = self.at;
        let found = self.half();
        if found.is_none() {
            self.at = start;
        }
        found
    }

    fn half(&mut self) -> Option<(bool, bool)> {
        self.spaces();
        for (word, afternoon) in [("ص", false), ("م", true)] {
            if self.take(word.as_bytes()) {
                // Written out: `صباحًا`, `مساءً`.
                while matches!(self.rest(), [0xd8..=0xdb, 0x80..=0xbf, ..]) {
                    self.at += 2;
                }
                return Some((afternoon, false));
            }
        }
        let (afternoon, capital) = match self.rest().first()? {
            b'a' => (false, false),
            b'A' => (false, true),
            b'p' => (true, false),
            b'P' => (true, true),
            _ => return None,
        };
        self.at += 1;
        if self.take(b".") {
            self.spaces();
        }
        if !self.take(b"m") && !self.take(b"M") {
            return None;
        }
        self.take(b".");
        (!self.rest().first().is_some_and(u8::is_ascii_alphanumeric)).then_some((afternoon, capital))
    }
}

/// Words of the half of a day before a clock.
const HALVES_BEFORE: &[(&str, bool)] = &[
    ("上午", false),
    ("下午", true),
    ("凌晨", false),
    ("早上", false),
    ("中午", true),
    ("晚上", true),
    ("午前", false),
    ("午後", true),
    ("오전", false),
    ("오후", true),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The fields, the clock as hours, minutes and seconds, and what follows.
    type Told<'a> = ([u16; 3], (i64, i64, i64), &'a str);

    fn told(line: &str) -> Option<Told<'_>> {
        let header = header(line.as_bytes())?;
        let seconds = header.stamp.clock / 1000;
        let clock = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        Some((header.stamp.fields, clock, line.get(header.length..).expect("between characters")))
    }

    #[test]
    fn every_form_that_was_reported() {
        for (line, fields, clock) in [
            ("[15.01.24, 10:30:45] Ana: hi", [15, 1, 24], (10, 30, 45)),
            ("[1/15/24, 10:30:45\u{202f}AM] Ana: hi", [1, 15, 24], (10, 30, 45)),
            ("\u{200e}[15/01/2024, 10:30:45] Ana: hi", [15, 1, 2024], (10, 30, 45)),
            ("[2024/10/31 15:50:46] Ana: hi", [2024, 10, 31], (15, 50, 46)),
            ("15/01/2024, 10:30 - Ana: hi", [15, 1, 2024], (10, 30, 0)),
            ("1/4/23, 7:02\u{202f}PM - Ana: hi", [1, 4, 23], (19, 2, 0)),
            ("7/19/22, 11:26 pm - Ana: hi", [7, 19, 22], (23, 26, 0)),
            ("7/19/22, 12:26 am - Ana: hi", [7, 19, 22], (0, 26, 0)),
            ("20/6/2017 8:28 p.\u{a0}m. - Ana: hi", [20, 6, 2017], (20, 28, 0)),
            ("2024/1/5 09:14 - Ana: hi", [2024, 1, 5], (9, 14, 0)),
            ("06.08.2016, 13:23 - Ana: hi", [6, 8, 2016], (13, 23, 0)),
            ("[15-01-20 02:22:56] Ana: hi", [15, 1, 20], (2, 22, 56)),
            ("٢٠\u{200f}/١\u{200f}/٢٠٢٤، ٩:١٤ م - Ana: hi", [20, 1, 2024], (21, 14, 0)),
            ("\u{200f}[٢٠/١/٢٠٢٤، ٩:١٤:٠٢ ص] Ana: hi", [20, 1, 2024], (9, 14, 2)),
            ("2024/1/5 下午9:14 - Ana: hi", [2024, 1, 5], (21, 14, 0)),
            ("2024. 1. 5. 오전 9:14 - Ana: hi", [2024, 1, 5], (9, 14, 0)),
            ("15.1.2024 9.14 - Ana: hi", [15, 1, 2024], (9, 14, 0)),
        ] {
            assert_eq!(told(line), Some((fields, clock, "Ana: hi")), "{line}");
        }
    }

    #[test]
    fn what_people_write_is_no_header() {
        for line in [
            "",
            "[",
            "hello",
            "12:30 works",
            "15/01/2024 is fine",
            "15/01/2024, 10:30",
            "15/01/2024, 10:30 and later",
            "15/01/2024, 10:30-11:30",
            "[15/01, 10:30] Ana: hi",
            "99/99/2024, 10:30 - Ana: hi",
            "15/13/2024, 10:30 - Ana: hi",
            "15/01/2024, 10:75 - Ana: hi",
            "12345/01/2024, 10:30 - Ana: hi",
            "1.5-2.5 - x",
            "0800 12 34 - call",
            "\u{200e}",
            "10/100/2024, 10:30 - Ana",
        ] {
            assert_eq!(told(line), None, "{line}");
        }
    }
}
