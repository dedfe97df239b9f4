//! Every code that any stage can say, in one place for `explain`, `list` and the reference pages.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::dedup;
use crate::diagnostic::{Def, Severity};
use crate::lint::{self, RuleDef, Safety, severities};
use crate::read::{assemble, codes as read_codes};
use crate::split;
use crate::target::codes as target_codes;
use crate::tokens::codes as token_codes;

/// A code with what kind of thing says it.
#[derive(Debug, Clone, Copy)]
pub struct Described {
    /// The description.
    pub def: &'static Def,
    /// `rule`, `file check`, `comparing files`, `conflict`, `mending`, `reading`, `assembling`, `split`, `twins`, `target`,
    /// `counting`.
    pub kind: &'static str,
    /// For rules: examples and source.
    pub rule: Option<&'static RuleDef>,
}

impl Described {
    /// How findings of the code are fixed, where `check --fix` can: how safe that is and what it does.
    pub fn fix(&self) -> Option<(Safety, &'static str)> {
        let of_rule = self.rule.and_then(|rule| rule.fix).map(|fix| (fix.safety, fix.does));
        let of_file = || lint::file::FIXES.iter().find(|(def, _)| def.code == self.def.code);
        of_rule.or_else(|| of_file().map(|(_, does)| (Safety::Safe, *does)))
    }
}

/// A fix as JSON.
#[derive(Debug, Serialize)]
struct PageFix {
    safety: &'static str,
    does: &'static str,
}

/// A description as JSON.
#[derive(Debug, Serialize)]
pub struct Page {
    code: &'static str,
    name: &'static str,
    kind: &'static str,
    severity: &'static str,
    /// Names of targets by how bad it is for them; those that do not have the rule are under `none`.
    targets: Option<BTreeMap<&'static str, Vec<&'static str>>>,
    summary: &'static str,
    why: &'static str,
    remedy: &'static str,
    fix: Option<PageFix>,
    bad: Option<&'static str>,
    good: Option<&'static str>,
    source: Option<&'static str>,
}

impl Page {
    /// The page of a described code.
    pub fn of(described: &Described) -> Self {
        let def = described.def;
        Self {
            code: def.code,
            name: def.name,
            kind: described.kind,
            severity: def.severity.name(),
            targets: described.rule.map(|rule| {
                let name = |severity: Option<Severity>| severity.map_or("none", Severity::name);
                severities(rule).into_iter().map(|(severity, targets)| (name(severity), targets)).collect()
            }),
            summary: def.summary,
            why: def.why,
            remedy: def.remedy,
            fix: described.fix().map(|(safety, does)| PageFix { safety: safety.name(), does }),
            bad: described.rule.map(|rule| rule.bad),
            good: described.rule.map(|rule| rule.good),
            source: described.rule.map(|rule| rule.source),
        }
    }
}

/// Every code, sorted.
pub fn all() -> Vec<Described> {
    let plain = |kind| move |def: &'static Def| Described { def, kind, rule: None };
    let mut all: Vec<Described> = lint::RULES
        .iter()
        .map(|&rule| Described { def: &rule.def, kind: "rule", rule: Some(rule) })
        .chain(lint::file::ALL.iter().copied().map(plain("file check")))
        .chain(lint::leak::ALL.iter().copied().map(plain("comparing files")))
        .chain(lint::claims::codes::ALL.iter().copied().map(plain("conflict")))
        .chain(read_codes::ALL.iter().copied().map(plain("reading")))
        .chain(assemble::codes::ALL.iter().copied().map(plain("assembling")))
        .chain(assemble::MENDINGS.iter().map(|mending| plain("mending")(&mending.def)))
        .chain(split::ALL.iter().copied().map(plain("split")))
        .chain(dedup::codes::ALL.iter().copied().map(plain("twins")))
        .chain(target_codes::ALL.iter().copied().map(plain("target")))
        .chain(token_codes::ALL.iter().copied().map(plain("counting")))
        .collect();
    all.sort_by_key(|described| described.def.code);
    all
}

/// The description of a code or name, in any case of letters.
pub fn find(code: &str) -> Option<Described> {
    all().into_iter().find(|described| {
        described.def.code.eq_ignore_ascii_case(code) || described.def.name.eq_ignore_ascii_case(code)
    })
}

/// The way out for a code.
pub fn remedy(code: &str) -> Option<&'static str> {
    find(code).map(|described| described.def.remedy)
}

/// How findings of a code are fixed.
pub fn fix(code: &str) -> Option<(Safety, &'static str)> {
    find(code)?.fix()
}
