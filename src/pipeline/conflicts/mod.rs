//! `conflicts`: answers to one question that disagree.
//!
//! Everything is read once: of every answer that is trained on an entry of 72 bytes stays in memory, what was asked and said goes
//! to a temporary file. Questions that are near the same form groups ([`crate::dedup::near`]); of a group with different answers the
//! texts are taken up again, and what they claim is compared ([`crate::lint::claims`]), at most [`MOST_ANSWERS`] different texts a
//! group, so that a question that was asked a million times costs no more than it must.

mod asked;
mod collect;
mod dates;
mod judge;

use self::collect::Collected;
use self::judge::{Members, judge};
use super::belt;
use super::plan::Plan;
use super::watch::{Watch, until_stopped};
use crate::dedup::near::{Method, Search, Threshold, star};
use crate::error::Result;
use crate::report::conflicts::{Conflict, Conflicts, SCHEMA};
use crate::report::summary::{Case, Tallies};
use crate::text::shingle::{Shingle, Unit};

/// When two questions are near the same.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// How much of their words they share at least.
    pub near: Threshold,
    /// How they are cut.
    pub shingle: Shingle,
    /// Whether questions that stand alone are compared wherever they come in a dialogue.
    pub anywhere: bool,
}

impl Default for Terms {
    /// 0.8 of the words with a topic; on `banking77` 94 of 100 such pairs of questions have one intent, against 92 with all
    /// words, where there are an eighth as many pairs (`docs/decisions/conflicts.md`).
    fn default() -> Self {
        Self { near: Threshold::default(), shingle: Shingle { unit: Unit::Words, size: 1 }, anywhere: false }
    }
}

/// Different answers to one question that are compared; of further ones only those rows count that repeat one of them.
const MOST_ANSWERS: usize = 16_384;
/// Bytes of these answers and their questions, some 64 MB.
const MOST_BYTES: u64 = 64 << 20;
/// Groups judged at once, and bytes of their texts.
const BATCH_GROUPS: usize = 256;
const BATCH_BYTES: u64 = 1 << 20;
/// Characters of the message of a case.
const EXCERPT: usize = 120;

/// Compares the answers in all inputs of the plan.
pub fn conflicts(plan: &Plan, terms: Terms, watch: &dyn Watch) -> Result<Conflicts> {
    let (collected, sets) = Collected::read(plan, terms, watch)?;
    watch.begin("comparing", 0);
    let twins = plan.pool()?.install(|| {
        let progress = until_stopped(watch);
        let search = Search { threshold: terms.near, method: Method::Exact, progress: &progress };
        star(&sets.finish()?, &search, None)
    })?;
    watch.end();
    // Rows of one question stand together, the one in the middle of its star first.
    let mut rows: Vec<(u32, u32)> =
        twins.iter().zip(0..).map(|(twin, row)| (twin.as_ref().map_or(row, |twin| twin.of), row)).collect();
    drop(twins);
    rows.sort_unstable();
    let several = |group: &&[(u32, u32)]| group.len() > 1;
    let questions = rows.chunk_by(|one, other| one.0 == other.0).filter(several).count() as u64;
    let (mut found, left_out) = judged(plan, &collected, &rows, watch)?;
    found.sort_by(|one, other| {
        (std::cmp::Reverse(one.rows), one.code).cmp(&(std::cmp::Reverse(other.rows), other.code))
    });
    let mut tallies = Tallies::default();
    for conflict in &found {
        tallies.add(conflict.def, conflict.severity, || case(conflict));
    }
    Ok(Conflicts {
        schema: SCHEMA,
        chatmill: env!("CARGO_PKG_VERSION"),
        near: terms.near.value(),
        shingle: terms.shingle.to_string(),
        anywhere: terms.anywhere,
        inputs: collected.inputs,
        skipped: collected.skipped,
        records: collected.records,
        rejections: collected.rejections,
        answers: collected.answers,
        compared: collected.entries.len() as u64,
        questions,
        left_out,
        findings: tallies.into_sorted(),
        conflicts: found,
    })
}

fn case(conflict: &Conflict) -> Case {
    let first = conflict.sides.first();
    let says: Vec<&str> = conflict.sides.iter().map(|side| side.says.as_str()).collect();
    Case {
        path: first.map_or_else(String::new, |side| side.path.clone()),
        line: first.map_or(0, |side| side.line),
        at: first.map_or_else(String::new, |side| side.at.clone()),
        message: crate::text::sanitize::excerpt(&says.join(" / "), EXCERPT),
    }
}

/// Every group of rows with different answers, judged, in the order of the groups.
fn judged(
    plan: &Plan,
    collected: &Collected,
    rows: &[(u32, u32)],
    watch: &dyn Watch,
) -> Result<(Vec<Conflict>, u64)> {
    let mut groups = rows.chunk_by(|one, other| one.0 == other.0);
    let (mut found, mut left_out) = (Vec::new(), 0);
    let pool = plan.pool()?;
    watch.begin("judging", 0);
    let result = belt::run(
        pool,
        watch,
        || {
            let (mut batch, mut held) = (Vec::new(), 0);
            while batch.len() < BATCH_GROUPS && held < BATCH_BYTES {
                let Some(group) = groups.next() else { break };
                if let Some(members) = Members::take(collected, group)? {
                    held += members.bytes;
                    left_out += members.left_out;
                    batch.push(members);
                }
            }
            Ok((!batch.is_empty()).then_some(batch))
        },
        |batch: Vec<Members>| batch.iter().flat_map(|members| judge(collected, members)).collect::<Vec<_>>(),
        |conflicts| {
            found.extend(conflicts);
            Ok(())
        },
    );
    watch.end();
    result.map(|()| (found, left_out))
}
