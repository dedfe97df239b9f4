//! What a fix changes, for people to look at.

use serde::Serialize;

use super::{Def, Fixed};
use crate::text::json::Edit;

/// What is changed about one row, or about the file before its first row.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// The file.
    pub path: String,
    /// Line of the row as it stands, from 1; 0 for the file itself.
    pub line: u64,
    /// What was found and is mended.
    pub fixed: Vec<Fixed>,
    /// The row is taken out.
    pub removed: bool,
    /// What the row holds before and after.
    pub edits: Vec<Edit>,
}

impl Change {
    /// A change for one reason, without edits inside a row.
    pub fn whole(path: &str, line: u64, def: &'static Def) -> Self {
        Self {
            path: path.to_owned(),
            line,
            fixed: vec![Fixed { code: def.code, name: def.name, count: 1 }],
            removed: line > 0,
            edits: Vec::new(),
        }
    }
}
