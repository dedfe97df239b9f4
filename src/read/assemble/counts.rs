//! How often what was done: a handful of entries, so a plain list.

use crate::diagnostic::Def;

/// Counts by reason.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Counts(Vec<(&'static Def, u64)>);

impl Counts {
    /// Adds `times` under `def`; nothing when zero.
    pub fn add(&mut self, def: &'static Def, times: u64) {
        if times == 0 {
            return;
        }
        match self.0.iter_mut().find(|(known, _)| known.code == def.code) {
            Some((_, count)) => *count += times,
            None => self.0.push((def, times)),
        }
    }

    /// Adds all of another.
    pub fn merge(&mut self, other: &Self) {
        for (def, times) in &other.0 {
            self.add(def, *times);
        }
    }

    /// The sum of all.
    pub fn total(&self) -> u64 {
        self.0.iter().map(|(_, times)| times).sum()
    }

    /// The entries, sorted by code.
    pub fn sorted(mut self) -> Vec<(&'static Def, u64)> {
        self.0.sort_by_key(|(def, _)| def.code);
        self.0
    }
}
