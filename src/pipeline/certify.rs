//! The certificate of a split, and what the summary says of its sides.

use std::collections::BTreeMap;

use super::judgement::{Judgement, Verdict};
use super::plan::Plan;
use super::watch::{Watch, until_stopped};
use crate::config::NearSettings;
use crate::dedup::near::{self, ABSENT, Leak, Method, Threshold, closest_across};
use crate::error::Result;
use crate::report::summary::{BySide, Input, Output, Sides, Stratum};
use crate::split::certificate::SCHEMA;
use crate::split::{
    Certificate, Closest, ClosestPair, FileProof, NearTerms, Place, Side, SideProof, SplitTerms, TwinTerms,
};

/// How far below the threshold the closest pair across the sides is looked for, and where that ends: further down more and
/// more rows share a phrase or two, and a search costs more than it tells.
const BELOW: f64 = 0.1;
const FLOOR: f64 = 0.5;
/// What looking for it may cost, in postings looked at: about a second.
const VISITS: u64 = 100_000_000;
/// Most rows for which it is looked for: of many more, cutting their sets once more takes longer than it is worth.
const MOST_ROWS: u32 = 200_000;

/// What was counted of the sides while rows were written.
#[derive(Debug, Default)]
pub(super) struct SideTally {
    groups: [u64; 3],
    strata: BTreeMap<u32, [u64; 3]>,
}

impl SideTally {
    /// Counts a row, which is the `first` of its group or not.
    pub fn add(&mut self, side: Side, stratum: u32, first: bool) {
        self.groups[side as usize] += u64::from(first);
        self.strata.entry(stratum).or_default()[side as usize] += 1;
    }

    /// What the summary says of the sides; nothing where there are none.
    pub fn summary(&self, plan: &Plan, judgement: &Judgement, closest: Option<Closest>) -> Option<Sides> {
        let sides = judgement.sides()?;
        let stratify = plan.settings.split.stratify.as_ref().map(ToString::to_string);
        let named = self.strata.iter().filter(|_| stratify.is_some()).map(|(number, rows)| Stratum {
            value: judgement.strata.get(*number as usize).map(ToString::to_string).unwrap_or_default(),
            rows: BySide::from(*rows),
        });
        let mut strata: Vec<Stratum> = named.collect();
        strata.sort_by(|a, b| b.rows.sum().cmp(&a.rows.sum()).then_with(|| a.value.cmp(&b.value)));
        Some(Sides {
            choice: sides.choice,
            groups: self.groups.into(),
            stratify,
            strata,
            as_before: sides.as_before,
            closest,
        })
    }
}

/// The most similar pair of rows on two sides, when near twins are looked for.
pub(super) fn closest(plan: &Plan, judgement: &Judgement, watch: &dyn Watch) -> Result<Option<Closest>> {
    let (Some(sets), Some(_)) = (&judgement.sets, judgement.sides()) else { return Ok(None) };
    let NearSettings { threshold, method, .. } = plan.settings.twins.near.unwrap_or_default();
    // Of rows that are alike one was kept, or all were put on one side: no pair at the threshold is left across the sides,
    // unless the search may have missed it.
    let searched = (method == Method::Exact).then_some(threshold.value());
    let nothing = || Closest { searched_from: searched, pair: None };
    if judgement.count() > MOST_ROWS {
        return Ok(Some(nothing()));
    }
    let floor = Threshold::new((threshold.value() - BELOW).max(FLOOR).min(threshold.value()))?;
    watch.begin("comparing sides", 0);
    // Rows of earlier runs, in an index, are on no side.
    let mut sides = vec![ABSENT; judgement.known as usize];
    sides.reserve_exact(judgement.count() as usize);
    for judged in judgement.verdicts() {
        sides.push(match judged?.verdict {
            Verdict::Side(side) => side as u32,
            Verdict::Twin(..) | Verdict::SetAside => ABSENT,
        });
    }
    let found = closest_across(sets, &sides, floor, VISITS, &until_stopped(watch))?;
    watch.end();
    let found = match found {
        near::Closest::Pair(leak) => Some(leak),
        near::Closest::None => None,
        near::Closest::Dear => return Ok(Some(nothing())),
    };
    let pair = found.map(|Leak { row, twin }| {
        let mut rows = [place(&sides, row), place(&sides, twin.of)];
        rows.sort_by_key(|place| Side::of_file(&place.file));
        let similarity = twin.similarity;
        ClosestPair {
            shared: similarity.shared.into(),
            union: similarity.union.into(),
            similarity: similarity.ratio(),
            rows,
        }
    });
    Ok(Some(Closest { searched_from: Some(floor.value()), pair }))
}

/// Where a row stands: its side, and how many rows stand before it there.
fn place(sides: &[u32], row: u32) -> Place {
    let before = sides.get(..=row as usize).unwrap_or_default();
    let at = before.last().copied().unwrap_or(ABSENT);
    let side = Side::ALL.get(at as usize).copied().unwrap_or(Side::Train);
    Place { file: side.file().to_owned(), row: before.iter().filter(|side| **side == at).count() as u64 }
}

/// The certificate, once all files are written.
pub(super) fn certificate(plan: &Plan, sides: &Sides, inputs: &[Input], outputs: &[Output]) -> Certificate {
    let settings = &plan.settings;
    let split = &settings.split;
    let proof = |output: &Output| FileProof {
        file: output.path.clone(),
        bytes: output.bytes,
        blake3: Some(output.blake3.clone()),
    };
    let groups = [sides.groups.train, sides.groups.valid, sides.groups.test];
    let written = |name: &str| outputs.iter().find(|output| output.path == name);
    let side_proofs = Side::ALL.into_iter().filter_map(|side| {
        let output = written(side.file())?;
        Some(SideProof { file: proof(output), rows: output.examples, groups: groups[side as usize] })
    });
    Certificate {
        schema: SCHEMA,
        chatmill: env!("CARGO_PKG_VERSION").to_owned(),
        split: SplitTerms {
            choice: sides.choice,
            seed: split.seed,
            valid: split.valid.to_string(),
            test: split.test.to_string(),
            stratify: sides.stratify.clone(),
            after: split.after.as_ref().map(|moment| moment.text.clone()),
            test_after: split.test_after.as_ref().map(|moment| moment.text.clone()),
            group_by: settings.group_by.clone(),
            known_groups: settings.group_known,
            previous: settings.previous.as_ref().map(|folder| folder.display().to_string()),
        },
        twins: TwinTerms {
            on: settings.twins.on.to_string(),
            near: settings.twins.near.map(|near| NearTerms {
                threshold: near.threshold.value(),
                shingle: near.shingle.to_string(),
                masks: near.masks.to_string(),
            }),
        },
        sides: side_proofs.collect(),
        provenance: written(super::provenance::PROVENANCE).map(proof).unwrap_or_default(),
        inputs: inputs
            .iter()
            .map(|input| FileProof {
                file: input.path.clone(),
                bytes: input.bytes,
                blake3: input.blake3.clone(),
            })
            .collect(),
        closest: sides.closest.clone().unwrap_or_default(),
    }
}
