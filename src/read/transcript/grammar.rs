//! The forms of header lines as one list, the choice among them, and the turns of a text in a form.
//!
//! A form is chosen once for a source or a text; after that one matcher looks at each line. What a line looks like in
//! a form is in `grammars`; where conversations begin is in `boundary`. Usable on any string: a file, a cell, a prompt.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::grammars::{self, Header, Line};
use super::time::{self, Clock, Style};
use super::{newcomers, turns, words};
use crate::model::Turn;
use crate::read::labels;

/// Looks at one line.
type Matcher = for<'a> fn(&Line<'a>, &Labels) -> Option<Header<'a>>;

/// One way of writing who speaks.
pub struct Form {
    /// Name, kebab-case.
    pub name: &'static str,
    /// A line in this form, for help and messages.
    pub example: &'static str,
    matcher: Matcher,
    /// Whether it depends on which labels are speakers; the other forms say so by their marks.
    labelled: bool,
}

impl std::fmt::Debug for Form {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Form").field("name", &self.name).finish_non_exhaustive()
    }
}

impl PartialEq for Form {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Every form, the more specific ones first: of forms that match equally many lines the first is taken.
pub static FORMS: &[Form] = &[
    form("human-assistant", "\\n\\nHuman: text", grammars::label::human_assistant),
    form("tab-time-name", "12:03:11<TAB>Bob:<TAB>text", grammars::tabs::time_name),
    form("tab-name-time", "Bob<TAB>12:03<TAB>text", grammars::tabs::name_time),
    form("seconds", "3627 Felicia :  text", grammars::tabs::seconds),
    form("bracket-stamp", "[12:03] Bob: text", grammars::stamp::bracket),
    form("parenthesis-stamp", "(12:03:11) Bob: text", grammars::stamp::parenthesis),
    form("stamp-from-to", "12:03:11 From Bob to Everyone: text", grammars::stamp::from_to),
    form("bare-stamp", "12:03:11 Bob: text", grammars::stamp::bare),
    form("label-parenthesis-stamp", "Customer (10:02): text", grammars::stamp::label_parenthesis),
    labelled("label-stamp", "Bob (Agent) 10:02 AM: text", grammars::stamp::label_bare),
    form("block-bracket", "Bob  [12:03 PM]<newline>text", grammars::block::name_bracket),
    form("block-stamp-name", "[12:03 PM] Bob<newline>text", grammars::block::bracket_name),
    labelled("block", "Bob 12:03<newline>text", grammars::block::name_stamp),
    form("bold-label", "**Bob:** text", grammars::label::bold),
    labelled("chevron-label", "BOB>> text", grammars::label::chevron),
    form("numbered-speaker", "Speaker 1: text", grammars::label::numbered),
    labelled("bracket-label", "[Bob]: text", grammars::label::bracket),
    labelled("list-label", "- Bob: text", grammars::label::list),
    labelled("label", "Agent: text", grammars::label::bare),
];

const fn form(name: &'static str, example: &'static str, matcher: Matcher) -> Form {
    Form { name, example, matcher, labelled: false }
}

const fn labelled(name: &'static str, example: &'static str, matcher: Matcher) -> Form {
    Form { name, example, matcher, labelled: true }
}

/// The plainest form, for a text that shows none.
pub(super) static LABEL: &Form = &FORMS[FORMS.len() - 1];

/// The form of that name.
pub fn by_name(name: &str) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.name == name)
}

/// The examples of all forms, for a hint.
pub(super) fn examples() -> String {
    FORMS.iter().map(|form| format!("`{}`", form.example)).collect::<Vec<_>>().join(", ")
}

/// How often a label must stand before a colon in a file to be a speaker although it names no role.
const REPEATS: u32 = 3;
/// Lines looked at to choose a form; the labels are taken from the whole sample.
const LINES_LOOKED_AT: usize = 1000;

/// Which labels of a text are speakers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    /// Speakers exactly as they were met, so that most lines need no folding of case.
    exact: BTreeSet<String>,
    counted: BTreeSet<String>,
    /// Names of header fields, which are no speakers however often they stand there.
    fields: BTreeSet<String>,
    /// While labels are being counted, each that is no field passes.
    counting: bool,
}

impl Labels {
    /// Whether `label`, spelt exactly so, was settled to be a speaker.
    pub(super) fn is_met(&self, label: &str) -> bool {
        self.exact.contains(label)
    }

    /// Whether `label` is a speaker: a role, or a name that repeats.
    pub(super) fn is_speaker(&self, label: &str) -> bool {
        if self.is_met(label) {
            return true;
        }
        let key = label.trim().to_lowercase();
        labels::speaks(&key)
            || ((self.counting || self.counted.contains(&key))
                && !self.fields.contains(&key)
                && !words::is_lower_field(&key))
    }

    /// The speakers among the labels of `lines` in `form`, `fields` left out.
    pub(super) fn count<'a>(
        form: &Form,
        lines: impl Iterator<Item = &'a str>,
        fields: BTreeSet<String>,
        repeats: u32,
    ) -> Self {
        let mut labels = Self { fields, ..Self::default() };
        if form.labelled {
            labels.learn(form, lines, repeats);
        }
        labels
    }

    /// Adds the labels of `lines` that come `repeats` times.
    fn learn<'a>(&mut self, form: &Form, lines: impl Iterator<Item = &'a str>, repeats: u32) {
        let counting = self.permissive();
        let mut counts = BTreeMap::<&str, u32>::new();
        for header in headers(form, lines, &counting).flatten() {
            if !header.speaker.is_empty() && !self.exact.contains(header.speaker) {
                *counts.entry(header.speaker).or_default() += 1;
            }
        }
        let mut folded = BTreeMap::<String, u32>::new();
        for (label, count) in &counts {
            *folded.entry(label.to_lowercase()).or_default() += count;
        }
        self.counted
            .extend(folded.into_iter().filter(|(_, count)| *count >= repeats).map(|(label, _)| label));
        let met: Vec<String> =
            counts.into_keys().filter(|label| self.is_speaker(label)).map(ToOwned::to_owned).collect();
        self.exact.extend(met);
    }

    /// Any label that is no field.
    pub(super) fn permissive_of_all() -> Self {
        Self { counting: true, ..Self::default() }
    }

    /// These labels, and any other that is no field.
    fn permissive(&self) -> Self {
        Self { counting: true, ..self.clone() }
    }

    /// Whether `label` is a field here.
    pub(super) fn is_field(&self, label: &str) -> bool {
        !self.is_speaker(label) && (words::is_field(label) || self.fields.contains(&label.to_lowercase()))
    }

    /// Adds the names of speakers; values as long as a sentence are none.
    pub(super) fn extend<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        let short = |name: &&str| !name.is_empty() && name.chars().count() <= grammars::LONGEST_SPEAKER;
        self.counted.extend(names.into_iter().filter(short).map(str::to_lowercase));
    }
}

impl Form {
    /// Whether it is the form of one published data set, in which nothing happens and two parties speak.
    pub(super) fn is_published(&self) -> bool {
        self.name == "human-assistant"
    }

    /// What `line` says of a new turn, if it begins one.
    pub(super) fn header<'a>(&self, line: &Line<'a>, labels: &Labels) -> Option<Header<'a>> {
        (self.matcher)(line, labels)
            .filter(|header| header.speaker.chars().count() <= grammars::LONGEST_SPEAKER)
    }
}

/// Each line's header in `form`.
pub(super) fn headers<'a, 'l>(
    form: &'l Form,
    lines: impl Iterator<Item = &'a str> + 'l,
    labels: &'l Labels,
) -> impl Iterator<Item = Option<Header<'a>>> + 'l
where
    'a: 'l,
{
    let mut after_blank = true;
    lines.map(move |text| {
        let line = Line::new(text, after_blank);
        after_blank = line.is_blank();
        form.header(&line, labels)
    })
}

/// How a text is read: its form, its speakers, the order of its dates.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The form of its header lines.
    pub form: &'static Form,
    pub(super) labels: Labels,
    permissive: Labels,
    style: Style,
    /// How often a name must stand in one text to be a speaker there.
    repeats: u32,
}

impl Reading {
    /// How `text` is to be read in `form`; `fields` are keys of header blocks.
    pub(super) fn new(form: &'static Form, text: &str, fields: BTreeSet<String>) -> Self {
        let (labels, style) = settle(form, text, fields, REPEATS);
        let permissive = labels.permissive();
        Self { form, labels, permissive, style, repeats: REPEATS }
    }

    /// How texts like `sample` (the cells of a column, one after another) are to be read in `form`.
    pub(super) fn of(form: &'static Form, sample: &str, repeats: u32) -> Self {
        Self { repeats, ..Self::new(form, sample, BTreeSet::new()) }
    }

    /// The same where these speak, however seldom.
    #[must_use]
    pub fn with_speakers<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.labels.extend(names);
        self.permissive = self.labels.permissive();
        self
    }

    /// The turns of one text, with the speakers of the sample known.
    pub fn turns(&self, text: &str) -> Vec<Turn> {
        turns::walk(lines(text), self.form, &self.labels_with(text), &mut self.clock())
    }

    /// The lines before the first turn of `sample`.
    pub(super) fn top<'a>(&self, sample: &'a str) -> impl Iterator<Item = &'a str> {
        let turn = headers(self.form, lines(sample), &self.labels).position(|header| header.is_some());
        lines(sample).take(turn.unwrap_or(0))
    }

    /// The speakers, with those that one record shows beside those of the sample.
    pub(super) fn labels_with(&self, text: &str) -> Cow<'_, Labels> {
        let is_new = |header: Header<'_>| !self.labels.exact.contains(header.speaker);
        if !self.form.labelled || !headers(self.form, lines(text), &self.permissive).flatten().any(is_new) {
            return Cow::Borrowed(&self.labels);
        }
        let mut labels = self.labels.clone();
        labels.learn(self.form, lines(text), self.repeats);
        let more = newcomers::newcomers(self.form, text, &labels, &self.permissive);
        labels.exact.extend(more.into_iter().map(ToOwned::to_owned));
        Cow::Owned(labels)
    }

    /// Whether `line` begins a turn if every label is a speaker: names that come after the sample are not known yet.
    pub(super) fn may_open(&self, line: &Line<'_>) -> bool {
        self.form.header(line, &self.permissive).is_some()
    }

    /// A clock for one conversation.
    pub(super) fn clock(&self) -> Clock {
        Clock::new(self.style)
    }
}

pub(super) fn settle(form: &Form, text: &str, fields: BTreeSet<String>, repeats: u32) -> (Labels, Style) {
    let labels = Labels::count(form, lines(text), fields, repeats);
    let stamps = headers(form, lines(text), &labels).flatten().filter_map(|header| header.stamp);
    let style = time::style(stamps);
    (labels, style)
}

/// How well a form fits a sample.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit {
    pub form: &'static Form,
    /// Header lines of speech.
    pub speech: usize,
    /// Lines of speech and events; of a form with the text below its header, the first line of the text too.
    pub matched: usize,
    /// Different speakers, counted to two.
    pub speakers: usize,
    /// Lines that are neither blank nor passed over by the caller.
    pub lines: usize,
}

impl Fit {
    /// Matched lines in a hundred.
    pub(super) fn percent(self) -> usize {
        (self.matched * 100).checked_div(self.lines).unwrap_or(0)
    }
}

/// The form that matches most lines of `text`; `passed` says which lines belong to no turn (boundaries, fields).
pub(super) fn best_fit(text: &str, fields: &BTreeSet<String>, passed: impl Fn(&str) -> bool) -> Option<Fit> {
    // No other form says so much at its first byte.
    let forms = if is_human_assistant(text) { FORMS.get(..1).unwrap_or(FORMS) } else { FORMS };
    best_of(forms.iter(), text, fields, &passed, REPEATS)
}

/// The one of `forms` that matches most lines of `text`; labels speak that come `repeats` times.
pub(super) fn best_of(
    forms: impl Iterator<Item = &'static Form>,
    text: &str,
    fields: &BTreeSet<String>,
    passed: &impl Fn(&str) -> bool,
    repeats: u32,
) -> Option<Fit> {
    forms.map(|form| fit(form, text, fields, passed, repeats)).filter(|fit| fit.speech > 0).reduce(
        |best, next| if (next.speech, next.matched) > (best.speech, best.matched) { next } else { best },
    )
}

/// Whether `text` begins with the exact mark of one published data set (hh-rlhf).
pub fn is_human_assistant(text: &str) -> bool {
    text.starts_with("\n\nHuman:") || text.starts_with("\n\nAssistant:")
}

fn fit(
    form: &'static Form,
    text: &str,
    fields: &BTreeSet<String>,
    passed: &impl Fn(&str) -> bool,
    repeats: u32,
) -> Fit {
    let looked_at = || lines(text).take(LINES_LOOKED_AT);
    let labels = Labels::count(form, looked_at(), fields.clone(), repeats);
    let mut found = Fit { form, speech: 0, matched: 0, speakers: 0, lines: 0 };
    let mut owed = false;
    let mut first = None;
    for (line, header) in looked_at().zip(headers(form, looked_at(), &labels)) {
        if line.trim().is_empty() || passed(line) {
            continue;
        }
        found.lines += 1;
        match header {
            Some(header) => {
                found.matched += 1;
                found.speech += usize::from(!header.kind.is_event());
                owed = header.text.is_empty();
                if !header.kind.is_event() && *first.get_or_insert(header.speaker) != header.speaker {
                    found.speakers = 2;
                }
            }
            None => found.matched += usize::from(std::mem::take(&mut owed)),
        }
    }
    found.speakers = found.speakers.max(usize::from(found.speech > 0));
    found
}

/// Fewest matched lines in a hundred for a text to be taken for a transcript unasked.
pub(super) const LEAST_PERCENT: usize = 30;

/// The lines of `text`: ended by LF or CR LF, or by CR where there is no LF at all (old Macintosh).
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let end = if text.contains('\n') || !text.contains('\r') { '\n' } else { '\r' };
    text.split(end).map(|line| line.strip_suffix('\r').unwrap_or(line))
}
