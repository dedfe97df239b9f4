//! LLaMA-Factory, `formatting: openai`.

use super::llama_factory as common;
use super::rows::Chat;
use super::spec::{Adjacent, OnFault, SystemPlace, TargetSpec};
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "llama-factory-openai",
    title: "LLaMA-Factory, formatting openai",
    roles: &[Role::System, Role::User, Role::Assistant, Role::Tool],
    system: SystemPlace::FirstOnly,
    user_first: true,
    adjacent: Adjacent::Refused,
    content_beside_calls: false,
    row_keys: &["messages", "tools"],
    message_keys: &["role", "content", "tool_calls", "tool_call_id"],
    on_fault: OnFault::DropsRow,
    length: common::LENGTH,
    severities: common::SEVERITIES,
    sentences: common::SENTENCES,
    checked: common::CHECKED,
    sources: common::SOURCES,
    ..TargetSpec::CHAT
};

/// LLaMA-Factory, `formatting: openai`.
pub static TARGET: Chat = Chat(&SPEC);
