//! `inspect`: what was recognised in the inputs, and one conversation before and after, so that a person can trust or
//! correct it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::plan::Plan;
use super::tally::RunTally;
use super::walk::{WalkOptions, walk};
use super::watch::Watch;
use super::work::Outcome;
use crate::error::Result;
use crate::model::{Auto, Body, Event, Kind, Message, Origin, Raw, Turn, Visibility};
use crate::read::Batch;
use crate::read::assemble::assemble;
use crate::read::speakers::SpeakerRole;
use crate::report::inspection::{After, Before, Dates, First, Inspection};
use crate::report::summary::{Input, Summary};

/// Looks at all inputs of the plan.
pub fn inspect(plan: &Plan, watch: &dyn Watch) -> Result<Inspection> {
    let mut tally = RunTally::new(plan);
    let mut span: Option<(i64, i64)> = None;
    let (mut first, mut first_usable) = (None, None);
    walk(
        plan,
        WalkOptions::default(),
        watch,
        |_| (),
        |outcome, ()| {
            tally.record(plan, &outcome);
            if let Some((from, to)) = outcome.span.filter(|span| span.0 >= TIME_OF_DAY) {
                let (first, last) = span.get_or_insert((from, to));
                (*first, *last) = ((*first).min(from), (*last).max(to));
            }
            let usable = count_rows(&outcome, &mut tally);
            first.get_or_insert(outcome.origin);
            if usable {
                first_usable.get_or_insert(outcome.origin);
            }
            Ok(())
        },
    )?;
    let summary = tally.summary(plan, "inspect")?;
    let first = first_usable.or(first).map(|origin| look(plan, origin)).transpose()?.flatten();
    Ok(finish(summary, span, first))
}

/// Counts the rows that would be written; whether there are any.
fn count_rows(outcome: &Outcome, tally: &mut RunTally) -> bool {
    let mut usable = false;
    for part in outcome.parts.iter().filter(|part| part.rejected.is_none()) {
        tally.row(part.kept, part.merged);
        usable = true;
    }
    if usable {
        tally.record_written();
    }
    usable
}

fn finish(summary: Summary, span: Option<(i64, i64)>, first: Option<First>) -> Inspection {
    let mut noise: BTreeMap<&'static str, u64> = summary
        .turns
        .dropped
        .iter()
        .filter(|(name, _)| is_noise(name))
        .map(|(name, turns)| (*name, *turns))
        .collect();
    for mending in summary.mendings.iter().filter(|mending| is_noise(mending.name)) {
        noise.entry(mending.name).or_insert(mending.count);
    }
    // Of equally many records the first input counts.
    let main = summary.inputs.iter().rev().max_by_key(|input| records_of(&summary.inputs, input.format));
    Inspection {
        schema: summary.schema,
        reader: main.map_or("", |input| input.format),
        why: main.map_or_else(String::new, |input| input.why.clone()),
        conversations: summary.ledger.records,
        usable: summary.ledger.train,
        dates: span.and_then(|(first, last)| Some(Dates { first: shown(first)?, last: shown(last)? })),
        turns: summary.turns,
        speakers: summary.speakers,
        question: summary.question,
        noise,
        rejections: summary.rejections,
        findings: summary.findings,
        inputs: summary.inputs,
        skipped: summary.skipped,
        first,
    }
}

fn records_of(inputs: &[Input], format: &str) -> u64 {
    inputs.iter().filter(|input| input.format == format).map(|input| input.records).sum()
}

/// Whether a mending takes away what nobody is to learn, rather than shaping the example for the target.
fn is_noise(name: &str) -> bool {
    let shaping = ["cut-trailing", "cut-into-windows", "drop-opening-assistant"];
    ["cut-", "drop-", "join-", "repair-", "strip-"].iter().any(|begin| name.starts_with(begin))
        && !shaping.iter().any(|begin| name.starts_with(begin))
}

/// Times before this are no dates but the time of day, or the time since the beginning of a recording.
const TIME_OF_DAY: i64 = 7 * 86_400_000;

fn shown(time: i64) -> Option<String> {
    let form = if (0..TIME_OF_DAY).contains(&time) { "%H:%M:%S" } else { "%Y-%m-%dT%H:%M:%SZ" };
    Timestamp::from_millisecond(time).ok().map(|time| time.strftime(form).to_string())
}

/// Reads one record again.
fn look(plan: &Plan, origin: Origin) -> Result<Option<First>> {
    let leader = |index: usize| {
        let leads = |index: &usize| plan.sources.get(*index).is_some_and(|planned| !planned.follows);
        (0..=index).rev().find(leads)
    };
    let Some(planned) = leader(origin.source as usize).and_then(|index| plan.sources.get(index)) else {
        return Ok(None);
    };
    let mut opened = planned.open(&plan.settings.read)?;
    loop {
        let mut batch = Batch::default();
        let more = opened.frames.fill(&mut batch)?;
        if let Some(frame) = batch.frames().find(|frame| frame.origin == origin && frame.fault.is_none()) {
            return Ok(opened.decoder.decode(&frame).ok().map(|decoded| compare(plan, origin, decoded.raw)));
        }
        if !more {
            return Ok(None);
        }
    }
}

/// The record before and after.
fn compare(plan: &Plan, origin: Origin, raw: Raw) -> First {
    let before = match &raw {
        Raw::Conversation(conversation) => {
            let roles = plan.speakers.roles(&conversation.turns);
            conversation.turns.iter().zip(roles).map(|(turn, role)| as_read(turn, role)).collect()
        }
        Raw::Example(example) => example.messages.iter().map(as_written_in_source).collect(),
        Raw::Preference(preference) => preference.prompt.iter().map(as_written_in_source).collect(),
    };
    let assembled = assemble(raw, &plan.speakers, &plan.assemble, None);
    let after = match assembled.parts.first().map(|part| &part.body) {
        Some(Body::Example(example)) => example.messages.iter().map(as_row).collect(),
        Some(Body::Preference(preference)) => {
            preference.prompt.iter().chain(&preference.chosen).map(as_row).collect()
        }
        None => Vec::new(),
    };
    First {
        path: plan
            .sources
            .get(origin.source as usize)
            .map_or_else(String::new, |one| one.source.name.clone()),
        line: origin.line,
        id: assembled.id,
        before,
        after,
        rejected: assembled.rejected.map(|rejection| rejection.message),
        examples: assembled.parts.len(),
    }
}

fn as_read(turn: &Turn, role: Option<SpeakerRole>) -> Before {
    Before {
        speaker: turn.speaker.clone(),
        role: role.map_or("undecided", SpeakerRole::name),
        kind: kind_name(turn),
        time: turn.time.and_then(shown),
        text: turn.text.clone(),
    }
}

fn as_written_in_source(message: &Message) -> Before {
    Before {
        speaker: message.role.name().to_owned(),
        role: "stated",
        kind: None,
        time: None,
        text: text_of(message),
    }
}

fn as_row(message: &Message) -> After {
    After { role: message.role.name().to_owned(), text: text_of(message) }
}

fn text_of(message: &Message) -> String {
    message.texts().collect::<Vec<_>>().join("\n")
}

/// What a turn is, when it is no speech to the other side.
fn kind_name(turn: &Turn) -> Option<&'static str> {
    Some(match turn.kind {
        Kind::Event(event) => match event {
            Event::Join => "join",
            Event::Leave => "leave",
            Event::Transfer => "transfer",
            Event::Assignment => "assignment",
            Event::Rating => "rating",
            Event::Reaction => "reaction",
            Event::Deletion => "deletion",
            Event::Edit => "edit",
            Event::Call => "call",
            Event::Room => "room change",
            Event::Other => "event",
        },
        Kind::Media => "media",
        Kind::Auto(auto) => match auto {
            Auto::Greeting => "canned greeting",
            Auto::Menu => "bot menu",
            Auto::Reply => "automatic reply",
            Auto::Bounce => "bounce",
            Auto::Translation => "translation",
            Auto::Other => "automatic",
        },
        Kind::Text if turn.visibility == Visibility::Internal => "internal note",
        Kind::Text => return None,
    })
}
