//! LLaMA-Factory, `formatting: alpaca`.

use super::llama_factory as common;
use super::rows::Instructions;
use super::spec::{Adjacent, OnFault, SystemPlace, TargetSpec};
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "llama-factory-alpaca",
    title: "LLaMA-Factory, formatting alpaca",
    roles: &[Role::System, Role::User, Role::Assistant],
    system: SystemPlace::FirstOnly,
    user_first: true,
    adjacent: Adjacent::Refused,
    row_keys: &["instruction", "input", "output", "system", "history"],
    message_keys: &["role", "content"],
    on_fault: OnFault::DropsRow,
    length: common::LENGTH,
    severities: common::SEVERITIES,
    sentences: common::SENTENCES,
    checked: common::CHECKED,
    sources: common::SOURCES,
    ..TargetSpec::CHAT
};

/// LLaMA-Factory, `formatting: alpaca`; the answers of `history` are learned, too.
pub static TARGET: Instructions = Instructions { spec: &SPEC, history: true };
