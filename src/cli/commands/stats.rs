//! `chatmill stats`: what the data is made of.

use std::fmt::Write as _;

use chatmill::Result;
use chatmill::pipeline::Plan;
use chatmill::pipeline::measure::{Measures, measure_closely};
use chatmill::report::histogram;
use chatmill::text::number::{count, percent, thousands};
use chatmill::text::sanitize::excerpt;
use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::options::{InputOptions, ModelOptions};
use crate::cli::terminal::Terminal;
use crate::cli::{mask, refused};

/// What the data is made of: records, messages, roles, lengths.
#[derive(Args)]
pub struct Stats {
    #[command(flatten)]
    input: InputOptions,

    #[command(flatten)]
    model: ModelOptions,

    /// Count tokens too (slower)
    #[arg(long)]
    tokens: bool,
}

impl Stats {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        terminal.watch_for_stop();
        let mut settings = self.input.settings()?;
        self.model.apply(&mut settings);
        settings.count = self.tokens;
        let plan = Plan::measuring(settings)?;
        let measures = measure_closely(&plan, false, None, terminal, |_| Ok(()))?;
        if terminal.json {
            terminal.print_json(&measures)?;
        } else {
            terminal.print(&page(&measures))?;
        }
        Ok(refused::exit(measures.examples))
    }
}

/// What a person reads.
fn page(measures: &Measures) -> String {
    let mut out = String::new();
    for input in measures.inputs.iter().take(10) {
        let _ = writeln!(
            out,
            "{}: {}, {} ({})",
            excerpt(&input.path, 120),
            input.format,
            count(input.records, "record"),
            excerpt(&input.why, 160)
        );
    }
    if measures.inputs.len() > 10 {
        let _ = writeln!(out, "and {} more", count(measures.inputs.len() as u64 - 10, "file"));
    }
    let ledger = &measures.ledger;
    let _ = writeln!(
        out,
        "\n{}: {} usable for {}, {} rejected",
        count(ledger.records, "record"),
        thousands(ledger.train),
        measures.target,
        thousands(ledger.rejected)
    );
    out.push_str(&refused::too_long(measures.too_long));
    out.push_str(&refused::lines(&measures.not_measured));
    let _ = writeln!(
        out,
        "{}, {} with instructions, {} of tools, {} masked",
        count(measures.examples, "example"),
        percent(measures.with_system, measures.examples),
        count(measures.tool_calls, "call"),
        count(measures.masked, "answer")
    );
    for role in &measures.roles {
        let mean = role.characters as f64 / role.messages.max(1) as f64;
        let _ = write!(
            out,
            "{:>12}  {}, {} characters, {mean:.0} a message",
            role.role,
            count(role.messages, "message"),
            thousands(role.characters)
        );
        let _ = match &measures.tokens {
            Some(tokens) => {
                let least = mask::least(tokens, tokens.texts_exact);
                writeln!(out, ", {least}{} tokens", thousands(role.tokens))
            }
            None => writeln!(out),
        };
    }
    let _ = writeln!(out, "\nmessages an example (mean {:.1}):", measures.messages.mean);
    out.push_str(&histogram::doubling(&measures.messages.sorted, "messages"));
    if let Some(tokens) = &measures.tokens {
        let most =
            if tokens.exact { String::new() } else { format!(", at most {:.1}", tokens.each_most.mean) };
        let least = mask::least(tokens, tokens.exact);
        let _ = writeln!(out, "\ntokens an example (mean {least}{:.1}{most}):", tokens.each.mean);
        out.push_str(&histogram::doubling(&tokens.each.sorted, "tokens"));
    }
    out
}
