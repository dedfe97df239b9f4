//! Every answer with its question: read once, laid aside, one small entry each kept.

use std::sync::Arc;

use super::Terms;
use super::asked::{Asked, asked, half, print_of};
use super::dates::{Times, is_date};
use crate::dedup::near::SetSpool;
use crate::diagnostic::{Rejection, Severity};
use crate::disk::{Scratch, ScratchReader};
use crate::error::{Error, Result};
use crate::model::{Body, Origin};
use crate::pipeline::plan::Plan;
use crate::pipeline::standing::{Standing, TALKS};
use crate::pipeline::walk::walk_jobs;
use crate::pipeline::watch::Watch;
use crate::pipeline::work::too_long;
use crate::read::assemble::{assemble, id_of};
use crate::read::{Decode, Frame};
use crate::report::conflicts::ConflictInput;
use crate::report::summary::{Case, SkippedInput, Tallies, Tally};
use crate::text::hash::fingerprint;
use crate::text::masks::Masks;
use crate::text::shingle::Cutter as Shingles;

/// What is kept of an answer, whatever its length.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// Where question, answer, place in the row and identifier lie, one behind the other.
    begin: u64,
    question: u32,
    answer: u32,
    at: u16,
    id: u16,
    /// The input.
    pub(super) source: u32,
    /// The line of its record.
    pub(super) line: u64,
    /// When it was given, in milliseconds since 1970; [`NEVER`] where nobody knows.
    pub(super) time: i64,
    /// Whose conversation it is from.
    pub(super) talk: u64,
    /// What the answer is known by.
    pub(super) print: u64,
}

/// Stands for a time that is not known.
pub(super) const NEVER: i64 = i64::MIN;

/// An answer as it was laid aside.
pub(super) struct Text {
    pub(super) question: String,
    pub(super) answer: String,
    /// Where it stands in the row.
    pub(super) at: String,
    pub(super) id: String,
}

/// All answers.
pub(super) struct Collected {
    /// Those that answer a question, in the order of the input.
    pub(super) entries: Vec<Entry>,
    texts: ScratchReader,
    /// The inputs by number.
    pub(super) inputs: Vec<ConflictInput>,
    pub(super) skipped: Vec<SkippedInput>,
    pub(super) records: u64,
    pub(super) rejections: Vec<Tally>,
    /// All answers, also to what is no question.
    pub(super) answers: u64,
}

/// Longest identifier that is kept, in bytes.
const LONGEST_ID: usize = 200;

/// What one record holds.
struct Seen {
    origin: Origin,
    rejected: Option<Rejection>,
    answers: u64,
    asked: Vec<SeenAsked>,
}

struct SeenAsked {
    asked: Asked,
    set: Vec<u64>,
    time: i64,
    talk: u64,
    print: u64,
    id: String,
}

impl Collected {
    /// Reads all inputs of the plan; the sets are those of the questions, in the order of the entries.
    pub(super) fn read(plan: &Plan, terms: Terms, watch: &dyn Watch) -> Result<(Self, SetSpool)> {
        let mut sets = SetSpool::create(&std::env::temp_dir());
        let mut scratch = Scratch::create()?;
        let mut entries: Vec<Entry> = Vec::new();
        let mut inputs: Vec<ConflictInput> = (plan.sources.iter())
            .map(|planned| ConflictInput {
                path: planned.source.name.clone(),
                format: planned.choice.reader.spec().name,
                records: 0,
                answers: 0,
            })
            .collect();
        let (mut records, mut answers, mut rejections) = (0, 0, Tallies::default());
        walk_jobs(
            plan,
            watch,
            |job| {
                let mut shingles = Shingles::new(terms.shingle, Masks::default());
                let seen =
                    job.batch.frames().map(|frame| see(plan, terms, &job.decoder, &frame, &mut shingles));
                seen.collect::<Vec<Seen>>()
            },
            |seen| {
                for seen in seen {
                    records += 1;
                    answers += seen.answers;
                    if let Some(input) = inputs.get_mut(seen.origin.source as usize) {
                        input.records += 1;
                        input.answers += seen.answers;
                        if let Some(rejected) = &seen.rejected {
                            rejections.add(rejected.def, Severity::Error, || Case {
                                path: input.path.clone(),
                                line: seen.origin.line,
                                at: String::new(),
                                message: rejected.message.clone(),
                            });
                        }
                    }
                    for one in seen.asked {
                        sets.push(&one.set)?;
                        entries.push(lay_aside(&mut scratch, &one, &seen.origin)?);
                    }
                }
                Ok(())
            },
        )?;
        let skipped = plan.skipped.iter();
        let skipped = skipped
            .map(|one| SkippedInput { path: one.name.clone(), why: one.finding.message.clone() })
            .collect();
        let rejections = rejections.into_sorted();
        let texts = scratch.read()?;
        Ok((Self { entries, texts, inputs, skipped, records, rejections, answers }, sets))
    }

    /// The texts of an entry.
    pub(super) fn text(&self, entry: &Entry) -> Result<Text> {
        let lengths = [entry.question, entry.answer, entry.at.into(), entry.id.into()];
        let length = lengths.iter().try_fold(0_u32, |sum, length| sum.checked_add(*length));
        let length = length.ok_or_else(|| Error::internal("an answer is longer than it was"))?;
        let bytes = self.texts.at(entry.begin, length)?;
        let mut rest = bytes.as_slice();
        let mut next = |length: u32| {
            let (part, behind) = rest.split_at_checked(length as usize).unwrap_or((rest, &[]));
            rest = behind;
            String::from_utf8_lossy(part).into_owned()
        };
        Ok(Text {
            question: next(entry.question),
            answer: next(entry.answer),
            at: next(entry.at.into()),
            id: next(entry.id.into()),
        })
    }
}

fn lay_aside(scratch: &mut Scratch, one: &SeenAsked, origin: &Origin) -> Result<Entry> {
    // Questions and answers are cut long before this.
    let long = |_| Error::internal("a question is longer than what is kept of one");
    let begin = scratch.push(one.asked.question.as_bytes())?;
    scratch.push(one.asked.answer.as_bytes())?;
    scratch.push(one.asked.at.as_bytes())?;
    scratch.push(one.id.as_bytes())?;
    Ok(Entry {
        begin,
        question: u32::try_from(one.asked.question.len()).map_err(long)?,
        answer: u32::try_from(one.asked.answer.len()).map_err(long)?,
        at: u16::try_from(one.asked.at.len()).map_err(long)?,
        id: u16::try_from(one.id.len()).map_err(long)?,
        source: origin.source,
        line: origin.line,
        time: one.time,
        talk: one.talk,
        print: one.print,
    })
}

/// The answers of one record.
fn see(
    plan: &Plan,
    terms: Terms,
    decoder: &Arc<dyn Decode>,
    frame: &Frame<'_>,
    shingles: &mut Shingles,
) -> Seen {
    let mut seen = Seen { origin: frame.origin, rejected: too_long(frame), answers: 0, asked: Vec::new() };
    if seen.rejected.is_some() {
        return seen;
    }
    let decoded = match decoder.decode(frame) {
        Ok(decoded) => decoded,
        Err(rejection) => {
            seen.rejected = Some(rejection);
            return seen;
        }
    };
    let mut times = Times::of(&decoded.raw);
    let measure = |body: &Body| plan.length(body);
    let assembled = assemble(decoded.raw, &plan.speakers, &plan.assemble, Some(&measure));
    seen.rejected = assembled.rejected;
    for part in &assembled.parts {
        let (asked, answers) = asked(&part.body, terms.anywhere);
        seen.answers += answers;
        let id = assembled.id.clone().or_else(|| ticket(&part.body)).filter(|id| id.len() <= LONGEST_ID);
        let id = id.unwrap_or_default();
        let beside = Standing::of(plan, None, None, &part.body)
            .span
            .map(|(time, _)| time)
            .filter(|time| is_date(*time));
        for asked in asked {
            let mut set = Vec::new();
            shingles.add(&asked.words);
            if asked.as_one {
                shingles.end_as_one(asked.key, &mut set);
            } else {
                shingles.end(asked.key, &mut set);
            }
            set.sort_unstable();
            set.dedup();
            let time = times.of_answer(&asked.answer).or(beside).unwrap_or(NEVER);
            let own = if id.is_empty() { format!("{}\u{1f}", frame.origin.record) } else { id.clone() };
            let talk = half(fingerprint(format!("{}\u{1f}{own}", frame.origin.source).as_bytes()));
            let print = print_of(&asked.answer);
            seen.asked.push(SeenAsked { asked, set, time, talk, print, id: id.clone() });
        }
    }
    seen
}

/// The identifier of the ticket or conversation among the fields beside the messages.
fn ticket(body: &Body) -> Option<String> {
    let extra = match body {
        Body::Example(example) => &example.extra,
        Body::Preference(preference) => &preference.extra,
    };
    id_of(extra).or_else(|| {
        TALKS.iter().find_map(|key| match extra.get(*key)? {
            serde_json::Value::String(id) => Some(id.clone()),
            serde_json::Value::Number(id) => Some(id.to_string()),
            _ => None,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_small() {
        assert!(size_of::<Entry>() <= 72, "{}", size_of::<Entry>());
    }
}
