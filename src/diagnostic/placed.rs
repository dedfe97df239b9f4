//! A finding with its place in a file, and the sum of a check.

use serde::{Serialize, Serializer};

use super::{Def, Finding, Severity};
use crate::text::hash::{Fingerprinter, fingerprint};

/// A finding with its place in a file.
#[derive(Debug, Clone, Serialize)]
pub struct Placed {
    /// The file.
    pub path: String,
    /// Line from 1; 0 for the file itself.
    pub line: u64,
    /// Column in characters from 1; 0 for the file itself.
    pub column: u64,
    /// Line of the first character behind the place; 0 for the file itself.
    pub end_line: u64,
    /// Column of the first character behind the place; 0 for the file itself.
    pub end_column: u64,
    /// JSON path inside the row.
    pub at: String,
    /// The code.
    pub code: &'static str,
    /// The name.
    pub name: &'static str,
    /// How bad.
    pub severity: Severity,
    /// What is wrong there.
    pub message: String,
    /// The target's own sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// The text around the place, made safe and short; one line.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub excerpt: String,
    /// Where the place is in the excerpt; `None` when the excerpt is the beginning of the row that is meant as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// What the finding is known by when its row has moved, see [`Print`].
    pub fingerprint: Print,
}

/// A part of an excerpt, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// First character, from 0.
    pub start: usize,
    /// Characters; 0 for a place between two.
    pub length: usize,
}

/// What a finding is known by: its code, the shape of its path and what the row holds, but not where the row stands.
///
/// Findings of one code about equal places of equal rows share a print; they are told apart by counting. Of a finding
/// about a whole file it is the code and the file's name without its folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Print(u64);

impl Print {
    /// The print of a finding about what has this fingerprint: the bytes of the row, or the name of the file.
    pub fn new(def: &Def, path: &str, content: u128) -> Self {
        let mut print = Fingerprinter::default();
        // Neither a code nor a path has a line feed.
        print.update(def.code.as_bytes());
        print.update(b"\n");
        print.update(shape(path).as_bytes());
        print.update(b"\n");
        print.update(&content.to_le_bytes());
        // Half of it is plenty: a million findings collide with a chance of one in forty million.
        Self(u64::try_from(print.finish() >> 64).unwrap_or_default())
    }

    /// The print that [`Print`] shows as `text`: 16 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        digits.then(|| u64::from_str_radix(text, 16).ok().map(Self)).flatten()
    }
}

impl std::fmt::Display for Print {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}

impl Serialize for Print {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A path without the numbers of elements: a message that is taken out before must not make a finding a new one.
fn shape(path: &str) -> String {
    let mut shape = String::with_capacity(path.len());
    let mut inside = false;
    for character in path.chars() {
        inside = match character {
            '[' => true,
            ']' => false,
            _ => inside,
        };
        if !(inside && character.is_ascii_digit()) && character != '\n' {
            shape.push(character);
        }
    }
    shape
}

impl Placed {
    /// A finding about a file as a whole.
    pub fn in_file(path: &str, finding: Finding) -> Self {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        Self {
            path: path.to_owned(),
            line: 0,
            column: 0,
            end_line: 0,
            end_column: 0,
            fingerprint: Print::new(finding.def, &finding.path, fingerprint(name.as_bytes())),
            at: finding.path,
            code: finding.def.code,
            name: finding.def.name,
            severity: finding.severity,
            message: finding.message,
            says: finding.says,
            excerpt: String::new(),
            mark: None,
        }
    }
}

/// What a check came to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Checked {
    /// Files checked.
    pub files: u64,
    /// Rows checked.
    pub rows: u64,
    /// Errors.
    pub errors: u64,
    /// Warnings.
    pub warnings: u64,
    /// Notes.
    pub infos: u64,
    /// The worst finding; when fixes are only shown, also among those that they would mend.
    pub worst: Option<Severity>,
    /// Findings that are neither shown nor counted, since the baseline knows them.
    pub known: u64,
    /// Findings in the baseline that were not found again.
    pub gone: u64,
    /// What was fixed, or would be, sorted by code.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<Fixed>,
    /// Rows that fixes changed or took out, or would.
    pub rows_fixed: u64,
    /// Rows with something to fix that were left as they are: written again they would have lost something.
    pub rows_left: u64,
    /// Files that could not be fixed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_fixed: Vec<NotFixed>,
    /// Files written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub written: Vec<FixedFile>,
}

/// How often the findings of one code were fixed.
#[derive(Debug, Clone, Serialize)]
pub struct Fixed {
    /// The code.
    pub code: &'static str,
    /// The name.
    pub name: &'static str,
    /// Places.
    pub count: u64,
}

/// A file that could not be fixed.
#[derive(Debug, Clone, Serialize)]
pub struct NotFixed {
    /// The file.
    pub path: String,
    /// Why.
    pub why: String,
}

/// A file that was written.
#[derive(Debug, Clone, Serialize)]
pub struct FixedFile {
    /// The file.
    pub path: String,
    /// Where the file that stood there before is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup: Option<String>,
}

impl Checked {
    /// Counts one finding.
    pub fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => self.infos += 1,
        }
        self.worst = self.worst.max(Some(severity));
    }

    /// Counts what a fix mended.
    pub fn count_fixed(&mut self, def: &Def, places: u64) {
        match self.fixed.binary_search_by_key(&def.code, |fixed| fixed.code) {
            Ok(at) => self.fixed[at].count += places,
            Err(at) => self.fixed.insert(at, Fixed { code: def.code, name: def.name, count: places }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_print_does_not_know_where_the_row_stands() {
        static DEF: Def = Def {
            code: "TEST001",
            name: "test",
            severity: Severity::Error,
            summary: "",
            why: "",
            remedy: "",
        };
        let print = |path: &str, row: &str| Print::new(&DEF, path, fingerprint(row.as_bytes()));
        assert_eq!(print("messages[3].content", "{}"), print("messages[10].content", "{}"));
        assert_ne!(print("messages[3].content", "{}"), print("messages[3].role", "{}"));
        assert_ne!(print("m", "{}"), print("m", "{ }"));
        assert_eq!(Print::parse(&print("m", "").to_string()), Some(print("m", "")));
        assert_eq!(Print::parse("+000000000000001"), None);
    }
}
