//! When tuning pays: what it costs once and by the month, against what each request saves.
//!
//! A request to the tuned model goes without the constant head of the prompt, and its tokens are dearer or cheaper than those
//! of the model it is compared with. Requests until it pays are `(training) / (saved by a request)`; a tuned model that is
//! served by the hour has to save the hours first.

use jiff::civil::Date;
use serde::Serialize;

use super::bill::{Bill, End};
use super::book::{Entry, Hosting, Tariff};
use super::money::{Interval, Money, Rate};
use super::prompts::Prompting;
use crate::error::{Error, Result};
use crate::text::number::{count, thousands};

/// Hours of a month: 365 days of 24 hours by 12.
pub const HOURS_A_MONTH: u64 = 730;

/// What a request is made of and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traffic<'a> {
    /// What the data says of requests.
    pub prompting: &'a Prompting,
    /// Tokens of instructions that the tuned model is still sent with each request.
    pub kept: u64,
    /// Requests a month, where the caller knows them.
    pub a_month: Option<u64>,
}

/// A model that is compared with the tuned one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Against {
    /// The model, as it is.
    pub model: String,
    /// A request to it on average: whole prompt at the price of cached input where it can be, and at the full price.
    pub request: Interval,
    /// A request to the tuned model.
    pub tuned: Money,
    /// Saved by a request on average: at least, with the constant head always cached, and at most, never.
    pub saved: Interval,
    /// Whether the price of cached input is known; without it the lower bound takes it as free.
    pub cached_known: bool,
    /// When it pays with the head never cached.
    pub at_best: Verdict,
    /// When it pays with the head always cached.
    pub at_worst: Verdict,
}

/// When tuning pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "pays")]
pub enum Verdict {
    /// After so many requests.
    After {
        /// Requests.
        requests: u64,
    },
    /// Only above so many requests a month, which the hours of serving take.
    Above {
        /// Requests a month.
        a_month: u64,
    },
    /// A request to the tuned model saves nothing.
    Never,
}

/// Everything about when tuning pays.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BreakEven {
    /// The training.
    pub bill: Bill,
    /// What the data says of requests.
    pub prompting: Prompting,
    /// Serving the tuned model and keeping it, a month.
    pub a_month: Money,
    /// The models it is compared with.
    pub against: Vec<Against>,
    /// Until when it can be used.
    #[serde(flatten)]
    pub end: End,
    /// What the figures take for granted, a line each.
    pub assumptions: Vec<String>,
}

/// When tuning the bill's model pays against the models as they are.
///
/// `tuned` is the entry of the model that is tuned, `bases` those it is compared with, all of one provider.
pub fn break_even(
    bill: Bill,
    tariff: &Tariff,
    tuned: &Entry,
    bases: &[&Entry],
    traffic: Traffic<'_>,
    end: End,
) -> Result<BreakEven> {
    let prompting = traffic.prompting;
    if prompting.requests == 0 {
        return Err(Error::input("there is no answer in the rows, so nothing is known of requests"));
    }
    let price = |rate: Option<&super::book::Sourced<Rate>>, what: &str, model: &str| {
        rate.map(|rate| rate.is).ok_or_else(|| {
            let message = format!(
                "the price of what `{model}` {what} is not known at {}",
                super::bill::title_of(&bill.provider)
            );
            Error::usage(message).with_hint("put it into a file and give it with `--prices FILE`")
        })
    };
    let hosting = tariff.hosting(&tuned.name).first();
    let by_hour = hosting.map(|hosting| hosting.hour.is);
    // What is served by the hour has no price for tokens, unless the book has one.
    let free = by_hour.is_some();
    let rate = |rate: Option<&super::book::Sourced<Rate>>, what: &str| match rate {
        None if free => Ok(Rate::default()),
        rate => price(rate, what, &tuned.name),
    };
    let (read, written) = (
        rate(tuned.tuned.input.as_ref(), "reads, tuned,")?,
        rate(tuned.tuned.output.as_ref(), "writes, tuned,")?,
    );
    let kept = traffic
        .kept
        .checked_mul(prompting.requests)
        .ok_or_else(|| Error::usage("so many tokens cannot be kept"))?;
    let left = prompting.input.saturating_sub(prompting.constant).saturating_add(kept);
    let all_tuned = read.of_tokens(left).plus(written.of_tokens(prompting.output))?;
    let storage = tariff.storage.as_ref().map_or(Money::ZERO, |storage| storage.is.once());
    let served = by_hour.map_or(Money::ZERO, |hour| hour.of_seconds(HOURS_A_MONTH * 3_600));
    let a_month = served.plus(storage)?;
    let mut against = Vec::new();
    for base in bases {
        let input = price(base.base.input.as_ref(), "reads", &base.name)?;
        let output = price(base.base.output.as_ref(), "writes", &base.name)?;
        let cached = base.base.cached.as_ref().map(|rate| rate.is);
        let rest = input
            .of_tokens(prompting.input.saturating_sub(prompting.constant))
            .plus(output.of_tokens(prompting.output))?;
        let all = Interval {
            low: rest.plus(cached.unwrap_or_default().of_tokens(prompting.constant))?,
            high: rest.plus(input.of_tokens(prompting.constant))?,
        };
        let saved = Interval { low: all.low.minus(all_tuned)?, high: all.high.minus(all_tuned)? };
        let when =
            |cost: Money, saved: Money| verdict(cost, saved, prompting.requests, a_month, traffic.a_month);
        against.push(Against {
            model: base.name.clone(),
            request: all.by(prompting.requests),
            tuned: all_tuned.by(prompting.requests),
            saved: saved.by(prompting.requests),
            cached_known: cached.is_some(),
            at_best: when(bill.total.low, saved.high)?,
            at_worst: when(bill.total.high, saved.low)?,
        });
    }
    let assumptions = assumptions(&bill, traffic, hosting);
    Ok(BreakEven { prompting: prompting.clone(), a_month, against, end, assumptions, bill })
}

/// When `cost` is earned by requests of which `requests` together save `saved`.
fn verdict(
    cost: Money,
    saved: Money,
    requests: u64,
    a_month: Money,
    requests_a_month: Option<u64>,
) -> Result<Verdict> {
    if saved <= Money::ZERO {
        return Ok(Verdict::Never);
    }
    // All in terms of `requests` requests, so that nothing is rounded before the end.
    let months = |money: Money| money.times(requests);
    if a_month == Money::ZERO {
        return Ok(match months(cost)?.over(saved) {
            Some(requests) => Verdict::After { requests },
            None => Verdict::Never,
        });
    }
    // Requests a month that only earn what a month costs.
    let Some(least) = months(a_month)?.over(saved) else { return Ok(Verdict::Never) };
    let Some(volume) = requests_a_month else { return Ok(Verdict::Above { a_month: least }) };
    let net = saved.times(volume)?.minus(months(a_month)?)?;
    if net <= Money::ZERO {
        return Ok(Verdict::Above { a_month: least });
    }
    Ok(match months(cost)?.times(volume)?.over(net) {
        Some(requests) => Verdict::After { requests },
        None => Verdict::Never,
    })
}

fn assumptions(bill: &Bill, traffic: Traffic<'_>, hosting: Option<&Hosting>) -> Vec<String> {
    let mut lines = vec![
        "requests are like the rows: each answer is one, and what stands before it is what the model reads"
            .to_owned(),
        format!(
            "the tuned model is asked without the constant head{}; train it on rows without it, too",
            if traffic.kept > 0 {
                format!(", but with {} of instructions", count(traffic.kept, "token"))
            } else {
                String::new()
            }
        ),
        "cached input decides: at worst the constant head is always read from the cache, at best never"
            .to_owned(),
        format!("training is {}, once", bill.total.show(&bill.currency)),
    ];
    if let Some(hosting) = hosting {
        lines.push(format!(
            "the tuned model is served all day: {} an hour, {} hours a month ({}), however many requests there are and \
             however large it is; its tokens cost nothing besides, where the book has no price of them",
            hosting.hour.is.show(&bill.currency),
            thousands(HOURS_A_MONTH),
            hosting.what
        ));
    }
    lines.push(
        "that the tuned model answers as well, and is not to be tuned again, nobody knows before".to_owned(),
    );
    lines
}

impl Verdict {
    /// In words.
    pub fn in_words(self) -> String {
        match self {
            Self::After { requests } => format!("after {}", count(requests, "request")),
            Self::Above { a_month } => format!("only above {} a month", count(a_month, "request")),
            Self::Never => "never".to_owned(),
        }
    }

    /// Requests a day that it takes to pay before a day, where it pays after a number of them.
    pub fn a_day_until(self, today: Date, end: Date) -> Option<u64> {
        let Self::After { requests } = self else { return None };
        let days = u64::try_from(end.since(today).ok()?.get_days()).ok().filter(|days| *days > 0)?;
        Some(requests.div_ceil(days))
    }
}

#[cfg(test)]
mod tests {
    use super::super::book::Book;
    use super::super::{EpochsHow, Kind, Method, Sure, Tokens};
    use super::*;

    /// 1,000 requests of 1,000 tokens read, 800 of them constant, and 100 written.
    fn prompting() -> Prompting {
        Prompting {
            examples: 1_000,
            requests: 1_000,
            input: 1_000_000,
            constant: 800_000,
            output: 100_000,
            parts: Vec::new(),
        }
    }

    fn bill(provider: &str, model: &str, dollars: f64) -> Bill {
        let total = Rate::try_from(dollars).unwrap().once();
        Bill {
            provider: provider.into(),
            title: provider.into(),
            model: model.into(),
            method: Method { kind: Kind::Sft, weights: None },
            currency: "USD".into(),
            as_of: "2026-11-21".into(),
            per_million: None,
            per_hour: None,
            epochs: 3,
            epochs_how: EpochsHow::Given,
            tokens: Tokens::default(),
            sure: Sure::Copy,
            per_epoch: Interval::default(),
            total: Interval { low: total, high: total },
            assumptions: Vec::new(),
            warnings: Vec::new(),
        }
    }

    fn against(provider: &str, model: &str, base: &str, kept: u64, a_month: Option<u64>) -> Against {
        let book = Book::built_in().unwrap();
        let tariff = book.tariff(provider).unwrap();
        let named = Entry { name: model.into(), ..Entry::default() };
        let tuned = tariff.entry(model).unwrap_or(&named);
        let prompting = prompting();
        let traffic = Traffic { prompting: &prompting, kept, a_month };
        let found = break_even(
            bill(provider, model, 10.0),
            tariff,
            tuned,
            &[tariff.entry(base).unwrap()],
            traffic,
            End::default(),
        );
        found.unwrap().against.remove(0)
    }

    #[test]
    fn requests_until_it_pays_by_hand() {
        // gpt-4o as it is: (1000 * 2.50 + 100 * 10) / 10^6 = 0.0035; tuned: (200 * 3.75 + 100 * 15) / 10^6 = 0.00225.
        // Saved 0.00125 a request: 10 dollars after 8,000. What cached input costs is not in the book: at worst nothing,
        // 200 * 2.50 + 100 * 10 = 0.0015, and the tuned model is dearer.
        let found = against("openai", "gpt-4o-2024-08-06", "gpt-4o-2024-08-06", 0, None);
        assert_eq!(found.request.high.show_small("USD"), "$0.003500");
        assert_eq!(found.tuned.show_small("USD"), "$0.002250");
        assert_eq!((found.saved.high.show_small("USD").as_str(), found.cached_known), ("$0.001250", false));
        assert_eq!((found.at_best, found.at_worst), (Verdict::After { requests: 8_000 }, Verdict::Never));
        // With 200 tokens of instructions kept 0.0005 is saved: 20,000 requests.
        let kept = against("openai", "gpt-4o-2024-08-06", "gpt-4o-2024-08-06", 200, None);
        assert_eq!(kept.at_best, Verdict::After { requests: 20_000 });
    }

    #[test]
    fn against_a_cheap_model_a_dear_one_never_pays() {
        let found = against("openai", "gpt-4o-2024-08-06", "gpt-6-luna", 0, None);
        assert!(found.cached_known);
        assert_eq!((found.at_best, found.at_worst), (Verdict::Never, Verdict::Never));
        assert!(found.saved.high < Money::ZERO);
    }

    #[test]
    fn what_is_served_by_the_hour_has_to_save_the_hours_first() {
        // Llama 3.3 70B at Together: 0.88 a million as it is, tuned 3.99 an hour: 2,912.70 a month. A request costs
        // 1,100 * 0.88 / 10^6 = 0.000968: 3,008,988 requests a month only pay for the hours.
        let of =
            |a_month| against("together", "llama-3.3-70b-instruct", "llama-3.3-70b-instruct", 0, a_month);
        assert_eq!(of(None).at_best, Verdict::Above { a_month: 3_008_988 });
        assert_eq!(of(Some(3_000_000)).at_best, Verdict::Above { a_month: 3_008_988 });
        // 4 million a month earn 3,872 - 2,912.70 = 959.30: 10 dollars are 0.010424 months, 41,698 requests.
        assert_eq!(of(Some(4_000_000)).at_best, Verdict::After { requests: 41_698 });
    }

    #[test]
    fn what_has_no_price_or_no_requests_is_an_error() {
        let book = Book::built_in().unwrap();
        let tariff = book.tariff("openai").unwrap();
        let entry = tariff.entry("gpt-3.5-turbo-0613").unwrap();
        let prompting = prompting();
        let traffic = Traffic { prompting: &prompting, kept: 0, a_month: None };
        let job = bill("openai", "gpt-3.5-turbo-0613", 1.0);
        let error = break_even(job.clone(), tariff, entry, &[entry], traffic, End::default()).unwrap_err();
        assert!(error.to_string().contains("`gpt-3.5-turbo-0613` reads is not known"), "{error}");
        let none = Prompting::default();
        let traffic = Traffic { prompting: &none, ..traffic };
        assert!(break_even(job, tariff, entry, &[entry], traffic, End::default()).is_err());
        let most = Traffic { prompting: &prompting, kept: u64::MAX, a_month: None };
        let job = bill("openai", "gpt-4o-2024-08-06", 1.0);
        let entry = tariff.entry("gpt-4o-2024-08-06").unwrap();
        assert!(break_even(job, tariff, entry, &[entry], most, End::default()).is_err());
    }

    #[test]
    fn days_that_are_left_say_how_many_a_day() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let pays = Verdict::After { requests: 1_000 };
        assert_eq!(pays.a_day_until(day("2026-11-21"), day("2027-01-14")), Some(19));
        assert_eq!(pays.a_day_until(day("2027-01-14"), day("2027-01-14")), None);
        assert_eq!(Verdict::Never.a_day_until(day("2026-11-21"), day("2027-01-14")), None);
    }
}
