//! What TRL's dataset types have in common.

use super::spec::{Length, OnFault, Overlong, Packed, Packing, TargetSpec, Trained};
use crate::diagnostic::Severity;
use crate::model::Role;

/// `SFTConfig.max_length`, with `truncation_mode` `keep_start`.
const LENGTH: Length =
    Length { tokens: Some(1024), setting: Some("max_length"), overlong: Overlong::CutAtEnd, parts: 1 };

/// `packing` of `SFTConfig`, off by default; `data_utils.py`, `pack_dataset`: batches are those of `Dataset.map`, 1,000 rows.
pub(super) const PACKING: &[Packing] = &[
    Packing { name: "bfd", how: Packed::Whole, less: 0, notes: "" },
    Packing { name: "bfd_split", how: Packed::Split, less: 0, notes: "" },
    Packing {
        name: "wrapped",
        how: Packed::Wrapped { batch: 1_000 },
        less: 0,
        notes: "rows of one sequence see one another",
    },
];

/// Other columns are ignored; what the order of roles may be is for the model's template to say.
const SEVERITIES: &[(&str, Severity)] = &[
    ("CONT001", Severity::Warning),
    ("CONT003", Severity::Warning),
    // The loader of `datasets` takes any name and passes over blank lines; whether a mark disturbs it is not known.
    ("FILE001", Severity::Warning),
    ("FILE003", Severity::Info),
    ("FILE004", Severity::Info),
    ("FILE005", Severity::Info),
    ("KEY001", Severity::Info),
    ("KEY002", Severity::Warning),
    ("ROLE001", Severity::Warning),
    ("ROLE002", Severity::Warning),
    // What is made of calls and results is the template's matter, too.
    ("TOOL004", Severity::Warning),
    ("TOOL007", Severity::Warning),
    ("TURN002", Severity::Warning),
    ("TURN004", Severity::Warning),
];

/// What the loader of `datasets` says (huggingface/datasets issue 6460).
pub(super) const TABLE: (&str, &str) =
    ("SET013", "JSON parse error: Column(/…) changed from TYPE to TYPE in row N");

const SOURCES: &[&str] = &[
    "huggingface/trl f2cd577, `docs/source/dataset_formats.md`, `data_utils.py`, `trainer/sft_config.py`, `trainer/sft_trainer.py` (2026-07-24)",
];

/// What the types differ from.
pub(super) const COMMON: TargetSpec = TargetSpec {
    roles: &[Role::System, Role::Developer, Role::User, Role::Assistant, Role::Tool],
    trained: Trained::LastAnswer,
    on_fault: OnFault::StopsRun,
    one_table: true,
    length: LENGTH,
    severities: SEVERITIES,
    sentences: &[TABLE],
    checked: "2026-11-21",
    sources: SOURCES,
    ..TargetSpec::CHAT
};
