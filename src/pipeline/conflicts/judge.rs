//! One group of answers to one question, judged.

use std::collections::BTreeMap;

use super::collect::{Collected, Entry, NEVER, Text};
use super::dates::day;
use super::{MOST_ANSWERS, MOST_BYTES};
use crate::error::Result;
use crate::lint::claims::codes::LINKS;
use crate::lint::claims::{Answer, Disagreement, Question, Side, claims, disagreements};
use crate::report::conflicts::{Conflict, ConflictSide};
use crate::text::masks::without_identifiers;
use crate::text::sanitize::excerpt;

/// Characters of a question, a claim and a clause that are shown.
const QUESTION: usize = 120;
const CLAIM: usize = 80;
const CLAUSE: usize = 160;

/// The different answers of a group with their texts.
pub(super) struct Members {
    answers: Vec<Different>,
    /// Bytes of the texts.
    pub(super) bytes: u64,
    /// Rows with other answers than these.
    pub(super) left_out: u64,
}

/// Rows whose answers are equal in the normal form.
struct Different {
    text: Text,
    first: Entry,
    rows: u64,
    /// `None` when they are from several conversations.
    talk: Option<u64>,
    /// The first and the last time, and how many rows have one.
    span: Option<(i64, i64)>,
    dated: u64,
}

impl Members {
    /// Takes up the texts of a group, at most [`MOST_ANSWERS`] different answers; `None` where there is nothing to compare.
    pub(super) fn take(collected: &Collected, group: &[(u32, u32)]) -> Result<Option<Self>> {
        let entries = || group.iter().filter_map(|(_, row)| collected.entries.get(*row as usize));
        let Some(first) = entries().next() else { return Ok(None) };
        let (print, talk) = (first.print, first.talk);
        if entries().all(|entry| entry.print == print) || entries().all(|entry| entry.talk == talk) {
            return Ok(None);
        }
        let mut places: BTreeMap<u64, usize> = BTreeMap::new();
        let mut members = Self { answers: Vec::new(), bytes: 0, left_out: 0 };
        for entry in entries() {
            let known = places.get(&entry.print).and_then(|place| members.answers.get_mut(*place));
            if let Some(different) = known {
                different.add(entry);
            } else if members.answers.len() < MOST_ANSWERS && members.bytes < MOST_BYTES {
                places.insert(entry.print, members.answers.len());
                let text = collected.text(entry)?;
                members.bytes += (text.question.len() + text.answer.len()) as u64;
                let mut different =
                    Different { text, first: *entry, rows: 0, talk: Some(entry.talk), span: None, dated: 0 };
                different.add(entry);
                members.answers.push(different);
            } else {
                members.left_out += 1;
            }
        }
        Ok(Some(members))
    }
}

impl Different {
    fn add(&mut self, entry: &Entry) {
        self.rows += 1;
        self.talk = self.talk.filter(|talk| *talk == entry.talk);
        if entry.time != NEVER {
            self.dated += 1;
            let (first, last) = self.span.unwrap_or((entry.time, entry.time));
            self.span = Some((first.min(entry.time), last.max(entry.time)));
        }
    }
}

/// What disagrees in a group.
pub(super) fn judge(collected: &Collected, members: &Members) -> Vec<Conflict> {
    let answers: Vec<Answer> = members
        .answers
        .iter()
        .zip(0_u64..)
        .map(|(different, number)| Answer {
            claims: claims(&Question::of(&different.text.question), &different.text.answer),
            rows: different.rows,
            // An answer that is given in several conversations is from none of them.
            talk: different.talk.unwrap_or(number),
        })
        .collect();
    disagreements(&answers).iter().filter_map(|found| tell(collected, members, found)).collect()
}

fn tell(collected: &Collected, members: &Members, found: &Disagreement) -> Option<Conflict> {
    let is_link = found.def.code == LINKS.code;
    let mut sides: Vec<(Option<(i64, i64)>, ConflictSide)> =
        found.sides.iter().filter_map(|side| tell_side(collected, members, side, is_link)).collect();
    let changed = changed(&sides);
    if sides.iter().all(|(span, _)| span.is_some()) {
        sides.sort_by_key(|(span, _)| *span);
    }
    let question = &members.answers.first()?.text.question;
    Some(Conflict {
        code: found.def.code,
        name: found.def.name,
        severity: found.def.severity,
        def: found.def,
        question: excerpt(without_identifiers(question, "…").trim(), QUESTION),
        rows: sides.iter().map(|(_, side)| side.rows).sum(),
        changed,
        sides: sides.into_iter().map(|(_, side)| side).collect(),
    })
}

/// Whether every side is dated, all of its rows are, and one ends before the next begins.
fn changed(sides: &[(Option<(i64, i64)>, ConflictSide)]) -> bool {
    let all_dated = sides.iter().all(|(_, side)| side.dated == side.rows);
    let mut spans: Vec<(i64, i64)> = sides.iter().filter_map(|(span, _)| *span).collect();
    spans.sort_unstable();
    all_dated
        && spans.len() == sides.len()
        && spans.windows(2).all(|two| matches!(two, [one, other] if one.1 < other.0))
}

fn tell_side(
    collected: &Collected,
    members: &Members,
    side: &Side,
    is_link: bool,
) -> Option<(Option<(i64, i64)>, ConflictSide)> {
    let all = || side.answers.iter().filter_map(|number| members.answers.get(*number));
    let first = all().min_by_key(|different| (different.first.source, different.first.line))?;
    let span = all()
        .filter_map(|different| different.span)
        .reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
    let shown = |text: &str, most: usize| excerpt(without_identifiers(text, "…").trim(), most);
    let told = ConflictSide {
        // Links that lead to one customer's page claim nothing; the others are the claim.
        says: if is_link { excerpt(&side.says, CLAIM) } else { shown(&side.says, CLAIM) },
        clause: shown(&side.clause, CLAUSE),
        rows: side.rows,
        dated: all().map(|different| different.dated).sum(),
        first: span.and_then(|(first, _)| day(first)),
        last: span.and_then(|(_, last)| day(last)),
        path: collected
            .inputs
            .get(first.first.source as usize)
            .map(|input| input.path.clone())
            .unwrap_or_default(),
        line: first.first.line,
        at: first.text.at.clone(),
        id: (!first.text.id.is_empty()).then(|| excerpt(&first.text.id, 40)),
    };
    Some((span, told))
}
