//! `chatmill list`: what there is to choose from.

use std::fmt::Write as _;

use chatmill::Result;
use chatmill::detect::DETECTORS;
use chatmill::pipeline::codes;
use chatmill::read::READERS;
use chatmill::read::assemble::MENDINGS;
use chatmill::target::TARGETS;
use chatmill::text::number::thousands;
use chatmill::tokens::{MODELS, Model, Offer};
use clap::Args;
use serde_json::json;

use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;

/// What there is to choose from: readers, targets, rules, mendings, models, detectors.
#[derive(Args)]
pub struct List {
    /// What to list
    #[arg(value_name = "WHAT")]
    what: What,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum What {
    /// Every code: rules, readings, mendings
    Rules,
    /// Formats that are read
    Readers,
    /// Where rows can go
    Targets,
    /// Models with vocabulary and limit
    Models,
    /// What is done to turns on the way
    Mendings,
    /// Kinds of personal data and secrets that are found
    Detectors,
}

impl List {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        let rows = match self.what {
            What::Rules => rules(),
            What::Readers => readers(),
            What::Targets => targets(),
            What::Models => models(),
            What::Mendings => mendings(),
            What::Detectors => detectors(),
        };
        if terminal.json {
            let objects: Vec<serde_json::Value> = rows
                .iter()
                .map(|row| row.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect())
                .collect();
            terminal.print_json(&objects)?;
        } else {
            terminal.print(&table(&rows))?;
        }
        Ok(Exit::AsPromised)
    }
}

/// Columns with their names, in order.
type Row = Vec<(&'static str, String)>;

fn rules() -> Vec<Row> {
    codes::all()
        .iter()
        .map(|described| {
            vec![
                ("code", described.def.code.into()),
                ("name", described.def.name.into()),
                ("severity", described.def.severity.name().into()),
                ("kind", described.kind.into()),
                ("fix", described.fix().map_or("-", |(safety, _)| safety.name()).into()),
                ("summary", described.def.summary.into()),
            ]
        })
        .collect()
}

fn readers() -> Vec<Row> {
    READERS
        .iter()
        .map(|reader| {
            let spec = reader.spec();
            vec![
                ("name", spec.name.into()),
                ("title", spec.title.into()),
                ("recognised by", spec.recognised_by.into()),
            ]
        })
        .collect()
}

fn targets() -> Vec<Row> {
    let number = |number: Option<u64>| number.map_or_else(|| "-".into(), thousands);
    let yes = |yes: bool| if yes { "yes" } else { "-" }.to_owned();
    TARGETS
        .iter()
        .map(|target| {
            let spec = target.spec();
            vec![
                ("name", spec.name.into()),
                ("fewest", number(spec.limits.examples_min)),
                ("most", number(spec.limits.examples_max)),
                ("largest file", number(spec.limits.file_bytes)),
                ("tokens", spec.length.tokens.map_or_else(|| "the model's".into(), thousands)),
                ("longer ones", spec.length.overlong.in_words().into()),
                ("weights", yes(spec.message_keys.contains(&"weight"))),
                ("tools", yes(spec.message_keys.contains(&"tool_calls"))),
                ("one role twice", spec.adjacent.in_words().into()),
                ("checked", spec.checked.into()),
                ("title", spec.title.into()),
            ]
        })
        .collect()
}

fn models() -> Vec<Row> {
    MODELS
        .iter()
        .map(|model| {
            vec![
                ("name", model.name.into()),
                ("counted by", counted_by(model)),
                ("tokens an example", offers(model)),
                ("also", model.aliases.join(", ")),
            ]
        })
        .collect()
}

/// The vocabulary, and whether its counts are exact.
fn counted_by(model: &Model) -> String {
    let name = model.vocabulary.name();
    if model.vocabulary.is_exact() { name.to_owned() } else { format!("{name} (estimate)") }
}

/// Who tunes it, up to how many tokens.
fn offers(model: &Model) -> String {
    let offer = |offer: &Offer| {
        let limit = offer.example_tokens.map_or_else(|| "-".to_owned(), thousands);
        format!("{} {limit}", offer.provider)
    };
    model.offers.iter().map(offer).collect::<Vec<_>>().join(", ")
}

fn mendings() -> Vec<Row> {
    MENDINGS
        .iter()
        .map(|mending| {
            vec![
                ("name", mending.def.name.into()),
                ("default", if mending.on_by_default { "on" } else { "off" }.into()),
                ("code", mending.def.code.into()),
                ("summary", mending.def.summary.into()),
            ]
        })
        .collect()
}

fn detectors() -> Vec<Row> {
    DETECTORS
        .iter()
        .map(|detector| {
            let spec = detector.spec();
            vec![
                ("name", spec.name.into()),
                ("class", spec.class.name().into()),
                ("what it is", spec.title.into()),
                ("found by", spec.found_by.into()),
            ]
        })
        .collect()
}

/// Columns side by side, the last one as long as it likes.
fn table(rows: &[Row]) -> String {
    let Some(first) = rows.first() else { return String::new() };
    let widths: Vec<usize> = (0..first.len())
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|(_, cell)| cell.chars().count());
            cells.max().unwrap_or(0).max(first[column].0.len())
        })
        .collect();
    let mut out = String::new();
    let mut line = |cells: Vec<&str>| {
        let last = cells.len().saturating_sub(1);
        for (index, cell) in cells.into_iter().enumerate() {
            let _ = if index == last {
                writeln!(out, "{cell}")
            } else {
                write!(out, "{cell:width$}  ", width = widths[index])
            };
        }
    };
    line(first.iter().map(|(name, _)| *name).collect());
    for row in rows {
        line(row.iter().map(|(_, cell)| cell.as_str()).collect());
    }
    out
}
