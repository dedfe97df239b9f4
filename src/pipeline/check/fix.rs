//! Fixing one row: on the decoded body, written again by the target, and only where nothing else is changed by that.

use std::path::PathBuf;

use crate::diagnostic::Def;
use crate::error::Result;
use crate::lint::{Fixes, LintSettings, Safety, Selection, file};
use crate::model::Body;
use crate::target::Target;
use crate::text::json::{Edit, edits, parse};

/// What is fixed, and where that goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixing {
    /// The least safe fixes that are made.
    pub most: Safety,
    /// Where fixed files go.
    pub to: FixTo,
}

/// Where a fixed file goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FixTo {
    /// Nowhere: changes are told to the listener.
    Nowhere,
    /// Into this file; of one source only.
    File(PathBuf),
    /// Into the place of the source, if there was something to fix.
    InPlace {
        /// The source gets another name, and is lost otherwise.
        backup: bool,
    },
}

/// The fixes of a run.
pub(super) struct Fixer {
    pub(super) to: FixTo,
    target: &'static dyn Target,
    fixes: Fixes,
    /// Faults of a file that are fixed.
    file: Vec<&'static Def>,
}

/// What became of a row.
#[derive(Debug, Default)]
pub(super) enum Mended {
    /// Nothing was to be fixed.
    #[default]
    Kept,
    /// Something was to be fixed, but the row cannot be written again without changing more than that.
    Left,
    /// The row as it is now.
    Written {
        /// Its bytes, without line end.
        bytes: Vec<u8>,
        /// What changed, when changes are shown.
        edits: Vec<Edit>,
    },
    /// The row is not there any more.
    TakenOut,
}

impl Fixer {
    pub(super) fn new(fixing: Fixing, target: &'static dyn Target, lint: &LintSettings) -> Result<Self> {
        let selection = Selection::new(lint)?;
        Ok(Self {
            to: fixing.to,
            target,
            fixes: Fixes::select(target.spec(), lint, fixing.most)?,
            file: file::FIXES.iter().map(|(def, _)| *def).filter(|def| selection.may_fix(def)).collect(),
        })
    }

    /// Whether a fault of a file is fixed.
    pub(super) fn fixes(&self, def: &Def) -> bool {
        self.file.iter().any(|known| known.code == def.code)
    }

    /// Fixes `body`, which was read from `row`. What was done, by code; where the row is left, `body` stays as it was.
    pub(super) fn mend(&self, row: &[u8], body: &mut Body) -> (Mended, Vec<(&'static Def, u64)>) {
        let mut fixed = body.clone();
        let done = self.fixes.apply(&mut fixed);
        if done.is_empty() {
            return (Mended::Kept, done);
        }
        match self.write(row, body, &fixed) {
            Some(written) => {
                *body = fixed;
                (written, done)
            }
            None => (Mended::Left, Vec::new()),
        }
    }

    /// The row with `fixed` in it, provided that writing changes nothing of its own: `before`, written and read again,
    /// must be what the row holds, and `fixed` must come back as it is.
    fn write(&self, row: &[u8], before: &Body, fixed: &Body) -> Option<Mended> {
        let encoded = |body: &Body| {
            let mut bytes = Vec::new();
            self.target.encode(body, &mut bytes).ok()?;
            let parsed = parse(&bytes).ok()?;
            Some((bytes, parsed.value))
        };
        let old = parse(row).ok().filter(|parsed| parsed.duplicate_keys.is_empty())?.value;
        if encoded(before)?.1 != old {
            return None;
        }
        let (bytes, new) = encoded(fixed)?;
        let edits = if matches!(self.to, FixTo::Nowhere) { edits(&old, &new) } else { Vec::new() };
        let back = self.target.decode(new).ok()?;
        (back == *fixed).then_some(Mended::Written { bytes, edits })
    }
}
