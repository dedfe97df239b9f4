//! Groups of digits with what stands between them, which most numbers of people are made of.
//!
//! A row is what one number may be: groups of digits joined by a space, a hyphen, a full stop, a slash or a bracket. Whether
//! it is one, and of which kind, is for the kinds to say.

use std::ops::Range;

use super::Text;

/// One group of digits side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group {
    /// First byte.
    pub start: usize,
    /// First byte behind it.
    pub end: usize,
}

impl Group {
    /// Digits.
    pub fn len(self) -> usize {
        self.end - self.start
    }
}

/// The groups of a text, by row.
#[derive(Debug, Default)]
pub(super) struct Numerals {
    groups: Vec<Group>,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    groups: Range<usize>,
    /// The row hangs on something before it: a letter, a hyphen after a word, a currency sign.
    hangs_before: bool,
    /// The same behind it.
    hangs_behind: bool,
}

/// What a kind says of a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is one.
    Is,
    /// It is none, and no part of it is one.
    Never,
    /// It is none; a part of it may be one.
    Not,
}

/// Some groups of one row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch<'a> {
    /// The groups; at least one.
    pub groups: &'a [Group],
    /// They are all that the row has.
    pub whole: bool,
}

impl Stretch<'_> {
    /// From the first digit to the last.
    pub fn range(&self) -> Range<usize> {
        let start = self.groups.first().map_or(0, |group| group.start);
        start..self.groups.last().map_or(start, |group| group.end)
    }

    /// How many digits.
    pub fn digit_count(&self) -> usize {
        self.groups.iter().map(|group| group.len()).sum()
    }

    /// The digits as numbers from 0 to 9.
    pub fn digits(&self, text: &Text<'_>) -> Vec<u8> {
        let bytes = self.groups.iter().filter_map(|group| text.bytes().get(group.start..group.end));
        bytes.flatten().map(|byte| byte - b'0').collect()
    }

    /// What stands between the groups.
    pub fn between<'t>(&self, text: &Text<'t>) -> impl Iterator<Item = &'t str> {
        self.groups
            .windows(2)
            .map(|pair| {
                pair.first().zip(pair.last()).and_then(|(one, next)| text.text.get(one.end..next.start))
            })
            .map(Option::unwrap_or_default)
    }

    /// Whether it looks like `picture`: a `0` for each digit, and what stands between the groups as it is written.
    pub fn fits(&self, text: &Text<'_>, picture: &str) -> bool {
        let range = self.range();
        range.len() == picture.len()
            && text.bytes().get(range).is_some_and(|bytes| {
                bytes.iter().zip(picture.bytes()).all(|(&byte, wanted)| {
                    if wanted == b'0' { byte.is_ascii_digit() } else { byte == wanted }
                })
            })
    }
}

/// Most groups to one number: more are a table or a list.
const MOST_GROUPS: usize = 9;

impl Numerals {
    /// Every stretch that may be a number by itself: between ends of its row that hang on nothing, and spaces. Of those
    /// that begin at one place the longest comes first; those that overlap one that is taken are passed over.
    pub fn each(&self, text: &Text<'_>, mut judge: impl FnMut(Stretch<'_>) -> Verdict) {
        for row in &self.rows {
            let groups = self.groups.get(row.groups.clone()).unwrap_or_default();
            let blank = |one: usize| {
                let pair = groups.get(one).zip(groups.get(one + 1));
                let between = pair.and_then(|(one, next)| text.text.get(one.end..next.start));
                between.is_some_and(|between| between.contains(' '))
            };
            let mut start = 0;
            while start < groups.len() {
                let may_begin = if start == 0 { !row.hangs_before } else { blank(start - 1) };
                let ends = (start..groups.len().min(start + MOST_GROUPS)).rev();
                let taken = ends.filter(|_| may_begin).find(|&end| {
                    let may_end = if end + 1 == groups.len() { !row.hangs_behind } else { blank(end) };
                    let whole = start == 0 && end + 1 == groups.len();
                    may_end
                        && groups
                            .get(start..=end)
                            .is_some_and(|groups| judge(Stretch { groups, whole }) != Verdict::Not)
                });
                start = taken.map_or(start, |end| end) + 1;
            }
        }
    }

    /// The groups of each row, whatever they hang on.
    pub fn rows(&self) -> impl Iterator<Item = &[Group]> {
        self.rows.iter().filter_map(|row| self.groups.get(row.groups.clone()))
    }

    /// Those that look like one of `pictures` and that `take` takes.
    pub fn like(
        &self,
        text: &Text<'_>,
        pictures: &[&str],
        found: &mut Vec<Range<usize>>,
        take: impl Fn(&[u8], Range<usize>) -> bool,
    ) {
        self.each(text, |stretch| {
            let fits = pictures.iter().any(|picture| stretch.fits(text, picture));
            if fits && take(&stretch.digits(text), stretch.range()) {
                found.push(stretch.range());
                return Verdict::Is;
            }
            Verdict::Not
        });
    }
}

/// Finds the groups of digits of a text.
pub(super) fn numerals(text: &str) -> Numerals {
    let bytes = text.as_bytes();
    let mut numerals = Numerals::default();
    let mut at = 0;
    while let Some(skip) = bytes.get(at..).and_then(|rest| rest.iter().position(u8::is_ascii_digit)) {
        let start = at + skip;
        let length =
            bytes.get(start..).map_or(0, |rest| rest.iter().take_while(|byte| byte.is_ascii_digit()).count());
        let end = start + length;
        at = end;
        let last = numerals.groups.last().filter(|_| !numerals.rows.is_empty());
        let joined = last.is_some_and(|last| text.get(last.end..start).is_some_and(joins));
        numerals.groups.push(Group { start, end });
        let index = numerals.groups.len();
        let hangs_behind = hangs_behind(bytes, end);
        match numerals.rows.last_mut().filter(|_| joined) {
            Some(row) => {
                row.groups.end = index;
                row.hangs_behind = hangs_behind;
            }
            None => numerals.rows.push(Row {
                groups: index - 1..index,
                hangs_before: hangs_before(bytes, start),
                hangs_behind,
            }),
        }
    }
    numerals
}

/// Whether groups on both sides of `between` may be of one number.
fn joins(between: &str) -> bool {
    matches!(
        between,
        " " | "-"
            | "."
            | "/"
            | "  "
            | " - "
            | " / "
            | ") "
            | ")"
            | " ("
            | "("
            | ")-"
            | "-("
            | ") -"
            | ").("
            | ").-"
            | ")/"
            | "/("
            | ") ("
    )
}

fn hangs_before(bytes: &[u8], start: usize) -> bool {
    let byte =
        |back: usize| start.checked_sub(back).and_then(|at| bytes.get(at)).copied().unwrap_or_default();
    match byte(1) {
        b'_' | b'#' | b'$' | b'@' | b'\\' | b'%' => true,
        letter if letter.is_ascii_alphanumeric() => true,
        // A part of a word or of a path, a decimal, a time; a hyphen after a space is a dash or a bullet.
        b'-' | b'/' | b'.' => byte(2).is_ascii_alphanumeric() || byte(2) == b'/',
        b',' | b':' => byte(2).is_ascii_digit(),
        // Other currencies: £, €, ₹, ¥.
        0xa3 | 0xa5 => byte(2) == 0xc2,
        0xac | 0xb9 => byte(2) == 0x82 && byte(3) == 0xe2,
        _ => false,
    }
}

fn hangs_behind(bytes: &[u8], end: usize) -> bool {
    let byte = |on: usize| bytes.get(end + on).copied().unwrap_or_default();
    match byte(0) {
        b'_' | b'@' | b'%' | b'$' => true,
        // Extensions of telephones: x12.
        b'x' | b'X' => !byte(1).is_ascii_digit(),
        letter if letter.is_ascii_alphanumeric() => true,
        b',' | b':' => byte(1).is_ascii_digit(),
        b'.' => byte(1).is_ascii_alphanumeric(),
        b'-' | b'/' => {
            byte(1).is_ascii_alphanumeric() && label(bytes.get(end + 1..).unwrap_or_default()).is_none()
        }
        _ => false,
    }
}

/// Words behind a number that say which of several it is: `…-Office`, `… (fax)`.
const LABELS: [&str; 11] =
    ["cell", "desk", "direct", "fax", "home", "mobile", "office", "phone", "tel", "telephone", "work"];

/// The label that `rest` begins with, as a word of its own.
pub(super) fn label(rest: &[u8]) -> Option<&'static str> {
    LABELS.into_iter().find(|label| {
        rest.split_at_checked(label.len()).is_some_and(|(head, behind)| {
            head.eq_ignore_ascii_case(label.as_bytes())
                && !behind.first().is_some_and(u8::is_ascii_alphanumeric)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretches(text: &str) -> Vec<String> {
        let text = Text::new(text);
        let mut all = Vec::new();
        text.numerals().each(&text, |stretch| {
            all.push(text.text[stretch.range()].to_owned());
            Verdict::Not
        });
        all
    }

    #[test]
    fn rows_are_cut_at_spaces_only() {
        assert_eq!(stretches("a 12-34 56, 7"), ["12-34 56", "12-34", "56", "7"]);
        assert_eq!(stretches("(12) 34"), ["12) 34", "12", "34"]);
        assert_eq!(stretches("INV-12-34 v1.2 $5 3% 10:20 1,000 A12 12A #7 a/b/12 x.12"), [""; 0]);
        assert_eq!(stretches("1. 2"), ["1", "2"]);
        assert_eq!(stretches("12-direct 34-works 7-telephone 56/TEL."), ["12", "7", "56"]);
        assert_eq!(stretches("12-Office 34-x €5 £6 ₹7 x:8"), ["12", "8"]);
    }

    #[test]
    fn pictures() {
        let text = Text::new("id 111.222.333-44 and 11122233344");
        let mut found = Vec::new();
        text.numerals()
            .like(&text, &["000.000.000-00", "00000000000"], &mut found, |digits, _| digits.len() == 11);
        assert_eq!(found.len(), 2);
    }
}
