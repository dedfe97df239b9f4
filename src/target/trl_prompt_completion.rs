//! TRL, prompts and completions: the way to learn the last answer only.

use super::rows::Pairs;
use super::spec::{OnFault, TargetSpec, Trained};
use super::trl;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "trl-prompt-completion",
    title: "Hugging Face TRL, prompts and completions",
    roles: &[Role::System, Role::Developer, Role::User, Role::Assistant, Role::Tool],
    row_keys: &["prompt", "completion", "tools", "chat_template_kwargs"],
    message_keys: &["role", "content", "name", "weight", "tool_calls", "tool_call_id", "thinking"],
    trained: Trained::LastAnswer,
    on_fault: OnFault::StopsRun,
    length: trl::LENGTH,
    severities: trl::SEVERITIES,
    checked: trl::CHECKED,
    sources: trl::SOURCES,
    ..TargetSpec::CHAT
};

/// TRL, prompts and completions.
pub static TARGET: Pairs = Pairs { spec: &SPEC, lists: true, label: false };
