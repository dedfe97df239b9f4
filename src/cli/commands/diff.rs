//! `chatmill diff`: what became of one dataset in another.

use chatmill::pipeline::diff::{Compared, diff};
use chatmill::report::difference::Difference;
use chatmill::report::difference_page::{Changes, summary};
use chatmill::report::findings::json;
use chatmill::{Error, Result};
use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::options::{ModelOptions, ReadingOptions, RuleOptions};
use crate::cli::terminal::Terminal;

/// What became of one dataset in another: rows added, removed, changed turn by turn, moved between sides.
///
/// Order does not matter, nor does the shape of the files. Of a folder with a training file the files of the sides are
/// read, otherwise all. Rows of chat files are compared as they stand, other sources as `convert` would write them.
#[derive(Args)]
pub struct Diff {
    /// The dataset before: a file, a folder of `prepare` or `split`, or - for standard input
    #[arg(value_name = "OLD")]
    old: String,

    /// The dataset after
    #[arg(value_name = "NEW")]
    new: String,

    /// Rows shown of each kind; all are counted, and --json has all
    #[arg(long, value_name = "N", default_value_t = 5)]
    show: usize,

    /// End with 1 when anything differs, as git does
    #[arg(long)]
    exit_code: bool,

    /// By whose rules and prices rows are judged (`chatmill list targets`)
    #[arg(long, visible_alias = "to", value_name = "TARGET")]
    target: Option<String>,

    #[command(flatten)]
    model: ModelOptions,

    #[command(flatten)]
    rules: RuleOptions,

    #[command(flatten)]
    reading: ReadingOptions,
}

impl Diff {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        terminal.watch_for_stop();
        let mut settings = self.reading.settings()?;
        self.rules.apply(&mut settings)?;
        self.model.apply(&mut settings);
        if let Some(target) = &self.target {
            settings.target.clone_from(target);
        }
        let compared = diff(&settings, &self.old, &self.new, terminal)?;
        if terminal.json {
            self.json(&compared, terminal)?;
        } else {
            self.page(&compared, terminal)?;
        }
        let Difference { old, new, .. } = &compared.difference;
        if old.rows + new.rows == 0 && old.records + new.records > 0 {
            return Err(Error::input("nothing was compared: no record of either gave a row")
                .with_hint("the reasons stand above; `chatmill explain CODE` says what each means"));
        }
        let differs = self.exit_code && compared.difference.rows.differ();
        Ok(if differs { Exit::Findings } else { Exit::AsPromised })
    }

    fn page(&self, compared: &Compared, terminal: &Terminal) -> Result<()> {
        let mut out = terminal.pieces();
        out.print(&summary(&compared.difference))?;
        let mut changes = Changes::new(&compared.difference);
        compared.changes(self.show, terminal, |change| out.print(&changes.render(&change)))?;
        out.print(&changes.rest())?;
        out.finish()
    }

    /// The sums first, then the rows one a line, so that a million of them need no memory.
    fn json(&self, compared: &Compared, terminal: &Terminal) -> Result<()> {
        let mut out = terminal.pieces();
        let sums = json(&compared.difference);
        out.print(sums.strip_suffix('}').unwrap_or(&sums))?;
        out.print(",\"changes\":[")?;
        let mut comma = "";
        compared.changes(usize::MAX, terminal, |change| {
            out.print(&format!("{}\n{}", std::mem::replace(&mut comma, ","), json(&change)))
        })?;
        out.print("\n]}\n")?;
        out.finish()
    }
}
