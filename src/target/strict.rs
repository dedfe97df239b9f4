//! The portable core: what every published target accepts after renaming keys.

use super::openai_chat::CONTROL_TOKENS;
use super::rows::Chat;
use super::spec::{Adjacent, Last, Limits, Shape, SystemPlace, TargetSpec, ToolResults};
use crate::diagnostic::Severity;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "strict",
    title: "The portable core: one system message first, then user and assistant in turn, ending with the assistant",
    shape: Shape::Example,
    roles: &[Role::System, Role::User, Role::Assistant, Role::Tool],
    system: SystemPlace::FirstOnly,
    user_first: true,
    adjacent: Adjacent::Refused,
    last: Last::Assistant,
    tool_results: ToolResults::AnsweredOnce,
    checks_tools: true,
    blank_content_refused: true,
    content_parts: false,
    row_keys: &["messages", "tools"],
    message_keys: &["role", "content", "tool_calls", "tool_call_id"],
    forbidden_text: CONTROL_TOKENS,
    limits: Limits {
        examples_min: Some(10),
        examples_recommended: Some(50),
        file_bytes: Some(512 << 20),
        tools_max: Some(128),
        ..Limits::NONE
    },
    severities: &[
        // Bedrock, Mistral and the trainers' templates stop where OpenAI goes on.
        ("TOOL002", Severity::Error),
        ("TOOL003", Severity::Error),
        ("TOOL006", Severity::Error),
    ],
    sentences: &[],
    checked: "2026-11-21",
    sources: &[
        "the strictest published rule of OpenAI, Together, Fireworks, Vertex, Bedrock, Mistral, TRL and LLaMA-Factory \
         on each point (2026-11-21)",
    ],
    ..TargetSpec::CHAT
};

/// The portable core.
pub static TARGET: Chat = Chat(&SPEC);
