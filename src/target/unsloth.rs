//! Unsloth, `standardize_data_formats`: two keys a turn, no more.

use super::rows::Turns;
use super::spec::{Last, OnFault, TargetSpec, Trained};
use crate::diagnostic::Severity;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "unsloth",
    title: "Unsloth, conversations",
    roles: &[Role::System, Role::User, Role::Assistant],
    last: Last::Any,
    row_keys: &["conversations"],
    message_keys: &["role", "content"],
    // `train_on_responses_only` is for the caller to switch on.
    trained: Trained::Everything,
    on_fault: OnFault::StopsRun,
    one_table: true,
    severities: &[
        ("FILE001", Severity::Warning),
        ("FILE003", Severity::Info),
        ("FILE004", Severity::Info),
        ("FILE005", Severity::Info),
        ("KEY001", Severity::Info),
        ("KEY002", Severity::Error),
        ("ROLE001", Severity::Error),
    ],
    sentences: &[
        ("KEY002", "Unsloth: [...] are not in aliases. Please update aliases."),
        ("ROLE001", "Unsloth: [...] are not in aliases. Please update aliases."),
        ("SHAPE003", "Unsloth: Cannot standardize non text datasets!"),
    ],
    checked: "2026-11-21",
    sources: &["unslothai/unsloth-zoo, `dataset_utils.py`, `standardize_data_formats` (2026)"],
    ..TargetSpec::CHAT
};

/// Unsloth.
pub static TARGET: Turns = Turns {
    spec: &SPEC,
    list: "conversations",
    speaker: "role",
    text: "content",
    names: &[(Role::User, "user"), (Role::Assistant, "assistant"), (Role::System, "system")],
    call: None,
};
