//! Vertex AI, preference tuning of Gemini.

use super::rows::Contents;
use super::spec::{Last, Length, Limits, Overlong, Shape, SystemPlace, TargetSpec};
use crate::diagnostic::Severity;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "vertex-preference",
    title: "Vertex AI preference tuning (Gemini)",
    shape: Shape::Preference,
    // Text only: calls and results have no place.
    roles: &[Role::System, Role::User, Role::Assistant],
    system: SystemPlace::FirstOnly,
    user_first: true,
    last: Last::NotAssistant,
    row_keys: &["contents", "systemInstruction", "system_instruction", "completions"],
    message_keys: &["role", "content"],
    length: Length { tokens: Some(131_072), setting: None, overlong: Overlong::Unsaid, parts: 1 },
    limits: Limits::NONE,
    severities: &[
        ("FILE001", Severity::Warning),
        ("KEY001", Severity::Warning),
        ("KEY002", Severity::Warning),
    ],
    sentences: &[("SHAPE002", "InvalidArgument: 400 Row: N. Missing required `contents` field.")],
    checked: "2026-11-21",
    sources: &[
        "https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/tuning/preference-tuning/prepare-data (read 2026-11)",
    ],
    ..TargetSpec::CHAT
};

/// Vertex AI, preference tuning.
pub static TARGET: Contents = Contents { spec: &SPEC, preference: true };
