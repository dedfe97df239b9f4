//! TRL, plain texts (`text`).

use super::rows::Texts;
use super::spec::{OnFault, TargetSpec, Trained};
use super::trl;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "trl-text",
    title: "Hugging Face TRL, plain texts",
    roles: &[Role::Assistant],
    needs_user: false,
    row_keys: &["text"],
    message_keys: &["role", "content"],
    trained: Trained::Everything,
    on_fault: OnFault::StopsRun,
    length: trl::LENGTH,
    severities: trl::SEVERITIES,
    checked: trl::CHECKED,
    sources: trl::SOURCES,
    ..TargetSpec::CHAT
};

/// TRL, plain texts.
pub static TARGET: Texts = Texts { spec: &SPEC, chat_ml: false };
