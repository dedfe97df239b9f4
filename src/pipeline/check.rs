//! `check`: files as they stand against the rules of a target, every row, every finding with its place.

use super::belt;
use super::plan::select_rules;
use super::watch::Watch;
use super::work::{example_tokens, may_pass_limit};
use crate::config::Settings;
use crate::diagnostic::{Checked, Finding, Placed};
use crate::error::Result;
use crate::lint::{DatasetFacts, Item, RowFacts, Rules, file};
use crate::model::TokenCount;
use crate::read::frame::{Feed, FrameFault, Lines};
use crate::read::sample::Layout;
use crate::read::source::discover;
use crate::read::{Batch, Frame, Frames, Sample, Source, codes, json};
use crate::target::Target;
use crate::text::json::{Bounds, Scanner, locate};
use crate::text::sanitize::excerpt_bytes;
use crate::tokens::{self, Counter, Model};

/// What is needed to check one row, shared by all workers.
struct Checker {
    target: &'static dyn Target,
    rules: Rules,
    model: &'static Model,
    counter: std::sync::Arc<dyn Counter>,
}

/// Checks every row of the inputs; `each` sees every finding, in the order of the files and rows.
pub fn check(
    settings: &Settings,
    watch: &dyn Watch,
    mut each: impl FnMut(Placed) -> Result<()>,
) -> Result<Checked> {
    let target = super::plan::find_target(&settings.target)?;
    let model = tokens::model(&settings.model)?;
    let counter = tokens::counter(model)?;
    let rules = select_rules(&settings.lint, target, model, &counter)?;
    let checker = Checker { target, rules, model, counter };
    let discovered = discover(&settings.inputs, &settings.read)?;
    let mut checked = Checked::default();
    for skipped in &discovered.skipped {
        let placed = about_file(&skipped.name, skipped.finding.clone());
        checked.count(placed.severity);
        each(placed)?;
    }
    for (name, finding) in discovered.findings {
        let placed = about_file(&name, finding);
        checked.count(placed.severity);
        each(placed)?;
    }
    for source in &discovered.sources {
        check_source(settings, &checker, source, watch, &mut checked, &mut each)?;
    }
    Ok(checked)
}

/// A finding about a file, as bad as the target has it.
fn weighed(target: &dyn Target, mut finding: Finding) -> Finding {
    finding.severity = target.spec().severity(finding.def).unwrap_or(finding.severity);
    target.spec().quote(std::slice::from_mut(&mut finding));
    finding
}

fn check_source(
    settings: &Settings,
    checker: &Checker,
    source: &Source,
    watch: &dyn Watch,
    checked: &mut Checked,
    each: &mut dyn FnMut(Placed) -> Result<()>,
) -> Result<()> {
    let sample = Sample::of(source, &settings.read)?;
    checked.files += 1;
    let mut found = file_findings(settings, source, &sample)?;
    let mut dataset = DatasetFacts::default();
    let rows_before = checked.rows;
    if !sample.head.trim_ascii().is_empty() {
        for finding in found.drain(..) {
            let placed = about_file(&source.name, weighed(checker.target, finding));
            checked.count(placed.severity);
            each(placed)?;
        }
        let mut frames: Box<dyn Frames> = match layout(&sample) {
            Some(Layout::Array | Layout::Object | Layout::Concatenated) => {
                json::frames(source, &sample, &settings.read)?
            }
            Some(Layout::Lines) | None => {
                let feed = Feed::new(source.open(&settings.read)?, source.name.clone());
                Box::new(
                    Lines::new(feed, source.index, settings.read.limits.record_bytes).keeping_blank_lines(),
                )
            }
        };
        let mut ended = false;
        let mut reported = 0;
        watch.begin("checking", source.bytes);
        let result = belt::run(
            settings.worker_count(),
            watch,
            || {
                if ended {
                    return Ok(None);
                }
                let mut batch = Batch::default();
                ended = !frames.fill(&mut batch)?;
                let read = source.progress.load(std::sync::atomic::Ordering::Relaxed).min(source.bytes);
                watch.advance(read.saturating_sub(reported));
                reported = read.max(reported);
                Ok(Some(batch))
            },
            |batch: Batch| batch.frames().map(|frame| checker.row(source, &frame)).collect::<Vec<_>>(),
            |rows| {
                for row in rows {
                    checked.rows += u64::from(!row.blank);
                    if let Some(facts) = &row.facts {
                        dataset.add_row(facts, row.bytes);
                    }
                    for placed in row.findings {
                        checked.count(placed.severity);
                        each(placed)?;
                    }
                }
                Ok(())
            },
        );
        watch.end();
        result?;
    }
    if checked.rows == rows_before {
        found.push(Finding::new(&file::EMPTY, "", "the file holds no row"));
    }
    found.extend(checker.rules.check_dataset(&dataset));
    for finding in found {
        let placed = about_file(&source.name, weighed(checker.target, finding));
        checked.count(placed.severity);
        each(placed)?;
    }
    Ok(())
}

/// What can be said of the file before its rows are read.
fn file_findings(settings: &Settings, source: &Source, sample: &Sample) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    let (_, beginning) = source.open_noting(&settings.read)?;
    if beginning.byte_order_mark {
        found.push(Finding::new(&file::BYTE_ORDER_MARK, "", "the file begins with a UTF-8 byte order mark"));
    }
    if let Some(encoding) = beginning.converted_from {
        found.push(Finding::new(&file::NOT_UTF8, "", format!("the file is {encoding}, not UTF-8")));
    }
    if std::path::Path::new(&source.file_name()).extension().is_none_or(|extension| extension != "jsonl")
        && source.name != "-"
    {
        let name = crate::text::sanitize::excerpt(&source.file_name(), 80);
        found.push(Finding::new(&file::EXTENSION, "", format!("`{name}` does not end in `.jsonl`")));
    }
    let layout = match layout(sample) {
        Some(Layout::Array) => "one JSON array",
        Some(Layout::Object) => "one JSON object over several lines",
        Some(Layout::Concatenated) => "JSON objects over several lines each",
        _ => return Ok(found),
    };
    found.push(Finding::new(&file::NOT_JSON_LINES, "", format!("the file is {layout}")));
    Ok(found)
}

/// How the rows are laid out. Readers take what begins like one document for one; here it is rows as soon as its first
/// line is a whole one, or the only one.
fn layout(sample: &Sample) -> Option<Layout> {
    let layout = sample.json()?.layout;
    let head = sample.head.trim_ascii_start();
    let end = memchr::memchr(b'\n', head);
    let first = head.get(..end.unwrap_or(head.len())).unwrap_or_default().trim_ascii_end();
    let whole = || matches!(Scanner::default().feed(first), Bounds::End(end) if end == first.len());
    let several = matches!(layout, Layout::Object | Layout::Concatenated);
    let rows = several && (head.trim_ascii_end().len() == first.len() || whole());
    Some(if rows { Layout::Lines } else { layout })
}

/// Where a carriage return stands that no line feed follows.
fn lone_carriage_return(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\r', bytes).find(|&at| bytes.get(at + 1) != Some(&b'\n'))
}

fn about_file(path: &str, finding: Finding) -> Placed {
    Placed {
        path: path.to_owned(),
        line: 0,
        column: 0,
        at: finding.path,
        code: finding.def.code,
        name: finding.def.name,
        severity: finding.severity,
        message: finding.message,
        says: finding.says,
        excerpt: String::new(),
    }
}

struct Row {
    findings: Vec<Placed>,
    facts: Option<RowFacts>,
    bytes: u64,
    blank: bool,
}

impl Checker {
    fn row(&self, source: &Source, frame: &Frame<'_>) -> Row {
        let mut row = Row { findings: Vec::new(), facts: None, bytes: frame.origin.length + 1, blank: false };
        let (mut found, mut of_rules) = (Vec::new(), Vec::new());
        if let Some(FrameFault::TooLong { limit }) = frame.fault {
            let message =
                format!("the row has {} bytes, more than the limit of {limit}", frame.origin.length);
            found.push(Finding::new(&codes::RECORD_TOO_LONG, "", message));
        } else if frame.bytes.iter().all(u8::is_ascii_whitespace) {
            row.blank = true;
            found.push(Finding::new(&file::BLANK_LINE, "", "the line is blank"));
        } else {
            if let Some(at) = lone_carriage_return(frame.bytes) {
                let says = "a carriage return stands in the row without a line feed";
                found.push(Finding::new(&file::LONE_CARRIAGE_RETURN, "", says).with_span(at, at + 1));
            }
            match json::value(frame, &mut found) {
                Err(rejection) => found.push(rejection.into()),
                Ok(value) => match self.target.decode(value) {
                    Err(faults) => found.extend(faults),
                    Ok(body) => {
                        let count = self.rules.needs().tokens
                            && may_pass_limit(
                                frame.bytes.len(),
                                example_tokens(self.target.spec(), self.model),
                            );
                        let tokens: Option<TokenCount> =
                            count.then(|| tokens::count(&body, self.counter.as_ref(), self.model));
                        let item = Item { body: &body, tokens };
                        of_rules = self.rules.check_row(&item);
                        for finding in &mut of_rules {
                            finding.path = self.target.place(&body, std::mem::take(&mut finding.path));
                        }
                        row.facts = Some(RowFacts::of(&item));
                    }
                },
            }
        }
        // What rules say is weighed already, by the user's wishes too.
        let found = found.into_iter().map(|finding| weighed(self.target, finding)).chain(of_rules);
        row.findings = found.map(|finding| self.place(source, frame, finding)).collect();
        row
    }

    fn place(&self, source: &Source, frame: &Frame<'_>, mut finding: Finding) -> Placed {
        if finding.says.is_none() {
            finding.says = self.target.spec().sentence(finding.def.code).map(str::to_owned);
        }
        let span = finding
            .span
            .or_else(|| if finding.path.is_empty() { None } else { locate(frame.bytes, &finding.path) });
        let (line, column) = line_and_column(frame, span.map_or(0, |(start, _)| start));
        let excerpt = span.map_or_else(String::new, |span| around(frame.bytes, span));
        Placed { line, column, excerpt, ..about_file(&source.name, finding) }
    }
}

/// Line and column (in characters, from 1) of a byte of the frame.
fn line_and_column(frame: &Frame<'_>, at: usize) -> (u64, u64) {
    let before = &frame.bytes[..at.min(frame.bytes.len())];
    let newlines = memchr::memchr_iter(b'\n', before).count() as u64;
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
    let column = String::from_utf8_lossy(&before[line_start..]).chars().count() as u64;
    (frame.origin.line + newlines, column + 1)
}

/// Characters shown before and from the place on.
const BEFORE: usize = 20;
const FROM: usize = 60;

/// The text around a span, short whatever the length of the line.
fn around(bytes: &[u8], (start, end): (usize, usize)) -> String {
    let from = start.saturating_sub(BEFORE);
    let to = end.min(start + FROM).min(bytes.len()).max(start.min(bytes.len()));
    let shown = excerpt_bytes(&bytes[from..to], BEFORE + FROM);
    let shown = shown.trim_matches('\u{fffd}');
    format!("{}{shown}{}", if from > 0 { "…" } else { "" }, if to < end { "…" } else { "" })
}
