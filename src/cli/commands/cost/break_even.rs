//! `chatmill cost --break-even`: when tuning pays.

use chatmill::pipeline::Plan;
use chatmill::pipeline::pricing::Pricing;
use chatmill::pipeline::prompting::{Asked, pays};
use chatmill::report;
use chatmill::{Error, Result};
use clap::Args;

use crate::cli::terminal::Terminal;

/// What tuning is set against.
#[derive(Args)]
#[command(next_help_heading = "Break-even")]
pub struct BreakEvenOptions {
    /// Requests until tuning pays: what constant instructions and worked examples in the rows cost, against training and serving
    #[arg(long, conflicts_with_all = ["compare", "self_hosted"])]
    pub break_even: bool,

    /// Models that the tuned one is compared with (default: the same model as it is, and what its provider names instead)
    #[arg(long, value_name = "MODEL", value_delimiter = ',', requires = "break_even")]
    base: Vec<String>,

    /// Requests a month, which decide where serving is paid by the hour
    #[arg(long, value_name = "N", requires = "break_even")]
    requests_per_month: Option<u64>,

    /// Tokens of instructions that the tuned model is still sent
    #[arg(long, value_name = "N", default_value_t = 0, requires = "break_even")]
    keep_tokens: u64,
}

impl BreakEvenOptions {
    /// Finds what is constant in the rows and prints when tuning pays.
    pub fn run(&self, plan: &Plan, pricing: &Pricing, terminal: &Terminal) -> Result<()> {
        if self.requests_per_month == Some(0) {
            return Err(Error::usage("0 requests a month never pay for anything")
                .with_hint("give 1 or more, or leave out `--requests-per-month`"));
        }
        let asked = Asked { bases: &self.base, kept: self.keep_tokens, a_month: self.requests_per_month };
        let found = pays(plan, pricing, &asked, terminal)?;
        if terminal.json {
            return terminal.print_json(&found);
        }
        terminal.print(&report::break_even::page(&found, pricing.book.today))
    }
}
