//! `cost --compare`: every model that could be tuned on the inputs, side by side.
//!
//! The inputs are read once for each target, as `convert` would write them for it, and each row is counted once for each way
//! of counting. What a target refuses is what its rules refuse; what it cuts is what its limit for the model cuts.

use std::collections::BTreeMap;

use super::destination::{has_preferences, has_target, target_of};
use super::plan::{Plan, find_target};
use super::pricing::{Pricing, dropped, limit, lists, none_usable, of_file, unbillable};
use super::rows::rows;
use super::validation::Validation;
use super::watch::Watch;
use super::work::limited;
use crate::config::Settings;
use crate::cost::{End, Kind, Limit, Method, Money, Tally, Tokens, title_of};
use crate::error::{Error, ErrorKind, Result};
use crate::model::TokenCount;
use crate::report::Summary;
use crate::report::comparison::{Compared, Comparison, Tuned};
use crate::target::{Shape, TargetSpec};
use crate::tokens::{MODELS, Mask, Meter, Model, PROVIDERS};
use jiff::civil::Date;

/// A model at a provider, with what counts it.
struct Candidate {
    provider: String,
    model: &'static Model,
    limit: Limit,
    /// Which of the target's meters.
    meter: usize,
}

/// Compares every model for the inputs of `settings`; only those of `target` where one is given.
pub fn compare(settings: &Settings, target: Option<&str>, watch: &dyn Watch) -> Result<Comparison> {
    let pricing = Pricing::of(settings)?;
    let only = target.map(|name| find_target(name).map(crate::target::Target::spec)).transpose()?;
    pricing.check_asked(settings, only)?;
    if settings.inputs.iter().any(|input| input == "-") {
        return Err(Error::usage(
            "standard input can be read once, and models are compared by reading it for each target",
        )
        .with_hint("write it to a file first"));
    }
    let shape = match only {
        Some(spec) => spec.shape,
        None if has_preferences(&Plan::make(Settings { count: false, ..settings.clone() })?) => {
            Shape::Preference
        }
        None => Shape::Example,
    };
    let mut by_target: BTreeMap<&'static str, Vec<(String, &'static Model)>> = BTreeMap::new();
    for (provider, model) in candidates(&pricing, settings) {
        let Some(target) = target_of(&provider, model, shape, only) else { continue };
        // What a provider without a target of its own tunes is known by its prices alone.
        let asked = has_target(&provider) || settings.billing.provider.is_some();
        if asked || is_priced(settings, &pricing, find_target(target)?.spec(), (&provider, model)) {
            by_target.entry(target).or_default().push((provider, model));
        }
    }
    can_be_billed(settings, &pricing, &by_target)?;
    let mut comparison =
        Comparison { schema: 1, records: 0, currency: pricing.book.currency.clone(), offers: Vec::new() };
    let mut unusable = Vec::new();
    for (target, models) in by_target {
        let found = on_target(settings, &pricing, target, models, watch)?;
        comparison.records = found.records;
        comparison.offers.extend(found.offers);
        unusable.push(found.unusable);
    }
    // Where nobody takes anything, the first says why.
    let nobody: Option<Vec<Error>> = unusable.into_iter().collect();
    if let Some(error) = nobody.and_then(|all| all.into_iter().next()) {
        return Err(error);
    }
    comparison.offers.sort_by(|a, b| order(a).cmp(&order(b)));
    Ok(comparison)
}

/// That nothing can be billed for a reason other than a price that is not known is an error, and needs no counting to be
/// said.
fn can_be_billed(
    settings: &Settings,
    pricing: &Pricing,
    by_target: &BTreeMap<&'static str, Vec<(String, &'static Model)>>,
) -> Result<()> {
    let mut first = None;
    let by_hour = by_target.keys().any(|target| is_by_hour(target));
    if settings.billing.seconds.is_some() && !by_hour && !by_target.is_empty() {
        return Err(Error::usage("all of these are billed by the token, not by the hour")
            .with_hint("leave out `--hours`, or name a target that is (`--target azure-rft`)"));
    }
    for (target, models) in by_target {
        let spec = find_target(target)?.spec();
        for (provider, model) in models {
            if !is_priced(settings, pricing, spec, (provider, model)) {
                continue;
            }
            let exact = model.vocabulary.is_exact();
            match pricing.bill_for(settings, provider, spec, (model, exact), &Tally::default(), NONE) {
                Ok(_) => return Ok(()),
                Err(error) => first = first.or(Some(error)),
            }
        }
    }
    match first {
        Some(error) => Err(error),
        None if by_target.is_empty() => Err(Error::usage("no model is tuned there on such rows")
            .with_hint("leave out `--target` or `--provider` to see who tunes what")),
        None => Ok(()),
    }
}

/// Whether jobs with rows of the target are billed by the hour.
fn is_by_hour(target: &str) -> bool {
    find_target(target).is_ok_and(|target| Method::for_target(target.spec(), None).kind == Kind::Rft)
}

/// No tokens.
const NONE: Tokens = Tokens { low: 0, high: 0 };

/// Whether the price book has a price for tuning a model at a provider for a target.
fn is_priced(
    settings: &Settings,
    pricing: &Pricing,
    spec: &TargetSpec,
    (provider, model): (&str, &Model),
) -> bool {
    let method = Method::for_target(spec, settings.billing.weights);
    let tariff = pricing.book.tariff(provider);
    tariff.is_some_and(|tariff| tariff.training(model.name, model.parameters, method).is_some())
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
        // A provider whose models are not listed here has those that its price list has, by their names or by their sizes.
        let others = pricing.book.tariffs().filter(|(name, tariff)| {
            let listed = PROVIDERS.iter().any(|known| known.name == *name);
            !listed && lists(tariff, model)
        });
        all.extend(others.map(|(name, _)| (name.to_owned(), model)));
    }
    all.retain(|(provider, _)| settings.billing.provider.as_ref().is_none_or(|only| only == provider));
    all
}

/// What was found at one target.
struct OnTarget {
    /// Records read.
    records: u64,
    offers: Vec<Compared>,
    /// Why none of the rows, or of those for validation, is taken.
    unusable: Option<Error>,
}

/// All models of one target, in one pass over the inputs.
fn on_target(
    settings: &Settings,
    pricing: &Pricing,
    target: &'static str,
    models: Vec<(String, &'static Model)>,
    watch: &dyn Watch,
) -> Result<OnTarget> {
    let mut settings = settings.clone();
    target.clone_into(&mut settings.target);
    // Each model has its own limit; the rules would have that of one.
    settings.lint.ignore.push("LEN".into());
    settings.count = false;
    let plan = Plan::measuring(settings)?;
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
        let limit = limit(&plan.settings, &provider, spec, model);
        candidates.push(Candidate { provider, model, limit, meter });
    }
    let (tallies, summary) = sums(&plan, &meters, &candidates, watch)?;
    let taken = summary.examples.train;
    let mut file: Vec<String> = of_file(spec, taken).into_iter().chain(dropped(&plan)).collect();
    let none = (taken == 0).then(|| none_usable(summary.ledger.records, "record", &summary.rejections));
    let mut unusable = none.map(|none| (none, summary.rejections.clone()));
    let held = match &plan.settings.billing.validation {
        None => vec![Tally::default(); candidates.len()],
        Some(path) => {
            let settings = Settings { inputs: vec![path.clone()], ..plan.settings.clone() };
            let (held, read) = sums(&Plan::measuring(settings)?, &meters, &candidates, watch)?;
            let validation = Validation { tokens: NONE, ledger: read.ledger, rejections: read.rejections };
            if read.examples.train == 0 {
                unusable.get_or_insert_with(|| (validation.unusable(), validation.rejections.clone()));
            }
            file.extend(validation.said());
            held
        }
    };
    let compared = candidates.into_iter().zip(tallies.iter().zip(&held)).map(|(candidate, (tally, held))| {
        let Candidate { provider, model, limit, meter } = candidate;
        let exact = meters.get(meter).map_or(&plan.meter, |(_, meter)| meter).counter.is_exact();
        let otherwise = pricing.otherwise(&plan.settings, &provider, spec, model);
        let priced = otherwise.is_some() || is_priced(&plan.settings, pricing, spec, (&provider, model));
        let unpriced = otherwise.map(|(other, target)| {
            let asked = Method::for_target(spec, plan.settings.billing.weights);
            format!("no price of `{asked}`, but one of `{other}` with `--target {target}`")
        });
        let billed = match unusable.clone().map(|(none, _)| none).or(unpriced) {
            Some(unknown) => Err(unknown),
            None => pricing
                .bill_for(&plan.settings, &provider, spec, (model, exact), tally, held.tokens)
                .map_err(|error| reason(&error)),
        };
        let (bill, unknown) = match billed {
            Ok(bill) => (Some(bill.with_records(summary.ledger.records, summary.ledger.rejected)), None),
            Err(unknown) => (None, Some(unknown)),
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
            exact,
            bill,
            priced,
            unknown,
            examples: taken,
            rules_known: has_target(&provider),
            rejected: summary.ledger.rejected,
            rejections: summary.rejections.clone(),
            file: file.clone(),
            limit: limit.tokens,
            over_limit: tally.too_long,
            over_limit_most: tally.too_long_most,
            overlong: limit.overlong.in_words(),
            tuned,
            hosting: tariff
                .and_then(|tariff| tariff.cheapest_hosting(model.name))
                .map(|hosting| hosting.hour.is),
            over: pricing.book.today.is_some_and(|today: Date| end.is_over(today)),
            end,
            provider,
        }
    });
    let offers = compared.collect();
    let unusable = unusable.map(|(none, rejections)| unbillable(&none, &rejections));
    Ok(OnTarget { records: summary.ledger.records, offers, unusable })
}

/// What each candidate would be billed for in the plan's inputs, in one pass over them.
fn sums(
    plan: &Plan,
    meters: &[(&'static Model, Meter)],
    candidates: &[Candidate],
    watch: &dyn Watch,
) -> Result<(Vec<Tally>, Summary)> {
    let spec = plan.target.spec();
    let look = |body: &crate::model::Body| -> Vec<TokenCount> {
        meters.iter().map(|(_, meter)| limited(meter.count(body, Mask::Nothing), spec, body)).collect()
    };
    let mut tallies = vec![Tally::default(); candidates.len()];
    let summary = rows(plan, watch, look, |counts| {
        candidates.iter().zip(&mut tallies).try_for_each(|(candidate, tally)| {
            counts.get(candidate.meter).map_or(Ok(()), |count| tally.add(count, candidate.limit))
        })
    })?;
    Ok((tallies, summary))
}

/// Why there is no bill, with the way out.
fn reason(error: &Error) -> String {
    match error.hint() {
        Some(hint) if error.kind() == ErrorKind::Usage => format!("{error}: {hint}"),
        _ => error.to_string(),
    }
}
