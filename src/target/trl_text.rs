//! TRL, plain texts (`text`).

use super::rows::Texts;
use super::spec::{TargetSpec, Trained};
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
    packing: trl::PACKING,
    ..trl::COMMON
};

/// TRL, plain texts.
pub static TARGET: Texts = Texts { spec: &SPEC, chat_ml: false };
