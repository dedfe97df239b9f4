//! LLaMA-Factory, `formatting: sharegpt`.

use super::llama_factory as common;
use super::rows::Turns;
use super::spec::{Adjacent, OnFault, SystemPlace, TargetSpec};
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "llama-factory-sharegpt",
    title: "LLaMA-Factory, formatting sharegpt",
    roles: &[Role::System, Role::User, Role::Assistant, Role::Tool],
    system: SystemPlace::FirstOnly,
    user_first: true,
    adjacent: Adjacent::Refused,
    content_beside_calls: false,
    row_keys: &["conversations", "tools", "system"],
    message_keys: &["role", "content", "tool_calls", "tool_call_id"],
    on_fault: OnFault::DropsRow,
    length: common::LENGTH,
    severities: common::SEVERITIES,
    sentences: common::SENTENCES,
    checked: common::CHECKED,
    sources: common::SOURCES,
    ..TargetSpec::CHAT
};

/// LLaMA-Factory, `formatting: sharegpt`, with its own tags.
pub static TARGET: Turns = Turns {
    spec: &SPEC,
    list: "conversations",
    speaker: "from",
    text: "value",
    names: &[
        (Role::User, "human"),
        (Role::Assistant, "gpt"),
        (Role::System, "system"),
        (Role::Tool, "observation"),
    ],
    call: Some("function_call"),
};
