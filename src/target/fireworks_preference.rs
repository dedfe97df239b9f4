//! Fireworks preference fine-tuning (DPO): the rows of OpenAI, in texts.

use super::fireworks::{LIMITS, SEVERITIES};
use super::rows::Preferences;
use super::spec::{Last, Shape, SystemPlace, TargetSpec};
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
    limits: LIMITS,
    severities: SEVERITIES,
    checked: "2026-11-22",
    sources: &[
        "https://docs.fireworks.ai/fine-tuning/dpo-fine-tuning (the two answers are the last message of one turn; read in a \
         copy, 2026-11-22)",
    ],
    ..TargetSpec::CHAT
};

/// Fireworks preference fine-tuning.
pub static TARGET: Preferences = Preferences(&SPEC);
