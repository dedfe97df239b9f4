//! TRL, preferences: a prompt, a chosen and a rejected answer.

use super::rows::Answers;
use super::spec::{Last, OnFault, Shape, TargetSpec};
use super::trl;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "trl-preference",
    title: "Hugging Face TRL, preferences (DPO)",
    shape: Shape::Preference,
    roles: &[Role::System, Role::Developer, Role::User, Role::Assistant, Role::Tool],
    last: Last::Any,
    row_keys: &["prompt", "chosen", "rejected", "tools"],
    message_keys: &["role", "content", "name", "weight", "tool_calls", "tool_call_id"],
    on_fault: OnFault::StopsRun,
    length: trl::LENGTH,
    severities: trl::SEVERITIES,
    checked: trl::CHECKED,
    sources: trl::SOURCES,
    ..TargetSpec::CHAT
};

/// TRL, preferences.
pub static TARGET: Answers = Answers(&SPEC);
