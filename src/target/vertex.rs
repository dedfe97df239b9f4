//! Vertex AI, supervised tuning of Gemini.

use super::rows::Contents;
use super::spec::{Adjacent, Length, Limits, Overlong, SystemPlace, TargetSpec, Validation};
use crate::diagnostic::Severity;
use crate::model::Role;

/// Where instructions stand beside the contents there is one, and it is first.
pub(super) const ROLES: &[Role] = &[Role::System, Role::User, Role::Assistant, Role::Tool];

static SPEC: TargetSpec = TargetSpec {
    name: "vertex",
    title: "Vertex AI supervised tuning (Gemini)",
    roles: ROLES,
    system: SystemPlace::FirstOnly,
    user_first: true,
    adjacent: Adjacent::Refused,
    content_parts: true,
    row_keys: &["contents", "systemInstruction", "tools"],
    message_keys: &["role", "content", "tool_calls", "tool_call_id"],
    length: Length { tokens: Some(131_072), setting: None, overlong: Overlong::Unsaid, parts: 1 },
    limits: Limits {
        examples_recommended: Some(100),
        examples_max: Some(1_000_000),
        file_bytes: Some(1 << 30),
        media_examples_max: Some(300_000),
        validation: Validation { examples_max: Some(5_000), ..Validation::NONE },
        ..Limits::NONE
    },
    severities: &[
        ("FILE001", Severity::Warning),
        ("KEY001", Severity::Warning),
        ("KEY002", Severity::Warning),
        ("TOOL002", Severity::Error),
        // That turns alternate from the user on stands on an older page; how a row ends does not.
        ("TURN002", Severity::Warning),
    ],
    sentences: &[("SHAPE002", "InvalidArgument: 400 Row: N. Missing required `contents` field.")],
    checked: "2026-11-21",
    sources: &[
        "https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/gemini-supervised-tuning (limits; read 2026-11)",
        "https://cloud.google.com/vertex-ai/generative-ai/docs/models/gemini-supervised-tuning-about (turns alternate; older page)",
    ],
    ..TargetSpec::CHAT
};

/// Vertex AI, supervised tuning.
pub static TARGET: Contents = Contents { spec: &SPEC, preference: false };
