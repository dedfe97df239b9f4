//! Alpaca's rows: an instruction, its input, its answer.

use super::rows::Instructions;
use super::spec::{OnFault, TargetSpec};
use crate::diagnostic::Severity;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "alpaca",
    title: "Alpaca rows (instruction, input, output)",
    roles: &[Role::User, Role::Assistant],
    row_keys: &["instruction", "input", "output"],
    message_keys: &["role", "content"],
    on_fault: OnFault::StopsRun,
    severities: &[("FILE005", Severity::Info), ("KEY001", Severity::Info)],
    checked: "2026-11-21",
    sources: &["https://github.com/tatsu-lab/stanford_alpaca (format of `alpaca_data.json`)"],
    ..TargetSpec::CHAT
};

/// Alpaca.
pub static TARGET: Instructions = Instructions { spec: &SPEC, history: false };
