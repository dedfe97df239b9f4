//! OpenAI preference fine-tuning: `{"input": {"messages"}, "preferred_output", "non_preferred_output"}`; also what Azure
//! takes.

use super::openai_chat::{CONTROL_TOKENS, MESSAGE_KEYS};
use super::rows::Preferences;
use super::spec::{Adjacent, Last, Length, Limits, Overlong, Shape, SystemPlace, TargetSpec, ToolResults};
use crate::diagnostic::Severity;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "openai-dpo",
    title: "OpenAI and Azure preference fine-tuning (DPO)",
    also_at: &["azure"],
    shape: Shape::Preference,
    roles: &[Role::System, Role::User, Role::Assistant, Role::Tool],
    system: SystemPlace::Anywhere,
    user_first: false,
    adjacent: Adjacent::Allowed,
    last: Last::NotAssistant,
    tool_results: ToolResults::Answered,
    blank_content_refused: true,
    content_parts: false,
    // `parallel_tool_calls` stands in `input`, beside `messages` and `tools`.
    row_keys: &["input", "preferred_output", "non_preferred_output", "parallel_tool_calls"],
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
    severities: &[("ROLE002", Severity::Warning), ("WGT001", Severity::Warning)],
    sentences: &[
        ("CONT005", "Invalid file format. Example N message contains an invalid token: TOKEN."),
        ("KEY001", "Invalid file format. Example N contains an extra \"KEY\"."),
        ("SET001", "Training file has N example(s), but must have at least 10 examples"),
        ("SHAPE002", "Invalid file format. Example N is missing key 'input'."),
    ],
    checked: "2026-11-21",
    sources: &[
        "https://github.com/openai/openai-openapi/pull/465 (schema FineTunePreferenceRequestInput, 2025-07-04)",
        "https://platform.openai.com/docs/guides/direct-preference-optimization (read 2026-11-21)",
        "https://learn.microsoft.com/azure/ai-foundry/openai/how-to/fine-tuning-direct-preference-optimization (the same rows at Azure; read 2026-11-22)",
    ],
    ..TargetSpec::CHAT
};

/// OpenAI and Azure preference fine-tuning.
pub static TARGET: Preferences = Preferences(&SPEC);
