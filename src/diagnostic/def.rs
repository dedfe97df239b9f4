//! The static description of something that can be said about data.

use super::Severity;

/// One kind of finding, rejection or mending: stable code, name, and what help and docs are made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Def {
    /// Stable code: three to five capitals and three digits (`TURN002`).
    pub code: &'static str,
    /// Name after the offence, kebab-case, reads well after "allow" (`last-turn-not-assistant`).
    pub name: &'static str,
    /// How bad it is unless a target or the user says otherwise.
    pub severity: Severity,
    /// What it means, one sentence without a full stop.
    pub summary: &'static str,
    /// Why it matters: what happens to a training run that has it.
    pub why: &'static str,
    /// The way out, as an instruction.
    pub remedy: &'static str,
}
