//! `chatmill dedup`: rows as they stand, without their twins.

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

    #[command(flatten)]
    twins: TwinOptions,
}

impl Dedup {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        let mut settings = self.rows.settings(Job::Dedup)?;
        self.twins.apply(&mut settings)?;
        self.rows.sort(settings, terminal)
    }
}
