//! What a run's settings come to at a provider: the price book, what finished jobs taught, and the bill.

use super::destination::{has_preferences, target_of};
use super::measure::measure;
use super::plan::Plan;
use super::watch::Watch;
use super::work::limit_at;
use crate::config::Settings;
use crate::cost::{
    Bill, Billed, Billing, Book, End, Limit, Method, Order, Residual, Tally, Tariff, Tokens, estimate,
    title_of,
};
use crate::error::{Error, Result};
use crate::report::summary::{Ledger, Tally as Rejections};
use crate::target::{Overlong, Shape, Target, TargetSpec};
use crate::text::number::{count, thousands};
use crate::tokens::{MODELS, Model, PROVIDERS, provider_of};

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
            (plan.model, plan.meter.counter.is_exact()),
            tally,
            validation,
        )
    }

    /// The same for whoever asks for a bill alone: it says of which records it is, why others are refused, and what the
    /// target says of so few or so many.
    pub fn bill_of(&self, plan: &Plan, counted: &Counted<'_>, validation: Tokens) -> Result<Bill> {
        let bill = self.bill(plan, counted.tally, validation)?;
        let spec = plan.target.spec();
        let refusals = counted.rejections.iter().take(REFUSALS).map(Rejections::refused);
        let said = of_file(spec, counted.tally.examples).into_iter().chain(of_pairs(plan));
        let said = said.chain(of_validation(spec, validation));
        let Ledger { records, rejected, .. } = counted.ledger;
        Ok(bill.of_records(*records, *rejected, refusals.chain(said)))
    }

    /// Whoever is asked is known, and is who the target belongs to, where one is named.
    pub(super) fn check_asked(&self, settings: &Settings, named: Option<&TargetSpec>) -> Result<()> {
        let Some(asked) = settings.billing.provider.as_deref() else {
            return named.map_or(Ok(()), |spec| provider(settings, spec).map(|_| ()));
        };
        if !PROVIDERS.iter().any(|known| known.name == asked) {
            self.book.find(asked)?;
        }
        match named.and_then(|spec| Some((spec, provider_of(spec.name)?))) {
            Some((spec, own)) if own != asked => Err(Error::usage(format!(
                "`{}` is a target of {}, and `--provider {asked}` names somebody else",
                spec.name,
                title_of(own)
            ))
            .with_hint("leave out one of the two")),
            _ => Ok(()),
        }
    }

    /// Who tunes the plan's model for its target; that it is not tuned there is an error, which needs no counting to be said.
    pub fn offered<'a>(&self, plan: &'a Plan) -> Result<&'a str> {
        let spec = plan.target.spec();
        self.check_asked(&plan.settings, plan.settings.target_named.then_some(spec))?;
        let provider = provider(&plan.settings, spec)?;
        let tariff = self.book.tariff(provider);
        let known = PROVIDERS.iter().any(|known| known.name == provider);
        if !known && tariff.is_none() {
            return self.book.find(provider).map(|_| provider);
        }
        let listed = plan.model.offers.iter().any(|offer| offer.provider == provider);
        if listed || tariff.is_some_and(|tariff| lists(tariff, plan.model)) {
            return Ok(provider);
        }
        let hint = match (self.tuned_at(plan), self.some_of(provider)) {
            (Some(places), _) => format!("it is tuned with {places}"),
            (None, names) if names.is_empty() => "`chatmill cost --compare` shows who tunes what".to_owned(),
            (None, names) => format!("it tunes {names}; `chatmill cost --compare` shows who tunes what"),
        };
        Err(Error::usage(format!("`{}` is not tuned at {}", plan.model.name, title_of(provider)))
            .with_hint(hint))
    }

    /// The targets with which a model is tuned elsewhere on rows like these, for a hint.
    fn tuned_at(&self, plan: &Plan) -> Option<String> {
        let (model, shape) = (plan.model, plan.target.spec().shape);
        let open = model.offers.iter().filter(|offer| !self.is_over(offer.provider, model));
        let targets = open.filter_map(|offer| target_of(offer.provider, model, shape, None));
        let names: Vec<String> = targets.map(|target| format!("`--target {target}`")).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    /// Some models that a provider tunes, for a hint.
    fn some_of(&self, provider: &str) -> String {
        let of_it = MODELS.iter().filter(|model| model.offers.iter().any(|offer| offer.provider == provider));
        let open = of_it.filter(|model| !self.is_over(provider, model));
        let names: Vec<String> = open.take(6).map(|model| format!("`{}`", model.name)).collect();
        names.join(", ")
    }

    /// Whether no job can be started any more.
    fn is_over(&self, provider: &str, model: &Model) -> bool {
        let entry = self.book.tariff(provider).and_then(|tariff| tariff.entry(model.name));
        self.book.today.is_some_and(|today| End::of(provider, model, entry).is_over(today))
    }

    /// What one pass over the plan's rows is billed for, before anything was learned of it.
    pub fn pass(&self, plan: &Plan, tally: &Tally) -> Result<Billed> {
        let spec = plan.target.spec();
        let provider = self.offered(plan)?;
        let unpacked = self.unpacked(&plan.settings, provider, limit(provider, spec, plan.model))?;
        let kind = Method::for_target(spec, None).kind;
        let pass = match unpacked {
            None => tally.tokens,
            Some(longest) => Tokens::unpacked(longest, kind).times(tally.examples).ok_or_else(|| {
                Error::input("the tokens of all rows together are more than 2^64")
                    .with_hint("give a shorter `--max-length`")
            })?,
        };
        let unpacked = unpacked.is_some();
        Ok(Billed { examples: tally.examples, pass, unpacked, besides: tally.besides })
    }

    /// The longest row that is set, where rows are not packed and billed by that: whoever bills tokens does so however rows are
    /// laid side by side.
    fn unpacked(&self, settings: &Settings, provider: &str, limit: Limit) -> Result<Option<u64>> {
        let billing = &settings.billing;
        let rule = self.book.tariff(provider).and_then(|tariff| tariff.billing.as_ref());
        let by_length = rule.is_some_and(|rule| rule.is == Billing::TokensAndEvaluations);
        (billing.no_packing && by_length).then(|| longest(billing.max_length, limit)).transpose()
    }

    /// The bill for one model at one provider; `exact` says whether its texts were counted exactly.
    pub(super) fn bill_for(
        &self,
        settings: &Settings,
        provider: &str,
        spec: &TargetSpec,
        (model, exact): (&'static Model, bool),
        tally: &Tally,
        validation: Tokens,
    ) -> Result<Bill> {
        let billing = &settings.billing;
        let method = Method::for_target(spec, billing.weights);
        let residual =
            self.residual.as_ref().and_then(|residual| residual.of(provider, model.name, method.kind));
        let limit = limit(provider, spec, model);
        let unpacked = self.unpacked(settings, provider, limit)?;
        let order = Order {
            provider,
            model,
            method,
            limit,
            examples_min: spec.limits.examples_min.filter(|_| is_of(spec, provider)),
            epochs: settings.epochs,
            evaluations: billing.evaluations,
            unpacked,
            validation,
            seconds: billing.seconds,
            exact,
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
    if !is_of(spec, provider) {
        return Limit { tokens: model.example_tokens(provider), overlong: Overlong::Unsaid };
    }
    Limit { tokens: limit_at(Some(provider), spec, model), overlong: spec.length.overlong }
}

/// Whether a target's rules hold there: not where it belongs to somebody else, as for a provider without targets.
fn is_of(spec: &TargetSpec, provider: &str) -> bool {
    provider_of(spec.name).is_none_or(|own| own == provider)
}

/// Refused records of which the reasons are told.
const REFUSALS: usize = 3;

/// What was counted for a bill.
pub struct Counted<'a> {
    /// What is billed.
    pub tally: &'a Tally,
    /// What became of every record.
    pub ledger: &'a Ledger,
    /// Why records were refused.
    pub rejections: &'a [Rejections],
}

/// What the target says of a file of so many examples.
pub(super) fn of_file(spec: &TargetSpec, examples: u64) -> Option<String> {
    let limits = spec.limits;
    let few = limits.examples_min.filter(|least| examples < *least);
    let many = limits.examples_max.filter(|most| examples > *most);
    let said = |number: u64, which: &str| {
        format!("{} taken, and the file needs {which} {}", count(examples, "example"), thousands(number))
    };
    few.map(|least| said(least, "at least")).or_else(|| many.map(|most| said(most, "at most")))
}

/// What is to be said of a validation file that no job begins without.
fn of_validation(spec: &TargetSpec, validation: Tokens) -> Option<String> {
    let missing = spec.limits.validation.required && validation == Tokens::default();
    missing.then(|| format!("a job of `{}` needs a validation file, too", spec.name))
}

/// What is to be said of preference pairs for which nobody named a target.
fn of_pairs(plan: &Plan) -> Option<String> {
    if plan.settings.target_named || !has_preferences(plan) {
        return None;
    }
    let spec = plan.target.spec();
    Some(if spec.shape == Shape::Preference {
        format!("the rows are preference pairs, and are billed as those of `{}`", spec.name)
    } else {
        format!(
            "the rows are preference pairs, and are billed as chats of `{}`: a target of pairs is named with `--target`",
            spec.name
        )
    })
}

/// Tokens of the validation file, counted as those of the training file.
pub fn validation(plan: &Plan, watch: &dyn Watch) -> Result<Tokens> {
    let Some(file) = &plan.settings.billing.validation else { return Ok(Tokens::default()) };
    let settings = Settings { inputs: vec![file.clone()], count: true, ..plan.settings.clone() };
    let measures = measure(&Plan::measuring(settings)?, watch, |_| Ok(()))?;
    match measures.examples {
        0 => Err(nothing_to_bill(&measures.ledger, &measures.rejections)),
        _ => Ok(measures.billed.tokens),
    }
}

/// That nothing is usable, with why.
pub fn nothing_to_bill(ledger: &Ledger, rejections: &[Rejections]) -> Error {
    let records = count(ledger.records, "record");
    let why: Vec<String> = rejections.iter().take(REFUSALS).map(Rejections::refused).collect();
    let said = format!("there is nothing to bill: none of {records} is usable");
    match rejections.first() {
        None => Error::input(said),
        Some(first) => Error::input(format!("{said}; {}", why.join(", ")))
            .with_hint(format!("`chatmill explain {}` says what that is", first.code)),
    }
}

/// How long an example may be for the plan's model where the plan's rows go; what a trainer can be set to is as it is set.
pub fn limit_of(plan: &Plan) -> Limit {
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
