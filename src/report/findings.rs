//! Findings of `check` in the forms people and machines read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::terminal::Remedy;
use crate::diagnostic::{Checked, Placed, Severity};
use crate::text::number::{count, thousands};
use crate::text::sanitize::excerpt;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Forms of one line a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `file:line:column: severity code message`
    Concise,
    /// A workflow command that GitHub shows beside the line.
    Github,
}

/// One finding as one line.
pub fn line(placed: &Placed, format: Format) -> String {
    let at = if placed.at.is_empty() { String::new() } else { format!("{}: ", excerpt(&placed.at, 80)) };
    let message = excerpt(&placed.message, 300);
    match format {
        Format::Concise => format!(
            "{}:{}:{}: {} {} {at}{message}\n",
            excerpt(&placed.path, 200),
            placed.line,
            placed.column,
            placed.severity,
            placed.code
        ),
        Format::Github => {
            let kind = match placed.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            let place = if placed.line > 0 {
                format!(",line={},col={}", placed.line, placed.column)
            } else {
                String::new()
            };
            format!(
                "::{kind} file={}{place},title={}::{}\n",
                property(&placed.path),
                property(&format!("{} {}", placed.code, placed.name)),
                data(&format!("{at}{message}"))
            )
        }
    }
}

/// Escapes for the message of a workflow command (docs.github.com, workflow commands, read 2026-11).
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes for a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Anything as one line of JSON.
pub fn json(value: &impl Serialize) -> String {
    // Our own types always serialise: keys are strings and numbers are finite.
    serde_json::to_string(value).unwrap_or_else(|_| "null".into())
}

/// Findings of one kind.
struct Kind {
    name: &'static str,
    count: u64,
    first: Vec<Placed>,
}

/// Findings grouped by kind, worst first, with the first cases of each.
pub struct Grouped {
    kinds: BTreeMap<(std::cmp::Reverse<Severity>, &'static str), Kind>,
    show: usize,
}

impl Grouped {
    /// Keeps `show` cases of each kind.
    pub fn new(show: usize) -> Self {
        Self { kinds: BTreeMap::new(), show }
    }

    /// Counts one finding.
    pub fn add(&mut self, placed: Placed) {
        let key = (std::cmp::Reverse(placed.severity), placed.code);
        let kind =
            self.kinds.entry(key).or_insert_with(|| Kind { name: placed.name, count: 0, first: Vec::new() });
        kind.count += 1;
        if kind.first.len() < self.show {
            kind.first.push(placed);
        }
    }

    /// What a person reads.
    pub fn render(&self, checked: &Checked, target: &str, remedy: Remedy<'_>) -> String {
        let mut out = String::new();
        for ((severity, code), kind) in &self.kinds {
            let style = match severity.0 {
                Severity::Error => AnsiColor::Red.on_default().bold(),
                Severity::Warning => AnsiColor::Yellow.on_default().bold(),
                Severity::Info => AnsiColor::Cyan.on_default(),
            };
            let _ = writeln!(
                out,
                "{style}{}{style:#} {BOLD}{}{BOLD:#} {DIM}{code}{DIM:#}, {}",
                severity.0,
                kind.name,
                count(kind.count, "time")
            );
            for placed in &kind.first {
                case(&mut out, placed);
            }
            if kind.count > kind.first.len() as u64 {
                let _ = writeln!(
                    out,
                    "  {DIM}… and {} more{DIM:#}",
                    thousands(kind.count - kind.first.len() as u64)
                );
            }
            if let Some(says) = kind.first.iter().find_map(|placed| placed.says.as_deref()) {
                let _ = writeln!(out, "  {target} says: {}", excerpt(says, 400));
            }
            if let Some(remedy) = remedy(code) {
                let _ = writeln!(out, "  hint: {remedy}");
            }
            out.push('\n');
        }
        let _ = writeln!(
            out,
            "{} in {} checked for {target}: {}, {}, {}",
            count(checked.rows, "row"),
            count(checked.files, "file"),
            count(checked.errors, "error"),
            count(checked.warnings, "warning"),
            count(checked.infos, "note")
        );
        out
    }
}

fn case(out: &mut String, placed: &Placed) {
    let place = if placed.line > 0 {
        format!("{}:{}:{}", excerpt(&placed.path, 120), placed.line, placed.column)
    } else {
        excerpt(&placed.path, 120)
    };
    let at = if placed.at.is_empty() { String::new() } else { format!(" {}", excerpt(&placed.at, 80)) };
    let _ = writeln!(out, "  {place}{DIM}{at}{DIM:#} {}", excerpt(&placed.message, 300));
    if !placed.excerpt.is_empty() {
        let _ = writeln!(out, "    {DIM}│ {}{DIM:#}", placed.excerpt);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workflow_commands_cannot_be_broken_out_of() {
        let placed = Placed {
            path: "a,b:c.jsonl".into(),
            line: 3,
            column: 7,
            at: String::new(),
            code: "TEST001",
            name: "test",
            severity: Severity::Error,
            message: "100 %\n::set-output name=x::y".into(),
            says: None,
            excerpt: String::new(),
        };
        let line = line(&placed, Format::Github);
        assert_eq!(
            line,
            "::error file=a%2Cb%3Ac.jsonl,line=3,col=7,title=TEST001 test::100 %25⏎::set-output name=x::y\n"
        );
    }
}
