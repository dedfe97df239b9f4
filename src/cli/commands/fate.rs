//! `chatmill fate`: what each target would make of every row.

use std::path::PathBuf;

use chatmill::Result;
use chatmill::pipeline::fate::{Fates, OUTCOMES, Outcome, RowFates, fate};
use chatmill::report::fates::{Line, page};
use chatmill::report::findings::json;
use chatmill::text::number::count;
use chatmill::text::sanitize::excerpt;
use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::options::{ModelOptions, RuleOptions, start};
use crate::cli::terminal::Terminal;

/// What targets would make of each row as it stands: kept, changed, truncated, dropped, rejected.
///
/// Lengths are judged by each target's default limit, counted in the vocabulary of --model: an estimate for models of
/// others. Exit code 1 when a target drops or rejects a row or the file.
#[derive(Args)]
pub struct Fate {
    /// Files, folders, globs in quotes, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,

    /// Settings file; without it, chatmill.toml in the current folder is used where it is there
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Targets, separated by commas (`chatmill list targets`); all of them when left out
    #[arg(long, visible_alias = "to", value_name = "TARGETS", value_delimiter = ',')]
    target: Vec<String>,

    #[command(flatten)]
    model: ModelOptions,

    #[command(flatten)]
    rules: RuleOptions,

    /// One line a row and target, instead of the sums
    #[arg(long)]
    rows: bool,

    /// Reasons shown for each target
    #[arg(long, value_name = "N", default_value_t = 4)]
    show: usize,

    /// Workers (default: one a core)
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

impl Fate {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        terminal.watch_for_stop();
        let mut settings = start(self.config.as_deref())?;
        settings.inputs.clone_from(&self.files);
        self.rules.apply(&mut settings)?;
        self.model.apply(&mut settings);
        settings.threads = self.threads.unwrap_or(settings.threads);
        let targets = if self.target.is_empty() {
            chatmill::target::TARGETS.iter().map(|target| target.spec().name.to_owned()).collect()
        } else {
            self.target.clone()
        };
        let fates = fate(&settings, &targets, terminal, |row| {
            if !self.rows {
                return Ok(());
            }
            let text = if terminal.json { json(&row) + "\n" } else { lines(&row, &targets) };
            terminal.print(&text)
        })?;
        match (self.rows, terminal.json) {
            (true, _) => {}
            (false, true) => terminal.print_json(&fates)?,
            (false, false) => terminal.print(&self.page(&fates))?,
        }
        let bad = |one: &Outcome| matches!(one, Outcome::Dropped | Outcome::Rejected);
        let lost = fates.targets.iter().any(|one| !one.file.is_empty() || one.outcomes.keys().any(bad));
        Ok(if lost { Exit::Findings } else { Exit::AsPromised })
    }

    fn page(&self, fates: &Fates) -> String {
        let lines: Vec<Line<'_>> = fates
            .targets
            .iter()
            .map(|one| Line {
                target: one.target,
                counts: OUTCOMES.map(|outcome| one.outcomes.get(&outcome).copied().unwrap_or(0)),
                file: &one.file,
                reasons: one
                    .reasons
                    .iter()
                    .map(|reason| {
                        (
                            word(reason.outcome),
                            reason.name,
                            reason.count,
                            reason.first.as_str(),
                            reason.says.as_deref(),
                        )
                    })
                    .collect(),
            })
            .collect();
        format!(
            "{}\n{} of {}, lengths counted as {}\n",
            page(&lines, self.show),
            count(fates.rows, "row"),
            count(fates.files, "file"),
            fates.counted_as
        )
    }
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Kept => "kept",
        Outcome::Changed => "changed",
        Outcome::Truncated => "truncated",
        Outcome::Dropped => "dropped",
        Outcome::Rejected => "rejected",
    }
}

/// A row's fates, one line each: place, target, outcome, reason.
fn lines(row: &RowFates, targets: &[String]) -> String {
    let place = format!("{}:{}", excerpt(&row.path, 200), row.line);
    let one = |(target, fate): (&String, &chatmill::pipeline::fate::Fate)| {
        let why = if fate.why.is_empty() { String::new() } else { format!(": {}", excerpt(&fate.why, 300)) };
        format!("{place} {target} {}{why}\n", word(fate.outcome))
    };
    targets.iter().zip(&row.fates).map(one).collect()
}
