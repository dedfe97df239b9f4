//! What is asked of a provider, as flags.

use std::path::PathBuf;

use chatmill::config::Settings;
use chatmill::cost::Weights;
use chatmill::text::number::whole;
use chatmill::{Error, Result};
use clap::Args;

/// How training is billed.
#[derive(Args)]
#[command(next_help_heading = "Billing")]
pub struct BillingOptions {
    /// Epochs; without it the provider's documented default is assumed
    #[arg(long, value_name = "N")]
    epochs: Option<u64>,

    /// Prices of your own over those that come with chatmill (TOML, whole or in part)
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,

    /// Who tunes, where the target does not say it
    #[arg(long, value_name = "NAME", conflicts_with = "self_hosted")]
    provider: Option<String>,

    /// Which weights change: lora, full
    #[arg(long, value_name = "WEIGHTS")]
    weights: Option<Weights>,

    /// Validation file, where it is billed
    #[arg(long, value_name = "FILE", conflicts_with = "self_hosted")]
    validation: Option<String>,

    /// How often the validation file is gone through
    #[arg(long, value_name = "N", requires = "validation")]
    evaluations: Option<u64>,

    /// Rows are not packed together
    #[arg(long)]
    no_packing: bool,

    /// Longest row in tokens, by which rows are billed that are not packed
    #[arg(long, value_name = "TOKENS")]
    pub max_length: Option<u64>,

    /// Hours of training, for what is billed by the hour
    #[arg(long, value_name = "HOURS", conflicts_with_all = ["self_hosted", "break_even"])]
    hours: Option<f64>,

    /// What finished jobs taught
    #[arg(long, value_name = "FILE", conflicts_with = "self_hosted")]
    residual: Option<PathBuf>,
}

/// No job trains longer: ten years, a bound against a slip.
const HOURS_MAX: f64 = 87_600.0;

impl BillingOptions {
    /// The first flag that is given and changes no bill of hours.
    pub fn idle_by_hour(&self) -> Option<&'static str> {
        let flags = [
            (self.epochs.is_some(), "--epochs"),
            (self.weights.is_some(), "--weights"),
            (self.no_packing, "--no-packing"),
        ];
        flags.into_iter().find(|(given, _)| *given).map(|(_, flag)| flag)
    }

    /// Puts the flags over the settings.
    pub fn apply(&self, settings: &mut Settings) -> Result<()> {
        settings.epochs = self.epochs.or(settings.epochs);
        if self.prices.is_some() {
            settings.prices.clone_from(&self.prices);
        }
        let billing = &mut settings.billing;
        if self.provider.is_some() {
            billing.provider.clone_from(&self.provider);
        }
        billing.weights = self.weights.or(billing.weights);
        if self.validation.is_some() {
            billing.validation.clone_from(&self.validation);
        }
        billing.evaluations = self.evaluations.unwrap_or(billing.evaluations);
        billing.no_packing |= self.no_packing;
        billing.max_length = self.max_length.or(billing.max_length);
        if self.residual.is_some() {
            billing.residual.clone_from(&self.residual);
        }
        if let Some(hours) = self.hours {
            if !(hours > 0.0 && hours <= HOURS_MAX) {
                return Err(Error::usage(format!("{hours} hours are no time to train"))
                    .with_hint("give `--hours 1.5`"));
            }
            billing.seconds = Some(whole((hours * 3_600.0).ceil()));
        }
        Ok(())
    }
}
