//! TRL, unpaired preferences (KTO): a prompt, an answer, and whether it is wanted.

use super::rows::Pairs;
use super::spec::{OnFault, TargetSpec, Trained};
use super::trl;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "trl-kto",
    title: "Hugging Face TRL, unpaired preferences (KTO)",
    roles: &[Role::System, Role::Developer, Role::User, Role::Assistant, Role::Tool],
    row_keys: &["prompt", "completion", "label", "tools"],
    message_keys: &["role", "content", "name", "weight", "tool_calls", "tool_call_id"],
    trained: Trained::LastAnswer,
    on_fault: OnFault::StopsRun,
    length: trl::LENGTH,
    severities: trl::SEVERITIES,
    checked: trl::CHECKED,
    sources: trl::SOURCES,
    ..TargetSpec::CHAT
};

/// TRL, unpaired preferences.
pub static TARGET: Pairs = Pairs { spec: &SPEC, lists: true, label: true };
