//! The validation file of a job that is billed: its tokens, and what is refused of it.

use super::measure::measure;
use super::plan::Plan;
use super::pricing::{none_usable, refusals, unbillable};
use super::watch::Watch;
use crate::config::Settings;
use crate::cost::Tokens;
use crate::error::Result;
use crate::report::summary::{Ledger, Tally as Rejections};
use crate::text::number::{count, thousands};

/// A validation file, counted as the training file is.
#[derive(Debug, Default)]
pub struct Validation {
    /// Its tokens.
    pub tokens: Tokens,
    /// What became of every record.
    pub(super) ledger: Ledger,
    /// Why records were refused.
    pub(super) rejections: Vec<Rejections>,
}

impl Validation {
    /// What is to be said of records that are refused.
    pub(super) fn said(&self) -> Vec<String> {
        let Ledger { records, rejected, .. } = self.ledger;
        if rejected == 0 {
            return Vec::new();
        }
        let is = if rejected == 1 { "is" } else { "are" };
        let of = count(records, RECORD);
        let first = format!("{} of {of} {is} refused, and not billed", thousands(rejected));
        std::iter::once(first).chain(refusals(&self.rejections)).collect()
    }

    /// That none of its records is usable, with why.
    pub(super) fn unusable(&self) -> String {
        none_usable(self.ledger.records, RECORD, &self.rejections)
    }
}

/// What its records are called.
const RECORD: &str = "validation record";

/// The plan's validation file; nothing where there is none.
pub fn validation(plan: &Plan, watch: &dyn Watch) -> Result<Validation> {
    let Some(file) = &plan.settings.billing.validation else { return Ok(Validation::default()) };
    let settings = Settings { inputs: vec![file.clone()], count: true, ..plan.settings.clone() };
    let measures = measure(&Plan::measuring(settings)?, watch, |_| Ok(()))?;
    let tokens = measures.billed.tokens;
    let held = Validation { tokens, ledger: measures.ledger, rejections: measures.rejections };
    if measures.examples == 0 { Err(unbillable(&held.unusable(), &held.rejections)) } else { Ok(held) }
}
