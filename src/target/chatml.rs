//! Rows of one text in ChatML, for trainers that apply no template.

use super::rows::Texts;
use super::spec::{Last, OnFault, TargetSpec, Trained};
use crate::diagnostic::Severity;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "chatml",
    title: "Rows of one text in ChatML",
    roles: &[Role::System, Role::User, Role::Assistant, Role::Tool],
    last: Last::Any,
    row_keys: &["text"],
    message_keys: &["role", "content"],
    forbidden_text: &["<|im_start|>", "<|im_end|>"],
    trained: Trained::Everything,
    on_fault: OnFault::StopsRun,
    severities: &[("FILE005", Severity::Info), ("KEY001", Severity::Info)],
    checked: "2026-11-21",
    sources: &["https://github.com/openai/openai-python/blob/v0.27.0/chatml.md (the marks)"],
    ..TargetSpec::CHAT
};

/// ChatML.
pub static TARGET: Texts = Texts { spec: &SPEC, chat_ml: true };
