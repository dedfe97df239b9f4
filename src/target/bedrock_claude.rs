//! Amazon Bedrock, Claude 3 Haiku: Anthropic's rows.

use super::rows::Claude;
use super::spec::{Adjacent, Length, Limits, Overlong, SystemPlace, TargetSpec, Validation};
use crate::diagnostic::Severity;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "bedrock-claude",
    title: "Amazon Bedrock fine-tuning of Claude 3 Haiku",
    roles: &[Role::System, Role::User, Role::Assistant],
    system: SystemPlace::FirstOnly,
    user_first: true,
    adjacent: Adjacent::Refused,
    blank_content_refused: true,
    row_keys: &["system", "messages"],
    message_keys: &["role", "content"],
    length: Length { tokens: Some(32_000), setting: None, overlong: Overlong::Refused, parts: 1 },
    // `len(text) // CHARS_PER_TOKEN`, of the instructions and of each message.
    characters_a_token: Some(3),
    limits: Limits {
        examples_min: Some(32),
        examples_recommended: Some(100),
        examples_max: Some(10_000),
        file_bytes: Some(10 << 30),
        validation: Validation {
            examples_min: Some(32),
            examples_max: Some(1_000),
            examples_of_both: Some(10_000),
            bytes: Some(1 << 30),
            ..Validation::NONE
        },
        ..Limits::NONE
    },
    // The script looks at the keys it knows only.
    severities: &[
        ("FILE001", Severity::Warning),
        ("KEY001", Severity::Warning),
        ("KEY002", Severity::Warning),
    ],
    sentences: &[
        ("LEN001", "Exceeds maximum token count (N > 32000)"),
        ("TURN001", "Messages must start with user and end with assistant"),
        ("TURN002", "Messages must start with user and end with assistant"),
        ("TURN003", "Messages must alternate between user and assistant"),
    ],
    checked: "2026-11-21",
    sources: &[
        "ren8k/aws-bedrock-claude3-fine-tuning, `src/prepare/data_validation.py` (a copy of Amazon's script)",
    ],
    ..TargetSpec::CHAT
};

/// Amazon Bedrock, Claude 3 Haiku.
pub static TARGET: Claude = Claude(&SPEC);
