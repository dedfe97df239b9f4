//! A finding about one place, and the rejection of one record.

use std::fmt::Write as _;
use std::ops::Range;

use super::{Def, Severity};

/// What a check says about one place of one record.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Which kind.
    pub def: &'static Def,
    /// How bad, for the target at hand.
    pub severity: Severity,
    /// JSON path inside the record (`messages[3].content`), empty for the record itself.
    pub path: String,
    /// What is wrong here, lower case, without a full stop; strangers' text only cut and in backticks.
    pub message: String,
    /// The target's own sentence, where one is known: people search for it.
    pub says: Option<String>,
    /// Byte range inside the record where the reader knows better than `path` (a JSON syntax error).
    pub span: Option<(usize, usize)>,
    /// Bytes inside the text at `path`, as it is decoded, where not all of it is meant.
    pub within: Option<Box<Range<usize>>>,
}

impl Finding {
    /// A finding of `def` with its usual severity.
    pub fn new(def: &'static Def, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            def,
            severity: def.severity,
            path: path.into(),
            message: message.into(),
            says: None,
            span: None,
            within: None,
        }
    }

    /// Adds the byte range inside the record.
    #[must_use]
    pub fn with_span(mut self, start: usize, end: usize) -> Self {
        self.span = Some((start, end));
        self
    }

    /// Adds the bytes inside the decoded text at the path.
    #[must_use]
    pub fn within(mut self, bytes: Range<usize>) -> Self {
        self.within = Some(Box::new(bytes));
        self
    }
}

/// Most findings of one kind about one record. It keeps a record of a hundred thousand broken messages from filling memory
/// and screen.
pub const FINDINGS_KEPT: usize = 64;

/// Leaves of the findings behind the first `from` only the first [`FINDINGS_KEPT`] of each kind; the last of these says how
/// many more there were.
pub fn keep_few(findings: &mut Vec<Finding>, from: usize) {
    if findings.len().saturating_sub(from) <= FINDINGS_KEPT {
        return;
    }
    let mut kinds: Vec<(&str, usize)> = Vec::new();
    let mut index = 0;
    findings.retain(|finding| {
        index += 1;
        if index <= from {
            return true;
        }
        let code = finding.def.code;
        let at = kinds.iter().position(|(kind, _)| *kind == code).unwrap_or_else(|| {
            kinds.push((code, 0));
            kinds.len() - 1
        });
        kinds.get_mut(at).is_none_or(|(_, count)| {
            *count += 1;
            *count <= FINDINGS_KEPT
        })
    });
    for (code, count) in kinds.into_iter().filter(|(_, count)| *count > FINDINGS_KEPT) {
        if let Some(last) = findings.iter_mut().rfind(|finding| finding.def.code == code) {
            let _ = write!(last.message, "; {} more like it in this record", count - FINDINGS_KEPT);
        }
    }
}

/// Why a record cannot be used: the first error found in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejection {
    /// Which kind.
    pub def: &'static Def,
    /// What is wrong with this record.
    pub message: String,
    /// Byte range inside the record, where known.
    pub span: Option<(usize, usize)>,
}

impl Rejection {
    /// A rejection with a message about this record.
    pub fn new(def: &'static Def, message: impl Into<String>) -> Self {
        Self { def, message: message.into(), span: None }
    }

    /// Adds the byte range inside the record.
    #[must_use]
    pub fn with_span(mut self, start: usize, end: usize) -> Self {
        self.span = Some((start, end));
        self
    }
}

impl From<Rejection> for Finding {
    fn from(rejection: Rejection) -> Self {
        let mut finding = Finding::new(rejection.def, "", rejection.message);
        finding.severity = Severity::Error;
        finding.span = rejection.span;
        finding
    }
}
