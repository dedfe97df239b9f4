//! Azure OpenAI (Microsoft Foundry) supervised fine-tuning: OpenAI's rows.

use super::openai_chat::{CONTROL_TOKENS, MESSAGE_KEYS, SENTENCES};
use super::rows::Chat;
use super::spec::{Length, Limits, Overlong, TargetSpec};
use crate::diagnostic::Severity;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "azure",
    title: "Azure OpenAI supervised fine-tuning",
    roles: &[Role::System, Role::User, Role::Assistant, Role::Tool, Role::Function],
    content_parts: true,
    row_keys: &["messages", "tools", "parallel_tool_calls", "functions"],
    message_keys: MESSAGE_KEYS,
    forbidden_text: CONTROL_TOKENS,
    length: Length { tokens: None, setting: None, overlong: Overlong::CutAtEnd, parts: 1 },
    limits: Limits {
        examples_min: Some(10),
        examples_recommended: Some(50),
        file_bytes: Some(512 << 20),
        tools_max: Some(128),
        ..Limits::NONE
    },
    severities: &[
        // The documentation asks for a byte order mark; files without one were accepted.
        ("FILE001", Severity::Info),
        ("ROLE002", Severity::Warning),
    ],
    sentences: SENTENCES,
    checked: "2026-11-21",
    sources: &[
        "https://learn.microsoft.com/azure/ai-foundry/openai/how-to/fine-tuning (UTF-8 with a byte order mark, below 512 MB)",
        "https://learn.microsoft.com/azure/ai-foundry/openai/quotas-limits (2 billion tokens and 720 hours a job)",
        "microsoft/GitHub-Copilot-for-Azure, `finetuning/scripts/validate/validate_sft.py` (2026)",
    ],
    ..TargetSpec::CHAT
};

/// Azure OpenAI supervised fine-tuning.
pub static TARGET: Chat = Chat(&SPEC);
