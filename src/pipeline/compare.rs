//! `cost --compare`: every model that could be tuned on the inputs, side by side.
//!
//! The inputs are read once for each target, as `convert` would write them for it, and each row is counted once for each way
//! of counting. What a target refuses is what its rules refuse; what it cuts is what its limit for the model cuts.

use std::collections::BTreeMap;

use super::plan::{Plan, find_target};
use super::pricing::{Pricing, limit, lists};
use super::rows::rows;
use super::watch::Watch;
use crate::config::Settings;
use crate::cost::{End, Limit, Money, Tally, Tokens, title_of};
use crate::error::{Error, Result};
use crate::model::TokenCount;
use crate::report::comparison::{Compared, Comparison, Tuned};
use crate::target::{Shape, TARGETS, TargetSpec};
use crate::text::number::{count, thousands};
use crate::tokens::{MODELS, Mask, Meter, Model, PROVIDERS, provider_of};
use jiff::civil::Date;

/// A model at a provider, with what counts it.
struct Candidate {
    provider: String,
    model: &'static Model,
    limit: Limit,
    /// Which of the target's meters.
    meter: usize,
    sums: Sums,
}

#[derive(Default)]
struct Sums {
    tally: Tally,
    over_limit: u64,
    over_limit_most: u64,
}

/// Compares every model for the inputs of `settings`; only those of `target` where one is given.
pub fn compare(settings: &Settings, target: Option<&str>, watch: &dyn Watch) -> Result<Comparison> {
    let pricing = Pricing::of(settings)?;
    let only = target.map(|name| find_target(name).map(crate::target::Target::spec)).transpose()?;
    if settings.inputs.iter().any(|input| input == "-") {
        return Err(Error::usage(
            "standard input can be read once, and models are compared by reading it for each target",
        )
        .with_hint("write it to a file first"));
    }
    let shape = match only {
        Some(spec) => spec.shape,
        None => shape(settings)?,
    };
    let mut by_target: BTreeMap<&'static str, Vec<(String, &'static Model)>> = BTreeMap::new();
    for (provider, model) in candidates(&pricing, settings) {
        if let Some(target) = target_of(&provider, model, shape, only) {
            by_target.entry(target).or_default().push((provider, model));
        }
    }
    let mut comparison =
        Comparison { schema: 1, records: 0, currency: pricing.book.currency.clone(), offers: Vec::new() };
    for (target, models) in by_target {
        let (records, offers) = on_target(settings, &pricing, target, models, watch)?;
        comparison.records = records;
        comparison.offers.extend(offers);
    }
    comparison.offers.sort_by(|a, b| order(a).cmp(&order(b)));
    Ok(comparison)
}

/// By cost, the unknown after the known, what is gone last; then by name.
fn order(offer: &Compared) -> (bool, bool, Option<Money>, &str, &str) {
    let total = offer.bill.as_ref().map(|bill| bill.total.high);
    (offer.over, total.is_none(), total, &offer.provider, offer.model)
}

/// Every model at every provider that offers it, or has a price for it; of one provider where that is asked for.
fn candidates(pricing: &Pricing, settings: &Settings) -> Vec<(String, &'static Model)> {
    let mut all: Vec<(String, &'static Model)> = Vec::new();
    for model in MODELS {
        all.extend(model.offers.iter().map(|offer| (offer.provider.to_owned(), model)));
        // A provider whose models are not listed here has those that its price list names; of one that is asked for by
        // name, a size that it prices is enough.
        let asked = |name: &str| settings.billing.provider.as_deref() == Some(name);
        let others = pricing.book.tariffs().filter(|(name, tariff)| {
            let listed = PROVIDERS.iter().any(|known| known.name == *name);
            let named = tariff.entry(model.name).is_some_and(|entry| !entry.training.is_empty());
            !listed && (named || (asked(name) && lists(tariff, model)))
        });
        all.extend(others.map(|(name, _)| (name.to_owned(), model)));
    }
    all.retain(|(provider, _)| settings.billing.provider.as_ref().is_none_or(|only| only == provider));
    all
}

/// What the rows are: preferences where a reader of preferences reads them.
fn shape(settings: &Settings) -> Result<Shape> {
    let plan = Plan::make(Settings { count: false, ..settings.clone() })?;
    let preferences =
        plan.sources.iter().any(|planned| matches!(planned.choice.reader.spec().name, "preference" | "kto"));
    Ok(if preferences { Shape::Preference } else { Shape::Example })
}

/// The target that rows for a model at a provider are written for.
fn target_of(
    provider: &str,
    model: &Model,
    shape: Shape,
    only: Option<&'static TargetSpec>,
) -> Option<&'static str> {
    if let Some(spec) = only {
        return (provider_of(spec.name) == Some(provider) && takes(spec, model)).then_some(spec.name);
    }
    let of_it =
        TARGETS.iter().map(|target| target.spec()).filter(|spec| provider_of(spec.name) == Some(provider));
    let mut fitting = of_it.filter(|spec| spec.shape == shape && takes(spec, model) && is_chat(spec));
    let first = fitting.next().map(|spec| spec.name);
    // A provider whose rules are not known is counted with rows as everybody takes them.
    let usual = if shape == Shape::Preference { "openai-dpo" } else { "openai-chat" };
    first.or_else(|| (!has_target(provider)).then_some(usual))
}

/// Whether there is a target that is the provider's: then its rules are known.
fn has_target(provider: &str) -> bool {
    TARGETS.iter().any(|target| provider_of(target.spec().name) == Some(provider))
}

/// Whether the target is one of whole chats: others of the same provider take parts of them.
fn is_chat(spec: &TargetSpec) -> bool {
    !["-instruction", "-text", "-rft"].iter().any(|end| spec.name.ends_with(end))
}

/// Bedrock has a target for each family of models; any other provider takes all of its models by one.
fn takes(spec: &TargetSpec, model: &Model) -> bool {
    let family = match spec.name {
        "bedrock-claude" => "claude",
        "bedrock-llama" => "llama",
        "bedrock-nova" => "nova",
        _ => "",
    };
    model.name.starts_with(family)
}

/// All models of one target, in one pass over the inputs.
fn on_target(
    settings: &Settings,
    pricing: &Pricing,
    target: &'static str,
    models: Vec<(String, &'static Model)>,
    watch: &dyn Watch,
) -> Result<(u64, Vec<Compared>)> {
    let mut settings = settings.clone();
    target.clone_into(&mut settings.target);
    // Each model has its own limit; the rules would have that of one.
    settings.lint.ignore.push("LEN".into());
    settings.count = false;
    let plan = Plan::make(settings)?;
    let spec = plan.target.spec();
    let mut meters: Vec<(&'static Model, Meter)> = Vec::new();
    let mut candidates = Vec::with_capacity(models.len());
    for (provider, model) in models {
        let same = |known: &Model| {
            known.vocabulary.name() == model.vocabulary.name() && std::ptr::eq(known.frame, model.frame)
        };
        // The user's own tokenizer is that of the model that is named, and of no other.
        let is_own = |model: &Model| plan.settings.tokenizer.is_some() && model.name == plan.model.name;
        let own = is_own(model);
        let known = meters.iter().position(|(known, _)| !own && !is_own(known) && same(known));
        let meter = known.unwrap_or(meters.len());
        if known.is_none() {
            meters.push((model, if own { plan.meter.clone() } else { Meter::of(model)? }));
        }
        let limit = limit(&provider, spec, model);
        candidates.push(Candidate { provider, model, limit, meter, sums: Sums::default() });
    }
    let look = |body: &crate::model::Body| -> Vec<TokenCount> {
        meters.iter().map(|(_, meter)| meter.count(body, Mask::Nothing)).collect()
    };
    let mut taken = 0_u64;
    let summary = rows(&plan, watch, look, |counts| {
        taken += 1;
        for candidate in &mut candidates {
            let Some(count) = counts.get(candidate.meter) else { continue };
            candidate.sums.tally.add(count, candidate.limit)?;
            let over = |tokens: u64| u64::from(candidate.limit.tokens.is_some_and(|limit| tokens > limit));
            candidate.sums.over_limit += over(count.total);
            candidate.sums.over_limit_most += over(count.high);
        }
        Ok(())
    })?;
    let file = of_file(spec, taken);
    let compared = candidates.into_iter().map(|candidate| {
        let Candidate { provider, model, limit, sums, meter } = candidate;
        let meter = meters.get(meter).map_or(&plan.meter, |(_, meter)| meter);
        let billed =
            pricing.bill_for(&plan.settings, &provider, spec, (model, meter), &sums.tally, Tokens::default());
        let (bill, unknown) = match billed {
            Ok(bill) => (Some(bill), None),
            Err(error) => (None, Some(error.to_string())),
        };
        let tariff = pricing.book.tariff(&provider);
        let entry = tariff.and_then(|tariff| tariff.entry(model.name));
        let end = End::of(&provider, model, entry);
        let tuned = entry.map_or_else(Tuned::default, |entry| Tuned {
            input: entry.tuned.input.as_ref().map(|rate| rate.is),
            cached: entry.tuned.cached.as_ref().map(|rate| rate.is),
            output: entry.tuned.output.as_ref().map(|rate| rate.is),
        });
        Compared {
            title: tariff
                .and_then(|tariff| tariff.title.as_deref())
                .unwrap_or(title_of(&provider))
                .to_owned(),
            target,
            model: model.name,
            parameters: model.parameters,
            exact: meter.counter.is_exact(),
            bill,
            unknown,
            examples: taken,
            rules_known: has_target(&provider),
            rejected: summary.ledger.rejected,
            rejections: summary.rejections.clone(),
            file: file.clone(),
            limit: limit.tokens,
            over_limit: sums.over_limit,
            over_limit_most: sums.over_limit_most,
            overlong: limit.overlong.in_words(),
            tuned,
            hosting: tariff
                .and_then(|tariff| tariff.hosting(model.name).first())
                .map(|hosting| hosting.hour.is),
            over: pricing.book.today.is_some_and(|today: Date| end.is_over(today)),
            end,
            provider,
        }
    });
    Ok((summary.ledger.records, compared.collect()))
}

/// What the target says of a file of so many examples.
fn of_file(spec: &TargetSpec, examples: u64) -> Vec<String> {
    let limits = spec.limits;
    let few = limits.examples_min.filter(|least| examples < *least);
    let many = limits.examples_max.filter(|most| examples > *most);
    let said = |number: u64, which: &str| {
        format!("{} taken, and the file needs {which} {}", count(examples, "example"), thousands(number))
    };
    few.map(|least| said(least, "at least"))
        .into_iter()
        .chain(many.map(|most| said(most, "at most")))
        .collect()
}
