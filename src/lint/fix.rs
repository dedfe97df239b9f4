//! Mending what rules complain about, to a fixed point.
//!
//! A fix works on the decoded row, so that it cannot break JSON; it moves, joins, renames or drops, and never writes
//! words that nobody said. Rows that no fix touches keep their bytes.

use super::{LintSettings, RULES};
use crate::diagnostic::Def;
use crate::error::Result;
use crate::lint::Selection;
use crate::model::Body;
use crate::target::TargetSpec;

/// Whether a fix may be made without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Safety {
    /// What the model sees means the same as before.
    Safe,
    /// Something that somebody wrote is changed or left out.
    Unsafe,
}

impl Safety {
    /// The word shown to people and machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// How the findings of a rule are mended.
#[derive(Debug, Clone, Copy)]
pub struct Fix {
    /// Whether it may be made without asking.
    pub safety: Safety,
    /// What it does, as an instruction without a full stop.
    pub does: &'static str,
    /// Mends every place in the body; how many there were.
    pub apply: fn(&mut Body, &'static TargetSpec) -> u64,
}

/// Rounds after which fixes that undo one another are stopped; two were the most ever needed.
const MOST_ROUNDS: usize = 8;

/// The fixes of the rules that run, in the order of their codes.
pub struct Fixes {
    spec: &'static TargetSpec,
    fixes: Vec<(&'static Def, Fix)>,
}

impl Fixes {
    /// The fixes, up to `most` in safety, of the rules that `spec` has and `settings` wants.
    pub fn select(spec: &'static TargetSpec, settings: &LintSettings, most: Safety) -> Result<Self> {
        let selection = Selection::new(settings)?;
        let fixes = RULES
            .iter()
            .filter(|rule| (rule.build)(spec, settings).is_some())
            .filter(|rule| selection.may_fix(&rule.def))
            .filter_map(|rule| rule.fix.filter(|fix| fix.safety <= most).map(|fix| (&rule.def, fix)))
            .collect();
        Ok(Self { spec, fixes })
    }

    /// Mends `body` until no fix finds anything, and says what was done how often, by code.
    pub fn apply(&self, body: &mut Body) -> Vec<(&'static Def, u64)> {
        let mut done: Vec<(&'static Def, u64)> = Vec::new();
        for _ in 0..MOST_ROUNDS {
            let mut changed = false;
            for (def, fix) in &self.fixes {
                let places = (fix.apply)(body, self.spec);
                if places == 0 {
                    continue;
                }
                changed = true;
                match done.iter_mut().find(|(known, _)| known.code == def.code) {
                    Some((_, count)) => *count += places,
                    None => done.push((def, places)),
                }
            }
            if !changed {
                break;
            }
        }
        done.sort_by_key(|(def, _)| def.code);
        done
    }
}
