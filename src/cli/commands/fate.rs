//! `chatmill fate`: what each target would make of every row.

use std::path::PathBuf;

use chatmill::Result;
use chatmill::pipeline::fate::fate;
use chatmill::report::fates::{TargetFates, lines, page};
use chatmill::report::findings::json;
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

    /// Trainers pack rows: each in its own way, or in the one named (bfd, `bfd_split`, wrapped, `neat_packing` …); by default none does
    #[arg(long, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "on")]
    packing: Option<String>,

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
        let fates = fate(&settings, &targets, self.packing.as_deref(), terminal, |row| {
            if !self.rows {
                return Ok(());
            }
            let text = if terminal.json { json(&row) + "\n" } else { lines(&row, &targets) };
            terminal.print(&text)
        })?;
        match (self.rows, terminal.json) {
            (true, _) => {}
            (false, true) => terminal.print_json(&fates)?,
            (false, false) => terminal.print(&page(&fates, self.show))?,
        }
        let used = fates.targets.iter().all(TargetFates::uses_all);
        Ok(if used { Exit::AsPromised } else { Exit::Findings })
    }
}
