//! The bill itself: what is billed times its price, with everything it takes for granted said beside it.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::billing::{Billing, Job, Tokens};
use super::book::{Book, Day, Entry, Source, Sourced, Sure, Tariff, Training};
use super::calibrate::Residual;
use super::epochs::{EpochsHow, epochs};
use super::method::{Kind, Method};
use super::money::{Interval, Money, Rate};
use super::tally::{Limit, Tally};
use crate::error::{Error, Result};
use crate::target::Overlong;
use crate::text::number::{count, thousands};
use crate::tokens::{Model, PROVIDERS};

/// What is to be tuned, and how.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// Who tunes it.
    pub provider: &'a str,
    /// What is tuned.
    pub model: &'static Model,
    /// What it learns from, and which weights change.
    pub method: Method,
    /// How long an example may be there.
    pub limit: Limit,
    /// Passes, where the caller says so.
    pub epochs: Option<u64>,
    /// How often the validation file is gone through.
    pub evaluations: u64,
    /// The longest row that is set, in tokens, where rows are not packed together.
    pub unpacked: Option<u64>,
    /// Tokens of the validation file.
    pub validation: Tokens,
    /// Seconds of training, for what is billed by the hour.
    pub seconds: Option<u64>,
    /// Whether texts were counted exactly: by a vocabulary that comes with the program, or by the model's own tokenizer.
    pub exact: bool,
    /// What finished jobs taught about the count.
    pub residual: Option<&'a Residual>,
}

/// What training will cost.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bill {
    /// Who tunes.
    pub provider: String,
    /// The same, as people write it.
    pub title: String,
    /// Full name of the model.
    pub model: String,
    /// How it is tuned, as the price list has it.
    pub method: Method,
    /// ISO 4217 code of the currency.
    pub currency: String,
    /// Day on which the price was compared with its source (ISO).
    pub as_of: String,
    /// Price of a million tokens, where tokens are billed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_million: Option<Rate>,
    /// Price of an hour, where hours are billed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_hour: Option<Rate>,
    /// Passes over the examples.
    pub epochs: u64,
    /// Where the number of passes is from.
    pub epochs_how: EpochsHow,
    /// Tokens billed, all passes together.
    pub tokens: Tokens,
    /// How sure the price is.
    pub sure: Sure,
    /// One pass.
    pub per_epoch: Interval,
    /// The job.
    pub total: Interval,
    /// What the figures take for granted, a line each.
    pub assumptions: Vec<String>,
    /// What should make the reader pause, a line each.
    pub warnings: Vec<String>,
}

impl Bill {
    /// Whether the price is from sources that could not be traced.
    pub fn is_weak(&self) -> bool {
        self.sure == Sure::Weak
    }

    /// The bill in one sentence.
    pub fn sentence(&self) -> String {
        let at = format!("on {} at {} (price of {})", self.model, self.title, self.as_of);
        let total = self.total.show(&self.currency);
        if self.per_hour.is_some() {
            return format!("{total} for the hours given, {at}");
        }
        let how = match self.epochs_how {
            EpochsHow::Given => "as given",
            EpochsHow::Default | EpochsHow::Heuristic => "the documented default",
            EpochsHow::Unknown => "no default is published",
        };
        format!(
            "{total} for {} ({how}), {} each, {at}",
            count(self.epochs, "epoch"),
            self.per_epoch.show(&self.currency)
        )
    }
}

/// The name of a provider as people write it, where it is one that tunes models known here.
pub fn title_of(provider: &str) -> &str {
    PROVIDERS.iter().find(|known| known.name == provider).map_or(provider, |known| known.title)
}

/// The bill for a tally. Amounts are not rounded.
pub fn estimate(order: &Order<'_>, tally: &Tally, book: &Book) -> Result<Bill> {
    let model = order.model.name;
    let unknown = || {
        let what =
            format!("no price of `{}` is known for `{model}` at {}", order.method, title_of(order.provider));
        Error::usage(what).with_hint(
            "the price book has only what could be read; put the price into a file and give it with `--prices FILE`",
        )
    };
    let tariff = book.tariff(order.provider).ok_or_else(unknown)?;
    let training = tariff.training(model, order.model.parameters, order.method).ok_or_else(unknown)?;
    let billing = tariff.billing.as_ref().ok_or_else(unknown)?.is;
    let (passes, epochs_how) = epochs(tariff, order.epochs, tally.examples)?;
    let job = Job {
        epochs: passes,
        evaluations: order.evaluations,
        unpacked: order.unpacked,
        validation: order.validation,
    };
    let (rate, source) = (training.price.is, training.price.source());
    let narrowed = |tokens: Tokens| order.residual.map_or(tokens, |residual| residual.narrow(tokens));
    let tally = Tally { tokens: narrowed(tally.tokens), ..*tally };
    let by_hour = training.method.kind == Kind::Rft;
    let tokens = billing.tokens(&tally, &job)?;
    let (per_epoch, total) = if by_hour {
        let seconds = order.seconds.ok_or_else(|| {
            Error::usage(format!("`{}` is billed by the hour of training", training.method))
                .with_hint("how long it takes cannot be told from the rows; give `--hours`")
        })?;
        let cost = rate.of_seconds(seconds);
        (Interval::default(), Interval { low: cost, high: cost })
    } else {
        let cost =
            |tokens: Tokens| Interval { low: rate.of_tokens(tokens.low), high: rate.of_tokens(tokens.high) };
        (cost(billing.pass(&tally, &job)?), cost(tokens))
    };
    let minimum = tariff.minimum.as_ref().map_or(Money::ZERO, |minimum| minimum.is.once());
    let bill = Bill {
        provider: order.provider.to_owned(),
        title: tariff.title.as_deref().unwrap_or(title_of(order.provider)).to_owned(),
        model: model.to_owned(),
        method: if training.method.kind == Kind::All { order.method } else { training.method },
        currency: book.currency.clone(),
        as_of: source.read.map_or_else(String::new, |day| day.0.to_string()),
        per_million: (!by_hour).then_some(rate),
        per_hour: by_hour.then_some(rate),
        epochs: passes,
        epochs_how,
        tokens,
        sure: source.sure,
        per_epoch,
        total: total.at_least(minimum),
        assumptions: Vec::new(),
        warnings: Vec::new(),
    };
    let mut warnings = warnings(order, tariff, source, book);
    if let Some(most) = tariff.tokens_max.as_ref().filter(|most| tokens.high > most.is) {
        let says = format!("a job takes {} at most, all epochs together", count(most.is, "token"));
        warnings.push(says);
    }
    Ok(Bill { assumptions: assumptions(order, tariff, &training, billing, &bill), warnings, ..bill })
}

fn assumptions(
    order: &Order<'_>,
    tariff: &Tariff,
    training: &Training<'_>,
    billing: Billing,
    bill: &Bill,
) -> Vec<String> {
    let per = if bill.per_hour.is_some() { "an hour" } else { "a million tokens" };
    let class = training.class.map_or_else(String::new, |class| format!(", models {class}"));
    let price = training.price.is.show(&bill.currency);
    let mut lines = vec![format!(
        "{price} for {per} of training ({}{class}), as of {}: {}",
        bill.method,
        bill.as_of,
        source_line(training.price.source())
    )];
    if bill.per_hour.is_none() {
        lines.extend(of_tokens(order, billing));
        lines.push(match bill.epochs_how {
            EpochsHow::Given => format!("{}, as given", count(bill.epochs, "epoch")),
            EpochsHow::Default => format!("{}, the provider's default", count(bill.epochs, "epoch")),
            EpochsHow::Heuristic => {
                "epochs by the default of OpenAI's cookbook; the service may choose otherwise".to_owned()
            }
            EpochsHow::Unknown => {
                "no default of epochs is published: the figures are for one, and grow with `--epochs`"
                    .to_owned()
            }
        });
    }
    if let Some(residual) = order.residual {
        lines.push(residual.line());
    }
    if let Some(minimum) = &tariff.minimum {
        lines.push(format!("{} at least for a job", minimum.is.show(&bill.currency)));
    }
    for hosting in tariff.hosting(order.model.name) {
        lines.push(format!(
            "serving it costs {} an hour besides: {}",
            hosting.hour.is.show(&bill.currency),
            hosting.what
        ));
    }
    lines.extend(tariff.notes.iter().cloned());
    lines
}

/// What is said of the tokens.
fn of_tokens(order: &Order<'_>, billing: Billing) -> Vec<String> {
    let mut lines = vec![format!("billed: {}; masked tokens, too", billing.in_words())];
    if let (Billing::TokensAndEvaluations, Some(longest)) = (billing, order.unpacked) {
        lines.push(format!("without packing every row is billed as {}", count(longest, "token")));
    } else {
        let limit = |tokens: u64| format!("an example of more than {} is", thousands(tokens));
        lines.push(match (order.limit.tokens, order.limit.overlong) {
            (None, _) => "no limit of an example is published; every example is billed whole".to_owned(),
            (Some(tokens), Overlong::CutAtEnd) => format!("{} cut, and the rest not billed", limit(tokens)),
            (Some(tokens), Overlong::Dropped | Overlong::Refused) => {
                format!("{} not taken, and not billed", limit(tokens))
            }
            (Some(tokens), Overlong::Unsaid) => {
                format!(
                    "what becomes of an example of more than {} is not published: cut, or billed whole",
                    thousands(tokens)
                )
            }
        });
        lines.push(if order.exact {
            "the lower bound has texts and chat frame; the upper bound adds what is not published: priming, tools as \
             JSON, pictures at their largest"
                .to_owned()
        } else {
            format!("the vocabulary `{}` does not come with chatmill: counts are estimates with their bounds", order.model.vocabulary.name())
        });
    }
    match (billing, order.validation != Tokens::default()) {
        (Billing::Tokens, _) => lines.push("the validation file is not billed".to_owned()),
        (Billing::TokensAndEvaluations, true) => {
            lines.push(format!("{} of the validation file", count(order.evaluations, "evaluation")));
        }
        (Billing::TokensAndEvaluations, false) => {
            lines.push("no validation file, or none that is gone through".to_owned());
        }
        (Billing::TokensAndValidation, true) => lines.push("the validation file is billed once".to_owned()),
        (Billing::TokensAndValidation, false) => lines.push("no validation file".to_owned()),
    }
    lines
}

fn source_line(source: &Source) -> String {
    let url = source.url.as_deref().map_or_else(String::new, |url| format!(", {url}"));
    format!("{} ({}){url}", source.what, source.sure.in_words())
}

fn warnings(order: &Order<'_>, tariff: &Tariff, source: &Source, book: &Book) -> Vec<String> {
    let mut lines: Vec<String> = book.age_warning(source).into_iter().collect();
    if source.sure == Sure::Weak {
        lines.push(format!("the price of `{}` is not sure: {}", order.model.name, source.what));
    }
    let (provider, name) = (order.provider, order.model.name);
    lines.extend(End::of(provider, order.model, tariff.entry(name)).in_words(provider, name, book.today));
    lines
}

/// Days before a model goes out of service from which on that is said of every job.
const GONE_WITHIN_DAYS: i64 = 180;
/// Days before the last day of jobs from which on that is said of every job.
const LAST_JOB_WITHIN_DAYS: i64 = 30;

/// When a provider stops to tune and to serve a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct End {
    /// Last day on which a job is started.
    pub last_job: Option<Day>,
    /// First day on which the model is out of service, tuned versions included.
    pub shutdown: Option<Day>,
}

impl End {
    /// What is known: the price book's word, else what stands with the models.
    pub fn of(provider: &str, model: &Model, entry: Option<&Entry>) -> Self {
        let offer = model.offers.iter().find(|offer| offer.provider == provider);
        let day = |day: Option<&'static str>| day.and_then(|day| day.parse().ok()).map(Day);
        let said = |figure: Option<&Sourced<Day>>| figure.map(|day| day.is);
        Self {
            last_job: said(entry.and_then(|entry| entry.last_job.as_ref()))
                .or_else(|| day(offer.and_then(|offer| offer.last_job))),
            shutdown: said(entry.and_then(|entry| entry.shutdown.as_ref()))
                .or_else(|| day(offer.and_then(|offer| offer.shutdown))),
        }
    }

    /// Whether no job can be started any more on that day.
    pub fn is_over(&self, today: Date) -> bool {
        self.last_job.is_some_and(|day| today > day.0) || self.shutdown.is_some_and(|day| today >= day.0)
    }

    /// Whether that day is past, or so near that a job may not be worth it: the model is gone within half a year, or jobs
    /// end within a month. Both are choices of ours: a tuned model is used for months, a job is started in a day.
    pub fn is_near(&self, today: Date) -> bool {
        let within = |day: Day, days: i64| today.checked_add(days.days()).is_ok_and(|then| then >= day.0);
        self.shutdown.is_some_and(|day| within(day, GONE_WITHIN_DAYS))
            || self.last_job.is_some_and(|day| within(day, LAST_JOB_WITHIN_DAYS))
    }

    /// What is known, in words; `provider` by its short name.
    pub fn in_words(&self, provider: &str, name: &str, today: Option<Date>) -> Option<String> {
        let title = title_of(provider);
        let passed = |day: Date| today.is_some_and(|today| today >= day);
        let last_job = self.last_job.map(|Day(day)| {
            if today.is_some_and(|today| today > day) {
                format!("{title} has started no fine-tuning job since {day}")
            } else {
                format!("{title} starts no fine-tuning job after {day}")
            }
        });
        match (self.shutdown.map(|day| day.0), last_job) {
            (Some(day), _) if passed(day) => Some(format!("`{name}` is out of service since {day}")),
            (Some(day), Some(last)) => Some(format!("{last}, and `{name}` goes out of service on {day}")),
            (Some(day), None) => Some(format!("`{name}` goes out of service on {day}")),
            (None, last) => last,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::model;

    fn order(provider: &'static str, name: &str, kind: Kind) -> Order<'static> {
        let model = model(name).unwrap();
        let offer = model.offers.iter().find(|offer| offer.provider == provider);
        Order {
            provider,
            model,
            method: Method { kind, weights: None },
            limit: Limit {
                tokens: offer.and_then(|offer| offer.example_tokens),
                overlong: Overlong::CutAtEnd,
            },
            epochs: None,
            evaluations: 0,
            unpacked: None,
            validation: Tokens::default(),
            seconds: None,
            exact: model.vocabulary.is_exact(),
            residual: None,
        }
    }

    fn tally(examples: u64, low: u64, high: u64) -> Tally {
        Tally { examples, tokens: Tokens { low, high } }
    }

    fn book(today: &str) -> Book {
        Book::built_in().unwrap().on(today.parse().unwrap())
    }

    #[test]
    fn the_guides_own_examples_come_out() {
        // OpenAI's guide: 100,000 tokens, 3 epochs: about 0.90 dollars (gpt-4o-mini), 2.40 (gpt-3.5-turbo).
        for (name, shown) in [("gpt-4o-mini", "$0.90"), ("gpt-3.5-turbo", "$2.40 to $2.41")] {
            let order = Order { epochs: Some(3), ..order("openai", name, Kind::Sft) };
            let bill = estimate(&order, &tally(100, 100_000, 100_300), &book("2026-11-22")).unwrap();
            assert_eq!(bill.total.show(&bill.currency), shown);
            assert_eq!(bill.epochs_how, EpochsHow::Given);
        }
    }

    #[test]
    fn ori_s_own_example_comes_out() {
        // docs.ori.co/fine-tuning/billing: 5 million tokens, 3 epochs, 1 million of validation at 0.46: 7.36 dollars.
        let million = |number: u64| Tokens { low: number * 1_000_000, high: number * 1_000_000 };
        let order = Order {
            epochs: Some(3),
            validation: million(1),
            ..order("ori", "llama-3.1-8b-instruct", Kind::Sft)
        };
        let bill = estimate(&order, &tally(1_000, 5_000_000, 5_000_000), &book("2026-11-22")).unwrap();
        assert_eq!(bill.total.show("USD"), "$7.36");
    }

    #[test]
    fn a_bill_by_hand() {
        // 20 examples: 5 epochs. 1,000,000 tokens at 25 dollars a million.
        let bill = estimate(
            &order("openai", "gpt-4o", Kind::Sft),
            &tally(20, 1_000_000, 1_200_000),
            &book("2026-11-22"),
        )
        .unwrap();
        assert_eq!((bill.epochs, bill.epochs_how), (5, EpochsHow::Heuristic));
        assert_eq!(bill.per_epoch.show("USD"), "$25.00 to $30.00");
        assert_eq!(bill.total.show("USD"), "$125.00 to $150.00");
        assert!(bill.assumptions.iter().any(|line| line.contains("more than 65,536 is cut")));
        assert!(bill.assumptions.iter().any(|line| line.contains("cookbook")));
        assert_eq!(
            bill.warnings,
            [
                "OpenAI starts no fine-tuning job after 2027-01-06, and `gpt-4o-2024-08-06` goes out of service on \
              2027-01-14"
            ]
        );
        let json = serde_json::to_value(&bill).unwrap();
        assert_eq!((json["total"]["high"].clone(), json["per_million"].clone()), (150.0.into(), 25.0.into()));
        assert_eq!((json["epochs_how"].clone(), json["method"].clone()), ("heuristic".into(), "sft".into()));
        assert_eq!(json.get("per_hour"), None);
    }

    #[test]
    fn sizes_and_methods_have_their_prices() {
        // Together's table: up to 16B 0.48 (LoRA) and 1.20 (DPO, LoRA), 70B 2.90, and without packing rows times length.
        let bill = |order: Order<'static>| {
            estimate(&order, &tally(1_000, 1_000_000, 1_000_000), &book("2026-11-22")).unwrap()
        };
        let small = order("together", "qwen3-8b", Kind::Sft);
        let one = bill(small);
        assert_eq!(
            (one.total.show("USD").as_str(), one.epochs, one.epochs_how),
            ("$0.48", 1, EpochsHow::Default)
        );
        assert_eq!(one.method.name(), "sft-lora");
        assert!(one.assumptions[0].contains("sft-lora, models up to 16B"), "{:?}", one.assumptions);
        assert_eq!(bill(order("together", "qwen3-8b", Kind::Dpo)).total.show("USD"), "$1.20");
        assert_eq!(bill(order("together", "llama-3.3-70b-instruct", Kind::Sft)).total.show("USD"), "$2.90");
        let unpacked = bill(Order { unpacked: Some(27_000), ..small });
        assert_eq!(unpacked.total.show("USD"), "$12.96");
        let validated =
            Order { evaluations: 10, validation: Tokens { low: 1_000_000, high: 1_000_000 }, ..small };
        assert_eq!(bill(validated).total.show("USD"), "$5.28");
    }

    #[test]
    fn hours_are_billed_by_the_hour() {
        let hours = |seconds| Order { seconds, ..order("azure", "o4-mini", Kind::Rft) };
        let book = book("2026-11-22");
        let bill = estimate(&hours(Some(9_000)), &tally(100, 1, 1), &book).unwrap();
        assert_eq!((bill.total.show("USD").as_str(), bill.per_million), ("$250.00", None));
        assert!(
            estimate(&hours(None), &tally(100, 1, 1), &book).unwrap_err().hint().unwrap().contains("--hours")
        );
    }

    #[test]
    fn what_is_not_known_is_said() {
        let error = estimate(&order("azure", "o4-mini", Kind::Sft), &Tally::default(), &book("2026-11-22"))
            .unwrap_err();
        assert!(
            error.to_string().starts_with("no price of `sft` is known for `o4-mini-2025-04-16` at Azure"),
            "{error}"
        );
        assert!(error.hint().unwrap().contains("--prices"));
        let vertex = estimate(
            &order("vertex", "gemini-2.5-flash", Kind::Sft),
            &tally(100, 1_000_000, 1_000_000),
            &book("2026-11-22"),
        )
        .unwrap();
        assert_eq!((vertex.epochs, vertex.epochs_how), (1, EpochsHow::Unknown));
        assert!(vertex.warnings.iter().any(|line| line.contains("not sure")), "{:?}", vertex.warnings);
    }

    #[test]
    fn nothing_costs_nothing_and_the_most_is_an_error() {
        let none =
            estimate(&order("openai", "gpt-4o", Kind::Sft), &Tally::default(), &book("2026-11-22")).unwrap();
        assert_eq!(none.total, Interval::default());
        let most = tally(u64::MAX, u64::MAX, u64::MAX);
        let order = Order { epochs: Some(50), ..order("openai", "gpt-4", Kind::Sft) };
        assert!(estimate(&order, &most, &book("2026-11-22")).unwrap_err().to_string().contains("2^64"));
    }

    #[test]
    fn epochs_are_bounded() {
        let said = |epochs: u64| {
            let order = Order { epochs: Some(epochs), ..order("openai", "gpt-4o", Kind::Sft) };
            let error = estimate(&order, &Tally::default(), &book("2026-11-22")).unwrap_err();
            (error.to_string(), error.hint().unwrap_or_default().to_owned())
        };
        assert_eq!(said(0).0, "0 epochs train nothing");
        assert_eq!(
            said(51),
            ("51 epochs are more than a job takes".to_owned(), "1 to 50 are taken".to_owned())
        );
    }

    #[test]
    fn warnings_go_by_the_day() {
        let warned = |name: &str, today: &str| {
            estimate(&order("openai", name, Kind::Sft), &Tally::default(), &book(today)).unwrap().warnings
        };
        assert_eq!(
            warned("gpt-3.5-turbo", "2026-11-22"),
            ["`gpt-3.5-turbo-0125` is out of service since 2026-10-23"]
        );
        let late = warned("gpt-4.1-mini", "2027-06-01");
        assert_eq!(late.len(), 3, "{late:?}");
        assert!(
            late[0].contains("days old")
                && late[1].contains("not sure")
                && late[2].contains("since 2027-01-14")
        );
    }
}
