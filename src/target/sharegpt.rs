//! ShareGPT's rows, which many trainers read.

use super::rows::Turns;
use super::spec::{Last, OnFault, TargetSpec};
use crate::diagnostic::Severity;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "sharegpt",
    title: "ShareGPT rows (conversations of from and value)",
    roles: &[Role::System, Role::User, Role::Assistant, Role::Tool],
    last: Last::Any,
    content_beside_calls: false,
    row_keys: &["conversations", "tools", "system", "id"],
    message_keys: &["role", "content", "tool_calls", "tool_call_id"],
    on_fault: OnFault::StopsRun,
    severities: &[
        // Published sets are called as they like.
        ("FILE005", Severity::Info),
        ("KEY001", Severity::Info),
        ("KEY002", Severity::Info),
        ("TURN002", Severity::Warning),
    ],
    checked: "2026-11-21",
    sources: &[
        "the rows of published ShareGPT sets, as Axolotl, LLaMA-Factory and Unsloth read them (2026-11)",
    ],
    ..TargetSpec::CHAT
};

/// ShareGPT.
pub static TARGET: Turns = Turns {
    spec: &SPEC,
    list: "conversations",
    speaker: "from",
    text: "value",
    names: &[(Role::User, "human"), (Role::Assistant, "gpt"), (Role::System, "system"), (Role::Tool, "tool")],
    call: Some("function_call"),
};
