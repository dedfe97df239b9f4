//! What TRL's dataset types have in common.

use super::spec::{Length, Overlong};
use crate::diagnostic::Severity;

/// `SFTConfig.max_length`, with `truncation_mode` `keep_start`.
pub(super) const LENGTH: Length =
    Length { tokens: Some(1024), setting: Some("max_length"), overlong: Overlong::CutAtEnd };

/// Other columns are ignored; what the order of roles may be is for the model's template to say.
pub(super) const SEVERITIES: &[(&str, Severity)] = &[
    ("CONT001", Severity::Warning),
    ("CONT003", Severity::Warning),
    ("KEY001", Severity::Info),
    ("KEY002", Severity::Warning),
    ("ROLE001", Severity::Warning),
    ("ROLE002", Severity::Warning),
    ("TURN002", Severity::Warning),
];

pub(super) const CHECKED: &str = "2026-11-21";

pub(super) const SOURCES: &[&str] = &[
    "huggingface/trl f2cd577, `docs/source/dataset_formats.md`, `data_utils.py`, `trainer/sft_config.py` (2026-07-24)",
];
