//! When tuning pays, as people read it.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use jiff::civil::Date;

use crate::cost::{Against, BreakEven, Money, Part, Tokens, Verdict};
use crate::text::number::{count, percent, thousands};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GREEN: Style = AnsiColor::Green.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();

/// Constant parts that are shown.
const PARTS: usize = 6;

/// What is constant in the rows, what it costs, and when tuning pays against each model.
pub fn page(found: &BreakEven, today: Option<Date>) -> String {
    let mut out = String::new();
    let mut line = |label: &str, text: &str| {
        let _ = writeln!(out, "{BOLD}{label:>9}{BOLD:#}  {text}");
    };
    let prompting = &found.prompting;
    let currency = &found.bill.currency;
    line("training", &found.bill.sentence());
    for warning in &found.bill.warnings {
        line("", warning);
    }
    let serving = if found.a_month == Money::ZERO {
        "nothing by the month".to_owned()
    } else {
        format!("{} a month", found.a_month.show(currency))
    };
    line("serving", &serving);
    let by = |tokens: u64| tokens / prompting.requests.max(1);
    let each = |tokens: Tokens| Tokens { low: by(tokens.low), high: by(tokens.high) }.show();
    line(
        "requests",
        &format!(
            "{} in {}; each reads {} tokens and writes {}",
            count(prompting.requests, "request"),
            count(prompting.examples, "example"),
            each(prompting.input),
            each(prompting.output)
        ),
    );
    let share = percent(prompting.constant.low, prompting.input.low);
    line("constant", &format!("{} of the tokens that are read, {share}", prompting.constant.show()));
    for part in prompting.parts.iter().take(PARTS) {
        let what = match part.part {
            Part::System => "instructions",
            Part::Worked => "worked example",
        };
        let text = format!(
            "{what} of {} tokens in {} of examples {DIM}{}{DIM:#}",
            part.tokens.show(),
            percent(part.examples, prompting.examples),
            part.begins
        );
        line("", &text);
    }
    if prompting.parts.len() > PARTS {
        line("", &format!("and {} more", prompting.parts.len() - PARTS));
    }
    for against in &found.against {
        out.push('\n');
        compared(&mut out, found, against, today);
    }
    out.push('\n');
    for assumption in &found.assumptions {
        let _ = writeln!(out, "  {assumption}");
    }
    out
}

fn compared(out: &mut String, found: &BreakEven, against: &Against, today: Option<Date>) {
    let currency = &found.bill.currency;
    let mut line = |label: &str, text: &str| {
        let _ = writeln!(out, "{BOLD}{label:>9}{BOLD:#}  {text}");
    };
    line("against", &format!("{} as it is, with the whole prompt", against.model));
    let small = |money: Money| money.show_small(currency);
    let free = if against.cached_known { "" } else { ", taken as free: its price is not known" };
    line(
        "a request",
        &format!(
            "{} in full, {} with the head cached{free}; tuned {}",
            against.request.show_small(currency),
            against.request_cached.show_small(currency),
            against.tuned.show_small(currency)
        ),
    );
    for (label, verdict, saved, when) in [
        ("pays", against.at_best, against.saved.high, "nothing cached"),
        ("", against.at_worst, against.saved.low, "the head always cached"),
    ] {
        let style = match verdict {
            Verdict::Never | Verdict::TooLate { .. } => YELLOW,
            Verdict::After { .. } | Verdict::Above { .. } => GREEN,
        };
        let end = found.end.shutdown.zip(today);
        let until = end.and_then(|(end, today)| verdict.a_day_until(today, end.0).map(|a_day| (end, a_day)));
        let until = until.map_or_else(String::new, |(end, a_day)| {
            format!("; before {} that is {} a day", end.0, thousands(a_day))
        });
        line(
            label,
            &format!(
                "{style}{}{style:#}, {when}: {} saved by a request{until}",
                verdict.in_words(),
                small(saved)
            ),
        );
    }
}
