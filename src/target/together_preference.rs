//! Together, preferences.

use super::rows::Preferences;
use super::spec::{Adjacent, Last, Length, Shape, TargetSpec};
use super::together;

static SPEC: TargetSpec = TargetSpec {
    name: "together-preference",
    title: "Together preference fine-tuning (DPO)",
    shape: Shape::Preference,
    adjacent: Adjacent::Refused,
    last: Last::NotAssistant,
    mixed_content: false,
    substitutes: false,
    null_weights: false,
    weighted_images: false,
    null_answers: false,
    null_tools: true,
    open_input: true,
    // The list of supported models has the limit of chats, and of preferences about half of it.
    length: Length { parts: 2, ..together::COMMON.length },
    row_keys: &["input", "preferred_output", "non_preferred_output"],
    message_keys: &["role", "content", "weight", "tool_calls", "tool_call_id"],
    ..together::COMMON
};

/// Together, preferences.
pub static TARGET: Preferences = Preferences(&SPEC);
