//! What `verify` proved, as data and as a page.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

const BOLD: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();

/// Cases of what does not hold that are told; all are counted.
pub const CASES_TOLD: usize = 20;

/// Everything that was proved, or was not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proof {
    /// Version of this shape.
    pub schema: u32,
    /// The folder.
    pub folder: String,
    /// Whether all of it holds.
    pub holds: bool,
    /// One after the other.
    pub checks: Vec<Check>,
}

/// One thing that must hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Check {
    /// What: `files`, `sums`, `rows`, `groups`, `twins`, `prompts`, `near-twins`, `closest`.
    pub name: &'static str,
    /// Whether it holds.
    pub holds: bool,
    /// What was looked at, in one sentence.
    pub says: String,
    /// How often it does not hold.
    pub count: u64,
    /// Where it does not hold, the first cases.
    pub cases: Vec<String>,
}

impl Check {
    /// A check in which nothing has been found yet.
    pub fn new(name: &'static str) -> Self {
        Self { name, holds: true, says: String::new(), count: 0, cases: Vec::new() }
    }

    /// Something does not hold.
    pub fn fail(&mut self, case: impl FnOnce() -> String) {
        self.holds = false;
        self.count += 1;
        if self.cases.len() < CASES_TOLD {
            self.cases.push(case());
        }
    }
}

impl Proof {
    /// The proof that these checks make.
    pub fn new(folder: String, checks: Vec<Check>) -> Self {
        Self { schema: 1, folder, holds: checks.iter().all(|check| check.holds), checks }
    }

    /// As people read it.
    pub fn page(&self) -> String {
        let mut page = String::new();
        for check in &self.checks {
            let (style, word) = if check.holds { (GOOD, "holds ") } else { (BAD, "broken") };
            let _ = writeln!(page, "{:>10}  {style}{word}{style:#}  {}", check.name, check.says);
            for case in &check.cases {
                let _ = writeln!(page, "{:>20}{case}", "");
            }
            let more = check.count - check.cases.len() as u64;
            if more > 0 {
                let _ = writeln!(page, "{:>20}and {more} more", "");
            }
        }
        let verdict = if self.holds {
            format!("{GOOD}every promise of {} holds{GOOD:#}", self.folder)
        } else {
            let broken = self.checks.iter().filter(|check| !check.holds).count();
            format!("{BAD}{broken} of {} promises of {} do not hold{BAD:#}", self.checks.len(), self.folder)
        };
        let _ = writeln!(page, "\n{BOLD}{verdict}{BOLD:#}");
        page
    }
}
