//! Azure OpenAI reinforcement fine-tuning: prompts, and what the grader reads beside them.

use super::openai_chat::{CONTROL_TOKENS, MESSAGE_KEYS};
use super::rows::Chat;
use super::spec::{Last, Length, Limits, Overlong, TargetSpec, Validation};
use crate::diagnostic::Severity;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "azure-rft",
    title: "Azure OpenAI reinforcement fine-tuning",
    // `system` is refused; instructions stand under `developer`.
    roles: &[Role::Developer, Role::User, Role::Assistant, Role::Tool],
    last: Last::NotAssistant,
    content_parts: true,
    row_keys: &["messages", "tools"],
    keeps_other_keys: true,
    message_keys: MESSAGE_KEYS,
    forbidden_text: CONTROL_TOKENS,
    length: Length { tokens: None, setting: None, overlong: Overlong::Unsaid, parts: 1 },
    limits: Limits {
        validation: Validation { required: true, ..Validation::NONE },
        examples_min: Some(10),
        examples_recommended: Some(50),
        file_bytes: Some(512 << 20),
        tools_max: Some(128),
        ..Limits::NONE
    },
    // Whether a weight is looked at is not published.
    severities: &[("FILE001", Severity::Info), ("KEY001", Severity::Info), ("WGT001", Severity::Warning)],
    checked: "2026-11-21",
    sources: &[
        "MicrosoftDocs/azure-ai-docs, `reinforcement-fine-tuning.md` (last message from the user, no system role, a training and a validation file; read 2026-11)",
        "https://github.com/openai/openai-openapi/pull/465 (schema FineTuneReinforcementRequestInput, 2025-07-04)",
    ],
    ..TargetSpec::CHAT
};

/// Azure OpenAI reinforcement fine-tuning.
pub static TARGET: Chat = Chat(&SPEC);
