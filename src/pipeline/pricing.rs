//! What a run's settings come to at a provider: the price book, what finished jobs taught, and the bill.

use super::destination::{has_preferences, is_at, is_read_by, target_of, targets_at};
use super::plan::Plan;
use super::validation::Validation;
use super::work::limit_at;
use crate::config::{BillingSettings, Settings};
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
    pub fn bill_of(&self, plan: &Plan, counted: &Counted<'_>, validation: &Validation) -> Result<Bill> {
        let bill = self.bill(plan, counted.tally, validation.tokens)?;
        let spec = plan.target.spec();
        let said = of_file(spec, counted.tally.billed()).into_iter().chain(of_pairs(plan));
        let said = said.chain(of_validation(spec, validation));
        let Ledger { records, rejected, .. } = counted.ledger;
        let refused = refusals(counted.rejections).chain(validation.said());
        Ok(bill.of_records(*records, *rejected, refused.chain(said)))
    }

    /// Whoever is asked is known, and takes the rows of the target, where one is named.
    pub(super) fn check_asked(&self, settings: &Settings, named: Option<&TargetSpec>) -> Result<()> {
        let Some(asked) = settings.billing.provider.as_deref() else {
            return named.map_or(Ok(()), |spec| provider(settings, spec).map(|_| ()));
        };
        if !PROVIDERS.iter().any(|known| known.name == asked) {
            self.book.find(asked)?;
        }
        match named.and_then(|spec| Some((spec, provider_of(spec.name)?))) {
            Some((spec, own)) if !is_at(spec, asked) => Err(Error::usage(format!(
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
        let targets = open.filter_map(|offer| {
            let target = crate::target::by_name(target_of(offer.provider, model, shape, None)?)?;
            let otherwise = self.otherwise(&plan.settings, offer.provider, target.spec(), model);
            let target = otherwise.map_or(target.spec().name, |(_, target)| target);
            let is_own = provider_of(target) == Some(offer.provider);
            let at = if is_own { String::new() } else { format!(" --provider {}", offer.provider) };
            Some(format!("`--target {target}{at}`"))
        });
        let names: Vec<String> = targets.collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    /// How else a model is tuned there, and with which target, where the price book has no price of what rows of this target
    /// are for.
    pub(super) fn otherwise(
        &self,
        settings: &Settings,
        provider: &str,
        spec: &TargetSpec,
        model: &Model,
    ) -> Option<(Method, &'static str)> {
        let tariff = self.book.tariff(provider)?;
        let price = |spec| {
            let method = Method::for_target(spec, settings.billing.weights);
            tariff.training(model.name, model.parameters, method)
        };
        if price(spec).is_some() {
            return None;
        }
        targets_at(provider, model).find_map(|other| Some((price(other)?.method, other.name)))
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
        let unpacked =
            self.unpacked(&plan.settings, provider, limit(&plan.settings, provider, spec, plan.model))?;
        let kind = Method::for_target(spec, None).kind;
        let pass = match unpacked {
            None => tally.tokens,
            Some(longest) => Tokens::unpacked(longest, kind).times(tally.billed()).ok_or_else(|| {
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
        if let Some((other, target)) = self.otherwise(settings, provider, spec, model) {
            let what =
                format!("no price of `{method}` is known for `{}` at {}", model.name, title_of(provider));
            return Err(Error::usage(what)
                .with_hint(format!("it is tuned by `{other}` there: give `--target {target}`")));
        }
        let residual =
            self.residual.as_ref().and_then(|residual| residual.of(provider, model.name, method.kind));
        let limit = limit(settings, provider, spec, model);
        let unpacked = self.unpacked(settings, provider, limit)?;
        let order = Order {
            provider,
            model,
            method,
            limit,
            examples_min: spec.limits.examples_min.filter(|_| has_rules(spec, provider)),
            epochs: settings.epochs,
            evaluations: billing.evaluations,
            unpacked,
            validation,
            seconds: billing.seconds,
            exact,
            residual: residual.as_ref(),
        };
        let mut bill = estimate(&order, tally, &self.book)?;
        bill.warnings.extend(of_packing(&bill, billing, &order));
        Ok(bill)
    }
}

/// What is to be said where rows are not to be packed: nothing where that changes neither the bill nor the rows.
fn of_packing(bill: &Bill, billing: &BillingSettings, order: &Order<'_>) -> Option<String> {
    if !billing.no_packing || bill.per_million.is_none() {
        return None;
    }
    if order.unpacked.is_none() {
        let idle = match billing.max_length {
            Some(_) => "`--no-packing` and `--max-length` change",
            None => "`--no-packing` changes",
        };
        return Some(format!(
            "{idle} nothing: {} bills the tokens that rows hold, however they are packed",
            bill.title
        ));
    }
    let long = Tokens { low: bill.rows.too_long, high: bill.rows.too_long_most };
    let becomes = match order.limit.overlong {
        Overlong::Unsaid => "what becomes of them is not published",
        other => other.in_words(),
    };
    let limit = count(bill.rows.limit.unwrap_or_default(), "token");
    let all = count(bill.rows.examples, "row");
    (long.high > 0).then(|| format!("{} of {all} are longer than {limit}: {becomes}", long.show()))
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

/// How long an example may be for a model at a provider, and what becomes of longer ones; what can be set is as it is set.
pub(super) fn limit(settings: &Settings, provider: &str, spec: &TargetSpec, model: &Model) -> Limit {
    if !has_rules(spec, provider) {
        return Limit { tokens: model.example_tokens(provider), overlong: Overlong::Unsaid };
    }
    let published = limit_at(Some(provider), spec, model);
    let tokens = match settings.billing.max_length {
        Some(set) if spec.length.setting.is_some() => Some(set),
        Some(set) if spec.shortened_by.is_some() => Some(published.map_or(set, |most| most.min(set))),
        _ => published,
    };
    Limit { tokens, overlong: spec.length.overlong }
}

/// Whether a target's rules hold there: not where it belongs to somebody else, as for a provider without targets.
fn has_rules(spec: &TargetSpec, provider: &str) -> bool {
    provider_of(spec.name).is_none() || is_at(spec, provider)
}

/// Refused records of which the reasons are told.
const REFUSALS: usize = 3;

/// Why records are refused, the most frequent reasons.
pub(super) fn refusals(rejections: &[Rejections]) -> impl Iterator<Item = String> {
    rejections.iter().take(REFUSALS).map(Rejections::refused)
}

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
fn of_validation(spec: &TargetSpec, validation: &Validation) -> Option<String> {
    let missing = spec.limits.validation.required && validation.tokens == Tokens::default();
    missing.then(|| format!("a job of `{}` needs a validation file, too", spec.name))
}

/// What is to be said of preference pairs: whose they are where nobody named a target, else what is lost of them.
fn of_pairs(plan: &Plan) -> Option<String> {
    let name = plan.target.spec().name;
    let as_pairs = || format!("the rows are preference pairs, and are billed as those of `{name}`");
    dropped(plan).or_else(|| (!plan.settings.target_named && has_preferences(plan)).then(as_pairs))
}

/// That a target of chats takes of preference pairs the preferred answers alone.
pub fn dropped(plan: &Plan) -> Option<String> {
    let spec = plan.target.spec();
    let says = format!(
        "the rows are preference pairs, of which `{}` takes chats: the answers that are not preferred are dropped",
        spec.name
    );
    (spec.shape == Shape::Example && is_read_by(plan, "preference")).then_some(says)
}

/// That nothing is usable, with why.
pub fn nothing_to_bill(records: u64, rejections: &[Rejections]) -> Error {
    unbillable(&none_usable(records, "record", rejections), rejections)
}

/// The same as an error, with its way out.
pub(super) fn unbillable(none_usable: &str, rejections: &[Rejections]) -> Error {
    let error = Error::input(format!("there is nothing to bill: {none_usable}"));
    match rejections.first() {
        None => error,
        Some(first) => error.with_hint(format!("`chatmill explain {}` says what that is", first.code)),
    }
}

/// That of so many records, as they are `called`, none is usable, with why.
pub(super) fn none_usable(records: u64, called: &str, rejections: &[Rejections]) -> String {
    let none = format!("none of {} is usable", count(records, called));
    let why: Vec<String> = refusals(rejections).collect();
    if why.is_empty() { none } else { format!("{none}; {}", why.join(", ")) }
}

/// How long an example may be for the plan's model where the plan's rows go.
pub fn limit_of(plan: &Plan) -> Limit {
    let spec = plan.target.spec();
    limit(&plan.settings, provider(&plan.settings, spec).unwrap_or_default(), spec, plan.model)
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
