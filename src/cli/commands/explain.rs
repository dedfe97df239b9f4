//! `chatmill explain`: what a code means.

use std::fmt::Write as _;

use chatmill::lint::{Safety, severities_in_words};
use chatmill::pipeline::codes;
use chatmill::text::similar::suggestion;
use chatmill::{Error, Result};
use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;

/// What a code or name means, why it matters, and the way out.
#[derive(Args)]
pub struct Explain {
    /// A code such as TURN002, or a name such as last-turn-not-assistant
    #[arg(value_name = "CODE")]
    code: String,
}

impl Explain {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        let described = codes::find(&self.code).ok_or_else(|| {
            let known = codes::all();
            let names: Vec<&str> =
                known.iter().flat_map(|described| [described.def.code, described.def.name]).collect();
            let nearest = chatmill::text::similar::nearest(&self.code, names.iter().copied());
            let error = Error::usage(format!("unknown code `{}`", self.code));
            match nearest {
                Some(_) => error.with_hint(suggestion(&self.code, names)),
                None => error.with_hint("`chatmill list rules` shows all of them"),
            }
        })?;
        if terminal.json {
            terminal.print_json(&codes::Page::of(&described))?;
            return Ok(Exit::AsPromised);
        }
        let def = described.def;
        let mut text = String::new();
        let _ = writeln!(text, "{} {} ({}, {})\n", def.code, def.name, def.severity, described.kind);
        let _ = writeln!(text, "{}.\n", sentence(def.summary));
        let _ = writeln!(text, "Why it matters: {}.", def.why);
        let _ = writeln!(text, "The way out: {}.", def.remedy);
        if let Some((safety, does)) = described.fix() {
            let flags = match safety {
                Safety::Safe => "--fix",
                Safety::Unsafe => "--fix --unsafe-fixes",
            };
            let _ = writeln!(text, "The fix ({}, `check {flags}`): {does}.", safety.name());
        }
        if let Some(rule) = described.rule {
            let _ = writeln!(text, "How bad: {}.", severities_in_words(rule));
            for (name, rows) in
                [("Bad", rule.bad), ("Good", rule.good)].iter().filter(|(_, rows)| !rows.is_empty())
            {
                let _ = writeln!(text, "\n{name}:\n{rows}");
            }
            let _ = writeln!(text, "\nSource: {}", rule.source);
        }
        terminal.print(&text)?;
        Ok(Exit::AsPromised)
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}
