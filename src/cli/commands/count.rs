//! `chatmill count`: tokens.

use std::fmt::Write as _;

use chatmill::Result;
use chatmill::pipeline::Plan;
use chatmill::pipeline::measure::{Distribution, Measures, TokenMeasures, measure_closely};
use chatmill::report::histogram;
use chatmill::text::number::{count, percent, thousands};
use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::options::MeasureOptions;
use crate::cli::terminal::Terminal;
use crate::cli::{mask, refused};

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
        let exit = refused::exit(measures.examples);
        if self.per_row {
            return Ok(exit);
        }
        if let Some(line) = self.show {
            return shown(&measures, line, terminal);
        }
        if terminal.json {
            terminal.print_json(&measures)?;
        } else {
            terminal.print(&page(&measures))?;
        }
        Ok(exit)
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
    if measures.examples > 0 {
        sums(&mut out, measures, tokens);
        lengths(&mut out, tokens);
        out.push_str(&mask::lines(tokens));
    }
    out.push_str(&refused::too_long(measures.too_long));
    if measures.examples == 0 {
        out.push_str("nothing could be counted\n");
    }
    out.push_str(&refused::lines(&measures.not_measured));
    out
}

/// How many tokens there are, and where.
fn sums(out: &mut String, measures: &Measures, tokens: &TokenMeasures) {
    let _ = writeln!(
        out,
        "{}{} tokens in {} for {} ({})",
        mask::least(tokens, tokens.exact),
        thousands(tokens.total),
        count(measures.examples, "example"),
        tokens.model,
        tokens.encoding
    );
    if tokens.high > tokens.total {
        let _ = writeln!(out, "at most {} with everything that is not published", thousands(tokens.high));
    }
    if let Some(borrowed) = &tokens.borrowed {
        let _ = writeln!(out, "{borrowed}");
    }
    if let Some(doubt) = tokens.doubt {
        let _ = writeln!(out, "{doubt}");
    }
    let least = mask::least(tokens, tokens.texts_exact);
    let _ = writeln!(
        out,
        "{least}{} carry loss ({}), {least}{} are the texts alone",
        thousands(tokens.trained),
        percent(tokens.trained, tokens.total),
        thousands(tokens.content)
    );
    for role in &measures.roles {
        let _ = writeln!(
            out,
            "{:>12}  {:>14} tokens in {}",
            role.role,
            format!("{least}{}", thousands(role.tokens)),
            count(role.messages, "message")
        );
    }
}

/// How long the examples are, and which are too long.
fn lengths(out: &mut String, tokens: &TokenMeasures) {
    let _ = writeln!(out, "each example: {}{}", mask::least(tokens, tokens.exact), spread(&tokens.each));
    if !tokens.exact && tokens.high > tokens.total {
        let _ = writeln!(out, "      at most: {}", spread(&tokens.each_most));
    }
    if let Some(longest) = &tokens.longest {
        let _ = writeln!(out, "for the limit: {}", spread(longest));
    }
    out.push_str(&histogram::doubling(&tokens.each.sorted, "tokens"));
    let _ = match tokens.limit {
        None if tokens.borrowed.is_some() => writeln!(out, "no limit is known before the model is named"),
        None => writeln!(out, "no limit of an example is published for {}", tokens.model),
        Some(limit) => {
            let over = match (tokens.over_limit, tokens.over_limit_most) {
                (0, 0) => "no example is".to_owned(),
                (low, high) if low == high => count(low, "example"),
                (low, high) => format!("between {} and {}", thousands(low), count(high, "example")),
            };
            writeln!(out, "{over} over the limit of {}", thousands(limit))
        }
    };
}

fn spread(each: &Distribution) -> String {
    format!(
        "{} to {}, mean {:.1}, half up to {}, 90 % up to {}, 95 % up to {}, 99 % up to {}",
        thousands(each.min),
        thousands(each.max),
        each.mean,
        thousands(each.p50),
        thousands(each.p90),
        thousands(each.p95),
        thousands(each.p99)
    )
}
