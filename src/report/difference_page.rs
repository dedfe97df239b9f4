//! What became of one dataset in another, as people read it.

use std::fmt::Write as _;
use std::ops::Range;

use anstyle::{AnsiColor, Style};
use serde_json::Value;

use super::difference::{
    AttributeChange, DatasetSide, Difference, FieldChange, MatchedBy, Pair, RowChange, RowFate, RowPlace,
    TurnChange, TurnFate, UNDIVIDED,
};
use crate::cost::Interval;
use crate::text::number::{count, thousands};
use crate::text::sanitize::{excerpt, excerpt_path};
use crate::text::word_edits::word_edits;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const CYAN: Style = AnsiColor::Cyan.on_default();
const RED: Style = AnsiColor::Red.on_default();
const GREEN: Style = AnsiColor::Green.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();

/// Most fields, findings, files and reasons that are named; JSON has all.
const NAMED: usize = 8;
/// Most turns and places in a turn that are shown of one row.
const MOST_TURNS: usize = 12;
const MOST_EDITS: usize = 6;
/// Characters shown on either side of an edit, of what it takes out or puts in, and of a whole text.
const AROUND: usize = 36;
const EDIT: usize = 80;
const TEXT: usize = 120;
/// Texts shorter than this are shown in one line with what they replace.
const SHORT: usize = 40;
/// Widths of the table of sums: its first column, and the others.
const FIRST: usize = 28;
const OTHERS: usize = 14;

/// The sums.
pub fn summary(difference: &Difference) -> String {
    let mut out = String::new();
    dataset("old", &difference.old, &mut out);
    dataset("new", &difference.new, &mut out);
    fates(difference, &mut out);
    out.push('\n');
    table(difference, &mut out);
    out
}

fn line(out: &mut String, label: &str, text: &str) {
    let _ = writeln!(out, "{label:>11}  {text}");
}

fn dataset(label: &str, side: &DatasetSide, out: &mut String) {
    let path = excerpt_path(&side.path, 120);
    let formats: std::collections::BTreeSet<&str> = side.inputs.iter().map(|input| input.format).collect();
    let read = match formats.into_iter().collect::<Vec<_>>().as_slice() {
        [] => "empty".to_owned(),
        formats => format!("read as {}", formats.join(", ")),
    };
    let files = if side.inputs.len() > 1 {
        format!(", {}", count(side.inputs.len() as u64, "file"))
    } else {
        String::new()
    };
    line(out, label, &format!("{path}, {read}{files}: {}", count(side.rows, "row")));
    let of = count(side.records, "record");
    for (records, what) in
        [(side.rejected, "gave no row:"), (side.unsettled, "compared as read, no training row can be made:")]
    {
        if records > 0 {
            line(out, "", &format!("{YELLOW}{} of {of} {what}{YELLOW:#}", thousands(records)));
        }
    }
    for reason in side.rejections.iter().take(NAMED) {
        let at = reason.first_place();
        line(
            out,
            "",
            &format!("{} {} {DIM}{}{DIM:#}{at}", thousands(reason.count), reason.name, reason.code),
        );
    }
    for skipped in side.skipped.iter().take(NAMED) {
        line(
            out,
            "",
            &format!("not read: {}: {}", excerpt_path(&skipped.path, 60), excerpt(&skipped.why, 120)),
        );
    }
}

fn fates(difference: &Difference, out: &mut String) {
    let rows = &difference.rows;
    line(out, "same", &count(rows.same, "row"));
    let (flows, flowed) = flows(difference);
    let is_told = |fate: &RowFate| rows.of(*fate) > 0 || *fate == RowFate::Moved && flowed > 0;
    for fate in RowFate::ALL.into_iter().filter(is_told) {
        let of_fate = count(rows.of(fate), "row");
        let copies = |copies: u64, of: &str| match copies {
            0 => of_fate.clone(),
            1 if rows.of(fate) == 1 => format!("{of_fate}, a copy of a row that {of}"),
            copies if copies == rows.of(fate) => format!("{of_fate}, all of them copies of what {of}"),
            1 => format!("{of_fate}, one of them a copy of a row that {of}"),
            copies => format!("{of_fate}, {} of them copies of what {of}", thousands(copies)),
        };
        let told = match fate {
            RowFate::Changed => {
                let by = rows.changed_by;
                let known = [(by.id, "identifier"), (by.prompt, "prompt"), (by.words, "words")];
                let known = known.iter().filter(|(rows, _)| *rows > 0);
                let alone = known.clone().count() == 1;
                let known: Vec<String> = known
                    .map(
                        |(rows, by)| {
                            if alone { (*by).to_owned() } else { format!("{by} ({})", thousands(*rows)) }
                        },
                    )
                    .collect();
                format!("{of_fate}, known by {}", known.join(", "))
            }
            RowFate::Moved => {
                let changed = flowed.saturating_sub(rows.moved);
                let those = format!("{} of those that changed", thousands(changed));
                match (rows.moved, changed) {
                    (0, _) => format!("{those}: {flows}"),
                    (_, 0) => format!("{of_fate}: {flows}"),
                    _ => format!("{of_fate}, and {those}: {flows}"),
                }
            }
            RowFate::Reformatted => format!("{of_fate}: other case, white space or layout of JSON"),
            RowFate::Fields => format!("{of_fate}: the same text, other fields: {}", fields(difference)),
            RowFate::Removed => copies(rows.removed_copies, "is still there"),
            RowFate::Added => copies(rows.added_copies, "was there before"),
        };
        let (style, name) = (style(fate), fate.name());
        let _ = writeln!(out, "{style}{name:>11}{style:#}  {told}");
    }
}

fn style(fate: RowFate) -> Style {
    match fate {
        RowFate::Removed => RED,
        RowFate::Added => GREEN,
        RowFate::Changed | RowFate::Moved => YELLOW,
        RowFate::Reformatted | RowFate::Fields => Style::new(),
    }
}

/// From which side to which, and how many rows in all.
fn flows(difference: &Difference) -> (String, u64) {
    let moved = difference.sides.iter().filter_map(|flow| {
        let (from, to) = flow.from.zip(flow.to)?;
        (from != to && from != UNDIVIDED && to != UNDIVIDED).then_some((from, to, flow.rows))
    });
    let told = moved.clone().map(|(from, to, rows)| format!("{} {from} → {to}", thousands(rows)));
    (told.collect::<Vec<String>>().join(", "), moved.map(|(.., rows)| rows).sum())
}

fn fields(difference: &Difference) -> String {
    let named = difference.fields.iter().take(NAMED);
    let mut names: Vec<String> =
        named.map(|field| format!("`{}` in {}", excerpt(&field.key, 40), thousands(field.rows))).collect();
    if difference.fields.len() > NAMED {
        names.push(format!("{} more", difference.fields.len() - NAMED));
    }
    names.join(", ")
}

fn table(difference: &Difference, out: &mut String) {
    let _ =
        writeln!(out, "{BOLD}{:FIRST$}{:>OTHERS$}{:>OTHERS$}{:>OTHERS$}{BOLD:#}", "", "old", "new", "change");
    number(out, "rows", Pair { old: difference.old.rows, new: difference.new.rows });
    for side in ["train", "valid", "test"] {
        let of = |dataset: &DatasetSide| {
            let inputs = dataset.inputs.iter().filter(|input| input.side == Some(side));
            inputs.map(|input| input.rows).sum::<u64>()
        };
        let pair = Pair { old: of(&difference.old), new: of(&difference.new) };
        if pair.old + pair.new > 0 {
            number(out, &format!("  {side}"), pair);
        }
    }
    let sum = |of: fn(&Pair<u64>) -> u64| difference.messages.iter().map(|role| of(&role.messages)).sum();
    number(out, "messages", Pair { old: sum(|pair| pair.old), new: sum(|pair| pair.new) });
    for role in &difference.messages {
        number(out, &format!("  {}", role.role), role.messages);
    }
    let tokens = &difference.tokens;
    number(out, if tokens.exact { "tokens" } else { "tokens, estimated" }, tokens.total);
    number(out, "  trained", tokens.trained);
    if let Some(cost) = &difference.cost {
        let show = |total: Option<Interval>| {
            total.map_or_else(|| "-".to_owned(), |total| total.show_short(&cost.currency))
        };
        let change = cost
            .total
            .old
            .zip(cost.total.new)
            .map_or_else(String::new, |(old, new)| rise(&old, &new, &cost.currency));
        let (old, new) = (show(cost.total.old), show(cost.total.new));
        let _ = writeln!(
            out,
            "{:FIRST$}{old:>OTHERS$}{new:>OTHERS$}{change:>OTHERS$}  {DIM}{}{DIM:#}",
            "bill", cost.model
        );
        let epochs = |epochs: Option<u64>| epochs.map_or_else(|| "-".to_owned(), thousands);
        if cost.epochs.old != cost.epochs.new {
            let (old, new) = (epochs(cost.epochs.old), epochs(cost.epochs.new));
            let _ = writeln!(out, "{:FIRST$}{old:>OTHERS$}{new:>OTHERS$}", "  epochs");
        }
    }
    let found =
        |of: fn(&Pair<u64>) -> u64| difference.findings.iter().map(|finding| of(&finding.count)).sum();
    let found = Pair { old: found(|pair| pair.old), new: found(|pair| pair.new) };
    number(out, &format!("findings of {}", difference.target), found);
    findings(difference, out);
}

/// A number before and after.
fn number(out: &mut String, label: &str, pair: Pair<u64>) {
    let style = if pair.old == pair.new { DIM } else { Style::new() };
    let (old, new, change) = (thousands(pair.old), thousands(pair.new), signed(pair));
    let _ = writeln!(out, "{label:FIRST$}{old:>OTHERS$}{new:>OTHERS$}{style}{change:>OTHERS$}{style:#}");
}

fn signed(pair: Pair<u64>) -> String {
    match pair.new.cmp(&pair.old) {
        std::cmp::Ordering::Equal => "=".to_owned(),
        std::cmp::Ordering::Greater => format!("+{}", thousands(pair.new - pair.old)),
        std::cmp::Ordering::Less => format!("-{}", thousands(pair.old - pair.new)),
    }
}

/// How much more or less is paid.
fn rise(old: &Interval, new: &Interval, currency: &str) -> String {
    if old == new {
        return "=".to_owned();
    }
    let up = new.high >= old.high;
    let (less, more) = if up { (old, new) } else { (new, old) };
    match (more.low.minus(less.low), more.high.minus(less.high)) {
        (Ok(low), Ok(high)) => {
            let between = Interval { low: low.min(high), high: low.max(high) };
            format!("{}{}", if up { "+" } else { "-" }, between.show_short(currency))
        }
        _ => String::new(),
    }
}

/// Findings whose number changed.
fn findings(difference: &Difference, out: &mut String) {
    let changed = difference.findings.iter().filter(|finding| finding.count.old != finding.count.new);
    for finding in changed.clone().take(NAMED) {
        let name = format!("  {} {}", finding.severity, finding.name);
        let (old, new) = (thousands(finding.count.old), thousands(finding.count.new));
        // A long name takes its room from the column behind it.
        let width = (FIRST + OTHERS).saturating_sub(name.chars().count()).max(old.len() + 1);
        let change = signed(finding.count);
        let _ =
            writeln!(out, "{name}{old:>width$}{new:>OTHERS$}{change:>OTHERS$}  {DIM}{}{DIM:#}", finding.code);
    }
    let more = changed.count().saturating_sub(NAMED);
    if more > 0 {
        let _ = writeln!(out, "  {DIM}and {} more{DIM:#}", count(more as u64, "code"));
    }
}

/// Rows that differ, one after another, fate by fate.
pub struct Changes<'a> {
    difference: &'a Difference,
    shown: usize,
    last: Option<RowFate>,
}

impl<'a> Changes<'a> {
    /// Before the first row.
    pub fn new(difference: &'a Difference) -> Self {
        Self { difference, shown: 0, last: None }
    }

    /// One row, below a heading when it is the first of its fate.
    pub fn render(&mut self, change: &RowChange) -> String {
        let mut out = String::new();
        if self.last != Some(change.fate) {
            out = self.rest();
            let _ = writeln!(out, "\n{BOLD}{}{BOLD:#}", change.fate.name());
            (self.last, self.shown) = (Some(change.fate), 0);
        }
        self.shown += 1;
        row(change, &mut out);
        out
    }

    /// How many rows of the last fate were not shown.
    pub fn rest(&self) -> String {
        let rows = self.last.map_or(0, |fate| self.difference.rows.of(fate));
        match rows.saturating_sub(self.shown as u64) {
            0 => String::new(),
            rest => format!("  {DIM}… and {} more{DIM:#}\n", thousands(rest)),
        }
    }
}

fn row(change: &RowChange, out: &mut String) {
    let place = |place: &RowPlace| {
        let part = place.part.map_or_else(String::new, |part| format!(" ({part})"));
        format!("{}:{}{part}", excerpt_path(&place.path, 60), place.line)
    };
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => {
            let _ = write!(out, "  {CYAN}{} → {}{CYAN:#}", place(old), place(new));
            let mut notes: Vec<String> = Vec::new();
            if let (Some(from), Some(to)) = (old.side, new.side)
                && from != to
            {
                notes.push(format!("{from} → {to}"));
            }
            notes.extend(matched(change, new));
            if old.tokens != new.tokens {
                let tokens: Pair<u64> = Pair { old: old.tokens.into(), new: new.tokens.into() };
                let noun = if tokens.old.abs_diff(tokens.new) == 1 { "token" } else { "tokens" };
                notes.push(format!("{} {noun}", signed(tokens)));
            }
            if !notes.is_empty() {
                let _ = write!(out, "  {DIM}{}{DIM:#}", notes.join(", "));
            }
            out.push('\n');
            if change.fate == RowFate::Moved {
                says(old, out);
            }
        }
        (one, other) => {
            for at in one.iter().chain(other) {
                let side = at.side.map_or_else(String::new, |side| format!("{side}, "));
                let size = format!(
                    "{side}{}, {}",
                    count(at.messages as u64, "message"),
                    count(at.tokens.into(), "token")
                );
                let copy = if change.copy { ", a copy" } else { "" };
                let _ = writeln!(out, "  {CYAN}{}{CYAN:#}  {DIM}{size}{copy}{DIM:#}", place(at));
                says(at, out);
            }
        }
    }
    for turn in change.turns.iter().take(MOST_TURNS) {
        turn_lines(turn, out);
    }
    if change.turns.len() > MOST_TURNS {
        let _ = writeln!(
            out,
            "    {DIM}… and {}{DIM:#}",
            count((change.turns.len() - MOST_TURNS) as u64, "more turn")
        );
    }
    for attribute in change.attributes.iter().take(MOST_TURNS) {
        let _ = writeln!(out, "    {}", attribute_line(attribute));
    }
    for field in change.fields.iter().take(NAMED) {
        let _ = writeln!(out, "    {DIM}{}{DIM:#}", field_line(field));
    }
    if change.fields.len() > NAMED {
        let _ = writeln!(
            out,
            "    {DIM}… and {}{DIM:#}",
            count((change.fields.len() - NAMED) as u64, "more field")
        );
    }
}

fn says(row: &RowPlace, out: &mut String) {
    let text = if row.excerpt.is_empty() { "(no text)" } else { &row.excerpt };
    let _ = writeln!(out, "    {text}");
}

/// By what two rows that are not equal were taken for each other.
fn matched(change: &RowChange, new: &RowPlace) -> Option<String> {
    Some(match change.by? {
        MatchedBy::Text => return None,
        MatchedBy::Id => format!("id {}", excerpt(new.id.as_deref().unwrap_or_default(), 40)),
        MatchedBy::Prompt => "same prompt".to_owned(),
        MatchedBy::Words => format!("{:.0} % alike", change.similarity.unwrap_or_default() * 100.0),
    })
}

fn turn_lines(turn: &TurnChange, out: &mut String) {
    let number = |number: Option<usize>| number.map_or_else(String::new, |number| number.to_string());
    let list = if turn.list.is_empty() { String::new() } else { format!("{} ", turn.list) };
    let role = format!("{list}{}", excerpt(&turn.role, 30));
    let (sign, style, number) = match turn.fate {
        TurnFate::Changed => ('~', YELLOW, number(turn.new)),
        TurnFate::Removed => ('-', RED, number(turn.old)),
        TurnFate::Added => ('+', GREEN, number(turn.new)),
    };
    let head = format!("    {style}{sign}{style:#} {number} {role}");
    if let Some(text) = &turn.text {
        let marks = turn.attributes.iter().filter_map(|mark| {
            let value = mark.value.old.as_ref().or(mark.value.new.as_ref())?;
            Some(format!(" {DIM}({} {}){DIM:#}", mark.name, excerpt(value, SHORT)))
        });
        let marks: String = marks.collect();
        let _ = writeln!(out, "{head}{marks}: {style}{}{style:#}", excerpt(text.trim(), TEXT));
        return;
    }
    let attributes: Vec<String> = turn.attributes.iter().map(attribute_line).collect();
    let beside = if attributes.is_empty() { String::new() } else { format!("  {}", attributes.join(", ")) };
    match edited(turn) {
        None => {
            let _ = writeln!(out, "{head}{beside}");
        }
        Some(Edited::Inline(text)) => {
            let _ = writeln!(out, "{head}: {text}{beside}");
        }
        Some(Edited::Rewritten(old, new)) => {
            let _ =
                writeln!(out, "{head}:{beside}\n      {RED}- {old}{RED:#}\n      {GREEN}+ {new}{GREEN:#}");
        }
    }
}

enum Edited {
    /// What differs, in the middle of what does not.
    Inline(String),
    /// One text in the place of another.
    Rewritten(String, String),
}

fn edited(turn: &TurnChange) -> Option<Edited> {
    let (text, edits) = &turn.around;
    if let ([edit], [at]) = (turn.edits.as_slice(), edits.as_slice())
        && [&edit.words.old, &edit.words.new].iter().all(|words| words.chars().count() > SHORT)
    {
        let cut = if at.old.start > 0 { "…" } else { "" };
        let show = |words: &str| format!("{cut}{}", excerpt(words, TEXT));
        return Some(Edited::Rewritten(show(&edit.words.old), show(&edit.words.new)));
    }
    (!edits.is_empty()).then(|| {
        let new = turn.edits.iter().map(|edit| edit.words.new.as_str());
        Edited::Inline(inline(text, edits.iter().map(|edit| edit.old.clone()).zip(new)))
    })
}

/// A text with what takes the place of what, and a little of what stands around.
fn inline<'a>(text: &str, edits: impl ExactSizeIterator<Item = (Range<usize>, &'a str)>) -> String {
    let (mut shown, mut done) = (String::new(), 0);
    let more = edits.len().saturating_sub(MOST_EDITS);
    for (index, (old, new)) in edits.take(MOST_EDITS).enumerate() {
        shown += &between(text.get(done..old.start).unwrap_or_default(), index > 0, true);
        done = old.end;
        if !old.is_empty() {
            let _ = write!(shown, "{RED}[-{}-]{RED:#}", excerpt(text.get(old).unwrap_or_default(), EDIT));
        }
        if !new.is_empty() {
            let _ = write!(shown, "{GREEN}{{+{}+}}{GREEN:#}", excerpt(new, EDIT));
        }
    }
    shown += &between(text.get(done..).unwrap_or_default(), true, false);
    if more > 0 {
        let _ = write!(shown, " {DIM}and {}{DIM:#}", count(more as u64, "more place"));
    }
    shown
}

/// What stands between edits, cut where it is long: its beginning where something stands before it, its end where
/// something comes.
fn between(text: &str, before: bool, behind: bool) -> String {
    let most = AROUND * (usize::from(before) + usize::from(behind)) + 3;
    if text.chars().count() <= most {
        return excerpt(text, most);
    }
    let head: String = text.chars().take(if before { AROUND } else { 0 }).collect();
    let tail: Vec<char> = text.chars().rev().take(if behind { AROUND } else { 0 }).collect();
    let tail: String = tail.into_iter().rev().collect();
    format!("{}…{}", excerpt(&head, AROUND), excerpt(&tail, AROUND))
}

fn attribute_line(attribute: &AttributeChange) -> String {
    let name = attribute.name;
    match (&attribute.value.old, &attribute.value.new) {
        (Some(old), Some(new)) if old.len().max(new.len()) > SHORT / 2 => {
            let edits = word_edits(old, new);
            let edits =
                edits.iter().map(|edit| (edit.old.clone(), new.get(edit.new.clone()).unwrap_or_default()));
            format!("{name} {}", inline(old, edits))
        }
        (Some(old), Some(new)) => {
            format!("{name} {RED}{}{RED:#} → {GREEN}{}{GREEN:#}", excerpt(old, EDIT), excerpt(new, EDIT))
        }
        (Some(old), None) => format!("{RED}- {name} {}{RED:#}", excerpt(old, TEXT)),
        (None, new) => {
            format!("{GREEN}+ {name} {}{GREEN:#}", excerpt(new.as_deref().unwrap_or_default(), TEXT))
        }
    }
}

fn field_line(field: &FieldChange) -> String {
    let text = |value: &Option<Value>| match value {
        None => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let (old, new) = around(&text(&field.value.old), &text(&field.value.new));
    format!("`{}` {old} → {new}", excerpt(&field.key, 40))
}

/// Two texts, cut around the first difference.
fn around(old: &str, new: &str) -> (String, String) {
    let alike = old.chars().zip(new.chars()).take_while(|(old, new)| old == new).count();
    let skipped = if alike > AROUND + SHORT { alike - AROUND } else { 0 };
    let show = |text: &str| {
        let rest: String = text.chars().skip(skipped).take(EDIT + 1).collect();
        format!("{}{}", if skipped > 0 { "…" } else { "" }, excerpt(&rest, EDIT))
    };
    (show(old), show(new))
}
