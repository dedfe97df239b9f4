//! `chatmill count`: tokens.

use std::fmt::Write as _;

use chatmill::Result;
use chatmill::pipeline::Plan;
use chatmill::pipeline::measure::{Measures, measure_closely};
use chatmill::report::histogram;
use chatmill::text::number::{count, percent, thousands};
use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::mask;
use crate::cli::options::MeasureOptions;
use crate::cli::terminal::Terminal;

/// Tokens: total, trained, per role, distribution, over the limit.
#[derive(Args)]
pub struct Count {
    #[command(flatten)]
    measured: MeasureOptions,

    /// Show the example in this line of its file, with what is trained of it and where it is cut
    #[arg(long, value_name = "LINE", conflicts_with = "per_row")]
    show: Option<u64>,

    /// One JSON object a row, then no summary
    #[arg(long)]
    per_row: bool,
}

impl Count {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        terminal.watch_for_stop();
        let mut settings = self.measured.settings()?;
        settings.count = true;
        let plan = Plan::measuring(settings)?;
        let measures = measure_closely(&plan, true, self.show, terminal, |row| {
            if self.per_row {
                terminal.print(&(chatmill::report::findings::json(&row) + "\n"))?;
            }
            Ok(())
        })?;
        if self.per_row {
            return Ok(Exit::AsPromised);
        }
        if let Some(line) = self.show {
            return shown(&measures, line, terminal);
        }
        if terminal.json {
            terminal.print_json(&measures)?;
        } else {
            terminal.print(&page(&measures))?;
        }
        Ok(Exit::AsPromised)
    }
}

/// The examples of one line, for people or machines.
fn shown(measures: &Measures, line: u64, terminal: &Terminal) -> Result<Exit> {
    if measures.shown.is_empty() {
        return Err(chatmill::Error::usage(format!("no example begins in line {line}"))
            .with_hint("`--per-row --json` names the line of every example"));
    }
    if terminal.json {
        terminal.print_json(&measures.shown)?;
    } else {
        let colour = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
        for shown in &measures.shown {
            terminal.print(&mask::page(shown, colour))?;
        }
    }
    Ok(Exit::AsPromised)
}

/// What a person reads.
fn page(measures: &Measures) -> String {
    let mut out = String::new();
    let Some(tokens) = &measures.tokens else { return out };
    let least = if tokens.exact { "" } else { "at least " };
    let _ = writeln!(
        out,
        "{least}{} tokens in {} for {} ({})",
        thousands(tokens.total),
        count(measures.examples, "example"),
        tokens.model,
        tokens.encoding
    );
    if tokens.high > tokens.total {
        let _ = writeln!(out, "at most {} with everything that is not published", thousands(tokens.high));
    }
    if let Some(doubt) = tokens.doubt {
        let _ = writeln!(out, "{doubt}");
    }
    let _ = writeln!(
        out,
        "{} carry loss ({}), {} are the texts alone",
        thousands(tokens.trained),
        percent(tokens.trained, tokens.total),
        thousands(tokens.content)
    );
    for role in &measures.roles {
        let _ = writeln!(
            out,
            "{:>12}  {:>14} tokens in {}",
            role.role,
            thousands(role.tokens),
            count(role.messages, "message")
        );
    }
    let each = &tokens.each;
    let _ = writeln!(
        out,
        "each example: {} to {}, mean {:.1}, half up to {}, 90 % up to {}, 95 % up to {}, 99 % up to {}",
        thousands(each.min),
        thousands(each.max),
        each.mean,
        thousands(each.p50),
        thousands(each.p90),
        thousands(each.p95),
        thousands(each.p99)
    );
    out.push_str(&histogram::doubling(&each.sorted, "tokens"));
    let _ = match tokens.limit {
        None => writeln!(out, "no limit of an example is published for {}", tokens.model),
        Some(limit) => writeln!(
            out,
            "{} over the limit of {}",
            if tokens.over_limit == 0 { "no example is".into() } else { count(tokens.over_limit, "example") },
            thousands(limit)
        ),
    };
    out.push_str(&mask::lines(tokens));
    if measures.ledger.rejected > 0 {
        let _ = writeln!(
            out,
            "{} not counted, because they would be rejected",
            count(measures.ledger.rejected, "record")
        );
    }
    out
}
