//! `chatmill split`: rows as they stand, put on sides.

use std::path::PathBuf;

use chatmill::Result;
use chatmill::config::Job;
use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::sorting::{RowOptions, SideOptions, TwinOptions};
use crate::cli::terminal::Terminal;

/// Put rows into training, validation and test, so that nothing that belongs together stands on two sides, with a
/// certificate that `verify` proves.
///
/// Rows stay as they stand, twins included; they are only put on one side. Rows of one conversation, customer, ticket or
/// prompt belong together, and near twins.
#[derive(Args)]
pub struct Split {
    #[command(flatten)]
    rows: RowOptions,

    /// Folder for the rows and for what proves them; must be new or empty
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,

    /// Replace an earlier run of chatmill in the folder
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    sides: SideOptions,

    #[command(flatten)]
    twins: TwinOptions,

    /// Leave twins out instead of keeping them together
    #[arg(long)]
    drop_twins: bool,
}

impl Split {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        let mut settings = self.rows.settings(Job::Split)?;
        settings.twins.keep = !self.drop_twins;
        self.twins.apply(&mut settings)?;
        self.sides.apply(&mut settings)?;
        self.rows.sort(settings, &self.output, self.force, terminal)
    }
}
