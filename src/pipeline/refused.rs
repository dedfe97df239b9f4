//! What is not measured, and why: records that give nothing, and windows of records of which the rest is measured.

use serde::Serialize;

use super::plan::Plan;
use super::work::{Made, Outcome};
use crate::diagnostic::Rejection;
use crate::report::summary::{Case, Tallies, Tally};

/// What was not measured.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Refused {
    /// Records of which nothing is measured.
    pub records: u64,
    /// Examples of other records.
    pub examples: u64,
    /// Answers in all these that are not masked, as far as they were read.
    pub answers: u64,
    /// Why, the most frequent reason first.
    pub reasons: Vec<Tally>,
}

impl Refused {
    /// Whether everything is measured.
    pub fn is_empty(&self) -> bool {
        self.records + self.examples == 0
    }
}

/// Adds up what is not measured.
#[derive(Default)]
pub(super) struct RefusedTally {
    sums: Refused,
    reasons: Tallies,
}

impl RefusedTally {
    /// Looks at what became of one record.
    pub(super) fn add(&mut self, plan: &Plan, outcome: &Outcome) {
        let refused = || outcome.parts.iter().filter(|part| part.refused().is_some());
        let examples = refused().count();
        if examples == outcome.parts.len() {
            self.sums.records += 1;
        } else {
            self.sums.examples += examples as u64;
        }
        self.sums.answers += refused().map(|part| part.answers).sum::<u64>();
        for why in outcome.rejected.iter().chain(outcome.parts.iter().filter_map(Made::refused)) {
            self.reason(plan, outcome, why);
        }
    }

    fn reason(&mut self, plan: &Plan, outcome: &Outcome, why: &Rejection) {
        let source = plan.sources.get(outcome.origin.source as usize);
        self.reasons.add(why.def, why.def.severity, || Case {
            path: source.map_or_else(String::new, |planned| planned.source.name.clone()),
            line: outcome.origin.line,
            at: String::new(),
            message: why.message.clone(),
        });
    }

    /// The sums.
    pub(super) fn finish(self) -> Refused {
        let mut reasons = self.reasons.into_sorted();
        // Which reason is worse says nothing where all of them keep a row out.
        reasons.sort_by_key(|tally| std::cmp::Reverse(tally.count));
        Refused { reasons, ..self.sums }
    }
}
