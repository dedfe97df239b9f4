//! What `inspect` shows: the reader, the people, the noise, and one conversation before and after.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::summary::{Input, SkippedInput, Speaker, Tally, Turns};
use super::terminal::says;
use crate::text::number::{count, percent, thousands};
use crate::text::sanitize::{excerpt, excerpt_path};

/// What was recognised.
#[derive(Debug, Clone, Serialize)]
pub struct Inspection {
    /// Version of this shape.
    pub schema: u32,
    /// The reader of the inputs: of several, the one with most records.
    pub reader: &'static str,
    /// Why that reader.
    pub why: String,
    /// The inputs, each with its reader.
    pub inputs: Vec<Input>,
    /// Files that were found and not read.
    pub skipped: Vec<SkippedInput>,
    /// Conversations (records) found.
    pub conversations: u64,
    /// Conversations of which at least one example can be made.
    pub usable: u64,
    /// When the first and the last turn was written, where turns have a time.
    pub dates: Option<Dates>,
    /// Turns read, kept, merged and dropped by reason.
    pub turns: Turns,
    /// Who was taken for whom, those with the most turns first.
    pub speakers: Vec<Speaker>,
    /// What the caller is asked: who answers, where nothing says it.
    pub question: Option<String>,
    /// What is left out or cut, by rule: the turns concerned.
    pub noise: BTreeMap<&'static str, u64>,
    /// Why conversations cannot be used, most frequent first.
    pub rejections: Vec<Tally>,
    /// What was noticed, worst and most frequent first.
    pub findings: Vec<Tally>,
    /// The first usable conversation (or the first at all), before and after.
    pub first: Option<First>,
}

/// The time that the turns span.
#[derive(Debug, Clone, Serialize)]
pub struct Dates {
    /// Of the earliest turn, in UTC (times without a zone are taken as they stand).
    pub first: String,
    /// Of the latest turn.
    pub last: String,
}

/// One conversation, before and after.
#[derive(Debug, Clone, Serialize)]
pub struct First {
    /// Its file.
    pub path: String,
    /// Its first line.
    pub line: u64,
    /// The source's own identifier.
    pub id: Option<String>,
    /// The turns as read.
    pub before: Vec<Before>,
    /// The messages of the first example made of it; empty when none can be made.
    pub after: Vec<After>,
    /// Why none can be made.
    pub rejected: Option<String>,
    /// Examples made of it.
    pub examples: usize,
}

/// A turn as it was read.
#[derive(Debug, Clone, Serialize)]
pub struct Before {
    /// The speaker as the source writes it.
    pub speaker: String,
    /// The role the speaker was given, or `undecided`.
    pub role: &'static str,
    /// What it is, when it is no speech: `join`, `note`, `media` …
    pub kind: Option<&'static str>,
    /// When, in UTC.
    pub time: Option<String>,
    /// The text.
    pub text: String,
}

/// A message as it would be written.
#[derive(Debug, Clone, Serialize)]
pub struct After {
    /// The role.
    pub role: String,
    /// The text; calls of tools are in the rows of `convert`.
    pub text: String,
}

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GREEN: Style = AnsiColor::Green.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();

/// Inputs shown; more are summed up.
const INPUTS_SHOWN: usize = 6;
/// Speakers shown; more are in the JSON.
const SPEAKERS_SHOWN: usize = 20;
/// Turns and messages shown of the conversation.
const TURNS_SHOWN: usize = 14;
/// Lines shown of one text.
const LINES_SHOWN: usize = 6;
/// Characters shown of one line.
const LINE_SHOWN: usize = 110;
/// Characters shown of a name.
const NAME_SHOWN: usize = 28;

/// What a person reads. Styles are escape codes; whoever prints takes them away where they are not wanted.
pub fn page(inspection: &Inspection) -> String {
    let mut out = String::new();
    inputs(&mut out, inspection);
    overview(&mut out, inspection);
    speakers(&mut out, inspection);
    noise(&mut out, inspection);
    if let Some(first) = &inspection.first {
        conversation(&mut out, first);
    }
    out
}

fn heading(out: &mut String, text: &str) {
    let _ = writeln!(out, "\n{BOLD}{text}{BOLD:#}");
}

fn inputs(out: &mut String, inspection: &Inspection) {
    let mut shown = 0;
    for input in &inspection.inputs {
        if shown == INPUTS_SHOWN {
            break;
        }
        shown += 1;
        let _ = writeln!(
            out,
            "{BOLD}{}{BOLD:#} is {BOLD}{}{BOLD:#}: {}",
            excerpt_path(&input.path, 100),
            input.format,
            excerpt(&input.why, 200)
        );
        for note in input.notes.iter().filter(|note| !says(&input.why, note)) {
            let _ = writeln!(out, "  {DIM}{}{DIM:#}", excerpt(note, 300));
        }
    }
    if inspection.inputs.len() > shown {
        let mut formats: BTreeMap<&str, u64> = BTreeMap::new();
        for input in inspection.inputs.iter().skip(shown) {
            *formats.entry(input.format).or_default() += 1;
        }
        let rest: Vec<String> = formats
            .into_iter()
            .map(|(format, files)| format!("{} as {format}", count(files, "file")))
            .collect();
        let _ = writeln!(out, "and {}", rest.join(", "));
    }
    for skipped in inspection.skipped.iter().take(INPUTS_SHOWN) {
        let why = excerpt(&skipped.why, 160);
        let _ = writeln!(out, "{DIM}{}: {why}{DIM:#}", excerpt_path(&skipped.path, 100));
    }
    if inspection.skipped.len() > INPUTS_SHOWN {
        let rest = inspection.skipped.len() - INPUTS_SHOWN;
        let _ = writeln!(out, "{DIM}and {} not read (all with `--json`){DIM:#}", count(rest as u64, "file"));
    }
}

fn overview(out: &mut String, inspection: &Inspection) {
    heading(out, "conversations");
    let unusable = inspection.conversations - inspection.usable;
    let _ = write!(out, "  {}", count(inspection.conversations, "conversation"));
    let _ = write!(out, ", {} of them usable", thousands(inspection.usable));
    let _ = writeln!(out, ", {}", count(inspection.turns.read, "turn"));
    if let Some(dates) = &inspection.dates {
        let _ = writeln!(out, "  from {} to {}", dates.first, dates.last);
    }
    if unusable > 0 {
        for tally in inspection.rejections.iter().take(4) {
            let case = tally.first.first().map_or("", |case| case.message.as_str());
            let _ = writeln!(
                out,
                "  {YELLOW}{:>9}{YELLOW:#}  {} {DIM}({}, such as: {}){DIM:#}",
                thousands(tally.count),
                tally.name,
                tally.code,
                excerpt(case, 140)
            );
        }
    }
}

fn speakers(out: &mut String, inspection: &Inspection) {
    if inspection.speakers.is_empty() {
        return;
    }
    heading(out, "speakers");
    let turns: u64 = inspection.speakers.iter().map(|speaker| speaker.turns).sum();
    let shown = || inspection.speakers.iter().take(SPEAKERS_SHOWN);
    let name = |speaker: &Speaker| {
        let name = excerpt(&speaker.name, NAME_SHOWN);
        if name.is_empty() { "(nobody named)".to_owned() } else { name }
    };
    let width = shown().map(|speaker| name(speaker).chars().count()).max().unwrap_or(0);
    for speaker in shown() {
        let style = if speaker.role == "undecided" { YELLOW } else { GREEN };
        let _ = writeln!(
            out,
            "  {:width$}  {style}{:9}{style:#}  {:>6} of turns  {DIM}{}{DIM:#}",
            name(speaker),
            speaker.role,
            percent(speaker.turns, turns),
            excerpt(&speaker.why, 160)
        );
    }
    if inspection.speakers.len() > SPEAKERS_SHOWN {
        let rest = (inspection.speakers.len() - SPEAKERS_SHOWN) as u64;
        let _ = writeln!(out, "  {DIM}and {} (all with `--json`){DIM:#}", count(rest, "more speaker"));
    }
    if let Some(question) = &inspection.question {
        let _ = writeln!(out, "  {BOLD}{}{BOLD:#}", excerpt(question, 400));
    }
}

fn noise(out: &mut String, inspection: &Inspection) {
    if inspection.noise.is_empty() {
        return;
    }
    heading(out, "noise");
    let mut noise: Vec<(&str, u64)> = inspection.noise.iter().map(|(name, turns)| (*name, *turns)).collect();
    noise.sort_by_key(|(name, turns)| (std::cmp::Reverse(*turns), *name));
    for (name, turns) in noise {
        let _ = writeln!(out, "  {:>9}  {name}", thousands(turns));
    }
    let _ = writeln!(
        out,
        "  {DIM}`--no-mend NAME` keeps one of them, `chatmill explain NAME` says what it is{DIM:#}"
    );
}

fn conversation(out: &mut String, first: &First) {
    let id = first.id.as_deref().map_or_else(String::new, |id| format!(" ({})", excerpt(id, 80)));
    heading(out, &format!("{}:{}{id}, before", excerpt_path(&first.path, 100), first.line));
    for turn in first.before.iter().take(TURNS_SHOWN) {
        let mark = turn.kind.map_or_else(String::new, |kind| format!(" {YELLOW}[{kind}]{YELLOW:#}"));
        let time = turn.time.as_deref().map_or_else(String::new, |time| format!(" {DIM}{time}{DIM:#}"));
        let _ = writeln!(out, "  {BOLD}{}{BOLD:#}{time}{mark}", excerpt(&turn.speaker, NAME_SHOWN));
        text(out, &turn.text);
    }
    more(out, first.before.len(), "turn");
    if let Some(why) = &first.rejected {
        heading(out, "after");
        let _ = writeln!(out, "  {YELLOW}nothing{YELLOW:#}: {}", excerpt(why, 300));
        return;
    }
    let parts =
        if first.examples > 1 { format!(" (example 1 of {})", first.examples) } else { String::new() };
    heading(out, &format!("after{parts}"));
    for message in first.after.iter().take(TURNS_SHOWN) {
        let _ = writeln!(out, "  {GREEN}{}{GREEN:#}", excerpt(&message.role, NAME_SHOWN));
        text(out, &message.text);
    }
    more(out, first.after.len(), "message");
}

/// The first lines of a text, indented.
fn text(out: &mut String, text: &str) {
    let mut lines = text.lines();
    for line in lines.by_ref().take(LINES_SHOWN) {
        let _ = writeln!(out, "    {}", excerpt(line, LINE_SHOWN));
    }
    let rest = lines.count();
    if rest > 0 {
        let _ = writeln!(out, "    {DIM}… {}{DIM:#}", count(rest as u64, "more line"));
    }
}

fn more(out: &mut String, all: usize, noun: &str) {
    if all > TURNS_SHOWN {
        let _ =
            writeln!(out, "  {DIM}… {}{DIM:#}", count((all - TURNS_SHOWN) as u64, &format!("more {noun}")));
    }
}
