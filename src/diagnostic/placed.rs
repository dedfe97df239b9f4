//! A finding with its place in a file, and the sum of a check.

use serde::Serialize;

use super::Severity;

/// A finding with its place in a file.
#[derive(Debug, Clone, Serialize)]
pub struct Placed {
    /// The file.
    pub path: String,
    /// Line from 1; 0 for the file itself.
    pub line: u64,
    /// Column in characters from 1; 0 for the file itself.
    pub column: u64,
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
    /// The text around the place, made safe and short.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub excerpt: String,
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
    /// The worst finding.
    pub worst: Option<Severity>,
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
}
