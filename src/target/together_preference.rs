//! Together, preferences.

use super::rows::Preferences;
use super::spec::{Adjacent, Last, Shape, TargetSpec};
use super::together;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "together-preference",
    title: "Together preference fine-tuning (DPO)",
    shape: Shape::Preference,
    roles: &[Role::System, Role::User, Role::Assistant, Role::Tool],
    adjacent: Adjacent::Refused,
    last: Last::NotAssistant,
    content_parts: true,
    refusal_parts: false,
    inline_images: Some(together::IMAGES),
    mixed_content: false,
    substitutes: false,
    null_weights: false,
    weighted_images: false,
    null_answers: false,
    null_tools: true,
    open_input: true,
    row_keys: &["input", "preferred_output", "non_preferred_output"],
    message_keys: &["role", "content", "weight", "tool_calls", "tool_call_id"],
    limits: together::LIMITS,
    severities: together::SEVERITIES,
    sentences: together::SENTENCES,
    checked: together::CHECKED,
    sources: together::SOURCES,
    ..TargetSpec::CHAT
};

/// Together, preferences.
pub static TARGET: Preferences = Preferences(&SPEC);
