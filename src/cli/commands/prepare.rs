//! `chatmill prepare`: the main job.

use std::fmt::Write as _;
use std::path::PathBuf;

use chatmill::Result;
use chatmill::config::Settings;
use chatmill::diagnostic::Severity;
use chatmill::pipeline::{self, Plan};
use chatmill::report::{Summary, terminal};
use clap::Args;

use crate::cli::exit::{Exit, FailOn};
use crate::cli::options::{InputOptions, ModelOptions, RuleOptions};
use crate::cli::sorting::{SideOptions, TwinOptions};
use crate::cli::terminal::Terminal;

/// From raw support data to a training set: train.jsonl, valid.jsonl, and an account of every record.
#[derive(Args)]
pub struct Prepare {
    #[command(flatten)]
    input: InputOptions,

    /// Folder for the outputs; must be new or empty
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,

    /// Replace an earlier run of chatmill in the folder
    #[arg(long)]
    force: bool,

    /// Where the rows go (`chatmill list targets`)
    #[arg(long, visible_alias = "target", value_name = "TARGET")]
    to: Option<String>,

    #[command(flatten)]
    model: ModelOptions,

    /// Epochs for the bill; without it the documented default is assumed
    #[arg(long, value_name = "N")]
    epochs: Option<u64>,

    /// Do not count tokens (and so no bill); several times faster
    #[arg(long)]
    no_tokens: bool,

    #[command(flatten)]
    twins: TwinOptions,

    /// Keep twins, on the same side of the split
    #[arg(long, help_heading = "Twins")]
    keep_twins: bool,

    #[command(flatten)]
    sides: SideOptions,

    #[command(flatten)]
    rules: RuleOptions,

    /// Least finding that makes the exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    fail_on: FailOn,
}

impl Prepare {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        terminal.watch_for_stop();
        let plan = Plan::make(self.settings()?)?;
        let summary = pipeline::prepare(&plan, &self.output, self.force, terminal)?;
        if terminal.json {
            terminal.print_json(&summary)?;
        }
        terminal.say(&terminal::summary(&summary, &chatmill::pipeline::codes::remedy));
        terminal.say(&self.next_steps(&summary));
        let worst = summary.findings.iter().map(|tally| tally.severity).max();
        Ok(Exit::for_worst(worst, self.fail_on))
    }

    fn settings(&self) -> Result<Settings> {
        let mut settings = self.input.settings()?;
        self.rules.apply(&mut settings)?;
        self.model.apply(&mut settings);
        if let Some(target) = &self.to {
            settings.target.clone_from(target);
        }
        if self.epochs.is_some() {
            settings.epochs = self.epochs;
        }
        settings.twins.keep |= self.keep_twins;
        self.twins.apply(&mut settings)?;
        self.sides.apply(&mut settings)?;
        settings.count &= !self.no_tokens;
        Ok(settings)
    }

    /// What to do with the result.
    fn next_steps(&self, summary: &Summary) -> String {
        let folder = self.output.display();
        let mut text = String::new();
        let mut step = |line: String| {
            let _ = writeln!(text, "{:>9}  {line}", if text.is_empty() { "next" } else { "" });
        };
        if summary.ledger.train == 0 {
            step("nothing to train on: see the reasons above and the hint under each".into());
        } else if summary.findings.iter().any(|tally| tally.severity == Severity::Error) {
            step("mend what is marked `error` above before you upload anything".into());
        } else if summary.ledger.valid == 0 {
            step(format!("look at {folder}/train.jsonl, then upload it"));
        } else {
            step(format!("look at {folder}/train.jsonl, then upload it with {folder}/valid.jsonl"));
        }
        if summary.ledger.rejected + summary.examples.rejected > 0 {
            step(format!("{folder}/rejected.jsonl holds every rejected record with its place and reason"));
        }
        if let Some(tally) = summary.rejections.first() {
            step(format!("chatmill explain {}", tally.code));
        }
        text
    }
}
