//! OpenAI supervised fine-tuning: `{"messages": […], "tools": […]}`; also what Azure takes.

use super::rows::Chat;
use super::spec::{Adjacent, Last, Length, Limits, Overlong, Shape, SystemPlace, TargetSpec, ToolResults};
use crate::diagnostic::Severity;
use crate::model::Role;

/// Keys of a message in the published schema, of any role.
pub(super) const MESSAGE_KEYS: &[&str] =
    &["role", "content", "name", "weight", "tool_calls", "tool_call_id", "refusal", "function_call", "audio"];

/// Control tokens of OpenAI's vocabularies (tiktoken `openai_public.py`, 2026-08-16) and of the chat frame. The server
/// was seen to refuse `<|fim_suffix|>` (2026-02); the others are refused here by the same reasoning.
pub(super) const CONTROL_TOKENS: &[&str] = &[
    "<|endoftext|>",
    "<|fim_prefix|>",
    "<|fim_middle|>",
    "<|fim_suffix|>",
    "<|endofprompt|>",
    "<|startoftext|>",
    "<|return|>",
    "<|constrain|>",
    "<|channel|>",
    "<|start|>",
    "<|end|>",
    "<|message|>",
    "<|call|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|im_sep|>",
];

/// What the service was seen to answer, by the code of our finding.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    // https://community.openai.com/t/965584, 2024-10
    ("CONT003", "Invalid file format. Line N, message M, key \"content\": Input should be a valid string"),
    // https://github.com/johny-b/llmcomp/issues/59, 2026-02
    ("CONT005", "Invalid file format. Example N message contains an invalid token: TOKEN."),
    // https://community.openai.com/t/966285 and others, 2024: seen with `tools` and `weight`
    ("KEY001", "Invalid file format. Example N contains an extra \"KEY\"."),
    // https://github.com/openai/openai-openapi/issues/24 (status details of a file)
    ("READ001", "Invalid file format. Example N cannot be parsed. Error: line contains invalid json"),
    // https://github.com/openai-php/client, fixture of a failed job
    ("SET001", "Training file has N example(s), but must have at least 10 examples"),
    // https://github.com/openai/openai-python/issues/426
    (
        "SHAPE001",
        "Expected file to have JSONL format, where every line is a JSON dictionary. Line N is not a dictionary",
    ),
    // Seen in failed jobs, 2024; a file without any known shape is answered with `Unexpected file format, expected
    // either prompt/completion pairs or chat messages.`
    ("SHAPE002", "Invalid file format. Example N is missing key 'messages'"),
    ("SHAPE004", "Invalid file format. Example N, message M Discriminator 'role' is missing in value"),
    // The chat API's own answer; the same request would be made of a tuned model.
    (
        "TOOL004",
        "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'",
    ),
];

pub(super) static SPEC: TargetSpec = TargetSpec {
    name: "openai-chat",
    title: "OpenAI and Azure supervised fine-tuning",
    also_at: &["azure"],
    shape: Shape::Example,
    roles: &[Role::System, Role::User, Role::Assistant, Role::Tool, Role::Function],
    system: SystemPlace::Anywhere,
    user_first: false,
    adjacent: Adjacent::Allowed,
    last: Last::Assistant,
    tool_results: ToolResults::Answered,
    blank_content_refused: false,
    content_parts: true,
    row_keys: &["messages", "tools", "parallel_tool_calls", "functions"],
    message_keys: MESSAGE_KEYS,
    forbidden_text: CONTROL_TOKENS,
    length: Length { tokens: None, setting: None, overlong: Overlong::CutAtEnd, parts: 1 },
    limits: Limits {
        examples_min: Some(10),
        examples_recommended: Some(50),
        // Examples with pictures (guide on vision fine-tuning).
        media_examples_max: Some(50_000),
        file_bytes: Some(512 << 20),
        tools_max: Some(128),
        ..Limits::NONE
    },
    severities: &[
        // In no published schema but the one for reinforcement; a refusal by the server has not been seen.
        ("ROLE002", Severity::Warning),
    ],
    sentences: SENTENCES,
    checked: "2026-11-21",
    sources: &[
        "https://github.com/openai/openai-openapi/pull/465 (schema FineTuneChatRequestInput, 2025-07-04)",
        "https://platform.openai.com/docs/guides/supervised-fine-tuning (limits; read 2026-11-21)",
        "https://platform.openai.com/docs/guides/vision-fine-tuning (50,000 examples with pictures; read 2026-11-21)",
        "https://community.openai.com/t/965584 (tool content must be a string, 2024-10)",
        "https://github.com/johny-b/llmcomp/issues/59 (control tokens refused, 2026-02)",
    ],
    ..TargetSpec::CHAT
};

/// OpenAI and Azure supervised fine-tuning.
pub static TARGET: Chat = Chat(&SPEC);
