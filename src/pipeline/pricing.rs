//! What a run's settings come to at a provider: the price book, what finished jobs taught, and the bill.

use super::plan::Plan;
use crate::config::Settings;
use crate::cost::{
    Bill, Book, End, Limit, Method, Order, Residual, Tally, Tariff, Tokens, estimate, title_of,
};
use crate::error::{Error, Result};
use crate::target::{Target, TargetSpec};
use crate::tokens::{MODELS, Meter, Model, PROVIDERS, provider_of};

/// Prices made ready.
pub struct Pricing {
    /// What providers charge.
    pub book: Book,
    residual: Option<Residual>,
}

impl Pricing {
    /// The price book with the user's own figures over it, looked at today, and what finished jobs taught.
    pub fn of(settings: &Settings) -> Result<Self> {
        let book = match &settings.prices {
            Some(path) => Book::with_file(path)?,
            None => Book::built_in()?,
        };
        let book = match settings.today {
            Some(today) => book.on(today),
            None => book,
        };
        let residual = settings.billing.residual.as_deref().map(Residual::load).transpose()?;
        Ok(Self { book, residual })
    }

    /// The bill for what the plan's target would be sent.
    pub fn bill(&self, plan: &Plan, tally: &Tally, validation: Tokens) -> Result<Bill> {
        let provider = self.offered(plan)?;
        self.bill_for(
            &plan.settings,
            provider,
            plan.target.spec(),
            (plan.model, &plan.meter),
            tally,
            validation,
        )
    }

    /// Who tunes the plan's model for its target; that it is not tuned there is an error, which needs no counting to be said.
    pub fn offered<'a>(&self, plan: &'a Plan) -> Result<&'a str> {
        let provider = provider(&plan.settings, plan.target.spec())?;
        let tariff = self.book.tariff(provider);
        let known = PROVIDERS.iter().any(|known| known.name == provider);
        if !known && tariff.is_none() {
            return self.book.find(provider).map(|_| provider);
        }
        let listed = plan.model.offers.iter().any(|offer| offer.provider == provider);
        if listed || tariff.is_some_and(|tariff| lists(tariff, plan.model)) {
            return Ok(provider);
        }
        let hint = match some_of(provider) {
            names if names.is_empty() => "`chatmill cost --compare` shows who tunes what".to_owned(),
            names => format!("it tunes {names}; `chatmill cost --compare` shows who tunes what"),
        };
        Err(Error::usage(format!("`{}` is not tuned at {}", plan.model.name, title_of(provider)))
            .with_hint(hint))
    }

    /// The bill for one model at one provider, counted by its meter.
    pub(super) fn bill_for(
        &self,
        settings: &Settings,
        provider: &str,
        spec: &TargetSpec,
        (model, meter): (&'static Model, &Meter),
        tally: &Tally,
        validation: Tokens,
    ) -> Result<Bill> {
        let billing = &settings.billing;
        let residual = self.residual.as_ref().and_then(|residual| residual.of(provider, model.name));
        let limit = limit(provider, spec, model);
        let unpacked = billing.no_packing.then(|| longest(billing.max_length, limit)).transpose()?;
        let order = Order {
            provider,
            model,
            method: Method::for_target(spec, billing.weights),
            limit,
            epochs: settings.epochs,
            evaluations: billing.evaluations,
            unpacked,
            validation,
            seconds: billing.seconds,
            exact: meter.counter.is_exact(),
            residual: residual.as_ref(),
        };
        estimate(&order, tally, &self.book)
    }
}

/// The row that all are as long as where rows are not packed: as set, else as long as the provider takes.
fn longest(set: Option<u64>, limit: Limit) -> Result<u64> {
    match (set, limit.tokens) {
        (Some(0), _) => Err(Error::usage("rows of 0 tokens train nothing")),
        (Some(set), _) => Ok(set),
        (None, Some(limit)) => Ok(limit),
        (None, None) => Err(Error::usage("how long a row may be is not published here")
            .with_hint("without packing rows are billed by that; give `--max-length`")),
    }
}

/// What is known of the end of a model where its rows go, in words, when that is near or past.
pub(super) fn retiring(
    settings: &Settings,
    target: &'static dyn Target,
    model: &'static Model,
) -> Result<Option<String>> {
    let today = settings.today.filter(|_| settings.chosen);
    let Some((today, provider)) = today.zip(provider(settings, target.spec()).ok()) else {
        return Ok(None);
    };
    // What comes with the program stands with the models.
    let book = settings.prices.as_deref().map(Book::with_file).transpose()?;
    let entry = book.as_ref().and_then(|book| book.tariff(provider)?.entry(model.name));
    let end = End::of(provider, model, entry);
    Ok(end.is_near(today).then(|| end.in_words(provider, model.name, Some(today))).flatten())
}

/// How long an example may be for a model at a provider, and what becomes of longer ones.
pub(super) fn limit(provider: &str, spec: &TargetSpec, model: &Model) -> Limit {
    let offer = model.offers.iter().find(|offer| offer.provider == provider);
    let tokens = spec.length.tokens.or_else(|| offer.and_then(|offer| offer.example_tokens));
    Limit { tokens, overlong: spec.length.overlong }
}

/// How long an example may be for the plan's model where the plan's rows go; what a trainer can be set to is as it is set.
pub(super) fn limit_of(plan: &Plan) -> Limit {
    let spec = plan.target.spec();
    let limit = limit(provider(&plan.settings, spec).unwrap_or_default(), spec, plan.model);
    match (plan.settings.billing.max_length, spec.length.setting) {
        (Some(set), Some(_)) => Limit { tokens: Some(set), ..limit },
        _ => limit,
    }
}

/// Who is asked: the provider that is named, else the one the target belongs to.
pub(super) fn provider<'a>(settings: &'a Settings, spec: &TargetSpec) -> Result<&'a str> {
    settings.billing.provider.as_deref().or_else(|| provider_of(spec.name)).ok_or_else(|| {
        Error::usage(format!("`{}` is nobody's target who would send a bill", spec.name)).with_hint(
            "name a target of a provider (`--target together-chat`), or `--self-hosted` for machines of your own",
        )
    })
}

/// Whether a price list has the model itself, or a size that it is of.
pub(super) fn lists(tariff: &Tariff, model: &Model) -> bool {
    let any = |kind| {
        let method = Method { kind, weights: None };
        tariff.training(model.name, model.parameters, method).is_some()
    };
    [crate::cost::Kind::Sft, crate::cost::Kind::Dpo, crate::cost::Kind::Rft].into_iter().any(any)
}

/// Some models that a provider tunes, for a hint.
fn some_of(provider: &str) -> String {
    let of_it = MODELS.iter().filter(|model| model.offers.iter().any(|offer| offer.provider == provider));
    let names: Vec<String> = of_it.take(6).map(|model| format!("`{}`", model.name)).collect();
    names.join(", ")
}
