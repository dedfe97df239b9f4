//! One row: read, fixed where that is wanted, checked; every finding with its place.

use super::fix::{Fixer, Mended};
use super::leaks::{Likeness, Terms};
use super::place::place_all;
use crate::dedup::near::Shingler;
use crate::diagnostic::{Change, Def, Finding, Fixed, Placed, Severity, keep_few};
use crate::lint::{Columns, Item, RowFacts, Rules, Selection, file};
use crate::model::{Body, Origin, Prints, TokenCount};
use crate::pipeline::codes as all_codes;
use crate::pipeline::pool::Pool;
use crate::pipeline::work::{Room, counted, example_tokens, may_pass_limit};
use crate::read::frame::FrameFault;
use crate::read::{Frame, codes, json};
use crate::target::Target;
use crate::tokens::codes::CHAT_NOT_RENDERED;
use crate::tokens::{Meter, Model};

/// What is needed to check one row, shared by all workers.
pub(super) struct Checker {
    pub(super) target: &'static dyn Target,
    pub(super) rules: Rules,
    pub(super) selection: Selection,
    pub(super) model: &'static Model,
    pub(super) meter: Meter,
    pub(super) fixer: Option<Fixer>,
    /// What rows of several files are compared by.
    pub(super) terms: Option<Terms>,
    pub(super) pool: Pool,
}

/// What is known of a row.
pub(super) struct Row {
    pub(super) origin: Origin,
    pub(super) findings: Vec<Placed>,
    pub(super) facts: Option<RowFacts>,
    /// Bytes of the row as it is written, line feed included.
    pub(super) bytes: u64,
    pub(super) blank: bool,
    pub(super) mended: Mended,
    pub(super) fixed: Vec<(&'static Def, u64)>,
    pub(super) likeness: Option<Box<Likeness>>,
}

/// A row for the tail, which nearly always has nothing to be told of.
pub(super) enum Seen {
    /// Nothing was found or fixed.
    Silent { facts: RowFacts, line: u64, bytes: u64, likeness: Option<Box<Likeness>> },
    /// Anything else.
    Told(Box<Row>),
}

impl Seen {
    pub(super) fn of(row: Row) -> Self {
        match row.facts {
            Some(facts) if row.is_silent() => {
                Self::Silent { facts, line: row.origin.line, bytes: row.bytes, likeness: row.likeness }
            }
            _ => Self::Told(Box::new(row)),
        }
    }
}

impl Row {
    fn is_silent(&self) -> bool {
        self.findings.is_empty()
            && self.fixed.is_empty()
            && !self.blank
            && matches!(self.mended, Mended::Kept)
    }

    /// What a fix changes about the row, for people.
    pub(super) fn change(&self, path: &str) -> Option<Change> {
        let edits = match &self.mended {
            Mended::Kept | Mended::Left => return None,
            Mended::TakenOut => Vec::new(),
            Mended::Written { edits, .. } => edits.clone(),
        };
        let fixed =
            |(def, count): &(&'static Def, u64)| Fixed { code: def.code, name: def.name, count: *count };
        Some(Change {
            path: path.to_owned(),
            line: self.origin.line,
            fixed: self.fixed.iter().map(fixed).collect(),
            removed: matches!(self.mended, Mended::TakenOut),
            edits,
        })
    }
}

/// Room for what is compared of a row.
struct Comparing<'a> {
    texts: &'a mut Vec<u8>,
    shingler: Option<&'a mut Shingler>,
    columns: Option<&'a mut Columns>,
}

impl Checker {
    /// A finding of no rule as the target and then the user weigh it; `None` when it is not wanted.
    pub(super) fn judge(&self, mut finding: Finding) -> Option<Finding> {
        let spec = self.target.spec();
        let usual = spec.severity(finding.def).unwrap_or(finding.severity);
        finding.severity = self.selection.severity(finding.def, usual)?;
        spec.quote(std::slice::from_mut(&mut finding));
        Some(finding)
    }

    /// How bad findings of `code` are.
    pub(super) fn severity_of(&self, code: &str) -> Option<Severity> {
        let rule = self.rules.active().find(|(rule, _)| rule.def.code == code).map(|(_, severity)| severity);
        rule.or_else(|| {
            let def = all_codes::find(code)?.def;
            self.selection.severity(def, self.target.spec().severity(def).unwrap_or(def.severity))
        })
    }

    /// Checks a row; `path` is the file that findings name.
    pub(super) fn row(&self, path: &str, frame: &Frame<'_>, may_fix: bool, room: &mut Room) -> Row {
        let fixer = self.fixer.as_ref().filter(|_| may_fix);
        let mut row = Row {
            origin: frame.origin,
            findings: Vec::new(),
            facts: None,
            bytes: frame.origin.length + 1,
            blank: false,
            mended: Mended::Kept,
            fixed: Vec::new(),
            likeness: None,
        };
        if let Some(FrameFault::TooLong { limit }) = frame.fault {
            let message =
                format!("the row has {} bytes, more than the limit of {limit}", frame.origin.length);
            self.place_all(path, frame, vec![Finding::new(&codes::RECORD_TOO_LONG, "", message)], &mut row);
        } else if frame.bytes.iter().all(u8::is_ascii_whitespace) {
            row.blank = true;
            if fixer.is_some_and(|fixer| fixer.fixes(&file::BLANK_LINE)) {
                row.mended = Mended::TakenOut;
                row.fixed.push((&file::BLANK_LINE, 1));
            } else {
                let finding = self.judge(Finding::new(&file::BLANK_LINE, "", "the line is blank"));
                self.place_all(path, frame, finding.into_iter().collect(), &mut row);
            }
        } else {
            self.full_row(path, frame, fixer, room, &mut row);
        }
        row
    }

    fn full_row(&self, path: &str, frame: &Frame<'_>, fixer: Option<&Fixer>, room: &mut Room, row: &mut Row) {
        let returns = memchr::memchr(b'\r', frame.bytes).is_some();
        let Room { texts, row: buffer, shingler, columns, .. } = room;
        if let Some(columns) = columns {
            columns.begin_row();
        }
        let room = &mut Comparing { texts, shingler: shingler.as_mut(), columns: columns.as_mut() };
        if fixer.is_none() && !returns && self.target.read_line(frame.bytes, buffer) {
            return self.rules_on(path, frame, buffer.body(), Vec::new(), room, row);
        }
        let mut found = Vec::new();
        if let Some(at) = lone_carriage_return(frame.bytes) {
            let says = "a carriage return stands in the row without a line feed";
            found.push(Finding::new(&file::LONE_CARRIAGE_RETURN, "", says).with_span(at, at + 1));
        }
        // What keeps a row from being read cannot be ignored: nothing else is known of it then.
        let body = json::value(frame, &mut found)
            .map_err(|rejection| vec![rejection.into()])
            .and_then(|value| self.target.decode(value));
        found = found.into_iter().filter_map(|finding| self.judge(finding)).collect();
        let mut body = match body {
            Ok(body) => body,
            Err(faults) => {
                found.extend(faults);
                return self.place_all(path, frame, found, row);
            }
        };
        let (mended, fixed) = match fixer {
            Some(fixer) => fixer.mend(frame.bytes, &mut body),
            None => (Mended::Kept, Vec::new()),
        };
        let bytes = if let Mended::Written { bytes, .. } = &mended { bytes } else { frame.bytes };
        self.rules_on(path, &Frame { bytes, ..*frame }, &body, found, room, row);
        (row.mended, row.fixed) = (mended, fixed);
    }

    /// What the rules say of a row, beside what was `found` before, and what of it goes into the sums.
    fn rules_on(
        &self,
        path: &str,
        frame: &Frame<'_>,
        body: &Body,
        mut found: Vec<Finding>,
        room: &mut Comparing<'_>,
        row: &mut Row,
    ) {
        let limit = example_tokens(self.target.spec(), self.model);
        // What a template does not render is a finding, too.
        let count = self.meter.has_template()
            || (self.rules.needs().tokens
                && may_pass_limit(&self.meter, self.target.spec(), body, frame.bytes.len(), limit));
        let measured = count.then(|| counted(&self.meter, self.target.spec(), body));
        let tokens: Option<TokenCount> = match measured {
            Some(Ok(tokens)) => Some(tokens),
            Some(Err(why)) => {
                found.push(Finding::new(&CHAT_NOT_RENDERED, "", why));
                None
            }
            None => None,
        };
        if let Some(columns) = &mut room.columns {
            columns.add(body);
        }
        let item = Item::new(body, tokens);
        found.extend(self.rules.check_row(&item).into_iter().map(|mut finding| {
            let path = self.target.place(body, finding.path.clone());
            // Elsewhere in a row the same text may be part of a longer one.
            if path != finding.path {
                finding.within = None;
            }
            finding.path = path;
            finding
        }));
        let answers = self.rules.needs().answers;
        let prints = (answers || self.terms.is_some()).then(|| Prints::of(body, room.texts));
        row.facts = Some(RowFacts::of(&item, prints.as_ref().filter(|_| answers), frame.origin.line));
        if let (Some(terms), Some(prints)) = (&self.terms, &prints) {
            row.likeness = Some(Box::new(terms.likeness(body, prints, room.shingler.as_deref_mut())));
        }
        row.bytes = frame.bytes.len() as u64 + 1;
        self.place_all(path, frame, found, row);
    }

    fn place_all(&self, path: &str, frame: &Frame<'_>, mut found: Vec<Finding>, row: &mut Row) {
        keep_few(&mut found, 0);
        for finding in &mut found {
            if finding.says.is_none() {
                finding.says = self.target.spec().sentence(finding.def.code).map(str::to_owned);
            }
        }
        row.findings = place_all(path, frame, found);
    }
}

/// Where a carriage return stands that no line feed follows.
fn lone_carriage_return(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\r', bytes).find(|&at| bytes.get(at + 1) != Some(&b'\n'))
}
