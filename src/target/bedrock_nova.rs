//! Amazon Bedrock, Nova models: Converse rows.

use super::rows::Converse;
use super::spec::{Adjacent, Limits, SystemPlace, TargetSpec, ToolResults};
use crate::diagnostic::Severity;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "bedrock-nova",
    title: "Amazon Bedrock fine-tuning of Nova",
    roles: &[Role::System, Role::User, Role::Assistant, Role::Tool],
    system: SystemPlace::FirstOnly,
    user_first: true,
    adjacent: Adjacent::Refused,
    tool_results: ToolResults::AnsweredOnce,
    blank_content_refused: true,
    content_parts: true,
    row_keys: &["schemaVersion", "system", "messages", "toolConfig"],
    message_keys: &["role", "content", "tool_calls", "tool_call_id"],
    // `Thought:` and `[EOS]` are meant too, but missing commas fuse them with their neighbours in Amazon's list.
    forbidden_text: &["System:", "User:", "Bot:", "Assistant:", "<image>", "<video>", "<unk>"],
    forbidden_in_any_case: true,
    limits: Limits {
        examples_min: Some(8),
        examples_recommended: Some(100),
        examples_max: Some(20_000),
        ..Limits::NONE
    },
    severities: &[
        ("FILE001", Severity::Warning),
        ("KEY001", Severity::Warning),
        ("KEY002", Severity::Warning),
        ("TOOL002", Severity::Error),
        ("TOOL003", Severity::Error),
        ("TOOL006", Severity::Error),
    ],
    sentences: &[
        ("CONT002", "Invalid content, empty text content"),
        ("CONT005", "Invalid text content, following tokens are invalid: TOKEN"),
        ("SET001", "Number of samples N out of bounds between LO and HI for …"),
        ("TURN001", "Invalid messages, expected user role but found assistant"),
        ("TURN002", "Invalid messages, last turn should have assistant role"),
        ("TURN003", "Invalid messages, expected ROLE role but found ROLE"),
    ],
    checked: "2026-11-21",
    sources: &[
        "aws-samples/amazon-nova-samples, `customization/bedrock-finetuning/understanding/dataset_validation/nova_ft_dataset_validator.py` (2026)",
    ],
    ..TargetSpec::CHAT
};

/// Amazon Bedrock, Nova.
pub static TARGET: Converse = Converse(&SPEC);
