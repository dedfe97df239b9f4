//! `chatmill check`: a dataset against the rules of a target.

use std::path::PathBuf;

use chatmill::Result;
use chatmill::config::Settings;
use chatmill::diagnostic::{Checked, Placed};
use chatmill::pipeline;
use chatmill::report::findings::{self, Format, Grouped};
use clap::Args;

use crate::cli::exit::{Exit, FailOn};
use crate::cli::options::{ModelOptions, RuleOptions, start};
use crate::cli::terminal::Terminal;

/// Check files against the rules of a target before they are uploaded.
#[derive(Args)]
pub struct Check {
    /// Files, folders, globs in quotes, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,

    /// Settings file; without it, chatmill.toml in the current folder is used where it is there
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Where the file goes (`chatmill list targets`)
    #[arg(long, visible_alias = "to", value_name = "TARGET")]
    target: Option<String>,

    #[command(flatten)]
    model: ModelOptions,

    #[command(flatten)]
    rules: RuleOptions,

    /// Form of the findings
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: OutputFormat,

    /// Cases shown of each kind (human form); all are counted
    #[arg(long, value_name = "N", default_value_t = 5)]
    show: usize,

    /// Least finding that makes the exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    fail_on: FailOn,

    /// Workers (default: one a core)
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum OutputFormat {
    /// Grouped by kind, with excerpts, for reading
    Human,
    /// One line a finding: <file:line:column>: code message
    Concise,
    /// JSON: all findings and the sums
    Json,
    /// Annotations for GitHub Actions
    Github,
}

impl Check {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        terminal.watch_for_stop();
        let settings = self.settings()?;
        let checked = match (self.format, terminal.json) {
            (_, true) | (OutputFormat::Json, _) => self.json(terminal, &settings)?,
            (OutputFormat::Human, _) => self.human(terminal, &settings)?,
            (OutputFormat::Concise, _) => self.lines(terminal, &settings, Format::Concise)?,
            (OutputFormat::Github, _) => self.lines(terminal, &settings, Format::Github)?,
        };
        Ok(Exit::for_worst(checked.worst, self.fail_on))
    }

    fn settings(&self) -> Result<Settings> {
        let mut settings = start(self.config.as_deref())?;
        settings.inputs.clone_from(&self.files);
        self.rules.apply(&mut settings)?;
        self.model.apply(&mut settings);
        if let Some(target) = &self.target {
            settings.target.clone_from(target);
        }
        settings.threads = self.threads.unwrap_or(settings.threads);
        Ok(settings)
    }

    fn human(&self, terminal: &Terminal, settings: &Settings) -> Result<Checked> {
        let mut grouped = Grouped::new(self.show);
        let checked = pipeline::check(settings, terminal, |placed| {
            grouped.add(placed);
            Ok(())
        })?;
        terminal.print(&grouped.render(&checked, &settings.target, &pipeline::codes::remedy))?;
        Ok(checked)
    }

    fn lines(&self, terminal: &Terminal, settings: &Settings, format: Format) -> Result<Checked> {
        let mut out = terminal.pieces();
        let checked =
            pipeline::check(settings, terminal, |placed| out.print(&findings::line(&placed, format)))?;
        out.finish()?;
        Ok(checked)
    }

    /// Findings are written as they come, so that a file with a million of them needs no memory for them.
    fn json(&self, terminal: &Terminal, settings: &Settings) -> Result<Checked> {
        let mut out = terminal.pieces();
        out.print("{\"schema\":1,\"findings\":[")?;
        let mut first = true;
        let checked = pipeline::check(settings, terminal, |placed: Placed| {
            let comma = if std::mem::take(&mut first) { "\n" } else { ",\n" };
            out.print(&format!("{comma}{}", findings::json(&placed)))
        })?;
        out.print(&format!("\n],\"checked\":{}}}\n", findings::json(&checked)))?;
        out.finish()?;
        Ok(checked)
    }
}
