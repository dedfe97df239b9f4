//! Plain-text transcripts: who speaks is written at the beginning of lines, in one of many forms.
//!
//! A source is read in the one form that fits it best (`grammar`); marks between conversations are found while framing
//! (`boundary`, `frames`); a frame becomes a conversation (`decode`). Who is customer and who is agent is settled
//! elsewhere, and so are subtitles, e-mails and the exports of messengers.

mod boundary;
mod decode;
mod frames;
pub mod grammar;
mod grammars;
mod newcomers;
pub mod talk;
mod time;
mod turns;
mod words;
mod zoom;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use self::boundary::Boundaries;
use self::decode::Decoder;
use self::frames::Conversations;
use self::grammar::{Fit, Reading};
use self::grammars::Line;
use super::frame::Feed;
use super::reader::{Guess, Opened, Reader, ReaderSpec};
use super::{ReadSettings, Sample, Source};
use crate::error::{Error, Result};

static SPEC: ReaderSpec = ReaderSpec {
    name: "transcript",
    title: "plain-text transcripts (`Agent: text`, `[12:03] Bob: text`, `12:03 Bob: text` and more)",
    notes: "One form of header lines is chosen for a file: the one that matches most lines. Lines without a header \
            continue the turn. A label counts as a speaker when it names a role, comes three times or is \
            named by `--assistant` or `--user`, when the chat says that it joined or left, or when it says one sentence \
            between lines of known speakers; `Note: …` and `Order: 55` stay text.\n\n\
            Several conversations in a file are told apart by lines of `---`, `===` or `***`, by titles \
            (`=== Chat 41 ===`, `Chat ID: 41`, `Transcript #3`, `Chat started: …`), by header blocks that come again, \
            or by `--boundary`. Header blocks are kept beside the conversation; what stands before the first turn \
            and what happens (joins, leaves) become events.",
    how_to_get: "",
    recognised_by: "at least 30 of 100 lines that begin with a speaker, in one of the forms",
};

/// The reader of plain-text transcripts.
pub struct Transcript;

/// What is settled for one source.
pub(super) struct Rules {
    reading: Reading,
    boundaries: Boundaries,
    line_end: u8,
}

impl Rules {
    /// Whether `line` may begin a turn, by its looks alone.
    fn opens(&self, line: &Line<'_>) -> bool {
        self.reading.may_open(line)
    }
}

/// Names under which other things than transcripts come; what they hold has readers of its own, or is prose.
const OTHER_ENDINGS: &[&str] = &[
    "csv", "tsv", "tab", "json", "jsonl", "ndjson", "html", "htm", "xml", "md", "markdown", "rst", "eml",
    "mbox", "vtt", "srt", "sbv", "ics", "vcf", "yaml", "yml", "toml", "ini", "cfg", "sql", "tex", "py", "js",
    "ts", "rs", "go", "java", "c", "h", "cpp", "sh",
];
/// Prose that comes beside data.
const OTHER_NAMES: &[&str] =
    &["readme", "license", "licence", "copying", "notice", "changelog", "authors", "contributing"];

/// Below a reader that knows its format by keys, above nothing at all: a form is a habit, not a standard.
const LEAST_CONFIDENCE: usize = 45;
const MOST_CONFIDENCE: usize = 75;

impl Reader for Transcript {
    fn spec(&self) -> &'static ReaderSpec {
        &SPEC
    }

    fn sniff(&self, sample: &Sample) -> Option<Guess> {
        let stem = sample.file_name.split(['.', '-', '_']).next().unwrap_or_default();
        let ending = sample.file_name.rsplit_once('.').map_or("", |(_, ending)| ending);
        if OTHER_ENDINGS.contains(&ending) || OTHER_NAMES.contains(&stem) {
            return None;
        }
        let text = sample.text();
        if is_other_format(&text) || is_json(&text) {
            return None;
        }
        let boundaries = Boundaries::settle(None, &text).ok()?;
        let (fit, _) = best_fit(&text, &boundaries)?;
        // One speaker alone is a program's log, a list of fields or a monologue: nothing to learn from.
        if fit.speakers < 2 || fit.percent() < grammar::LEAST_PERCENT {
            return None;
        }
        let span = MOST_CONFIDENCE - LEAST_CONFIDENCE;
        let confidence = LEAST_CONFIDENCE + span * fit.percent().min(100) / 100;
        Some(Guess { confidence: u8::try_from(confidence).unwrap_or(u8::MAX), why: says(fit) })
    }

    fn open(&self, source: &Source, sample: &Sample, settings: &ReadSettings) -> Result<Opened> {
        let text = sample.text();
        let mut boundaries = Boundaries::settle(settings.boundary.as_deref(), &text)?;
        let (form, fields, mut notes) = match best_fit(&text, &boundaries) {
            Some((fit, fields)) => (fit.form, fields, vec![says(fit)]),
            // An empty file holds no record; that is said elsewhere.
            None if text.trim().is_empty() => (grammar::LABEL, BTreeSet::new(), Vec::new()),
            None => return Err(no_form(source)),
        };
        notes.extend(boundaries.describe());
        let only_returns = !sample.head.contains(&b'\n') && sample.head.contains(&b'\r');
        let names = settings.speakers.iter().map(String::as_str);
        let reading = Reading::new(form, &text, fields).with_speakers(names);
        boundaries.settle_titles(&text, reading.top(&text));
        let rules =
            Arc::new(Rules { reading, boundaries, line_end: if only_returns { b'\r' } else { b'\n' } });
        let feed = Feed::new(source.open(settings)?, source.name.clone());
        let frames = Conversations::new(feed, source.index, settings.limits.record_bytes, Arc::clone(&rules));
        Ok(Opened { frames: Box::new(frames), decoder: Arc::new(Decoder { rules }), notes })
    }
}

/// The best form, and the fields of header blocks.
fn best_fit(text: &str, boundaries: &Boundaries) -> Option<(Fit, BTreeSet<String>)> {
    let fields = boundary::block_fields(text, boundaries);
    let passed = |line: &str| {
        boundaries.mark(line, 0, true).is_some()
            || boundary::field(line).is_some_and(|(key, _)| fields.contains(&key.to_lowercase()))
    };
    let fit = grammar::best_fit(text, &fields, passed)?;
    Some((fit, fields))
}

fn says(fit: Fit) -> String {
    format!(
        "lines in the form `{}` ({}): {} % of {} lines looked at",
        fit.form.example,
        fit.form.name,
        fit.percent(),
        fit.lines
    )
}

fn no_form(source: &Source) -> Error {
    Error::input(format!("no line of `{}` begins with a speaker in a form known here", source.name)).with_hint(
        format!(
            "known forms are {}; a name without a time must be a role or come three times, and `--boundary PATTERN` says where conversations begin",
            grammar::examples()
        ),
    )
}

/// An object, or an array of anything but a clock (`[12:03] …`).
fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    let inside = text.strip_prefix('[').map(str::trim_start);
    text.starts_with('{') || inside.is_some_and(|inside| inside.starts_with(['{', '[', '"', ']']))
}

/// Subtitles, e-mails and mailboxes look like `Label: text` and are not.
fn is_other_format(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}');
    if start.starts_with("WEBVTT") || (start.starts_with("From ") && start.contains("\nFrom: ")) {
        return true;
    }
    let mut heads = BTreeSet::<&str>::new();
    for line in grammar::lines(start).take(60) {
        if line.contains(" --> ")
            && line.starts_with(|first: char| first.is_ascii_digit())
            && line.contains(':')
        {
            return true;
        }
        let Some((head, _)) = line.split_once(':').filter(|(head, _)| head.len() <= 16) else { continue };
        let head = head.trim_start_matches(['>', ' ']).to_lowercase();
        heads.extend(MAIL_HEADS.iter().find(|known| **known == head));
    }
    // A card above a chat may have `Date`, `From` and `To`; the others come in e-mails only.
    heads.len() >= 3 && MAIL_HEADS.iter().take(ONLY_IN_MAIL).any(|head| heads.contains(head))
}

/// Heads of e-mails in lower case (RFC 5322 and the quoting of Outlook in German and French); the first ones come in
/// e-mails only.
const MAIL_HEADS: &[&str] = &[
    "subject",
    "message-id",
    "mime-version",
    "received",
    "return-path",
    "betreff",
    "objet",
    "from",
    "to",
    "date",
    "sent",
    "cc",
    "von",
    "an",
    "gesendet",
    "de",
    "à",
    "envoyé",
];
const ONLY_IN_MAIL: usize = 7;
