//! What each target would make of every row, as data and as a page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::text::number::{count, thousands};
use crate::text::sanitize::excerpt;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// All of it is used as it is.
    Kept,
    /// It is used, but something of it is not, or is written otherwise.
    Changed,
    /// Its end is cut off.
    Truncated,
    /// It is left out, and the run goes on.
    Dropped,
    /// It is refused, and with it the file or the run.
    Rejected,
}

impl Outcome {
    /// Every outcome, from best to worst.
    pub const ALL: [Self; 5] = [Self::Kept, Self::Changed, Self::Truncated, Self::Dropped, Self::Rejected];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Changed => "changed",
            Self::Truncated => "truncated",
            Self::Dropped => "dropped",
            Self::Rejected => "rejected",
        }
    }

    fn style(self) -> Style {
        match self {
            Self::Kept | Self::Changed => AnsiColor::Green.on_default(),
            Self::Truncated => AnsiColor::Yellow.on_default(),
            Self::Dropped | Self::Rejected => AnsiColor::Red.on_default(),
        }
    }
}

/// What becomes of one row, and why.
#[derive(Debug, Clone, Serialize)]
pub struct Fate {
    /// What.
    pub outcome: Outcome,
    /// Which kind of reason; rows with one name are counted together.
    pub name: &'static str,
    /// The reason, for this row.
    pub why: String,
    /// The target's own sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// For what is cut: the number of tokens that are left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut_at: Option<u64>,
}

/// The fates of one row, one for each target.
#[derive(Debug, Serialize)]
pub struct RowFates {
    /// The file.
    pub path: String,
    /// Its first line.
    pub line: u64,
    /// In the order of the targets asked for.
    pub fates: Vec<Fate>,
}

/// All rows under one target.
#[derive(Debug, Serialize)]
pub struct TargetFates {
    /// The target.
    pub target: &'static str,
    /// When its rules were last compared with their sources.
    pub checked: &'static str,
    /// Rows by outcome, from best to worst.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// Why, the worst first, then the most frequent.
    pub reasons: Vec<Reason>,
    /// How its trainer is told to pack rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packing: Option<&'static str>,
    /// What is to be known of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<&'static str>,
    /// What is said of the file as a whole.
    pub file: Vec<String>,
}

/// Rows of one outcome for one reason.
#[derive(Debug, Clone, Serialize)]
pub struct Reason {
    /// What becomes of them.
    pub outcome: Outcome,
    /// The kind of reason.
    pub name: &'static str,
    /// Rows.
    pub count: u64,
    /// `file:line: reason` of the first.
    pub first: String,
    /// The target's own sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
}

/// What `fate` found.
#[derive(Debug, Serialize)]
pub struct Fates {
    /// Version of this shape.
    pub schema: u32,
    /// Rows looked at.
    pub rows: u64,
    /// Files looked at.
    pub files: u64,
    /// The vocabulary that lengths were counted in.
    pub counted_as: &'static str,
    /// One for each target.
    pub targets: Vec<TargetFates>,
}

impl TargetFates {
    /// Whether the target takes the file and leaves no row of it out.
    pub fn uses_all(&self) -> bool {
        let lost = |outcome: &Outcome| matches!(outcome, Outcome::Dropped | Outcome::Rejected);
        self.file.is_empty() && !self.outcomes.keys().any(lost)
    }
}

/// The page: a table, then the reasons of each target, at most `show` of them.
pub fn page(fates: &Fates, show: usize) -> String {
    let mut out = table(&fates.targets);
    let spoken =
        |one: &&TargetFates| !one.reasons.is_empty() || !one.file.is_empty() || one.packing.is_some();
    for one in fates.targets.iter().filter(spoken) {
        reasons(one, show, &mut out);
    }
    let (rows, files) = (count(fates.rows, "row"), count(fates.files, "file"));
    let _ = writeln!(out, "\n{rows} of {files}, lengths counted as {}", fates.counted_as);
    out
}

/// Targets by outcomes.
fn table(targets: &[TargetFates]) -> String {
    let mut out = String::new();
    let wide = targets.iter().map(|one| one.target.len()).max().unwrap_or(0).max(6);
    let _ = write!(out, "{BOLD}{:wide$}", "");
    for outcome in Outcome::ALL {
        let _ = write!(out, "{:>11}", outcome.name());
    }
    let _ = writeln!(out, "{BOLD:#}");
    for one in targets {
        let _ = write!(out, "{:wide$}", one.target);
        for outcome in Outcome::ALL {
            let rows = one.outcomes.get(&outcome).copied().unwrap_or(0);
            let style = if rows == 0 { DIM } else { outcome.style() };
            let _ = write!(out, "{style}{:>11}{style:#}", thousands(rows));
        }
        out.push('\n');
    }
    out
}

fn reasons(of: &TargetFates, show: usize, out: &mut String) {
    let _ = writeln!(out, "\n{BOLD}{}{BOLD:#}", of.target);
    if let Some(packing) = of.packing {
        let notes = of.notes.map_or_else(String::new, |notes| format!(": {notes}"));
        let _ = writeln!(out, "  packed    by `{packing}`{notes}");
    }
    for said in &of.file {
        let _ = writeln!(out, "  the file  {said}");
    }
    for reason in of.reasons.iter().take(show) {
        let _ = writeln!(out, "  {:9} {:>9} {}", reason.outcome.name(), thousands(reason.count), reason.name);
        let _ = writeln!(out, "            {DIM}{}{DIM:#}", excerpt(&reason.first, 600));
        if let Some(says) = &reason.says {
            let _ = writeln!(out, "            {} says: {says}", of.target);
        }
    }
    if of.reasons.len() > show {
        let more = count((of.reasons.len() - show) as u64, "more reason");
        let _ = writeln!(out, "  {DIM}and {more}{DIM:#}");
    }
}

/// A row's fates, one line each: place, target, outcome, reason.
pub fn lines(row: &RowFates, targets: &[String]) -> String {
    let place = format!("{}:{}", excerpt(&row.path, 200), row.line);
    let one = |(target, fate): (&String, &Fate)| {
        let why = if fate.why.is_empty() { String::new() } else { format!(": {}", excerpt(&fate.why, 300)) };
        format!("{place} {target} {}{why}\n", fate.outcome.name())
    };
    targets.iter().zip(&row.fates).map(one).collect()
}
