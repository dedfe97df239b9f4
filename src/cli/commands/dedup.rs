//! `chatmill dedup`: rows as they stand, without their twins.

use std::path::PathBuf;

use chatmill::Result;
use chatmill::config::Job;
use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::sorting::{RowOptions, TwinOptions};
use crate::cli::terminal::Terminal;

/// Take out exact and near twins; rows stay as they stand, and every twin is named with the row it is like.
#[derive(Args)]
pub struct Dedup {
    #[command(flatten)]
    rows: RowOptions,

    /// Folder for kept.jsonl, duplicates.jsonl and the report; must be new or empty
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,

    /// Replace an earlier run of chatmill in the folder
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    twins: TwinOptions,
}

impl Dedup {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        let mut settings = self.rows.settings(Job::Dedup)?;
        self.twins.apply(&mut settings)?;
        self.rows.sort(settings, &self.output, self.force, terminal)
    }
}
