//! Every model that could be tuned on the inputs, side by side, and the page that shows it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::summary::Tally;
use crate::cost::{Bill, End, EpochsHow, Method, Rate};
use crate::text::number::{count, thousands};
use crate::text::sanitize::excerpt;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const RED: Style = AnsiColor::Red.on_default();

/// Columns of a terminal that the table fits into.
const WIDTH: usize = 80;
/// Width of the names of providers beside notes.
const LABEL: usize = 15;
/// Behind what use costs, where serving is paid by the hour besides.
const BESIDES: &str = "+";
/// Names of models in a note.
const NAMES: usize = 4;

/// Everything that could be tuned.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// Version of this shape.
    pub schema: u32,
    /// Records read.
    pub records: u64,
    /// ISO 4217 code of the currency.
    pub currency: String,
    /// The models, by cost; those whose cost is not known after them, those that are gone last.
    pub offers: Vec<Compared>,
}

/// One model at one provider.
#[derive(Debug, Clone, Serialize)]
pub struct Compared {
    /// Who tunes it.
    pub provider: String,
    /// The same, as people write it.
    pub title: String,
    /// Where the rows go.
    pub target: &'static str,
    /// The model.
    pub model: &'static str,
    /// Its parameters in millions, where they are published.
    pub parameters: Option<u32>,
    /// Whether texts are counted exactly.
    pub exact: bool,
    /// The bill, where there is one.
    pub bill: Option<Bill>,
    /// Whether a price is known.
    pub priced: bool,
    /// Why there is no bill.
    pub unknown: Option<String>,
    /// Examples that are taken.
    pub examples: u64,
    /// Whether the rules by which rows are refused are the provider's own; otherwise nothing is known of its rules.
    pub rules_known: bool,
    /// Records that give no example there.
    pub rejected: u64,
    /// Why records or examples are refused, the most frequent first.
    pub rejections: Vec<Tally>,
    /// What is said of the file as a whole.
    pub file: Vec<String>,
    /// Longest example; `null` where nothing is published.
    pub limit: Option<u64>,
    /// Examples that are surely longer.
    pub over_limit: u64,
    /// Examples that may be longer: their upper bound is.
    pub over_limit_most: u64,
    /// What becomes of those.
    pub overlong: &'static str,
    /// A million tokens of the tuned model.
    pub tuned: Tuned,
    /// An hour of serving it, the cheapest way, where it is served by the hour.
    pub hosting: Option<Rate>,
    /// Until when it can be tuned and used.
    #[serde(flatten)]
    pub end: End,
    /// Whether no job can be started any more.
    pub over: bool,
}

/// What the use of a tuned model costs, a million tokens each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tuned {
    /// Tokens that it reads.
    pub input: Option<Rate>,
    /// Tokens that it reads again.
    pub cached: Option<Rate>,
    /// Tokens that it writes.
    pub output: Option<Rate>,
}

/// What a person reads. Models of one provider that come out alike share a line, unless `each` is to have its own.
pub fn page(comparison: &Comparison, each: bool) -> String {
    let priced: Vec<&Compared> =
        comparison.offers.iter().filter(|offer| offer.bill.is_some() && !offer.over).collect();
    let mut rows: Vec<Row> = Vec::new();
    for offer in &priced {
        let row = Row::of(offer, &comparison.currency);
        match rows.iter_mut().find(|known| !each && known.is_like(&row)) {
            Some(known) => known.join(&row),
            None => rows.push(row),
        }
    }
    let mut out = table(&rows);
    notes(&mut out, comparison, &priced);
    out
}

/// A line of the table, as text.
struct Row {
    cost: String,
    epochs: String,
    provider: String,
    lost: Option<u64>,
    too_long: (u64, u64),
    used: String,
    model: &'static str,
    parameters: Option<u32>,
    more: u64,
}

impl Row {
    fn of(offer: &Compared, currency: &str) -> Self {
        let (cost, epochs) = offer.bill.as_ref().map_or_else(Default::default, |bill| {
            let weak = if bill.is_weak() { "?" } else { "" };
            let unknown = if bill.epochs_how == Some(EpochsHow::Unknown) { "?" } else { "" };
            let epochs = if bill.epochs == 0 { "-".to_owned() } else { format!("{}{unknown}", bill.epochs) };
            (bill.total.show_short(currency) + weak, epochs)
        });
        let bare = |rate: Rate| rate.show(currency).trim_start_matches('$').to_owned();
        let used = match (offer.tuned.input, offer.tuned.output, offer.hosting) {
            (Some(input), Some(output), hosting) => {
                let besides = if hosting.is_some() { BESIDES } else { "" };
                format!("{}/{}{besides}", bare(input), bare(output))
            }
            (_, _, Some(hour)) => format!("{}/h", bare(hour)),
            _ => "-".to_owned(),
        };
        Self {
            cost,
            epochs,
            provider: offer.provider.clone(),
            lost: offer.rules_known.then_some(offer.rejected),
            too_long: (offer.over_limit, offer.over_limit_most),
            used,
            model: offer.model,
            parameters: offer.parameters,
            more: 0,
        }
    }

    /// Takes in a row that comes out alike; the largest model stands for all.
    fn join(&mut self, other: &Self) {
        if other.parameters > self.parameters {
            (self.model, self.parameters) = (other.model, other.parameters);
        }
        self.more += 1;
    }

    fn is_like(&self, other: &Self) -> bool {
        (&self.cost, &self.epochs, &self.provider, self.lost, self.too_long, &self.used)
            == (&other.cost, &other.epochs, &other.provider, other.lost, other.too_long, &other.used)
    }

    fn lost(&self) -> String {
        self.lost.map_or_else(|| "?".to_owned(), thousands)
    }

    fn too_long(&self) -> String {
        match self.too_long {
            (least, most) if least == most => thousands(least),
            (least, most) => format!("{}-{}", thousands(least), thousands(most)),
        }
    }
}

fn table(rows: &[Row]) -> String {
    let mut out = String::new();
    if rows.is_empty() {
        return out;
    }
    let width =
        |head: &str, cell: &dyn Fn(&Row) -> usize| rows.iter().map(cell).max().unwrap_or(0).max(head.len());
    let cost = width("cost", &|row| row.cost.chars().count());
    let at = width("at", &|row| row.provider.chars().count());
    let long = width("long", &|row| row.too_long().chars().count());
    let used = width("in/out", &|row| row.used.chars().count());
    let lost = width("lost", &|row| row.lost().len());
    let _ = writeln!(
        out,
        "{BOLD}{:>cost$} epochs {:at$} {:>lost$} {:>long$} {:used$} model{BOLD:#}",
        "cost", "at", "lost", "long", "in/out"
    );
    let taken = cost + at + lost + long + used + 12;
    for row in rows {
        let mark = |number: u64, style: Style| if number == 0 { DIM } else { style };
        let (refused, cut) = (mark(row.lost.unwrap_or(0), RED), mark(row.too_long.1, YELLOW));
        let more = if row.more == 0 { String::new() } else { format!(" +{}", row.more) };
        let room = WIDTH.saturating_sub(taken + more.len()).max(16);
        let _ = writeln!(
            out,
            "{:>cost$} {:>6} {:at$} {refused}{:>lost$}{refused:#} {cut}{:>long$}{cut:#} {:used$} {}{DIM}{more}{DIM:#}",
            row.cost,
            row.epochs,
            row.provider,
            row.lost(),
            row.too_long(),
            row.used,
            if row.model.len() <= room { row.model.to_owned() } else { excerpt(row.model, room - 1) },
        );
    }
    out
}

fn notes(out: &mut String, comparison: &Comparison, priced: &[&Compared]) {
    let _ = writeln!(out, "\n{} read", count(comparison.records, "record"));
    let mut by_provider: BTreeMap<&str, Vec<&Compared>> = BTreeMap::new();
    for offer in &comparison.offers {
        by_provider.entry(&offer.provider).or_default().push(offer);
    }
    for (provider, offers) in &by_provider {
        let mut lines: Vec<String> = Vec::new();
        let gone: Vec<&str> = offers.iter().filter(|offer| offer.over).map(|offer| offer.model).collect();
        let open: Vec<&&Compared> = offers.iter().filter(|offer| !offer.over).collect();
        lines.extend(ends(&open));
        if !gone.is_empty() {
            lines.push(format!("no longer tuned: {}", named(&gone)));
        }
        lines.extend(unbilled(&open));
        lines.extend(methods(&open));
        lines.extend(hosted(&open, &comparison.currency));
        let old = |offer: &&&&Compared| offer.bill.as_ref().is_some_and(|bill| bill.old);
        let old: Vec<&str> = open.iter().filter(old).map(|offer| offer.model).collect();
        if !old.is_empty() {
            lines.push(format!("the day of the price is long past, or yet to come: {}", named(&old)));
        }
        // One target refuses alike whatever the model.
        let mut seen = Vec::new();
        for offer in open.iter().filter(|offer| offer.bill.is_some() && offer.rules_known) {
            if !seen.contains(&offer.target) {
                seen.push(offer.target);
                lines.extend(refusals(offer));
            }
        }
        lines.extend(long(&open));
        for (index, line) in lines.iter().enumerate() {
            let label = if index == 0 { *provider } else { "" };
            for (index, part) in wrapped(line, WIDTH - LABEL - 2).iter().enumerate() {
                let label = if index == 0 { label } else { "" };
                let _ = writeln!(out, "{label:>LABEL$}  {part}");
            }
        }
    }
    let weak = priced.iter().any(|offer| offer.bill.as_ref().is_some_and(Bill::is_weak));
    if weak {
        let _ = writeln!(out, "\n? after a cost: its price is from sources that could not be traced");
    }
    let one = |offer: &&&Compared| {
        offer.bill.as_ref().is_some_and(|bill| bill.epochs_how == Some(EpochsHow::Unknown))
    };
    if priced.iter().any(|offer| one(&offer)) {
        let _ = writeln!(
            out,
            "? after epochs: no default is published; one is shown, `--epochs N` makes all alike"
        );
    }
    out.push_str(
        "\nlost: records that the target refuses, which the cost is without; long: examples\n\
         over its limit; in/out: a million tokens that the tuned model reads and writes,\n\
         or an hour of serving it (+: both)\n\
         `chatmill cost FILE --target T --model M` says what a figure takes for granted\n",
    );
}

/// What the target refuses, each reason with its first case.
fn refusals(offer: &Compared) -> Vec<String> {
    let mut lines: Vec<String> = offer.file.clone();
    lines.extend(offer.rejections.iter().take(2).map(Tally::refused));
    lines
}

/// Why models have no bill, those with the same reason together.
fn unbilled(offers: &[&&Compared]) -> Vec<String> {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for offer in offers {
        if let Some(unknown) = &offer.unknown {
            let reason = if offer.priced || offer.examples == 0 { unknown } else { "no price known" };
            by_reason.entry(reason).or_default().push(offer.model);
        }
    }
    by_reason.into_iter().map(|(reason, models)| format!("{reason}: {}", named(&models))).collect()
}

/// What becomes of rows that are longer than a limit, by what becomes of them.
fn long(offers: &[&&Compared]) -> Vec<String> {
    let mut limits: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for offer in offers.iter().filter(|offer| offer.over_limit_most > 0) {
        let limit = offer.limit.unwrap_or(0);
        let (least, most) = limits.entry(offer.overlong).or_insert((limit, limit));
        (*least, *most) = (limit.min(*least), limit.max(*most));
    }
    let line = |(overlong, (least, most)): (&str, (u64, u64))| {
        let limit = if least == most {
            thousands(least)
        } else {
            format!("{} to {}", thousands(least), thousands(most))
        };
        let becomes = match overlong {
            "not published" => "what becomes of those is not published",
            other => other,
        };
        format!("longer than {limit} tokens: {becomes}")
    };
    limits.into_iter().map(line).collect()
}

/// How models are tuned that are not tuned as most of the provider's.
fn methods(offers: &[&&Compared]) -> Vec<String> {
    let mut by_method: BTreeMap<Method, Vec<&str>> = BTreeMap::new();
    for offer in offers {
        if let Some(bill) = &offer.bill {
            by_method.entry(bill.method).or_default().push(offer.model);
        }
    }
    let Some(usual) = by_method.iter().rev().max_by_key(|(_, models)| models.len()).map(|(usual, _)| *usual)
    else {
        return Vec::new();
    };
    let others = by_method.into_iter().filter(|(method, _)| *method != usual);
    others.map(|(method, models)| format!("{method}, the others {usual}: {}", named(&models))).collect()
}

/// What serving costs by the hour where tokens are paid for, too.
fn hosted(offers: &[&&Compared], currency: &str) -> Vec<String> {
    let mut by_rate: BTreeMap<Rate, Vec<&str>> = BTreeMap::new();
    for offer in offers {
        if let (Some(_), Some(_), Some(_), Some(hour)) =
            (&offer.bill, offer.tuned.input, offer.tuned.output, offer.hosting)
        {
            by_rate.entry(hour).or_default().push(offer.model);
        }
    }
    let said = by_rate.into_iter().rev();
    said.map(|(hour, models)| {
        format!("{BESIDES}: {} an hour besides: {}", hour.show(currency), named(&models))
    })
    .collect()
}

/// Until when models can be tuned and used, those with the same days together.
fn ends(offers: &[&&Compared]) -> Vec<String> {
    let mut by_end: BTreeMap<(Option<crate::cost::Day>, Option<crate::cost::Day>), Vec<&str>> =
        BTreeMap::new();
    for offer in offers {
        by_end.entry((offer.end.last_job, offer.end.shutdown)).or_default().push(offer.model);
    }
    let said = by_end.into_iter().filter_map(|((last_job, shutdown), models)| match (last_job, shutdown) {
        (None, None) => None,
        (Some(last), None) => Some(format!("no job after {}: {}", last.0, named(&models))),
        (None, Some(day)) => Some(format!("out of service on {}: {}", day.0, named(&models))),
        (Some(last), Some(day)) => {
            Some(format!("no job after {}, out of service on {}: {}", last.0, day.0, named(&models)))
        }
    });
    said.collect()
}

/// Lines of at most `width` characters, broken between words; a longer word has a line to itself.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Some names, and how many more there are.
fn named(models: &[&str]) -> String {
    let mut sorted = models.to_vec();
    sorted.sort_unstable();
    let mut text = sorted.iter().take(NAMES).copied().collect::<Vec<_>>().join(", ");
    if sorted.len() > NAMES {
        let _ = write!(text, " and {} more", sorted.len() - NAMES);
    }
    text
}
