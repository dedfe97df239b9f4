//! What each target would make of the rows, as a table and its reasons.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::text::number::thousands;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// A row of the table.
#[derive(Debug, Serialize)]
pub struct Line<'a> {
    /// The target.
    pub target: &'a str,
    /// Rows kept, changed, truncated, dropped, rejected.
    pub counts: [u64; 5],
    /// What is said of the file as a whole.
    pub file: &'a [String],
    /// Why: outcome, name, rows, the first case, the target's own sentence.
    pub reasons: Vec<(&'a str, &'a str, u64, &'a str, Option<&'a str>)>,
}

/// The heads of the columns.
const HEADS: [&str; 5] = ["kept", "changed", "truncated", "dropped", "rejected"];

/// The page: a table, then the reasons of each target, at most `show` of them.
pub fn page(lines: &[Line<'_>], show: usize) -> String {
    let mut out = String::new();
    let wide = lines.iter().map(|line| line.target.len()).max().unwrap_or(0).max(6);
    let _ = write!(out, "{BOLD}{:wide$}", "");
    for head in HEADS {
        let _ = write!(out, "{head:>11}");
    }
    let _ = writeln!(out, "{BOLD:#}");
    for line in lines {
        let _ = write!(out, "{:wide$}", line.target);
        for (column, count) in line.counts.iter().enumerate() {
            let style = match (column, count) {
                (_, 0) => DIM,
                (0 | 1, _) => AnsiColor::Green.on_default(),
                (2, _) => AnsiColor::Yellow.on_default(),
                _ => AnsiColor::Red.on_default(),
            };
            let _ = write!(out, "{style}{:>11}{style:#}", thousands(*count));
        }
        out.push('\n');
    }
    for line in lines.iter().filter(|line| !line.reasons.is_empty() || !line.file.is_empty()) {
        let _ = writeln!(out, "\n{BOLD}{}{BOLD:#}", line.target);
        for said in line.file {
            let _ = writeln!(out, "  the file  {said}");
        }
        for (outcome, name, count, first, says) in line.reasons.iter().take(show) {
            let _ = writeln!(out, "  {outcome:9} {:>9} {name}", thousands(*count));
            let _ = writeln!(out, "            {DIM}{first}{DIM:#}");
            if let Some(says) = says {
                let _ = writeln!(out, "            {} says: {says}", line.target);
            }
        }
        if line.reasons.len() > show {
            let _ = writeln!(out, "  {DIM}and {} more reasons{DIM:#}", line.reasons.len() - show);
        }
    }
    out
}
