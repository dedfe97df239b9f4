//! Answers to one question that disagree, as data and as a page.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::summary::{SkippedInput, Tally};
use crate::diagnostic::{Def, Severity};
use crate::text::number::{count, thousands};
use crate::text::sanitize::{excerpt, excerpt_path};

/// Version of the shape of what `conflicts --json` writes; grows when a key changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

/// What comparing answers came to.
#[derive(Debug, Clone, Serialize)]
pub struct Conflicts {
    /// Version of this shape.
    pub schema: u32,
    /// Version of chatmill.
    pub chatmill: &'static str,
    /// How much of their words questions share to be near the same.
    pub near: f64,
    /// How they are cut.
    pub shingle: String,
    /// Whether questions that stand alone are compared wherever they come in a dialogue.
    pub anywhere: bool,
    /// The inputs.
    pub inputs: Vec<ConflictInput>,
    /// Files that were found and not read.
    pub skipped: Vec<SkippedInput>,
    /// Records read.
    pub records: u64,
    /// Why records gave nothing.
    pub rejections: Vec<Tally>,
    /// Answers that are trained on.
    pub answers: u64,
    /// Those of them that answer a question that can be compared.
    pub compared: u64,
    /// Questions that were asked more than once.
    pub questions: u64,
    /// Answers that were not compared, since their questions have too many different ones before them.
    pub left_out: u64,
    /// Conflicts by code.
    pub findings: Vec<Tally>,
    /// Every conflict, the one with most rows first.
    pub conflicts: Vec<Conflict>,
}

/// One input.
#[derive(Debug, Clone, Serialize)]
pub struct ConflictInput {
    /// Its name.
    pub path: String,
    /// The reader that read it.
    pub format: &'static str,
    /// Records in it.
    pub records: u64,
    /// Answers in it that are trained on.
    pub answers: u64,
}

/// Answers to one question that disagree about one thing.
#[derive(Debug, Clone, Serialize)]
pub struct Conflict {
    /// The code.
    pub code: &'static str,
    /// The name.
    pub name: &'static str,
    /// How bad.
    pub severity: Severity,
    /// The description.
    #[serde(skip)]
    pub def: &'static Def,
    /// The question, as it was asked first; identifiers are left out.
    pub question: String,
    /// Rows on all sides.
    pub rows: u64,
    /// Whether all rows are dated and each side ends before the next begins.
    pub changed: bool,
    /// The sides: in the order of time where all are dated, otherwise the one with most rows first.
    pub sides: Vec<ConflictSide>,
}

/// One side.
#[derive(Debug, Clone, Serialize)]
pub struct ConflictSide {
    /// What it says, in a few words.
    pub says: String,
    /// The clause in which its first answer says it; empty where that is all there is.
    pub clause: String,
    /// Its rows.
    pub rows: u64,
    /// Those of them with a date.
    pub dated: u64,
    /// The day of the first one, and of the last, in UTC.
    pub first: Option<String>,
    /// The day of the last one.
    pub last: Option<String>,
    /// Where its first answer is: the input,
    pub path: String,
    /// the line of its record,
    pub line: u64,
    /// and the place in the example that is made of it.
    pub at: String,
    /// The conversation or ticket of the first answer.
    pub id: Option<String>,
}

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const YELLOW: Style = AnsiColor::Yellow.on_default();

/// Reasons and files that are named; JSON has all.
const NAMED: usize = 5;
/// Widest column of what sides say.
const WIDEST: usize = 40;

/// The page: the sums, and the first `show` conflicts.
pub fn page(found: &Conflicts, show: usize) -> String {
    let mut out = String::new();
    sums(found, &mut out);
    for conflict in found.conflicts.iter().take(show) {
        out.push('\n');
        tell(conflict, &mut out);
    }
    if let Some(rest) = found.conflicts.len().checked_sub(show).filter(|rest| *rest > 0) {
        let _ = writeln!(out, "\n… and {} more: `--show {}`", thousands(rest as u64), found.conflicts.len());
    }
    out
}

fn line(out: &mut String, label: &str, text: &str) {
    let _ = writeln!(out, "{label:>9}  {text}");
}

fn sums(found: &Conflicts, out: &mut String) {
    for (number, input) in found.inputs.iter().take(NAMED).enumerate() {
        let label = if number == 0 { "read" } else { "" };
        let (path, records) = (excerpt_path(&input.path, 120), count(input.records, "record"));
        line(out, label, &format!("{path}, read as {}: {records}", input.format));
    }
    if let Some(rest) = found.inputs.len().checked_sub(NAMED).filter(|rest| *rest > 0) {
        line(out, "", &format!("and {} more", count(rest as u64, "file")));
    }
    for skipped in found.skipped.iter().take(NAMED) {
        let (path, why) = (excerpt_path(&skipped.path, 60), excerpt(&skipped.why, 120));
        line(out, "", &format!("not read: {path}: {why}"));
    }
    for reason in found.rejections.iter().take(NAMED) {
        let at = reason.first_place();
        let what = format!("{} not used, {}", count(reason.count, "record"), reason.name);
        line(out, "", &format!("{YELLOW}{what}{YELLOW:#} {DIM}{}{DIM:#}{at}", reason.code));
    }
    let compared = match (found.answers, found.compared) {
        (answers, compared) if answers == compared => String::new(),
        (_, compared) => format!(", {} of them to questions that can be compared", thousands(compared)),
    };
    line(out, "answers", &format!("{}{compared}", thousands(found.answers)));
    line(out, "questions", &format!("{} asked more than once", thousands(found.questions)));
    if found.left_out > 0 {
        let what = format!(
            "{} of questions with very many different ones not compared",
            count(found.left_out, "answer")
        );
        line(out, "", &format!("{YELLOW}{what}{YELLOW:#}"));
    }
    if found.conflicts.is_empty() {
        line(out, "conflicts", "none found");
    }
    for (number, tally) in found.findings.iter().enumerate() {
        let label = if number == 0 { "conflicts" } else { "" };
        let told = format!("{} {}", thousands(tally.count), tally.name);
        line(out, label, &format!("{told} {DIM}{}{DIM:#}", tally.code));
    }
}

fn tell(conflict: &Conflict, out: &mut String) {
    let rows = count(conflict.rows, "answer");
    let _ = writeln!(out, "{YELLOW}{}{YELLOW:#} {}, {rows}", conflict.code, conflict.name);
    let _ = writeln!(out, "  {BOLD}{}{BOLD:#}", conflict.question);
    let width = conflict.sides.iter().map(|side| side.says.chars().count()).max().unwrap_or(0).min(WIDEST);
    for (number, side) in conflict.sides.iter().enumerate() {
        let newest = conflict.changed && number + 1 == conflict.sides.len();
        let dates = dates(side, newest);
        let place = format!("{}:{}", excerpt_path(&side.path, 60), side.line);
        let id = side.id.as_ref().map_or_else(String::new, |id| format!(" ({id})"));
        let rows = count(side.rows, "answer");
        let _ = writeln!(out, "    {:width$}  {rows}{dates}  {DIM}{place}{id}{DIM:#}", side.says);
        if !side.clause.is_empty() {
            let _ = writeln!(out, "      {DIM}{}{DIM:#}", side.clause);
        }
    }
    if conflict.changed {
        let _ = writeln!(out, "  reads as a changed policy: {}", story(conflict));
    }
}

/// When a side was said.
fn dates(side: &ConflictSide, newest: bool) -> String {
    let of =
        if side.dated < side.rows { format!(" ({} dated)", thousands(side.dated)) } else { String::new() };
    match (&side.first, &side.last) {
        (Some(first), _) if newest => format!(", since {first}{of}"),
        (Some(first), Some(last)) if first == last => format!(", {first}{of}"),
        (Some(first), Some(last)) => format!(", {first} to {last}{of}"),
        _ => String::new(),
    }
}

/// Which side was said until when.
fn story(conflict: &Conflict) -> String {
    let last = conflict.sides.len().saturating_sub(1);
    let told = conflict.sides.iter().enumerate().map(|(number, side)| {
        let says = excerpt(&side.says, WIDEST);
        match (number == last, &side.first, &side.last) {
            (true, Some(first), _) => format!("{says} since {first}"),
            (false, _, Some(until)) => format!("{says} until {until}"),
            _ => says,
        }
    });
    told.collect::<Vec<_>>().join(", ")
}
