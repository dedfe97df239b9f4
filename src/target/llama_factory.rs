//! What LLaMA-Factory's three formats have in common: rows in another order than it expects are left out with a line in
//! the log.

use super::spec::{Adjacent, Length, OnFault, Overlong, Packed, Packing, SystemPlace, TargetSpec};
use crate::diagnostic::Severity;

/// `cutoff_len`.
const LENGTH: Length =
    Length { tokens: Some(2048), setting: Some("cutoff_len"), overlong: Overlong::CutAtEnd, parts: 1 };

/// `packing` and `neat_packing`, off by default; either takes one token off `cutoff_len` (`hparams/data_args.py`).
const PACKING: &[Packing] = &[
    Packing {
        name: "packing",
        how: Packed::Whole,
        less: 1,
        notes: "rows of one sequence see one another; with `neat_packing` they do not",
    },
    Packing { name: "neat_packing", how: Packed::Whole, less: 1, notes: "" },
];

/// What it skips is as good as refused; other columns and keys are not looked at.
const SEVERITIES: &[(&str, Severity)] = &[
    ("FILE001", Severity::Warning),
    ("FILE003", Severity::Info),
    ("FILE004", Severity::Info),
    ("FILE005", Severity::Info),
    ("KEY001", Severity::Info),
    ("KEY002", Severity::Info),
    ("SYS001", Severity::Error),
    ("SYS002", Severity::Error),
    // Definitions of tools go into the instructions as they are.
    ("TOOL007", Severity::Info),
];

const SENTENCES: &[(&str, &str)] = &[
    ("ROLE001", "Invalid role tag in …"),
    ("SYS001", "Invalid role tag in …"),
    ("TURN001", "Invalid role tag in …"),
    ("TURN002", "Invalid message count in …"),
    ("TURN003", "Invalid role tag in …"),
];

const SOURCES: &[&str] = &[
    "hiyouga/LLaMA-Factory ff6d4d1, `src/llamafactory/data/converter.py`, `data/processor/supervised.py`, `hparams/data_args.py` (2026-08-18)",
];

/// Where it looks for files of data (`data/parser.py`, `data/README.md`).
pub(super) const DATASET_INFO: &str = "dataset_info.json";

/// What the formats differ from.
pub(super) const COMMON: TargetSpec = TargetSpec {
    system: SystemPlace::FirstOnly,
    user_first: true,
    adjacent: Adjacent::Refused,
    content_beside_calls: false,
    on_fault: OnFault::DropsRow,
    one_table: true,
    length: LENGTH,
    cuts_pairs: true,
    packing: PACKING,
    severities: SEVERITIES,
    sentences: SENTENCES,
    checked: "2026-11-21",
    sources: SOURCES,
    ..TargetSpec::CHAT
};
