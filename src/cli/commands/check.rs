//! `chatmill check`: a dataset against the rules of a target.

use std::path::{Path, PathBuf};

use chatmill::config::{NearChoice, Settings};
use chatmill::diagnostic::{Baseline, Change, Checked, Placed};
use chatmill::lint::Safety;
use chatmill::pipeline::{self, CheckOptions, FixTo, Fixing, Listener};
use chatmill::report::changes::Changes;
use chatmill::report::findings::{self, Format, Grouped};
use chatmill::report::sarif::{MOST_RESULTS, Sarif};
use chatmill::text::number::count;
use chatmill::write::Replacing;
use chatmill::{Error, Result};
use clap::Args;

use crate::cli::exit::{Exit, FailOn};
use crate::cli::options::{ModelOptions, RuleOptions, start};
use crate::cli::terminal::{Pieces, Terminal};

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

    #[command(flatten)]
    leaks: LeakOptions,

    /// Form of the findings
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: OutputFormat,

    /// Cases shown of each kind (human form); all are counted
    #[arg(long, value_name = "N", default_value_t = 5)]
    show: usize,

    /// Least finding that makes the exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    fail_on: FailOn,

    /// Workers (default: one a core); results do not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,

    #[command(flatten)]
    fix: FixOptions,

    #[command(flatten)]
    baseline: BaselineOptions,
}

#[derive(Args)]
#[command(next_help_heading = "Leaks (rows of several files are compared)")]
struct LeakOptions {
    /// Files, in any format, or folders of earlier runs, into which no row may leak: evaluation sets; may be repeated
    #[arg(long, value_name = "FILE")]
    against: Vec<String>,
    /// Least similarity of near twins in two files, 0 to 1 (default 0.8), or off
    #[arg(long, value_name = "SIMILARITY")]
    near: Option<String>,
}

#[derive(Args)]
#[command(next_help_heading = "Fixing (findings are then those that are left)")]
struct FixOptions {
    /// Mend what can be mended without changing what the model sees; needs --output or --in-place
    #[arg(long, conflicts_with = "diff")]
    fix: bool,
    /// Also mend what changes or leaves out something that somebody wrote
    #[arg(long)]
    unsafe_fixes: bool,
    /// Do not fix the findings of these rules (codes, prefixes or names)
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    no_fix: Vec<String>,
    /// Show what --fix would change, and write nothing
    #[arg(long)]
    diff: bool,
    /// File for what --fix makes of the one input
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["diff", "in_place"])]
    output: Option<PathBuf>,
    /// Put what --fix makes in the place of the input, which is kept as FILE.bak
    #[arg(long, conflicts_with = "diff")]
    in_place: bool,
    /// Do not keep the input, for files under version control
    #[arg(long, requires = "in_place")]
    no_backup: bool,
}

#[derive(Args)]
#[command(next_help_heading = "Baseline (findings that are known do not count)")]
struct BaselineOptions {
    /// File with the findings that are known
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Record all findings in this file; the exit code is 0
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "fix", "diff"])]
    write_baseline: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum OutputFormat {
    /// Grouped by kind, with the place marked, for reading
    Human,
    /// One line a finding: <file:line:column>: code message
    Concise,
    /// JSON: all findings and the sums
    Json,
    /// Annotations for GitHub Actions
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

impl Check {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        terminal.watch_for_stop();
        let settings = self.settings()?;
        if let Some(path) = &self.baseline.write_baseline {
            return self.record(path, terminal, &settings);
        }
        let options = self.options(&settings)?;
        let json = terminal.json || self.format == OutputFormat::Json;
        let checked = match self.format {
            _ if json => self.json(terminal, &settings, options)?,
            _ if self.fix.diff => diff(terminal, &settings, options)?,
            OutputFormat::Human => self.human(terminal, &settings, options)?,
            OutputFormat::Concise => lines(terminal, &settings, options, Format::Concise)?,
            OutputFormat::Github => lines(terminal, &settings, options, Format::Github)?,
            OutputFormat::Sarif | OutputFormat::Json => sarif(terminal, &settings, options)?,
        };
        terminal.say(&findings::sums(&checked, self.fix.diff));
        Ok(Exit::for_worst(checked.worst, self.fail_on))
    }

    fn settings(&self) -> Result<Settings> {
        let mut settings = start(self.config.as_deref())?;
        settings.inputs.clone_from(&self.files);
        self.rules.apply(&mut settings)?;
        settings.lint.no_fix.extend(self.fix.no_fix.iter().cloned());
        settings
            .twins
            .find_near(&NearChoice { threshold: self.leaks.near.as_deref(), ..NearChoice::default() })?;
        self.model.apply(&mut settings);
        if let Some(target) = &self.target {
            settings.target.clone_from(target);
        }
        settings.chosen |= self.target.is_some() || self.model.model.is_some();
        settings.threads = self.threads.unwrap_or(settings.threads);
        Ok(settings)
    }

    fn options(&self, settings: &Settings) -> Result<CheckOptions> {
        let path = self.baseline.baseline.as_ref().or(settings.baseline.as_ref());
        let baseline = path.map_or_else(|| Ok(Baseline::default()), |path| known(path))?;
        Ok(CheckOptions {
            fixing: self.fix.fixing(self.format)?,
            baseline,
            against: self.leaks.against.clone(),
        })
    }

    fn human(&self, terminal: &Terminal, settings: &Settings, options: CheckOptions) -> Result<Checked> {
        let mut grouped = Grouped::new(self.show);
        let fixing = options.fixing.is_some();
        let checked = pipeline::check(settings, options, terminal, &mut |placed| {
            grouped.add(placed);
            Ok(())
        })?;
        // What is left after fixing cannot be fixed by doing it once more.
        let fix = |code: &str| if fixing { None } else { pipeline::codes::fix(code) };
        terminal.print(&grouped.render(&checked, &settings.target, &pipeline::codes::remedy, &fix))?;
        Ok(checked)
    }

    /// Findings are written as they come, so that a file with a million of them needs no memory for them.
    fn json(&self, terminal: &Terminal, settings: &Settings, options: CheckOptions) -> Result<Checked> {
        let name = if self.fix.diff { "changes" } else { "findings" };
        let mut list = List { out: terminal.pieces(), first: true, changes: self.fix.diff };
        list.out.print(&format!("{{\"schema\":1,\"{name}\":["))?;
        let checked = pipeline::check(settings, options, terminal, &mut list)?;
        list.out.print(&format!("\n],\"checked\":{}}}\n", findings::json(&checked)))?;
        list.out.finish()?;
        Ok(checked)
    }

    /// Writes a baseline.
    fn record(&self, path: &Path, terminal: &Terminal, settings: &Settings) -> Result<Exit> {
        let mut baseline = Baseline::default();
        let options = CheckOptions { against: self.leaks.against.clone(), ..CheckOptions::default() };
        let checked = pipeline::check(settings, options, terminal, &mut |placed: Placed| {
            baseline.add(&placed);
            Ok(())
        })?;
        let mut file = Replacing::create(path)?;
        file.write(baseline.to_json().as_bytes())?;
        file.finish()?;
        if terminal.json {
            terminal.print_json(&checked)?;
        }
        terminal.say(&format!("{} recorded in {}\n", count(baseline.rest(), "finding"), path.display()));
        Ok(Exit::AsPromised)
    }
}

impl FixOptions {
    fn fixing(&self, format: OutputFormat) -> Result<Option<Fixing>> {
        let to = match (&self.output, self.in_place) {
            _ if self.diff => {
                if !matches!(format, OutputFormat::Human | OutputFormat::Json) {
                    return Err(Error::usage("`--diff` shows changes, which have no such `--format`")
                        .with_hint("leave out `--format`, or give `--format json`"));
                }
                FixTo::Nowhere
            }
            _ if !self.fix => {
                let needless = self.unsafe_fixes || self.in_place || self.output.is_some();
                return if needless {
                    Err(Error::usage("nothing is written without `--fix`")
                        .with_hint("give `--fix` too, or `--diff` to see what it would change; findings go to standard output"))
                } else {
                    Ok(None)
                };
            }
            (Some(path), _) => FixTo::File(path.clone()),
            (None, true) => FixTo::InPlace { backup: !self.no_backup },
            (None, false) => {
                return Err(Error::usage("`--fix` does not say where the fixed rows go").with_hint(
                    "`--output FILE` writes a new file, `--in-place` replaces the input and keeps it as FILE.bak, \
                     `--diff` only shows what would change",
                ));
            }
        };
        let most = if self.unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
        Ok(Some(Fixing { most, to }))
    }
}

fn lines(terminal: &Terminal, settings: &Settings, options: CheckOptions, format: Format) -> Result<Checked> {
    let mut out = terminal.pieces();
    let checked = pipeline::check(settings, options, terminal, &mut |placed| {
        out.print(&findings::line(&placed, format, &settings.target))
    })?;
    out.finish()?;
    Ok(checked)
}

fn sarif(terminal: &Terminal, settings: &Settings, options: CheckOptions) -> Result<Checked> {
    let mut sarif = Sarif::new(MOST_RESULTS);
    let checked = pipeline::check(settings, options, terminal, &mut |placed| {
        sarif.add(placed);
        Ok(())
    })?;
    let describe = |code: &str| pipeline::codes::find(code).map(|described| described.def);
    terminal.print(&sarif.render(&checked, &settings.target, &describe))?;
    Ok(checked)
}

fn diff(terminal: &Terminal, settings: &Settings, options: CheckOptions) -> Result<Checked> {
    let mut shown = Diff { terminal, changes: Changes::default() };
    let checked = pipeline::check(settings, options, terminal, &mut shown)?;
    terminal.say(&format!(
        "{} checked for {}; after fixing: {}, {}, {}\n",
        count(checked.rows, "row"),
        settings.target,
        count(checked.errors, "error"),
        count(checked.warnings, "warning"),
        count(checked.infos, "note")
    ));
    Ok(checked)
}

/// Changes as people read them; findings are counted only.
struct Diff<'a> {
    terminal: &'a Terminal,
    changes: Changes,
}

impl Listener for Diff<'_> {
    fn finding(&mut self, _: Placed) -> Result<()> {
        Ok(())
    }

    fn change(&mut self, change: Change) -> Result<()> {
        self.terminal.print(&self.changes.render(&change))
    }
}

/// Findings or changes as the elements of a JSON array.
struct List<'a> {
    out: Pieces<'a>,
    first: bool,
    changes: bool,
}

impl List<'_> {
    fn print(&mut self, element: &impl serde::Serialize) -> Result<()> {
        let comma = if std::mem::take(&mut self.first) { "\n" } else { ",\n" };
        self.out.print(&format!("{comma}{}", findings::json(element)))
    }
}

impl Listener for List<'_> {
    fn finding(&mut self, placed: Placed) -> Result<()> {
        if self.changes { Ok(()) } else { self.print(&placed) }
    }

    fn change(&mut self, change: Change) -> Result<()> {
        self.print(&change)
    }
}

/// Reads a baseline.
fn known(path: &Path) -> Result<Baseline> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Error::usage(format!("cannot read the baseline `{name}`: {error}"))
            .with_hint(format!("`--write-baseline {name}` records the findings of today"))
    })?;
    Baseline::parse(&text, &name)
}
