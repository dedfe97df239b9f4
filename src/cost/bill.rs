//! The bill itself: what is billed times its price, with everything it takes for granted said beside it.

use serde::Serialize;

use super::assumptions::{assumptions, warnings};
use super::billing::{Job, Tokens};
use super::book::{Book, Sure};
use super::calibrate::Residual;
use super::epochs::{EpochsHow, epochs};
use super::method::{Kind, Method};
use super::money::{Interval, Money, Rate};
use super::tally::{Limit, Tally};
use crate::error::{Error, Result};
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
    /// Fewest examples that a file may have there; `None` where nothing is published.
    pub examples_min: Option<u64>,
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

/// The rows that a bill is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Rows {
    /// Records read, where whoever asks says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<u64>,
    /// Records that are refused, and so not billed; said with `records`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejected: Option<u64>,
    /// Examples that are taken, those that are too long with them.
    pub examples: u64,
    /// Fewest examples that a file may have there; `null` where nothing is published.
    pub examples_min: Option<u64>,
    /// Most tokens of an example; `null` where nothing is published.
    pub limit: Option<u64>,
    /// Examples that are surely longer.
    pub too_long: u64,
    /// Examples that may be longer: their upper bound is.
    pub too_long_most: u64,
}

impl Rows {
    /// What a limit of length does to some of them: ` (4 of 12 are)`; empty where it does nothing.
    pub(super) fn too_long(&self) -> String {
        match (self.too_long, self.too_long_most) {
            (_, 0) => String::new(),
            (least, most) if least == most => {
                format!(" ({} of {})", thousands(least), thousands(self.examples))
            }
            (least, most) => {
                format!(" ({} to {} of {})", thousands(least), thousands(most), thousands(self.examples))
            }
        }
    }
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
    /// The rows that it is for.
    pub rows: Rows,
    /// Passes over the examples; none where hours are billed, however many passes they take.
    #[serde(skip_serializing_if = "is_none")]
    pub epochs: u64,
    /// Where the number of passes is from, where tokens are billed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epochs_how: Option<EpochsHow>,
    /// Tokens billed, all passes together; where hours are billed, those of the rows.
    pub tokens: Tokens,
    /// How sure the price is.
    pub sure: Sure,
    /// One pass, where tokens are billed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_epoch: Option<Interval>,
    /// The job.
    pub total: Interval,
    /// Whether a price of it was read so long ago that it is to be compared with the provider's list.
    #[serde(skip)]
    pub old: bool,
    /// Whether rows are billed by how many they are, whatever they hold.
    #[serde(skip)]
    pub by_rows: bool,
    /// What the figures take for granted, a line each.
    pub assumptions: Vec<String>,
    /// What should make the reader pause, a line each.
    pub warnings: Vec<String>,
}

/// Whether there is no pass that could be said.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_none(epochs: &u64) -> bool {
    *epochs == 0
}

impl Bill {
    /// Whether the price is from sources that could not be traced.
    pub fn is_weak(&self) -> bool {
        self.sure == Sure::Weak
    }

    /// The bill with the records that its examples are of.
    #[must_use]
    pub fn with_records(mut self, records: u64, rejected: u64) -> Self {
        self.rows = Rows { records: Some(records), rejected: Some(rejected), ..self.rows };
        self
    }

    /// The bill with the records that its examples are of, and what is to be said of those that are not billed.
    #[must_use]
    pub fn of_records(self, records: u64, rejected: u64, refusals: impl Iterator<Item = String>) -> Self {
        let mut bill = self.with_records(records, rejected);
        let of = if rejected == 0 { String::new() } else { format!(", and {} refused", thousands(rejected)) };
        let examples = count(bill.rows.examples, "example");
        bill.assumptions.insert(0, format!("{examples} in {}{of}", count(records, "record")));
        if rejected > 0 {
            let is = if rejected == 1 { "is" } else { "are" };
            bill.warnings.push(format!(
                "{} of {} {is} refused, and not billed",
                thousands(rejected),
                count(records, "record")
            ));
        }
        bill.warnings.extend(refusals);
        bill
    }

    /// The bill in one sentence.
    pub fn sentence(&self) -> String {
        let at = format!("on {} at {} (price of {})", self.model, self.title, self.as_of);
        let total = self.total.show(&self.currency);
        let (Some(how), Some(per_epoch)) = (self.epochs_how, self.per_epoch) else {
            return format!("{total} for the hours given, {at}");
        };
        let how = match how {
            EpochsHow::Given => "as given",
            EpochsHow::Default | EpochsHow::Heuristic => "the documented default",
            EpochsHow::Unknown => "no default is published",
        };
        format!(
            "{total} for {} ({how}), {} each, {at}",
            count(self.epochs, "epoch"),
            per_epoch.show(&self.currency)
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
    if tariff.entry(model).is_some_and(|entry| entry.tunable == Some(false)) {
        let what = format!("`{model}` is not tuned at {}, as the prices have it", title_of(order.provider));
        return Err(Error::usage(what).with_hint("`tunable = false` says so"));
    }
    let training = tariff.training(model, order.model.parameters, order.method).ok_or_else(unknown)?;
    let billing = tariff.billing.as_ref().ok_or_else(unknown)?.is;
    let (passes, epochs_how) = epochs(tariff, order.epochs, tally.billed())?;
    let by_hour = training.method.kind == Kind::Rft;
    let job = Job {
        // How many passes the hours take is not known.
        epochs: if by_hour { 1 } else { passes },
        evaluations: order.evaluations,
        unpacked: order.unpacked.map(|longest| Tokens::unpacked(longest, order.method.kind)),
        validation: order.validation,
    };
    let (rate, source) = (training.price.is, training.price.source());
    let counted = billing.pass(tally, &job)?;
    let alike = order.residual.and_then(|residual| residual.like(tally, job.unpacked.is_some()));
    let pass = alike.as_ref().map_or(counted, |alike| alike.narrow(counted));
    let calibrated = match (order.residual, alike) {
        (Some(_), Some(alike)) => (pass != counted).then(|| alike.line()),
        (Some(_), None) => Some(format!(
            "not calibrated: no finished job that is known had rows like these: {}",
            if job.unpacked.is_some() { "not packed".to_owned() } else { tally.besides.in_words() }
        )),
        _ => None,
    };
    let tokens = billing.tokens(pass, &job)?;
    let (per_epoch, total) = if by_hour {
        let seconds = order.seconds.ok_or_else(|| {
            Error::usage(format!("`{}` is billed by the hour of training", training.method))
                .with_hint("how long it takes cannot be told from the rows; give `--hours`")
        })?;
        let most = tariff.hours_max.as_ref().map(|most| most.is);
        if let Some(most) = most.filter(|most| seconds > most.saturating_mul(3_600)) {
            let what = format!("a job takes {} at most, and more are given", count(most, "hour"));
            return Err(Error::usage(what).with_hint(format!("give `--hours {most}` or fewer")));
        }
        let cost = rate.of_seconds(seconds);
        (None, Interval { low: cost, high: cost })
    } else {
        let cost =
            |tokens: Tokens| Interval { low: rate.of_tokens(tokens.low), high: rate.of_tokens(tokens.high) };
        (Some(cost(pass)), cost(tokens))
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
        rows: Rows {
            examples: tally.examples,
            examples_min: order.examples_min,
            limit: order.limit.tokens,
            too_long: tally.too_long,
            too_long_most: tally.too_long_most,
            ..Rows::default()
        },
        epochs: if by_hour { 0 } else { passes },
        epochs_how: (!by_hour).then_some(epochs_how),
        tokens,
        sure: source.sure,
        per_epoch,
        total: total.at_least(minimum),
        old: book.age_warning("", source).is_some(),
        by_rows: job.unpacked.is_some(),
        assumptions: Vec::new(),
        warnings: Vec::new(),
    };
    let mut warnings = warnings(order, tariff, source, book);
    if let Some(most) = tariff.tokens_max.as_ref().filter(|most| tokens.high > most.is) {
        let says = format!("a job takes {} at most, all epochs together", count(most.is, "token"));
        warnings.push(says);
    }
    let paused = tariff.paused_at.as_ref().map(|paused| paused.is);
    if let Some(paused) = paused.filter(|paused| by_hour && bill.total.high > paused.once()) {
        warnings
            .push(format!("the job is paused on the way, when it has cost {}", paused.show(&bill.currency)));
    }
    let assumptions = assumptions(order, tariff, &training, billing, &bill, calibrated);
    Ok(Bill { assumptions, warnings, ..bill })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Overlong;
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
            examples_min: None,
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
        Tally { examples, tokens: Tokens { low, high }, ..Tally::default() }
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
            assert_eq!(bill.epochs_how, Some(EpochsHow::Given));
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
        assert_eq!((bill.epochs, bill.epochs_how), (5, Some(EpochsHow::Heuristic)));
        assert_eq!(bill.per_epoch.unwrap().show("USD"), "$25.00 to $30.00");
        assert_eq!(bill.total.show("USD"), "$125.00 to $150.00");
        assert!(bill.assumptions.iter().any(|line| line.contains("more than 65,536 tokens is cut")));
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
            ("$0.48", 1, Some(EpochsHow::Default))
        );
        assert_eq!(one.method.name(), "sft-lora");
        assert!(one.assumptions[0].contains("sft-lora, models up to 16B"), "{:?}", one.assumptions);
        assert_eq!(bill(order("together", "qwen3-8b", Kind::Dpo)).total.show("USD"), "$1.20");
        assert_eq!(bill(order("together", "llama-3.3-70b-instruct", Kind::Sft)).total.show("USD"), "$2.90");
        let unpacked = bill(Order { unpacked: Some(27_000), ..small });
        assert_eq!(unpacked.total.show("USD"), "$12.96");
        // A pair may count with each of its answers: 1.20 a million.
        let pairs = bill(Order { unpacked: Some(27_000), ..order("together", "qwen3-8b", Kind::Dpo) });
        assert_eq!(pairs.total.show("USD"), "$32.40 to $64.80");
        assert!(
            pairs.assumptions.iter().any(|line| line.contains("27,000 tokens, a pair perhaps as twice that"))
        );
        // 40,960 tokens are the most that is published.
        let beyond = |order: Order<'static>| {
            bill(order).warnings.iter().any(|line| line.contains("40,960 are the most"))
        };
        assert!(
            beyond(Order { unpacked: Some(50_000), ..small })
                && !beyond(Order { unpacked: Some(27_000), ..small })
        );
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
        // How many passes the hours take is not known, and so is not in the JSON.
        let json = serde_json::to_value(&bill).unwrap();
        assert!(["epochs", "epochs_how", "per_epoch"].iter().all(|key| json.get(key).is_none()), "{json}");
        assert!(bill.assumptions.iter().any(|line| line.contains("paused when it has cost $5,000")));
        assert!(bill.warnings.iter().all(|line| !line.contains("paused")), "{:?}", bill.warnings);
        // Tokens are those of the rows, however many epochs are given.
        let epochs = Order { epochs: Some(3), ..hours(Some(9_000)) };
        assert_eq!(estimate(&epochs, &tally(100, 1, 1), &book).unwrap().tokens, Tokens::exactly(1));
        // 51 hours cost more than the job is paused at; 720 is the most there is.
        let long = estimate(&hours(Some(51 * 3_600)), &tally(100, 1, 1), &book).unwrap();
        assert!(long.warnings.iter().any(|line| line.contains("paused on the way")), "{:?}", long.warnings);
        assert!(estimate(&hours(Some(720 * 3_600)), &tally(100, 1, 1), &book).is_ok());
        let beyond = estimate(&hours(Some(720 * 3_600 + 1)), &tally(100, 1, 1), &book).unwrap_err();
        assert_eq!(beyond.to_string(), "a job takes 720 hours at most, and more are given");
        assert!(
            estimate(&hours(None), &tally(100, 1, 1), &book).unwrap_err().hint().unwrap().contains("--hours")
        );
    }

    #[test]
    fn rows_that_are_too_long_or_refused_are_told() {
        // 12 examples, 4 of them surely and 5 perhaps longer than 65,536.
        let tally = Tally { too_long: 4, too_long_most: 5, ..tally(12, 1_000, 1_000) };
        let bill = estimate(&order("openai", "gpt-4o", Kind::Sft), &tally, &book("2026-11-22")).unwrap();
        assert!(
            bill.assumptions
                .iter()
                .any(|line| line.contains("more than 65,536 tokens (4 to 5 of 12) is cut")),
            "{:?}",
            bill.assumptions
        );
        let bill = bill.of_records(34, 22, std::iter::once("22 refused: blank-content".to_owned()));
        assert_eq!((bill.rows.records, bill.rows.rejected, bill.rows.examples), (Some(34), Some(22), 12));
        assert_eq!(bill.assumptions[0], "12 examples in 34 records, and 22 refused");
        assert!(bill.warnings.ends_with(&[
            "22 of 34 records are refused, and not billed".to_owned(),
            "22 refused: blank-content".to_owned()
        ]));
    }

    #[test]
    fn what_a_pair_is_billed_for_is_said() {
        let said = |kind| {
            let bill =
                estimate(&order("openai", "gpt-4o", kind), &tally(12, 1, 2), &book("2026-11-22")).unwrap();
            bill.assumptions.iter().any(|line| line.contains("counts the prompt of a pair once"))
        };
        assert!(said(Kind::Dpo) && !said(Kind::Sft));
    }

    #[test]
    fn ages_are_those_of_every_price_that_is_used() {
        let mut book = Book::built_in().unwrap();
        let own = "as_of = \"2020-12-01\"\ncurrency = \"USD\"\n[provider.openai]\nminimum = 7\n";
        book.put_over(own, "mine").unwrap();
        let bill =
            |book: &Book| estimate(&order("openai", "gpt-4o", Kind::Sft), &tally(12, 1, 2), book).unwrap();
        let old = bill(&book.clone().on("2026-11-22".parse().unwrap()));
        assert!(old.warnings[0].starts_with("the least that a job costs is "), "{:?}", old.warnings);
        assert!(!old.old && bill(&book.clone().on("2027-11-22".parse().unwrap())).old);
        // The prices of the book are of 2026-11-21.
        let early = bill(&book.on("2026-11-01".parse().unwrap()));
        assert!(
            early.warnings[0].contains("of 2026-11-21, a day that is yet to come"),
            "{:?}",
            early.warnings
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
        assert_eq!((vertex.epochs, vertex.epochs_how), (1, Some(EpochsHow::Unknown)));
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
