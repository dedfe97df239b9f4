//! Findings of `check` in the forms people and machines read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::terminal::Remedy;
use crate::diagnostic::{Checked, Placed, Severity};
use crate::lint::Safety;
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

/// One finding as one line; `target` is who says what the target says.
pub fn line(placed: &Placed, format: Format, target: &str) -> String {
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
                let end = if placed.end_line == placed.line {
                    // The last column is part of the place here.
                    format!(",endColumn={}", placed.end_column.saturating_sub(1).max(placed.column))
                } else {
                    String::new()
                };
                format!(",line={},col={}{end}", placed.line, placed.column)
            } else {
                String::new()
            };
            let says = placed
                .says
                .as_deref()
                .map_or_else(String::new, |says| format!("\n{target} says: {}", excerpt(says, 400)));
            format!(
                "::{kind} file={}{place},title={}::{}\n",
                property(&placed.path),
                property(&format!("{} {}", placed.code, placed.name)),
                data(&format!("{at}{message}{says}"))
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

/// How findings of a code are fixed, where they can be.
pub type FixOf<'a> = &'a dyn Fn(&str) -> Option<(Safety, &'static str)>;

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
    ///
    /// `remedy` gives the way out for a code, `fix` how it can be fixed by another run.
    pub fn render(&self, checked: &Checked, target: &str, remedy: Remedy<'_>, fix: FixOf<'_>) -> String {
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
            let mut said = None;
            for placed in &kind.first {
                case(&mut out, placed, style);
                // The sentence of the first case is not repeated under those for which it is the same.
                if let Some(says) = placed.says.as_deref().filter(|says| said != Some(*says)) {
                    let _ = writeln!(out, "    {target} says: {}", excerpt(says, 400));
                    said = Some(says);
                }
            }
            if kind.count > kind.first.len() as u64 {
                let _ = writeln!(
                    out,
                    "  {DIM}… and {} more{DIM:#}",
                    thousands(kind.count - kind.first.len() as u64)
                );
            }
            let fix = fix(code);
            // A fix that is the way out is said once.
            if let Some(remedy) = remedy(code).filter(|remedy| fix.is_none_or(|(_, does)| does != *remedy)) {
                let _ = writeln!(out, "  hint: {remedy}");
            }
            if let Some((safety, does)) = fix {
                let flags = match safety {
                    Safety::Safe => "--diff",
                    Safety::Unsafe => "--diff --unsafe-fixes",
                };
                let _ = writeln!(out, "  fix: {does} ({}; `{flags}` shows it)", safety.name());
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

/// What was fixed and what the baseline knew, for people; `would` says that nothing was written.
pub fn sums(checked: &Checked, would: bool) -> String {
    let mut out = String::new();
    if !checked.fixed.is_empty() {
        let sum = checked.fixed.iter().map(|fixed| fixed.count).sum();
        let parts: Vec<String> =
            checked.fixed.iter().map(|fixed| format!("{} {}", fixed.name, thousands(fixed.count))).collect();
        let rows = match checked.rows_fixed {
            0 => String::new(),
            rows => format!(" in {}", count(rows, "row")),
        };
        let _ = writeln!(
            out,
            "{} {}{rows}: {}",
            if would { "would fix" } else { "fixed" },
            count(sum, "place"),
            parts.join(", ")
        );
    }
    if checked.rows_left > 0 {
        let _ = writeln!(
            out,
            "{} with something to fix left alone: written again, more would have changed than what is fixed",
            count(checked.rows_left, "row")
        );
    }
    for file in &checked.not_fixed {
        let _ = writeln!(out, "not fixed: {}, since {}", excerpt(&file.path, 200), file.why);
    }
    for file in &checked.written {
        let backup = file
            .backup
            .as_deref()
            .map_or_else(String::new, |backup| format!(", the file before is {}", excerpt(backup, 200)));
        let _ = writeln!(out, "wrote {}{backup}", excerpt(&file.path, 200));
    }
    if checked.known > 0 {
        let _ = writeln!(out, "{} in the baseline, not shown", count(checked.known, "finding"));
    }
    if checked.gone > 0 {
        let _ = writeln!(
            out,
            "{} of the baseline not found any more; `--write-baseline` makes it smaller",
            count(checked.gone, "finding")
        );
    }
    out
}

fn case(out: &mut String, placed: &Placed, style: Style) {
    let place = if placed.line > 0 {
        format!("{}:{}:{}", excerpt(&placed.path, 120), placed.line, placed.column)
    } else {
        excerpt(&placed.path, 120)
    };
    let at = if placed.at.is_empty() { String::new() } else { format!(" {}", excerpt(&placed.at, 80)) };
    let _ = writeln!(out, "  {BOLD}{place}{BOLD:#}{DIM}{at}{DIM:#}: {}", excerpt(&placed.message, 300));
    if placed.excerpt.is_empty() {
        return;
    }
    let _ = writeln!(out, "    {DIM}│{DIM:#} {}", placed.excerpt);
    if let Some(mark) = placed.mark {
        let columns = |start: usize, length: usize| {
            placed.excerpt.chars().skip(start).take(length).collect::<String>().width()
        };
        // Wide characters take two columns and combining ones none; a place between two characters is shown, too.
        let indent = " ".repeat(columns(0, mark.start));
        let carets = "^".repeat(columns(mark.start, mark.length).max(1));
        let _ = writeln!(out, "    {DIM}│{DIM:#} {indent}{style}{carets}{style:#}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Def, Finding, Mark};
    use crate::report::without_colour;

    static DEF: Def =
        Def { code: "TEST001", name: "test", severity: Severity::Error, summary: "", why: "", remedy: "" };

    fn placed(message: &str) -> Placed {
        let whole = Placed::in_file("a.jsonl", Finding::new(&DEF, "", message));
        Placed { line: 3, column: 7, end_line: 3, end_column: 10, ..whole }
    }

    #[test]
    fn workflow_commands_cannot_be_broken_out_of() {
        let mut placed = placed("100 %\n::set-output name=x::y");
        placed.path = "a,b:c.jsonl".into();
        placed.says = Some("no\r\n::warning::x".into());
        let line = line(&placed, Format::Github, "openai-chat");
        assert_eq!(
            line,
            "::error file=a%2Cb%3Ac.jsonl,line=3,col=7,endColumn=9,title=TEST001 test::100 %25⏎::set-output \
             name=x::y%0Aopenai-chat says: no·⏎::warning::x\n"
        );
    }

    #[test]
    fn a_line_stays_a_line() {
        let mut placed = placed("a\nb");
        placed.path = "x\n\u{1b}[2J.jsonl".into();
        placed.at = "m\r\nn".into();
        let line = line(&placed, Format::Concise, "openai-chat");
        assert_eq!(line, "x⏎·[2J.jsonl:3:7: error TEST001 m·⏎n: a⏎b\n");
    }

    #[test]
    fn carets_stand_below_the_place() {
        let mut placed = placed("m");
        placed.excerpt = "…日本 e\u{301}: \"値e\u{301}x\"…".into();
        placed.mark = Some(Mark { start: 8, length: 6 });
        let mut out = String::new();
        case(&mut out, &placed, Style::new());
        let shown = without_colour(&out);
        assert_eq!(
            shown,
            "  a.jsonl:3:7: m\n    │ …日本 e\u{301}: \"値e\u{301}x\"…\n    │          ^^^^^^\n"
        );
    }
}
