//! Together, conversations.

use super::rows::Chat;
use super::spec::{Adjacent, Last, TargetSpec};
use super::together;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "together-chat",
    title: "Together fine-tuning on conversations",
    roles: &[Role::System, Role::User, Role::Assistant, Role::Tool],
    adjacent: Adjacent::Refused,
    last: Last::Any,
    parallel_calls: false,
    content_parts: true,
    refusal_parts: false,
    inline_images: Some(together::IMAGES),
    mixed_content: false,
    substitutes: false,
    null_weights: false,
    weighted_images: false,
    null_tools: true,
    row_keys: &["messages", "tools"],
    message_keys: &[
        "role",
        "content",
        "weight",
        "tool_calls",
        "tool_call_id",
        "reasoning",
        "reasoning_content",
    ],
    limits: together::LIMITS,
    severities: together::SEVERITIES,
    sentences: together::SENTENCES,
    checked: together::CHECKED,
    sources: together::SOURCES,
    ..TargetSpec::CHAT
};

/// Together, conversations.
pub static TARGET: Chat = Chat(&SPEC);
