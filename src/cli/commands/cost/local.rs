//! `chatmill cost --self-hosted`: memory, hours and money on machines of one's own.

use chatmill::cost::{
    Architecture, EPOCHS_MAX, Limit, LocalTraining, Precision, Tokens, Weights, architecture, passes,
    self_hosted,
};
use chatmill::pipeline::Plan;
use chatmill::pipeline::measure::{Distribution, Measures};
use chatmill::pipeline::pricing::{Pricing, dropped, limit_of};
use chatmill::report;
use chatmill::report::summary::Tally;
use chatmill::target::{Overlong, Shape};
use chatmill::text::number::{count, thousands};
use chatmill::{Error, Result};
use clap::{Args, ValueEnum};

use crate::cli::terminal::Terminal;

/// What is trained on which machine.
#[derive(Args)]
#[command(next_help_heading = "Machines of your own")]
pub struct LocalOptions {
    /// Memory, hours and money of tuning an open model on GPUs to rent
    #[arg(long, conflicts_with = "compare")]
    pub self_hosted: bool,

    /// Billions of parameters, for a model that is not known
    #[arg(long, value_name = "BILLIONS", requires_all = ["layers", "hidden", "self_hosted"])]
    parameters: Option<f64>,

    /// Its layers (`num_hidden_layers`)
    #[arg(long, value_name = "N", requires = "parameters")]
    layers: Option<u64>,

    /// Its width (`hidden_size`)
    #[arg(long, value_name = "N", requires = "parameters")]
    hidden: Option<u64>,

    /// Rank of the adapters; --weights full trains all weights
    #[arg(long, value_name = "N", default_value_t = 16, requires = "self_hosted")]
    rank: u64,

    /// In what the weights are kept
    #[arg(long, value_name = "BITS", default_value = "bf16", requires = "self_hosted")]
    precision: Bits,

    /// Sequences on a GPU at once
    #[arg(long, value_name = "N", default_value_t = 1, requires = "self_hosted")]
    batch: u64,

    /// Activations are kept, not computed again
    #[arg(long, requires = "self_hosted")]
    no_checkpointing: bool,

    /// This GPU only
    #[arg(long, value_name = "NAME", requires = "self_hosted")]
    gpu: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Bits {
    /// 16 bits
    #[value(name = "bf16")]
    Bf16,
    /// 8 bits
    #[value(name = "8bit")]
    Eight,
    /// 4 bits (`QLoRA`)
    #[value(name = "4bit")]
    Four,
}

impl LocalOptions {
    /// Of a model that nobody names the sizes are said.
    pub fn needs_model(&self) -> Result<()> {
        match self.parameters {
            Some(_) => Ok(()),
            None => Err(Error::usage("`--self-hosted` needs the name of an open model, or its sizes").with_hint(
                "give `--model`, such as `--model llama-3.1-8b`, or `--parameters`, `--layers` and `--hidden`",
            )),
        }
    }

    /// What is to be tuned, known before anything is counted.
    pub fn architecture(&self, plan: &Plan) -> Result<Architecture> {
        match (self.parameters, self.layers, self.hidden) {
            (Some(billions), Some(layers), Some(hidden)) => Architecture::of_sizes(billions, layers, hidden),
            _ => architecture(plan.model.name),
        }
    }

    /// Plans the job and prints it.
    pub fn run(
        &self,
        plan: &Plan,
        measures: &Measures,
        pricing: &Pricing,
        terminal: &Terminal,
    ) -> Result<()> {
        let architecture = self.architecture(plan)?;
        let longest = sequences(measures).map_or(0, |sequences| sequences.max);
        let spec = plan.target.spec();
        let sequence = plan.settings.billing.max_length.or(spec.length.tokens).unwrap_or(longest);
        let training = LocalTraining {
            rank: (plan.settings.billing.weights != Some(Weights::Full)).then_some(self.rank),
            precision: match self.precision {
                Bits::Bf16 => Precision::Bf16,
                Bits::Eight => Precision::Eight,
                Bits::Four => Precision::Four,
            },
            sequence,
            batch: self.batch,
            checkpointing: !self.no_checkpointing,
            packed: !plan.settings.billing.no_packing,
            pairs: spec.shape == Shape::Preference,
        };
        let (epochs, why) = Self::epochs(plan)?;
        let limit = limit_of(plan);
        let tokens =
            if training.packed { measures.billed.tokens } else { padded(measures, limit, &training)? };
        let mut planned =
            self_hosted(&architecture, training, epochs, tokens, &pricing.book, self.gpu.as_deref())?;
        planned.assumptions.insert(0, why);
        if planned.model.is_empty() {
            let name = plan.model.name;
            planned
                .assumptions
                .insert(1, format!("tokens are counted as for `{name}`; `--model` says a nearer one"));
        } else if !plan.meter.counter.is_exact() {
            let name = &plan.meter.vocabulary;
            planned.assumptions.insert(
                1,
                format!(
                    "the vocabulary `{name}` does not come with chatmill: counts are estimates with their bounds"
                ),
            );
        }
        planned.assumptions.extend(long_rows(measures, limit, &training, spec.length.setting));
        planned.warnings.extend(dropped(plan));
        let rejected = measures.ledger.rejected;
        if rejected > 0 {
            let of = count(measures.ledger.records, "record");
            planned.warnings.push(format!("{} of {of} would not be trained on", thousands(rejected)));
            planned.warnings.extend(measures.rejections.iter().take(3).map(Tally::refused));
        }
        if terminal.json {
            terminal.print_json(&planned)
        } else {
            terminal.print(&report::self_hosted::page(&planned))
        }
    }

    /// Passes, and why so many. Defaults: `num_epochs` of Axolotl is 1, `num_train_epochs` of Hugging Face's Trainer, which TRL and
    /// LLaMA-Factory inherit, 3 (both read 2026-11-21).
    fn epochs(plan: &Plan) -> Result<(u64, String)> {
        Ok(match (plan.settings.epochs, plan.target.spec().name) {
            (Some(epochs), _) => {
                (passes(epochs, EPOCHS_MAX)?, format!("{}, as given", count(epochs, "epoch")))
            }
            (None, "axolotl") => (1, "1 epoch, the default of Axolotl".to_owned()),
            (None, _) => (3, "3 epochs, the default of Hugging Face's Trainer".to_owned()),
        })
    }
}

/// Rows that are sequences of their own: at least what they hold up to the longest that is set, since trainers lay rows of one
/// length side by side; at most each is filled up to that.
fn padded(measures: &Measures, limit: Limit, training: &LocalTraining) -> Result<Tokens> {
    // A preference is a sequence with each of its answers.
    let row = training.sequence.saturating_mul(if training.pairs { 2 } else { 1 });
    let drops = matches!(limit.overlong, Overlong::Dropped | Overlong::Refused);
    let taken = measures.examples - if drops { measures.billed.too_long } else { 0 };
    let most = taken.checked_mul(row).ok_or_else(|| {
        Error::input("the tokens of all rows together are more than 2^64")
            .with_hint("give a shorter `--max-length`")
    })?;
    let least = match &measures.tokens {
        Some(tokens) if !drops => tokens.each.sorted.iter().map(|held| u64::from(*held).min(row)).sum(),
        _ => measures.billed.tokens.low,
    };
    Ok(Tokens { low: least.min(most), high: most })
}

/// Tokens of each row's longest sequence: of a preference the prompt with the longer answer.
fn sequences(measures: &Measures) -> Option<&Distribution> {
    measures.tokens.as_ref().map(|tokens| tokens.longest.as_ref().unwrap_or(&tokens.each))
}

/// What becomes of rows that are longer than a sequence.
fn long_rows(
    measures: &Measures,
    limit: Limit,
    training: &LocalTraining,
    setting: Option<&str>,
) -> Option<String> {
    let all = thousands(measures.examples);
    if let Some(most) = limit.tokens {
        let billed = &measures.billed;
        let long = Tokens { low: billed.too_long, high: billed.too_long_most };
        let set = setting.map_or_else(String::new, |setting| format!(" (`{setting}`)"));
        return (long.high > 0).then(|| {
            format!(
                "{} of {all} rows are longer than {}{set}: {}",
                long.show(),
                count(most, "token"),
                limit.overlong.in_words()
            )
        });
    }
    let long = sequences(measures).map_or(&[][..], |sequences| &sequences.sorted);
    let long = long.iter().filter(|row| u64::from(**row) > training.sequence).count();
    let becomes = if training.packed {
        "divided over several sequences, and trained on whole"
    } else {
        "cut at the end"
    };
    (long > 0)
        .then(|| format!("{} of {all} rows are longer than a sequence: {becomes}", thousands(long as u64)))
}
