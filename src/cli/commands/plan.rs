//! `chatmill plan`: which maximum length to train with.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use chatmill::Result;
use chatmill::pipeline::lengths::{Candidate, Lengths, lengths};
use chatmill::target::{self, Overlong, Shape};
use chatmill::text::number::{count, percent, thousands};
use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::options::MeasureOptions;
use crate::cli::refused;
use crate::cli::terminal::Terminal;

/// The maximum length to train with: what each would cut, lose, waste and bill.
#[derive(Args)]
pub struct Plan {
    #[command(flatten)]
    measured: MeasureOptions,

    /// Rows a step, accumulated ones with them
    #[arg(long, value_name = "N", default_value_t = 8)]
    batch_size: u64,
}

impl Plan {
    /// Runs the command.
    pub fn run(&self, terminal: &Terminal) -> Result<Exit> {
        terminal.watch_for_stop();
        let mut settings = self.measured.settings()?;
        settings.count = true;
        let plan = chatmill::pipeline::Plan::measuring(settings)?;
        let lengths = lengths(&plan, self.batch_size, terminal)?;
        if terminal.json {
            terminal.print_json(&lengths)?;
        } else {
            terminal.print(&page(&lengths))?;
        }
        Ok(refused::exit(lengths.rows))
    }
}

const BAR: Style = AnsiColor::Cyan.on_default();
const CHOSEN: Style = Style::new().bold();
/// Characters of the longest bar.
const WIDTH: usize = 40;

/// What a person reads.
fn page(lengths: &Lengths) -> String {
    let mut out = String::new();
    if lengths.rows == 0 {
        return format!("there is nothing to plan\n{}", refused::lines(&lengths.not_measured));
    }
    let most = match (&lengths.borrowed, lengths.exact) {
        (Some(_), _) => "about ",
        (None, true) => "",
        (None, false) => "at most ",
    };
    let pairs =
        target::by_name(lengths.target).is_some_and(|target| target.spec().shape == Shape::Preference);
    let twice = if pairs { " with the prompt before each answer" } else { "" };
    let _ = writeln!(
        out,
        "{} for {}, {most}{} tokens{twice} ({}, {}), {} trained; the longest has {}",
        count(lengths.rows, "row"),
        lengths.target,
        thousands(lengths.tokens),
        lengths.model,
        lengths.encoding,
        percent(lengths.trained, lengths.tokens),
        thousands(lengths.longest)
    );
    if let Some(borrowed) = &lengths.borrowed {
        let _ = writeln!(out, "{borrowed}");
    }
    out.push_str(&refused::lines(&lengths.not_measured));
    out.push('\n');
    table(&mut out, lengths);
    out.push('\n');
    plot(&mut out, lengths);
    let becomes = lengths.becomes;
    let unsaid = becomes == Overlong::Unsaid.in_words();
    let _ = match (lengths.limit, lengths.setting) {
        (Some(limit), _) if unsaid => {
            let limit = count(limit, "token");
            writeln!(
                out,
                "the limit is {limit}; what becomes of longer rows is not published: they are taken here as cut at the end"
            )
        }
        (Some(limit), Some(setting)) => {
            writeln!(out, "rows over {} are {becomes} unless `{setting}` is set", count(limit, "token"))
        }
        (Some(limit), None) => writeln!(out, "rows over {} are {becomes}", count(limit, "token")),
        (None, _) => writeln!(out, "no limit is published"),
    };
    if let Some(recommended) = &lengths.recommended {
        let _ =
            writeln!(out, "{CHOSEN}take {}{CHOSEN:#}: {}", thousands(recommended.length), recommended.reason);
    }
    out
}

/// Columns with their heads.
fn table(out: &mut String, lengths: &Lengths) {
    let cut = if lengths.drops { "rows left out" } else { "rows cut" };
    let mut heads =
        vec!["length", cut, "answers cut", "loss lost", "billed", "padding", "packed", "steps", "packed"];
    let by_length = lengths.target.starts_with("together");
    if by_length {
        heads.push("billed unpacked");
    }
    let row = |one: &Candidate| {
        let share = |waste: u64| percent(waste, waste + one.kept);
        let mut cells = vec![
            thousands(one.length),
            thousands(one.rows_cut),
            thousands(one.answers_cut),
            percent(one.trained_lost, lengths.trained),
            thousands(one.billed),
            share(one.padding),
            share(one.packed_padding),
            thousands(one.steps),
            thousands(one.packed_steps),
        ];
        if by_length {
            cells.push(thousands(one.billed_by_length));
        }
        cells
    };
    let rows: Vec<Vec<String>> = lengths.candidates.iter().map(row).collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(heads.get(column).map(|head| head.len())).max().unwrap_or(0)
    };
    let line = |out: &mut String, cells: &mut dyn Iterator<Item = &str>| {
        for (column, cell) in cells.enumerate() {
            let _ =
                write!(out, "{}{cell:>width$}", if column > 0 { "  " } else { "" }, width = width(column));
        }
        out.push('\n');
    };
    line(out, &mut heads.iter().copied());
    for row in &rows {
        line(out, &mut row.iter().map(String::as_str));
    }
}

/// How much of the loss each length keeps.
fn plot(out: &mut String, lengths: &Lengths) {
    out.push_str("loss kept by each length:\n");
    let width = lengths.candidates.last().map_or(0, |one| thousands(one.length).len());
    for one in &lengths.candidates {
        let kept = lengths.trained.saturating_sub(one.trained_lost);
        let eighths =
            usize::try_from(u128::from(kept) * (WIDTH * 8) as u128 / u128::from(lengths.trained.max(1)));
        let eighths = eighths.unwrap_or(0);
        let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
        let bar = "█".repeat(eighths / 8) + partial;
        let mark = if lengths.recommended.as_ref().is_some_and(|best| best.length == one.length) {
            " <"
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "{:>width$}  {BAR}{bar}{BAR:#} {}{mark}",
            thousands(one.length),
            percent(kept, lengths.trained)
        );
    }
}
