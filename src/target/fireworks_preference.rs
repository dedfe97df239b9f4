//! Fireworks preference fine-tuning (DPO): the rows of OpenAI, in texts.

use super::rows::Preferences;
use super::spec::{Last, Limits, Shape, SystemPlace, TargetSpec};
use crate::diagnostic::Severity;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "fireworks-preference",
    title: "Fireworks preference fine-tuning (DPO)",
    shape: Shape::Preference,
    // The page names three roles, and a text as content.
    roles: &[Role::System, Role::User, Role::Assistant],
    system: SystemPlace::FirstOnly,
    last: Last::NotAssistant,
    row_keys: &["input", "preferred_output", "non_preferred_output"],
    message_keys: &["role", "content"],
    limits: Limits {
        examples_min: Some(3),
        examples_recommended: Some(50),
        examples_max: Some(3_000_000),
        ..Limits::NONE
    },
    severities: &[
        ("FILE001", Severity::Warning),
        ("KEY001", Severity::Warning),
        ("KEY002", Severity::Warning),
        ("ROLE002", Severity::Warning),
        ("SYS002", Severity::Warning),
        ("TOOL007", Severity::Warning),
    ],
    checked: "2026-11-22",
    sources: &[
        "https://docs.fireworks.ai/fine-tuning/dpo-fine-tuning (the two answers are the last message of one turn; read in a \
         copy, 2026-11-22)",
    ],
    ..TargetSpec::CHAT
};

/// Fireworks preference fine-tuning.
pub static TARGET: Preferences = Preferences(&SPEC);
