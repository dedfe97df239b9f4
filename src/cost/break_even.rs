//! When tuning pays: what it costs once and by the month, against what each request saves.
//!
//! A request to the tuned model goes without the constant head of the prompt, and its tokens are dearer or cheaper than those
//! of the model it is compared with. Requests until it pays are `(training) / (saved by a request)`; a tuned model that is
//! served by the hour has to save the hours first. Counts that are intervals make intervals of everything that follows: the
//! best case has of each count the end that saves most, the worst case the other.

use jiff::civil::Date;
use serde::Serialize;

use super::bill::Bill;
use super::billing::Tokens;
use super::book::{Entry, Hosting, Tariff};
use super::end::End;
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
    /// What day it is for whoever asks.
    pub today: Option<Date>,
}

/// A model that is compared with the tuned one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Against {
    /// The model, as it is.
    pub model: String,
    /// A request to it on average, nothing read from the cache.
    pub request: Interval,
    /// The same with the constant head always read from the cache.
    pub request_cached: Interval,
    /// A request to the tuned model.
    pub tuned: Interval,
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
    /// Not before the tuned model is out of service.
    TooLate {
        /// Requests that it takes.
        requests: u64,
        /// Requests that there are until then.
        in_time: u64,
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
    let hosting = tariff.cheapest_hosting(&tuned.name);
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
    let kept = kept(traffic)?;
    let left = prompting.input.without(prompting.constant);
    let all_tuned = {
        let of = |left: u64, output: u64| {
            read.of_tokens(left).plus(read.of_tokens(kept))?.plus(written.of_tokens(output))
        };
        Interval { low: of(left.low, prompting.output.low)?, high: of(left.high, prompting.output.high)? }
    };
    let storage = tariff.storage.as_ref().map_or(Money::ZERO, |storage| storage.is.once());
    let served = by_hour.map_or(Money::ZERO, |hour| hour.of_seconds(HOURS_A_MONTH * 3_600));
    let a_month = served.plus(storage)?;
    let mut against = Vec::new();
    for base in bases {
        let input = price(base.base.input.as_ref(), "reads", &base.name)?;
        let output = price(base.base.output.as_ref(), "writes", &base.name)?;
        let cached = base.base.cached.as_ref().map(|rate| rate.is);
        // A request to the model as it is, with its constant head at that price.
        let all = |head: Rate| {
            let of = |left: u64, constant: u64, written: u64| {
                input.of_tokens(left).plus(head.of_tokens(constant))?.plus(output.of_tokens(written))
            };
            let (constant, written) = (prompting.constant, prompting.output);
            Ok::<_, Error>(Interval {
                low: of(left.low, constant.low, written.low)?,
                high: of(left.high, constant.high, written.high)?,
            })
        };
        let free = cached.unwrap_or_default();
        // What both models read and write is one number, however uncertain: the difference is of that number.
        let (reading, writing) = (saved_on(left, input, read)?, saved_on(prompting.output, output, written)?);
        let kept = read.of_tokens(kept);
        let saved = Interval {
            low: reading.low.plus(writing.low)?.plus(free.of_tokens(prompting.constant.low))?.minus(kept)?,
            high: reading
                .high
                .plus(writing.high)?
                .plus(input.of_tokens(prompting.constant.high))?
                .minus(kept)?,
        };
        let when = |cost: Money, saved: Money| {
            let found = verdict(cost, saved, prompting.requests, a_month, traffic.a_month)?;
            Ok::<_, Error>(found.before(end, traffic))
        };
        against.push(Against {
            model: base.name.clone(),
            request: all(input)?.by(prompting.requests),
            request_cached: all(free)?.by(prompting.requests),
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

/// Tokens of instructions that the tuned model is still sent in all requests: not more than it is spared.
fn kept(traffic: Traffic<'_>) -> Result<u64> {
    let Traffic { prompting, kept, .. } = traffic;
    let all = kept.checked_mul(prompting.requests).filter(|all| *all <= prompting.constant.high);
    all.ok_or_else(|| {
        let head = prompting.constant.high / prompting.requests.max(1);
        Error::usage(format!(
            "{} that are kept are more than the constant head has, {} a request",
            count(kept, "token"),
            count(head, "token")
        ))
        .with_hint(format!(
            "give `--keep-tokens {}` at most: the head is what the tuned model is spared",
            thousands(head)
        ))
    })
}

/// What so many tokens cost less at one price than at another, between bounds.
fn saved_on(tokens: Tokens, base: Rate, tuned: Rate) -> Result<Interval> {
    let of = |tokens: u64| base.of_tokens(tokens).minus(tuned.of_tokens(tokens));
    let (one, other) = (of(tokens.low)?, of(tokens.high)?);
    Ok(Interval { low: one.min(other), high: one.max(other) })
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
    let spared = if bill.by_rows {
        "which are billed as before, since they are not packed".to_owned()
    } else {
        let kept = Tokens::exactly(traffic.kept.saturating_mul(bill.rows.examples));
        format!("{} of a pass are not billed", tokens_in_words(traffic.prompting.trained.without(kept)))
    };
    let mut lines = vec![
        "requests are like the rows: each answer is one, and what stands before it is what the model reads"
            .to_owned(),
        format!(
            "the tuned model is asked without the constant head{}, and trained on rows without it: {spared}",
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

fn tokens_in_words(tokens: Tokens) -> String {
    if tokens.low == tokens.high { count(tokens.low, "token") } else { format!("{} tokens", tokens.show()) }
}

impl Verdict {
    /// In words.
    pub fn in_words(self) -> String {
        match self {
            Self::After { requests } => format!("after {}", count(requests, "request")),
            Self::Above { a_month } => format!("only above {} a month", count(a_month, "request")),
            Self::TooLate { requests, in_time } => format!(
                "never: {} are needed, and there are {} before it is shut down",
                count(requests, "request"),
                thousands(in_time)
            ),
            Self::Never => "never".to_owned(),
        }
    }

    /// The same for a model that goes out of service.
    fn before(self, end: End, traffic: Traffic<'_>) -> Self {
        let (Self::After { requests }, Some(today), Some(shutdown)) = (self, traffic.today, end.shutdown)
        else {
            return self;
        };
        let days = shutdown.0.since(today).map_or(0, |left| u64::try_from(left.get_days()).unwrap_or(0));
        let in_time = match traffic.a_month {
            _ if days == 0 => 0,
            // Twelve months are 365 days.
            Some(a_month) => a_month.saturating_mul(12).saturating_mul(days) / 365,
            None => return self,
        };
        if in_time < requests { Self::TooLate { requests, in_time } } else { self }
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
    use super::super::book::{Book, Day};
    use super::super::{EpochsHow, Kind, Method, Sure};
    use super::*;

    /// 1,000 requests of 1,000 tokens read, 800 of them constant, and 100 written.
    fn prompting() -> Prompting {
        Prompting {
            examples: 1_000,
            requests: 1_000,
            input: Tokens::exactly(1_000_000),
            constant: Tokens::exactly(800_000),
            output: Tokens::exactly(100_000),
            trained: Tokens::exactly(800_000),
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
            rows: super::super::Rows::default(),
            epochs: 3,
            epochs_how: Some(EpochsHow::Given),
            tokens: Tokens::default(),
            sure: Sure::Copy,
            per_epoch: None,
            old: false,
            by_rows: false,
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
        let traffic = Traffic { prompting: &prompting, kept, a_month, today: None };
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
        assert_eq!(found.request_cached.show_small("USD"), "$0.001500");
        assert_eq!(found.tuned.show_small("USD"), "$0.002250");
        assert_eq!((found.saved.high.show_small("USD").as_str(), found.cached_known), ("$0.001250", false));
        assert_eq!((found.at_best, found.at_worst), (Verdict::After { requests: 8_000 }, Verdict::Never));
        // With 200 tokens of instructions kept 0.0005 is saved: 20,000 requests.
        let kept = against("openai", "gpt-4o-2024-08-06", "gpt-4o-2024-08-06", 200, None);
        assert_eq!(kept.at_best, Verdict::After { requests: 20_000 });
    }

    #[test]
    fn bounds_of_counts_are_bounds_of_what_is_saved() {
        // The requests above, but 900,000 to 1,000,000 tokens read, 750,000 to 800,000 of them constant, so 150,000 to
        // 200,000 others, and 90,000 to 110,000 written. gpt-4o as it is takes 2.50 and 10, tuned 3.75 and 15.
        let prompting = Prompting {
            input: Tokens { low: 900_000, high: 1_000_000 },
            constant: Tokens { low: 750_000, high: 800_000 },
            output: Tokens { low: 90_000, high: 110_000 },
            ..prompting()
        };
        let book = Book::built_in().unwrap();
        let tariff = book.tariff("openai").unwrap();
        let entry = tariff.entry("gpt-4o-2024-08-06").unwrap();
        let traffic = Traffic { prompting: &prompting, kept: 0, a_month: None, today: None };
        let job = bill("openai", "gpt-4o-2024-08-06", 10.0);
        let found =
            break_even(job, tariff, entry, &[entry], traffic, End::default()).unwrap().against.remove(0);
        // Others: 1.25 dearer, so -0.1875 to -0.25; written: 5 dearer, so -0.45 to -0.55; the head: 800,000 at 2.50 are 2.00.
        // At best 2.00 - 0.1875 - 0.45 = 1.3625 over 1,000 requests: 10 dollars after 7,340. At worst the head is free.
        assert_eq!(found.saved.high.show_small("USD"), "$0.001363");
        assert_eq!(found.saved.low.show_small("USD"), "-$0.000800");
        assert_eq!((found.at_best, found.at_worst), (Verdict::After { requests: 7_340 }, Verdict::Never));
        // Least: 150,000 * 2.50 + 750,000 * 2.50 + 90,000 * 10 = 3.15; most: 2.50 + 1.10 = 3.60.
        assert_eq!(found.request.show_small("USD"), "$0.003150 to $0.003600");
    }

    #[test]
    fn what_is_kept_is_no_more_than_the_head() {
        // 800,000 constant tokens in 1,000 requests: 800 each.
        let book = Book::built_in().unwrap();
        let tariff = book.tariff("openai").unwrap();
        let entry = tariff.entry("gpt-4o-2024-08-06").unwrap();
        let prompting = prompting();
        let keeping = |kept| {
            let traffic = Traffic { prompting: &prompting, kept, a_month: None, today: None };
            break_even(
                bill("openai", "gpt-4o-2024-08-06", 1.0),
                tariff,
                entry,
                &[entry],
                traffic,
                End::default(),
            )
        };
        assert!(keeping(800).is_ok());
        let error = keeping(801).unwrap_err();
        assert!(
            error.to_string().contains("801 tokens that are kept") && error.hint().unwrap().contains("800")
        );
        assert!(keeping(u64::MAX).is_err());
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
        let traffic = Traffic { prompting: &prompting, kept: 0, a_month: None, today: None };
        let job = bill("openai", "gpt-3.5-turbo-0613", 1.0);
        let error = break_even(job.clone(), tariff, entry, &[entry], traffic, End::default()).unwrap_err();
        assert!(error.to_string().contains("`gpt-3.5-turbo-0613` reads is not known"), "{error}");
        let none = Prompting::default();
        let traffic = Traffic { prompting: &none, ..traffic };
        assert!(break_even(job, tariff, entry, &[entry], traffic, End::default()).is_err());
    }

    #[test]
    fn what_comes_too_late_never_pays() {
        let prompting = prompting();
        let before = |requests, a_month, today: &str| {
            let end = End { last_job: None, shutdown: Some(Day("2027-01-14".parse().unwrap())) };
            let today = Some(today.parse().unwrap());
            Verdict::After { requests }
                .before(end, Traffic { prompting: &prompting, kept: 0, a_month, today })
        };
        // 53 days: 100 a month are 100 * 12 * 53 / 365 = 174.2.
        let late = before(1_875, Some(100), "2026-11-22");
        assert_eq!(late, Verdict::TooLate { requests: 1_875, in_time: 174 });
        assert_eq!(
            late.in_words(),
            "never: 1,875 requests are needed, and there are 174 before it is shut down"
        );
        assert_eq!(before(174, Some(100), "2026-11-22"), Verdict::After { requests: 174 });
        assert_eq!(before(1_875, None, "2026-11-22"), Verdict::After { requests: 1_875 });
        assert_eq!(before(1, None, "2027-01-14"), Verdict::TooLate { requests: 1, in_time: 0 });
        assert_eq!(before(1, Some(u64::MAX), "2028-01-14"), Verdict::TooLate { requests: 1, in_time: 0 });
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
