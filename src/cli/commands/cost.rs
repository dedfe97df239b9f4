//! `chatmill cost`: the bill.

use std::fmt::Write as _;
use std::path::PathBuf;

use chatmill::Result;
use chatmill::pipeline::Plan;
use chatmill::pipeline::measure::{bill, measure};
use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::options::{InputOptions, ModelOptions};
use crate::cli::terminal::Terminal;

/// The bill per epoch and in all, as an interval with its assumptions.
#[derive(Args)]
pub struct Cost {
    #[command(flatten)]
    input: InputOptions,

    #[command(flatten)]
    model: ModelOptions,

    /// Epochs; without it the documented default is assumed
    #[arg(long, value_name = "N")]
    epochs: Option<u64>,

    /// Price table instead of the one that comes with chatmill (TOML)
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,
}

impl Cost {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        terminal.watch_for_stop();
        let mut settings = self.input.settings()?;
        self.model.apply(&mut settings);
        settings.count = true;
        settings.epochs = self.epochs.or(settings.epochs);
        if self.prices.is_some() {
            settings.prices.clone_from(&self.prices);
        }
        let plan = Plan::make(settings)?;
        let measures = measure(&plan, terminal, |_| Ok(()))?;
        if measures.examples == 0 {
            return Err(chatmill::Error::input(format!(
                "there is nothing to bill: none of {} is usable",
                chatmill::text::number::count(measures.ledger.records, "record")
            ))
            .with_hint("`chatmill stats` with the same inputs says why"));
        }
        let bill = bill(&plan, &measures)?;
        if terminal.json {
            terminal.print_json(&bill)?;
            return Ok(Exit::AsPromised);
        }
        let mut out = String::new();
        let _ = writeln!(out, "{}", bill.sentence());
        for line in bill.warnings.iter().chain(&bill.assumptions) {
            let _ = writeln!(out, "  {line}");
        }
        terminal.print(&out)?;
        Ok(Exit::AsPromised)
    }
}
