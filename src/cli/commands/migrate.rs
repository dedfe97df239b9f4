//! `chatmill migrate`: a dataset moved from one target to another, and what that changed.

use std::path::PathBuf;

use chatmill::Result;
use chatmill::cost::Bill;
use chatmill::pipeline::compare::compare;
use chatmill::pipeline::pricing::Pricing;
use chatmill::pipeline::{Plan, codes};
use chatmill::report::{Summary, migration};
use chatmill::text::number::count;
use chatmill::tokens::provider_of;
use clap::Args;

use super::convert::OutputOptions;
use crate::cli::exit::Exit;
use crate::cli::options::{ModelOptions, RuleOptions, start};
use crate::cli::terminal::Terminal;

/// Move a dataset from one target to another: the rows, and what was kept, changed, left out and refused.
#[derive(Args)]
pub struct Migrate {
    /// Files of rows, folders, globs in quotes, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,

    /// Settings file; without it, chatmill.toml in the current folder is used where it is there
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// What the rows were made for, or the name of a reader (default: seen from the rows)
    #[arg(long, value_name = "NAME")]
    from: Option<String>,

    /// Where they go (`chatmill list targets`)
    #[arg(long, visible_alias = "target", value_name = "TARGET")]
    to: String,

    #[command(flatten)]
    output: OutputOptions,

    #[command(flatten)]
    model: ModelOptions,

    #[command(flatten)]
    rules: RuleOptions,

    /// Workers (default: one a core)
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

/// Readers of the rows that services and trainers take, where they are called otherwise.
const READERS: &[(&str, &str)] = &[
    ("azure", "openai-chat"),
    ("bedrock-claude", "anthropic"),
    ("bedrock-llama", "prompt-completion"),
    ("bedrock-nova", "bedrock"),
    ("fireworks", "openai-chat"),
    ("fireworks-preference", "preference"),
    ("gemini", "vertex"),
    ("llama-factory-alpaca", "alpaca"),
    ("llama-factory-openai", "openai-chat"),
    ("llama-factory-sharegpt", "sharegpt"),
    ("mistral", "openai-chat"),
    ("openai", "openai-chat"),
    ("openai-dpo", "preference"),
    ("strict", "openai-chat"),
    ("together", "openai-chat"),
    ("together-chat", "openai-chat"),
    ("together-instruction", "prompt-completion"),
    ("together-preference", "preference"),
    ("trl-chat", "openai-chat"),
    ("trl-kto", "kto"),
    ("trl-preference", "preference"),
    ("trl-prompt-completion", "prompt-completion"),
    ("unsloth", "sharegpt"),
    ("vertex-preference", "vertex"),
];

impl Migrate {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        terminal.watch_for_stop();
        let mut settings = start(self.config.as_deref())?;
        settings.inputs.clone_from(&self.files);
        settings.target.clone_from(&self.to);
        settings.read.from = self.from.as_deref().map(|name| {
            let known = READERS.iter().find(|(target, _)| *target == name);
            known.map_or(name, |(_, reader)| reader).to_owned()
        });
        self.rules.apply(&mut settings)?;
        self.model.apply(&mut settings);
        settings.threads = self.threads.unwrap_or(settings.threads);
        settings.count = false;
        let mut plan = Plan::make(settings)?;
        let pricing = Pricing::of(&plan.settings)?;
        plan.settings.count = pricing.offered(&plan).is_ok();
        let meaning = |code: &str| codes::find(code).map(|described| described.def.summary);
        self.output.convert(&plan, terminal, |summary| {
            migration::page(summary, &cost(&plan, summary, terminal), &meaning, &codes::remedy)
        })
    }
}

/// What training costs where the rows went: of the model that is named, else of all that are tuned there.
fn cost(plan: &Plan, summary: &Summary, terminal: &Terminal) -> Vec<String> {
    let spec = plan.target.spec();
    if let Some(bill) = &summary.cost {
        return [bill.sentence()].into_iter().chain(bill.warnings.iter().cloned()).collect();
    }
    let Some(provider) = provider_of(spec.name).filter(|_| summary.examples.train > 0) else {
        return Vec::new();
    };
    // Standard input is read by now, and that is the one input that cannot be compared.
    let mut settings = plan.settings.clone();
    settings.billing.provider.get_or_insert_with(|| provider.to_owned());
    let Ok(compared) = compare(&settings, Some(spec.name), terminal) else { return Vec::new() };
    let open: Vec<_> = compared.offers.iter().filter(|offer| !offer.over).collect();
    let priced: Vec<_> = open.iter().filter_map(|offer| offer.bill.as_ref()).collect();
    let (Some(first), Some(last)) = (priced.first(), priced.last()) else {
        return vec![format!(
            "no price is known for any of {}; `--prices` takes yours",
            count(open.len() as u64, "model")
        )];
    };
    let show = |bill: &Bill| format!("{} ({})", bill.total.show_short(&bill.currency), bill.model);
    let of = count(priced.len() as u64, "model");
    vec![format!("from {} to {}, of {of} with a price; `--model` says one", show(first), show(last))]
}
