//! `chatmill cost`: the bill for one model, or every model side by side.

mod break_even;
mod calibrate;
mod local;
mod options;

use chatmill::cost::{FinishedJob, Tokens};
use chatmill::pipeline::Plan;
use chatmill::pipeline::compare::compare;
use chatmill::pipeline::measure::{Measures, measure};
use chatmill::pipeline::pricing::Pricing;
use chatmill::report::{bills, comparison};
use chatmill::{Error, Result};
use clap::Args;

use self::break_even::BreakEvenOptions;
use self::calibrate::{CalibrateOptions, model_of};
use self::local::LocalOptions;
use self::options::BillingOptions;
use crate::cli::exit::Exit;
use crate::cli::options::MeasureOptions;
use crate::cli::terminal::Terminal;

/// What training costs: one model's bill with its assumptions, or every model side by side.
#[derive(Args)]
pub struct Cost {
    #[command(flatten)]
    measured: MeasureOptions,

    /// Every model that could be tuned on the rows, with what its target refuses and cuts
    #[arg(long)]
    compare: bool,

    /// With --compare: a line for each model, also for those that come out alike
    #[arg(long, requires = "compare")]
    each: bool,

    #[command(flatten)]
    billing: BillingOptions,

    #[command(flatten)]
    local: LocalOptions,

    #[command(flatten)]
    break_even: BreakEvenOptions,

    #[command(flatten)]
    calibrate: CalibrateOptions,
}

impl Cost {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        terminal.watch_for_stop();
        let mut settings = self.measured.settings()?;
        self.billing.apply(&mut settings)?;
        if self.compare {
            let compared = compare(&settings, self.measured.target.as_deref(), terminal)?;
            if terminal.json {
                terminal.print_json(&compared)?;
            } else {
                terminal.print(&comparison::page(&compared, self.each))?;
            }
            return Ok(Exit::AsPromised);
        }
        settings.count = !self.break_even.break_even;
        if let Some(path) = &self.calibrate.calibrate {
            let job = FinishedJob::load(path)?;
            model_of(&job, self.measured.model.model.as_deref())?.clone_into(&mut settings.model);
            let plan = Plan::measuring(settings)?;
            let measures = counted(&plan, terminal)?;
            self.calibrate.run(&job, &plan, &measures, terminal)?;
            return Ok(Exit::AsPromised);
        }
        let plan = Plan::measuring(settings)?;
        let pricing = Pricing::of(&plan.settings)?;
        if self.local.self_hosted {
            self.local.architecture(&plan)?;
            self.local.run(&plan, &counted(&plan, terminal)?, &pricing, terminal)?;
            return Ok(Exit::AsPromised);
        }
        if self.break_even.break_even {
            self.break_even.run(&plan, &pricing, terminal)?;
            return Ok(Exit::AsPromised);
        }
        pricing.offered(&plan)?;
        let measures = counted(&plan, terminal)?;
        let validation = self.validation(&plan, terminal)?;
        let bill = pricing.bill(&plan, &measures.billed, validation)?;
        if terminal.json {
            terminal.print_json(&bill)?;
        } else {
            terminal.print(&bills::page(&bill))?;
        }
        Ok(Exit::AsPromised)
    }

    /// Tokens of the validation file, counted as those of the training file.
    fn validation(&self, plan: &Plan, terminal: &Terminal) -> Result<Tokens> {
        let Some(file) = &self.billing.validation else { return Ok(Tokens::default()) };
        let mut settings = plan.settings.clone();
        settings.inputs = vec![file.clone()];
        Ok(counted(&Plan::measuring(settings)?, terminal)?.billed.tokens)
    }
}

/// Everything usable, counted; that nothing is, is an error with its way out.
fn counted(plan: &Plan, terminal: &Terminal) -> Result<Measures> {
    let measures = measure(plan, terminal, |_| Ok(()))?;
    if measures.examples == 0 {
        let records = chatmill::text::number::count(measures.ledger.records, "record");
        return Err(Error::input(format!("there is nothing to bill: none of {records} is usable"))
            .with_hint("`chatmill stats` with the same inputs says why"));
    }
    Ok(measures)
}
