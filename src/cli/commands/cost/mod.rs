//! `chatmill cost`: the bill for one model, or every model side by side.

mod break_even;
mod calibrate;
mod local;
mod options;

use chatmill::config::{DEFAULT_MODEL, Settings};
use chatmill::cost::{FinishedJob, Kind, Method, Tally, Tokens};
use chatmill::pipeline::Plan;
use chatmill::pipeline::compare::compare;
use chatmill::pipeline::destination::plan_to_bill;
use chatmill::pipeline::measure::{Measures, measure};
use chatmill::pipeline::pricing::{Counted, Pricing, nothing_to_bill};
use chatmill::pipeline::validation::validation;
use chatmill::report::{bills, comparison};
use chatmill::target;
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
        self.refuse_idle(&settings)?;
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
            let plan = plan_to_bill(settings)?;
            let measures = counted(&plan, terminal)?;
            self.calibrate.run(&job, &plan, &measures, terminal)?;
            return Ok(Exit::AsPromised);
        }
        let plan = plan_to_bill(settings)?;
        let pricing = Pricing::of(&plan.settings)?;
        if self.local.self_hosted {
            if self.measured.model.model.is_none() && plan.settings.model == DEFAULT_MODEL {
                self.local.needs_model()?;
            }
            self.local.architecture(&plan)?;
            self.local.run(&plan, &counted(&plan, terminal)?, &pricing, terminal)?;
            return Ok(Exit::AsPromised);
        }
        if self.break_even.break_even {
            self.break_even.run(&plan, &pricing, terminal)?;
            return Ok(Exit::AsPromised);
        }
        // What is wrong with the order needs no counting to be said.
        let blank = pricing.bill(&plan, &Tally::default(), Tokens::default())?;
        if blank.per_hour.is_none() && plan.settings.billing.seconds.is_some() {
            let says =
                format!("`{}` is billed by the token at {}, not by the hour", blank.model, blank.title);
            return Err(Error::usage(says).with_hint("leave out `--hours`"));
        }
        let measures = counted(&plan, terminal)?;
        let validation = validation(&plan, terminal)?;
        let Measures { ledger, rejections, billed, .. } = &measures;
        let bill = pricing.bill_of(&plan, &Counted { tally: billed, ledger, rejections }, &validation)?;
        if terminal.json {
            terminal.print_json(&bill)?;
        } else {
            terminal.print(&bills::page(&bill))?;
        }
        Ok(Exit::AsPromised)
    }

    /// Refuses what would be ignored, since whoever gives it expects that it counts.
    fn refuse_idle(&self, settings: &Settings) -> Result<()> {
        let idle = |what: &str, hint: &str| Err(Error::usage(what).with_hint(hint));
        if self.compare && self.measured.model.model.is_some() && settings.tokenizer.is_none() {
            return idle(
                "`--compare` is about every model, and `--model` about one",
                "leave out one of the two, or give `--tokenizer`, which counts for the model that is named",
            );
        }
        if self.billing.max_length.is_some() && !settings.billing.no_packing && !self.local.self_hosted {
            return idle(
                "rows that are packed are billed whatever their longest is, so `--max-length` changes nothing",
                "give `--no-packing`, or plan machines of your own with `--self-hosted`",
            );
        }
        let method = target::by_name(&settings.target).map(|target| Method::for_target(target.spec(), None));
        let by_hour = method.is_some_and(|method| method.kind == Kind::Rft) && !self.local.self_hosted;
        if let Some(flag) = self.billing.idle_by_hour().filter(|_| by_hour) {
            let target = &settings.target;
            return idle(
                &format!("jobs of `{target}` are billed by the hour, so `{flag}` changes nothing"),
                &format!("leave out `{flag}`"),
            );
        }
        Ok(())
    }
}

/// Everything usable, counted; that nothing is, is an error with its way out.
fn counted(plan: &Plan, terminal: &Terminal) -> Result<Measures> {
    let measures = measure(plan, terminal, |_| Ok(()))?;
    match measures.examples {
        0 => Err(nothing_to_bill(measures.ledger.records, &measures.rejections)),
        _ => Ok(measures),
    }
}
