//! `chatmill conflicts`: answers to one question that disagree.

use chatmill::dedup::near::Threshold;
use chatmill::pipeline::Plan;
use chatmill::pipeline::conflicts::{Terms, conflicts};
use chatmill::report::conflicts::page;
use chatmill::{Error, Result};
use clap::Args;

use crate::cli::exit::{Exit, FailOn};
use crate::cli::options::InputOptions;
use crate::cli::terminal::Terminal;

/// Answers to one question that disagree: other numbers, yes and no, other links, other steps, with their dates.
///
/// Questions that are near the same are put together, and what the answers claim is compared. Where the data has dates, sides that
/// follow one another in time read as a changed policy.
#[derive(Args)]
pub struct Conflicts {
    #[command(flatten)]
    input: InputOptions,

    /// How much of their words questions share to be taken for the same, above 0 to 1
    #[arg(long, value_name = "SIMILARITY", default_value = "0.8")]
    near: String,

    /// What questions are cut into: words:N or chars:N (default words:1; words without a topic do not count)
    #[arg(long, value_name = "UNIT:N")]
    shingle: Option<String>,

    /// Compare questions that stand alone wherever they come in a dialogue: more is found, and more of it is no conflict
    #[arg(long)]
    anywhere: bool,

    /// The field that holds the time of an example, where turns have none
    #[arg(long, value_name = "FIELD")]
    time_field: Option<String>,

    /// Conflicts shown; all are counted, and --json has all
    #[arg(long, value_name = "N", default_value_t = 10)]
    show: usize,

    /// Least finding that makes the exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    fail_on: FailOn,
}

impl Conflicts {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        terminal.watch_for_stop();
        let mut settings = self.input.settings()?;
        settings.count = false;
        if self.time_field.is_some() {
            settings.time_field.clone_from(&self.time_field);
        }
        let near: f64 = self.near.parse().map_err(|_| {
            Error::usage(format!("`{}` is no similarity of questions", self.near))
                .with_hint("give a number above 0 and at most 1, such as 0.8")
        })?;
        let mut terms = Terms { near: Threshold::new(near)?, anywhere: self.anywhere, ..Terms::default() };
        if let Some(shingle) = &self.shingle {
            terms.shingle = shingle.parse()?;
        }
        let plan = Plan::make(settings)?;
        let found = conflicts(&plan, terms, terminal)?;
        if terminal.json {
            terminal.print_json(&found)?;
        } else {
            terminal.print(&page(&found, self.show))?;
        }
        if found.answers == 0 && found.records > 0 {
            return Err(Error::input("nothing was compared: no record gave an answer")
                .with_hint("the reasons stand above; `chatmill explain CODE` says what each means"));
        }
        Ok(Exit::for_worst(found.findings.iter().map(|tally| tally.severity).max(), self.fail_on))
    }
}
