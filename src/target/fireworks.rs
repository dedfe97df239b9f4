//! Fireworks supervised fine-tuning.

use super::rows::Chat;
use super::spec::{Last, Limits, SystemPlace, TargetSpec};
use crate::diagnostic::Severity;
use crate::model::Role;

/// Of both methods.
pub(super) const LIMITS: Limits = Limits {
    examples_min: Some(3),
    examples_recommended: Some(50),
    examples_max: Some(3_000_000),
    ..Limits::NONE
};

/// No page says that a file with these is refused.
pub(super) const SEVERITIES: &[(&str, Severity)] = &[
    ("FILE001", Severity::Warning),
    ("KEY001", Severity::Warning),
    ("KEY002", Severity::Warning),
    ("ROLE002", Severity::Warning),
    // Joined instructions are asked for, several are not said to be refused.
    ("SYS002", Severity::Warning),
    // Nothing is published about how tools are checked.
    ("TOOL007", Severity::Warning),
];

static SPEC: TargetSpec = TargetSpec {
    name: "fireworks",
    title: "Fireworks supervised fine-tuning",
    roles: &[Role::System, Role::User, Role::Assistant, Role::Tool],
    system: SystemPlace::FirstOnly,
    last: Last::Any,
    row_keys: &["messages", "tools"],
    message_keys: &["role", "content", "weight", "tool_calls", "tool_call_id", "name"],
    limits: LIMITS,
    severities: SEVERITIES,
    checked: "2026-11-21",
    sources: &["https://docs.fireworks.ai/fine-tuning/fine-tuning-models (read 2026-11)"],
    ..TargetSpec::CHAT
};

/// Fireworks supervised fine-tuning.
pub static TARGET: Chat = Chat(&SPEC);
