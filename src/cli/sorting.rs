//! Flags of commands that look for twins and choose sides.

use std::path::{Path, PathBuf};

use chatmill::Result;
use chatmill::config::{Job, NearChoice, Settings};
use chatmill::pipeline::{self, Plan};
use chatmill::report::{Summary, terminal};
use chatmill::split::Moment;
use clap::Args;

use super::exit::{Exit, FailOn};
use super::options::start;
use super::terminal::Terminal;

/// Rows that stay as they stand.
#[derive(Args)]
pub struct RowOptions {
    /// Files of rows (JSON lines or arrays), folders, globs in quotes, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,

    /// Settings file; without it, chatmill.toml in the current folder is used where it is there
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Read every file with this reader (`chatmill list readers`)
    #[arg(long, value_name = "READER")]
    from: Option<String>,

    /// Workers (default: one a core); results do not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,

    /// Least finding that makes the exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    fail_on: FailOn,
}

impl RowOptions {
    /// The settings that they make.
    pub fn settings(&self, job: Job) -> Result<Settings> {
        let mut settings = start(self.config.as_deref())?;
        settings.inputs.clone_from(&self.files);
        settings.job = job;
        settings.count = false;
        settings.threads = self.threads.unwrap_or(settings.threads);
        if self.from.is_some() {
            settings.read.from.clone_from(&self.from);
        }
        Ok(settings)
    }

    /// Runs the job, fills `output` and says what became of the rows.
    pub fn sort(&self, settings: Settings, output: &Path, force: bool, terminal: &Terminal) -> Result<Exit> {
        terminal.watch_for_stop();
        let plan = Plan::make(settings)?;
        let summary = pipeline::prepare(&plan, output, force, terminal)?;
        if terminal.json {
            terminal.print_json(&summary)?;
        }
        terminal.say(&terminal::summary(&summary, &pipeline::codes::remedy));
        Ok(self.exit(&summary))
    }

    /// How the run ends.
    pub fn exit(&self, summary: &Summary) -> Exit {
        Exit::for_worst(summary.findings.iter().map(|tally| tally.severity).max(), self.fail_on)
    }
}

/// What a twin is, and which of several is kept.
#[derive(Args)]
#[command(next_help_heading = "Twins")]
pub struct TwinOptions {
    /// What makes two examples twins: conversation, prompt, answer, tools, joined by commas
    #[arg(long, value_name = "WHAT")]
    twins_on: Option<String>,
    /// Which of several twins is kept: first, longest, newest, or best:FIELD (the highest number in it)
    #[arg(long, value_name = "WHICH")]
    keep: Option<String>,
    /// Least similarity of near twins, 0 to 1 (default 0.8), or off
    #[arg(long, value_name = "SIMILARITY")]
    near: Option<String>,
    /// What texts are cut into to be compared: words:N or chars:N (default words:2)
    #[arg(long, value_name = "UNIT:N")]
    shingle: Option<String>,
    /// What differs without meaning: dates, identifiers, numbers, joined by commas, or all
    #[arg(long, value_name = "WHAT")]
    mask: Option<String>,
    /// How near twins are looked for: exact (all of them), or minhash (some are missed; how many is measured)
    #[arg(long, value_name = "METHOD")]
    near_method: Option<String>,
    /// Index of earlier runs: twins of rows that these kept are left out, and what this run keeps is added; made when it is
    /// not there. `off` where the settings file names one that is not wanted
    #[arg(long, value_name = "FILE")]
    index: Option<PathBuf>,
}

impl TwinOptions {
    /// Puts the flags over the settings.
    pub fn apply(&self, settings: &mut Settings) -> Result<()> {
        let twins = &mut settings.twins;
        if let Some(index) = &self.index {
            twins.index = (index.as_os_str() != "off").then(|| index.clone());
        }
        if let Some(on) = &self.twins_on {
            twins.on = on.parse()?;
        }
        if let Some(which) = &self.keep {
            twins.which = which.parse()?;
        }
        twins.find_near(&NearChoice {
            threshold: self.near.as_deref(),
            shingle: self.shingle.as_deref(),
            mask: self.mask.as_deref(),
            method: self.near_method.as_deref(),
        })
    }
}

/// Which side each example goes to.
#[derive(Args)]
#[command(next_help_heading = "Sides (groups never stand on two)")]
pub struct SideOptions {
    /// Validation: a share such as 0.1 or 10%, or a number of rows (default 0.1)
    #[arg(long, value_name = "AMOUNT")]
    valid: Option<String>,
    /// Test: a share or a number of rows (default 0)
    #[arg(long, value_name = "AMOUNT")]
    test: Option<String>,
    /// Another seed gives another split
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// By which share of all rows a side may miss its amount before groups move for it (default 0.02)
    #[arg(long, value_name = "SHARE")]
    tolerance: Option<f64>,
    /// Keep examples with equal values of this field on one side, beside the same conversation and prompt; may be repeated
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    group_by: Vec<String>,
    /// Do not group by `customer_id`, `ticket_id` and the like where rows have them
    #[arg(long)]
    no_known_groups: bool,
    /// Give each side the same share of each: answer, label, length, month, or a field
    #[arg(long, value_name = "WHAT")]
    stratify: Option<String>,
    /// Cut by time instead: validation begins at this date
    #[arg(long, value_name = "DATE", conflicts_with_all = ["valid", "test", "stratify"])]
    after: Option<String>,
    /// Cut by time instead: test begins at this date
    #[arg(long, value_name = "DATE", conflicts_with_all = ["valid", "test", "stratify"])]
    test_after: Option<String>,
    /// The field that holds the time of an example, where turns have none
    #[arg(long, value_name = "FIELD")]
    time_field: Option<String>,
    /// Folder of an earlier run: what stands on a side there never moves
    #[arg(long, value_name = "DIR")]
    previous: Option<PathBuf>,
}

impl SideOptions {
    /// Puts the flags over the settings.
    pub fn apply(&self, settings: &mut Settings) -> Result<()> {
        let split = &mut settings.split;
        if let Some(valid) = &self.valid {
            split.valid = valid.parse()?;
        }
        if let Some(test) = &self.test {
            split.test = test.parse()?;
        }
        split.seed = self.seed.unwrap_or(split.seed);
        split.tolerance = self.tolerance.unwrap_or(split.tolerance);
        let moment = |text: &Option<String>| text.as_deref().map(str::parse::<Moment>).transpose();
        if self.after.is_some() || self.test_after.is_some() {
            (split.after, split.test_after) = (moment(&self.after)?, moment(&self.test_after)?);
        }
        if let Some(by) = &self.stratify {
            split.stratify = Some(by.parse()?);
        }
        split.validate()?;
        settings.group_by.extend(self.group_by.iter().cloned());
        settings.group_known &= !self.no_known_groups;
        if self.time_field.is_some() {
            settings.time_field.clone_from(&self.time_field);
        }
        if self.previous.is_some() {
            settings.previous.clone_from(&self.previous);
        }
        Ok(())
    }
}
