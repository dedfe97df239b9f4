//! `chatmill cost --calibrate`: what a finished job teaches about the count of its rows.

use std::path::{Path, PathBuf};

use chatmill::cost::{FinishedJob, Learned, Method, Residual};
use chatmill::pipeline::Plan;
use chatmill::pipeline::measure::Measures;
use chatmill::pipeline::pricing::Pricing;
use chatmill::report;
use chatmill::write::Replacing;
use chatmill::{Error, Result};
use clap::Args;

use crate::cli::terminal::Terminal;

/// What is learned from.
#[derive(Args)]
#[command(next_help_heading = "Calibration")]
pub struct CalibrateOptions {
    /// A finished job of these rows, as its provider prints it (JSON with `trained_tokens`): says where between the bounds it
    /// lay, and with --residual keeps that for the next bill
    #[arg(long, value_name = "JOB", conflicts_with_all = ["compare", "self_hosted", "break_even"])]
    pub calibrate: Option<PathBuf>,
}

impl CalibrateOptions {
    /// Compares the job with the count, keeps what it teaches, and prints it.
    pub fn run(
        &self,
        job: &FinishedJob,
        plan: &Plan,
        measures: &Measures,
        terminal: &Terminal,
    ) -> Result<()> {
        // Prices without what was learned before, whose file may not be there yet.
        let mut unlearned = plan.settings.clone();
        unlearned.billing.residual = None;
        let pricing = Pricing::of(&unlearned)?;
        let provider = pricing.offered(plan)?;
        let billed = pricing.pass(plan, &measures.billed)?;
        let kind = Method::for_target(plan.target.spec(), None).kind;
        let about = (provider, plan.model.name, kind);
        let learned = Learned::of(job, about, billed, plan.settings.epochs)?;
        let kept = plan.settings.billing.residual.as_deref();
        let mut residual = match kept {
            Some(path) if path.exists() => Residual::load(path)?,
            _ => Residual::default(),
        };
        residual.add(learned.clone());
        if let Some(path) = kept {
            save(&residual, path)?;
        }
        let known = residual.of(provider, plan.model.name, kind);
        let alike = known.and_then(|known| known.like(&measures.billed, billed.unpacked)).unwrap_or_default();
        let found = report::calibration::Calibration::of(learned, &alike, billed.pass);
        if terminal.json {
            return terminal.print_json(&found);
        }
        terminal.print(&report::calibration::page(&found, kept))
    }
}

fn save(residual: &Residual, path: &Path) -> Result<()> {
    let mut file = Replacing::create(path)?;
    file.line(residual.text()?.trim_end().as_bytes())?;
    file.finish()
}

/// The job is of one model; another one that is asked for is a slip.
pub fn model_of(job: &FinishedJob, asked: Option<&str>) -> Result<&'static str> {
    let of_job = chatmill::tokens::model(&job.model)?.name;
    match asked.map(chatmill::tokens::model).transpose()? {
        Some(asked) if asked.name != of_job => {
            Err(Error::usage(format!("the job tuned `{of_job}`, not `{}`", asked.name))
                .with_hint("leave out `--model`: the job names it"))
        }
        _ => Ok(of_job),
    }
}
