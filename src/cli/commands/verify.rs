//! `chatmill verify`: the promises of a folder, proved again.

use std::path::PathBuf;

use chatmill::Result;
use chatmill::pipeline::verify;
use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::options::start;
use crate::cli::terminal::Terminal;

/// Prove again, from the files alone, what a folder promises: files as written, sums that agree, no group on two sides, no
/// twin across them.
///
/// Exit code 1 when a promise does not hold; the pair that breaks it is named.
#[derive(Args)]
pub struct Verify {
    /// Folder that prepare, split or dedup wrote
    #[arg(required = true, value_name = "DIR")]
    folder: PathBuf,

    /// Workers (default: one a core)
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

impl Verify {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        terminal.watch_for_stop();
        let mut settings = start(None)?;
        settings.threads = self.threads.unwrap_or(settings.threads);
        let proof = verify(&self.folder, &settings, terminal)?;
        if terminal.json {
            terminal.print_json(&proof)?;
        } else {
            terminal.print(&proof.page())?;
        }
        Ok(if proof.holds { Exit::AsPromised } else { Exit::Findings })
    }
}
