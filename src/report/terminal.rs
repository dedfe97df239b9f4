//! The summary a person reads at the end of a run.
//!
//! Styles are written as escape codes; whoever prints takes them away where they are not wanted. Strangers' text is
//! made safe before it gets here or here.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::summary::{Case, Summary, Tally};
use crate::diagnostic::Severity;
use crate::split::Choice;
use crate::text::number::{count, percent, size, thousands};
use crate::text::sanitize::{excerpt, excerpt_path};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GREEN: Style = AnsiColor::Green.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const RED: Style = AnsiColor::Red.on_default();

/// Inputs shown by name; more are summed up.
const INPUTS_SHOWN: usize = 6;
/// Speakers shown; more are in the report.
const SPEAKERS_SHOWN: usize = 8;
/// Reasons for rejection shown with a case each.
const REASONS_SHOWN: usize = 3;
/// Strata shown with their rows on each side.
const STRATA_SHOWN: usize = 8;
/// Width of the bar of verdicts, in characters.
const BAR: usize = 40;

/// Where to look things up: gives the remedy for a code.
pub type Remedy<'a> = &'a dyn Fn(&str) -> Option<&'static str>;

/// The summary of `prepare` and `convert`.
pub fn summary(summary: &Summary, remedy: Remedy<'_>) -> String {
    let mut page = Page { out: String::new() };
    page.inputs(summary);
    page.speakers(summary);
    page.ledger(summary);
    page.near(summary);
    page.index(summary);
    page.sides(summary);
    // Rows that stay as they stand keep all their turns.
    if !matches!(summary.command, "dedup" | "split") {
        page.turns(summary);
    }
    page.mendings(summary);
    page.rejections(summary, remedy);
    page.other_findings(summary);
    page.tokens(summary);
    page.cost(summary);
    page.out
}

struct Page {
    out: String,
}

impl Page {
    /// A line with a label in the margin.
    fn line(&mut self, label: &str, text: &str) {
        let _ = writeln!(self.out, "{BOLD}{label:>9}{BOLD:#}  {text}");
    }

    fn more(&mut self, text: &str) {
        let _ = writeln!(self.out, "{:11}{DIM}{text}{DIM:#}", "");
    }

    fn inputs(&mut self, summary: &Summary) {
        let bytes: u64 = summary.inputs.iter().map(|input| input.bytes).sum();
        if summary.inputs.len() > INPUTS_SHOWN {
            let text = format!(
                "{} from {} ({})",
                count(summary.ledger.records, "record"),
                count(summary.inputs.len() as u64, "file"),
                size(bytes)
            );
            self.line("read", &text);
            let mut formats: std::collections::BTreeMap<&str, (u64, &str)> =
                std::collections::BTreeMap::new();
            for input in &summary.inputs {
                formats.entry(input.format).or_insert((0, &input.why)).0 += 1;
            }
            for (format, (files, why)) in formats {
                self.more(&format!("{} as {format}: {}", count(files, "file"), excerpt(why, 120)));
            }
            let mut notes: Vec<&String> = summary
                .inputs
                .iter()
                .flat_map(|input| input.notes.iter().filter(|note| !says(&input.why, note)))
                .collect();
            notes.sort();
            notes.dedup();
            for note in notes.iter().take(INPUTS_SHOWN) {
                self.more(&excerpt(note, 300));
            }
        } else {
            for (index, input) in summary.inputs.iter().enumerate() {
                let text = format!(
                    "{} from {} ({}) as {}",
                    count(input.records, "record"),
                    excerpt_path(&input.path, 100),
                    size(input.bytes),
                    input.format
                );
                self.line(if index == 0 { "read" } else { "" }, &text);
                self.more(&excerpt(&input.why, 200));
                for note in input.notes.iter().filter(|note| !says(&input.why, note)) {
                    self.more(&excerpt(note, 300));
                }
            }
        }
        for skipped in summary.skipped.iter().take(INPUTS_SHOWN) {
            let text = format!("{}: {}", excerpt_path(&skipped.path, 100), excerpt(&skipped.why, 120));
            self.line("not read", &text);
        }
        if summary.skipped.len() > INPUTS_SHOWN {
            let rest = summary.skipped.len() - INPUTS_SHOWN;
            self.more(&format!("and {} more (see report.json)", count(rest as u64, "file")));
        }
    }

    fn speakers(&mut self, summary: &Summary) {
        for (index, speaker) in summary.speakers.iter().take(SPEAKERS_SHOWN).enumerate() {
            let share = speaker.share * 100.0;
            let text = format!(
                "{} is {} ({} in {share:.0} % of conversations): {}",
                speaker_name(&speaker.name),
                speaker.role,
                count(speaker.turns, "turn"),
                excerpt(&speaker.why, 120)
            );
            self.line(if index == 0 { "speakers" } else { "" }, &text);
        }
        if summary.speakers.len() > SPEAKERS_SHOWN {
            self.more(&format!("and {} more", summary.speakers.len() - SPEAKERS_SHOWN));
        }
        if let Some(question) = &summary.question {
            let _ = writeln!(self.out, "{:11}{YELLOW}{}{YELLOW:#}", "", excerpt(question, 400));
        }
    }

    fn ledger(&mut self, summary: &Summary) {
        let ledger = &summary.ledger;
        // `convert` has one output and no sides.
        let split = matches!(summary.command, "prepare" | "split");
        let first = match summary.command {
            "prepare" | "split" => "train",
            "dedup" => "kept",
            _ => "converted",
        };
        let verdicts = [
            (first, ledger.train, GREEN),
            ("valid", ledger.valid, GREEN),
            ("test", ledger.test, GREEN),
            ("twins", ledger.duplicates_exact + ledger.duplicates_near, YELLOW),
            ("rejected", ledger.rejected, RED),
        ];
        let parts: Vec<String> = verdicts
            .iter()
            .filter(|(name, number, _)| *number > 0 || *name == first || (split && *name == "valid"))
            .map(|(name, number, style)| {
                format!(
                    "{style}{} {name}{style:#} ({})",
                    thousands(*number),
                    percent(*number, ledger.records)
                )
            })
            .collect();
        self.line("became", &parts.join(" · "));
        {
            let mut bar = String::new();
            let mut drawn = 0;
            let mut sum = 0;
            for (number, style, mark) in
                verdicts.iter().zip(["█", "▓", "▒", "░", "·"]).map(|(v, mark)| (v.1, v.2, mark))
            {
                sum += number;
                let end = usize::try_from(sum * BAR as u64 / ledger.records.max(1)).unwrap_or(BAR);
                let _ = write!(bar, "{style}{}{style:#}", mark.repeat(end - drawn));
                drawn = end;
            }
            self.line("", &bar);
        }
        let examples = &summary.examples;
        if examples.made != ledger.records - ledger.rejected || examples.rejected > 0 {
            let aside = match examples.set_aside {
                0 => String::new(),
                aside => format!(", {} set aside", thousands(aside)),
            };
            self.more(&format!(
                "{} made: {} train, {} valid, {} test, {} twins, {} refused by the target's rules{aside}",
                count(examples.made, "example"),
                thousands(examples.train),
                thousands(examples.valid),
                thousands(examples.test),
                thousands(examples.duplicates),
                thousands(examples.rejected)
            ));
        }
        if examples.lost_windows > 0 {
            self.line(
                "lost",
                &format!(
                    "{RED}{}{RED:#} of records of which the rest is written, with {}",
                    count(examples.lost_windows, "example"),
                    count(examples.lost_answers, "answer")
                ),
            );
        }
    }

    /// How near twins were looked for, and how many were found.
    fn near(&mut self, summary: &Summary) {
        let (Some(near), ledger) = (&summary.near, &summary.ledger) else { return };
        if let Some(masked) = &near.masked {
            let kinds = [
                ("dates", "date", masked.dates),
                ("identifiers", "identifier", masked.identifiers),
                ("numbers", "number", masked.numbers),
            ];
            let on = kinds.iter().filter(|(name, ..)| near.masks.split(',').any(|mask| mask == *name));
            let counts: Vec<String> = on.map(|(_, one, number)| count(*number, one)).collect();
            self.line("masked", &format!("{} before rows were compared", counts.join(", ")));
        }
        if ledger.duplicates_exact + ledger.duplicates_near == 0 {
            return;
        }
        let mut text = format!(
            "{} exact, {} near ({} alike or more by {}",
            thousands(ledger.duplicates_exact),
            thousands(ledger.duplicates_near),
            near.threshold,
            near.shingle
        );
        if let Some(recall) = near.recall.filter(|recall| *recall < 1.0) {
            let _ = write!(text, "; {:.1} % of such pairs found in a sample", recall * 100.0);
        }
        let named = summary.outputs.iter().any(|output| output.path == "duplicates.jsonl");
        text.push_str(if named { "), each named in duplicates.jsonl" } else { ")" });
        self.line("twins", &text);
    }

    /// The index: what this run was compared with, and what it holds now.
    fn index(&mut self, summary: &Summary) {
        let Some(index) = &summary.index else { return };
        let path = excerpt_path(&index.path, 100);
        if index.runs_before == 0 {
            self.line("index", &format!("{path}: new, {}", count(index.rows_after, "row")));
            return;
        }
        let text = format!(
            "{path}: {} of {} before, {} now",
            count(index.rows_before, "row"),
            count(index.runs_before, "run"),
            thousands(index.rows_after)
        );
        self.line("index", &text);
        let (exact, near) = (index.duplicates_exact, index.duplicates_near);
        self.more(&match exact + near {
            0 => "no row of this run has a twin there".to_owned(),
            twins => format!(
                "{} of this run {} a twin there ({} exact, {} near)",
                count(twins, "row"),
                if twins == 1 { "has" } else { "have" },
                thousands(exact),
                thousands(near)
            ),
        });
    }

    /// The sides: groups, balance, what is most alike across them.
    fn sides(&mut self, summary: &Summary) {
        let Some(sides) = summary.split.as_ref().filter(|_| summary.ledger.train > 0) else { return };
        let how = match sides.choice {
            Choice::Hash => "each by its own hash",
            Choice::Filled => "filled to the amounts",
            Choice::Time => "cut by time",
        };
        let mut text = format!("{}, {how}", count(sides.groups.sum(), "group"));
        if sides.as_before > 0 {
            let _ = write!(text, "; {} where the earlier run had them", count(sides.as_before, "row"));
        }
        self.line("sides", &text);
        if let Some(by) = &sides.stratify {
            for stratum in sides.strata.iter().take(STRATA_SHOWN) {
                let rows = stratum.rows;
                self.more(&format!(
                    "{} {}: {} train, {} valid, {} test",
                    excerpt(by, 40),
                    excerpt(&stratum.value, 40),
                    thousands(rows.train),
                    thousands(rows.valid),
                    thousands(rows.test)
                ));
            }
            if sides.strata.len() > STRATA_SHOWN {
                self.more(&format!("and {} more (see report.json)", sides.strata.len() - STRATA_SHOWN));
            }
        }
        let Some(closest) = &sides.closest else { return };
        match (&closest.pair, closest.searched_from) {
            (Some(pair), _) => self.more(&format!(
                "most alike across the sides: {:.2}, {} and {}",
                pair.similarity, pair.rows[0], pair.rows[1]
            )),
            (None, Some(from)) => self.more(&format!("no two rows across the sides are {from} alike")),
            (None, None) => {}
        }
    }

    fn turns(&mut self, summary: &Summary) {
        let turns = &summary.turns;
        let dropped: u64 = turns.dropped.values().sum();
        let mut text = format!(
            "{} read = {} kept + {} merged + {} dropped",
            thousands(turns.read),
            thousands(turns.kept),
            thousands(turns.merged),
            thousands(dropped)
        );
        if dropped > 0 {
            let mut reasons: Vec<(&&str, &u64)> = turns.dropped.iter().collect();
            reasons.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
            let reasons: Vec<String> =
                reasons.into_iter().map(|(name, number)| format!("{name} {}", thousands(*number))).collect();
            let _ = write!(text, " ({})", reasons.join(", "));
        }
        self.line("turns", &text);
    }

    fn mendings(&mut self, summary: &Summary) {
        let names: Vec<String> = summary
            .mendings
            .iter()
            .map(|mending| format!("{} in {}", mending.name, count(mending.examples, "example")))
            .collect();
        if !names.is_empty() {
            self.line("mended", &names.join(", "));
        }
    }

    fn rejections(&mut self, summary: &Summary, remedy: Remedy<'_>) {
        let total: u64 = summary.rejections.iter().map(|tally| tally.count).sum();
        for (index, tally) in summary.rejections.iter().take(REASONS_SHOWN).enumerate() {
            let style = style_of(tally.severity);
            let text = format!(
                "{style}{}{style:#} {} {} {} {DIM}{}{DIM:#}",
                thousands(tally.count),
                percent_note(tally.count, total),
                tally.severity,
                tally.name,
                tally.code
            );
            self.line(if index == 0 { "rejected" } else { "" }, &text);
            if let Some(case) = tally.first.first() {
                self.more(&format!("{}: {}", place(case), excerpt(&case.message, 300)));
            }
            if let Some(remedy) = remedy(tally.code) {
                self.more(&format!("hint: {remedy}"));
            }
        }
        if summary.rejections.len() > REASONS_SHOWN {
            let rest: Vec<String> = summary.rejections[REASONS_SHOWN..]
                .iter()
                .map(|tally| format!("{} {} {}", thousands(tally.count), tally.severity, tally.name))
                .collect();
            self.more(&format!("also {}", rest.join(", ")));
        }
    }

    /// Warnings and notes that rejected nothing, a line each.
    fn other_findings(&mut self, summary: &Summary) {
        let is_rejection = |tally: &&Tally| summary.rejections.iter().any(|other| other.code == tally.code);
        let others: Vec<&Tally> = summary.findings.iter().filter(|tally| !is_rejection(tally)).collect();
        for (index, tally) in others.iter().take(8).enumerate() {
            let style = style_of(tally.severity);
            let case = tally.first.first().map_or_else(String::new, |case| {
                let at =
                    if case.at.is_empty() { String::new() } else { format!(" {}:", excerpt(&case.at, 60)) };
                format!(" — {}:{at} {}", place(case), excerpt(&case.message, 120))
            });
            let text = format!(
                "{style}{}{style:#} {} {} {DIM}{}{case}{DIM:#}",
                tally.severity,
                thousands(tally.count),
                tally.name,
                tally.code
            );
            self.line(if index == 0 { "noticed" } else { "" }, &text);
        }
        if others.len() > 8 {
            self.more(&format!("and {} more kinds (see report.json)", others.len() - 8));
        }
    }

    fn tokens(&mut self, summary: &Summary) {
        let Some(tokens) = summary.tokens.as_ref().filter(|_| summary.examples.train > 0) else { return };
        let about = if tokens.exact { "" } else { "about " };
        self.line(
            "tokens",
            &format!(
                "{about}{} to train on ({} carry loss), longest row {}, half up to {}, 95 % up to {} ({}, {})",
                thousands(tokens.total),
                thousands(tokens.trained),
                thousands(tokens.max),
                thousands(tokens.p50),
                thousands(tokens.p95),
                tokens.model,
                tokens.encoding
            ),
        );
        if let Some(limit) = tokens.limit.filter(|_| tokens.over_limit > 0) {
            self.more(&format!(
                "{} longer than the limit of {} tokens: divide them with `--max-tokens {limit}`",
                count(tokens.over_limit, "row"),
                thousands(limit),
            ));
        }
    }

    fn cost(&mut self, summary: &Summary) {
        let Some(bill) = &summary.cost else { return };
        self.line("cost", &bill.sentence());
        for warning in &bill.warnings {
            self.more(warning);
        }
        self.more("report.json lists what the figures take for granted; `chatmill cost` prints it");
    }
}

/// Whether the reason for a reader already holds the note.
pub(super) fn says(why: &str, note: &str) -> bool {
    why.contains(note)
}

/// `file:line`, the line never cut away.
fn place(case: &Case) -> String {
    let path = excerpt_path(&case.path, 80);
    if case.line > 0 { format!("{path}:{}", case.line) } else { path }
}

/// The name of a speaker; some sources name nobody.
fn speaker_name(name: &str) -> String {
    if name.trim().is_empty() { "(no name)".into() } else { excerpt(name, 40) }
}

fn style_of(severity: Severity) -> Style {
    match severity {
        Severity::Error => RED,
        Severity::Warning => YELLOW,
        Severity::Info => DIM,
    }
}

fn percent_note(part: u64, whole: u64) -> String {
    format!("({} of rejections)", percent(part, whole))
}
