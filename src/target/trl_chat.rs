//! TRL, conversations (`messages`).

use super::rows::Chat;
use super::spec::{OnFault, TargetSpec, Trained};
use super::trl;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "trl-chat",
    title: "Hugging Face TRL, conversations",
    roles: &[Role::System, Role::Developer, Role::User, Role::Assistant, Role::Tool],
    row_keys: &["messages", "tools", "chat_template_kwargs"],
    message_keys: &["role", "content", "name", "tool_calls", "tool_call_id", "thinking"],
    // `assistant_only_loss` is off by default: without it the questions are learned, too.
    trained: Trained::Everything,
    on_fault: OnFault::StopsRun,
    length: trl::LENGTH,
    severities: trl::SEVERITIES,
    checked: trl::CHECKED,
    sources: trl::SOURCES,
    ..TargetSpec::CHAT
};

/// TRL, conversations.
pub static TARGET: Chat = Chat(&SPEC);
