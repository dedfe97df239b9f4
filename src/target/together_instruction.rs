//! Together, questions with one answer each.

use super::rows::Pairs;
use super::spec::{TargetSpec, Trained};
use super::together;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "together-instruction",
    title: "Together fine-tuning on prompts and completions",
    roles: &[Role::User, Role::Assistant],
    row_keys: &["prompt", "completion"],
    content_parts: true,
    refusal_parts: false,
    inline_images: Some(together::IMAGES),
    message_keys: &["role", "content"],
    trained: Trained::LastAnswer,
    limits: together::LIMITS,
    severities: together::SEVERITIES,
    sentences: together::SENTENCES,
    checked: together::CHECKED,
    sources: together::SOURCES,
    ..TargetSpec::CHAT
};

/// Together, prompts and completions.
pub static TARGET: Pairs = Pairs { spec: &SPEC, lists: false, label: false };
