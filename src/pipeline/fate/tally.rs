//! The fates of all rows, summed up for each target.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::court::{Court, Judged};
use crate::diagnostic::Severity;
use crate::lint::DatasetFacts;
use crate::report::fates::{Fates, Outcome, Reason, TargetFates};

/// The sums over all rows.
pub(super) struct Tally {
    rows: u64,
    pub(super) files: u64,
    targets: Vec<Sums>,
}

#[derive(Default)]
struct Sums {
    outcomes: BTreeMap<Outcome, u64>,
    reasons: BTreeMap<(Outcome, &'static str), Reason>,
    facts: DatasetFacts,
}

impl Tally {
    pub(super) fn new(court: &Court) -> Self {
        Self { rows: 0, files: 0, targets: court.judges.iter().map(|_| Sums::default()).collect() }
    }

    pub(super) fn add(&mut self, path: &str, line: u64, row: &[Judged]) {
        self.rows += 1;
        for (sums, judged) in self.targets.iter_mut().zip(row) {
            let fate = &judged.fate;
            *sums.outcomes.entry(fate.outcome).or_default() += 1;
            if let Some((facts, bytes)) = &judged.facts {
                sums.facts.add_row(facts, *bytes);
            }
            if fate.outcome != Outcome::Kept {
                let reason = sums.reasons.entry((fate.outcome, fate.name)).or_insert_with(|| Reason {
                    outcome: fate.outcome,
                    name: fate.name,
                    count: 0,
                    first: format!("{path}:{line}: {}", fate.why),
                    says: fate.says.clone(),
                });
                reason.count += 1;
            }
        }
    }

    pub(super) fn finish(self, court: &Court) -> Fates {
        let targets = self.targets.into_iter().zip(&court.judges).map(|(sums, judge)| {
            let mut reasons: Vec<Reason> = sums.reasons.into_values().collect();
            reasons.sort_by_key(|reason| (Reverse(reason.outcome), Reverse(reason.count), reason.name));
            // Where every row is refused, there is nothing else to say of the file.
            let any = sums.facts.examples > 0;
            let of_file = if any { judge.rules.check_dataset(&sums.facts) } else { Vec::new() };
            let errors = of_file.into_iter().filter(|finding| finding.severity == Severity::Error);
            TargetFates {
                target: judge.target.spec().name,
                checked: judge.target.spec().checked,
                outcomes: sums.outcomes,
                reasons,
                packing: judge.packing.map(|packing| packing.name),
                notes: judge.packing.map(|packing| packing.notes).filter(|notes| !notes.is_empty()),
                file: errors.map(|finding| finding.message).collect(),
            }
        });
        Fates {
            schema: 1,
            rows: self.rows,
            files: self.files,
            counted_as: court.model.vocabulary.name(),
            targets: targets.collect(),
        }
    }
}
