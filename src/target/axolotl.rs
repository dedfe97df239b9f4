//! Axolotl, `type: chat_template`.

use super::rows::Masked;
use super::spec::{Last, Length, OnFault, Overlong, Packed, Packing, TargetSpec};
use super::trl;
use crate::diagnostic::Severity;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "axolotl",
    title: "Axolotl, type chat_template",
    roles: &[Role::System, Role::Developer, Role::User, Role::Assistant, Role::Tool],
    last: Last::Assistant,
    content_parts: true,
    row_keys: &["messages", "tools"],
    message_keys: &["role", "content", "name", "weight", "tool_calls", "tool_call_id", "reasoning_content"],
    // `sequence_len` is 512 where nothing is set, and rows beyond it are left out.
    length: Length {
        tokens: Some(512),
        setting: Some("sequence_len"),
        overlong: Overlong::Dropped,
        parts: 1,
    },
    packing: &[Packing {
        name: "sample_packing",
        how: Packed::Whole,
        less: 0,
        notes: "the last sequences of an epoch, where they are too few for a batch, are left out of it",
    }],
    on_fault: OnFault::StopsRun,
    one_table: true,
    severities: &[
        ("CONT001", Severity::Warning),
        ("CONT003", Severity::Warning),
        // The loaders of Hugging Face take lists and any name, too, and pass over blank lines.
        ("FILE001", Severity::Warning),
        ("FILE003", Severity::Info),
        ("FILE004", Severity::Info),
        ("FILE005", Severity::Info),
        ("KEY001", Severity::Info),
        ("KEY002", Severity::Info),
        ("ROLE001", Severity::Warning),
        ("ROLE002", Severity::Warning),
        ("TOOL002", Severity::Error),
        // What is made of results is the template's matter.
        ("TOOL004", Severity::Warning),
        // `Last turn is not trainable`: a warning of its own.
        ("TURN002", Severity::Warning),
        ("TURN004", Severity::Warning),
    ],
    sentences: &[
        trl::TABLE,
        ("SHAPE002", "Messages is null. Please check `field_messages`."),
        ("TOOL002", "Error parsing tool_calls arguments as JSON. Function: …, Arguments string: …"),
        (
            "TURN002",
            "Last turn is not trainable, skipping having to find the turn indices. … Please ensure last turn is trainable.",
        ),
    ],
    checked: "2026-11-21",
    sources: &[
        "axolotl-ai-cloud/axolotl 067b021, `prompt_strategies/chat_template.py`, `utils/data/utils.py`, \
         `utils/samplers/multipack.py` (2026-07-24)",
    ],
    ..TargetSpec::CHAT
};

/// Axolotl; weights are written as `train`, which `message_field_training: train` reads.
pub static TARGET: Masked = Masked(&SPEC);
