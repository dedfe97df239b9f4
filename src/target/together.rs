//! What Together's four formats have in common: the checks of its SDK before an upload.

use super::spec::{InlineImages, Limits, TargetSpec};
use crate::diagnostic::Severity;

/// `constants.py` of the SDK: one sample at least, 50.1 GB at most.
const LIMITS: Limits = Limits {
    examples_min: Some(1),
    examples_recommended: Some(50),
    file_bytes: Some(53_794_115_379),
    ..Limits::NONE
};

/// `constants.py` of the SDK: a picture of 10 MiB in Base64, with the longest of the beginnings.
const IMAGES: InlineImages = InlineImages {
    prefixes: &["data:image/jpeg;base64,", "data:image/png;base64,", "data:image/webp;base64,"],
    url_chars: 13_981_036,
    most: 10,
};

/// Each physical line goes through a JSON parser, and every column but those of the format is refused.
const SEVERITIES: &[(&str, Severity)] = &[
    ("FILE001", Severity::Error),
    ("FILE003", Severity::Error),
    ("FILE007", Severity::Error),
    ("KEY001", Severity::Error),
    ("KEY002", Severity::Warning),
    ("READ005", Severity::Warning),
    ("ROLE002", Severity::Error),
    ("SYS002", Severity::Warning),
    ("TOOL004", Severity::Warning),
];

const SOURCES: &[&str] = &[
    "togethercomputer/together-python, `src/together/utils/files.py` and `constants.py` (2025-12)",
    "PyPI `together` 1.5.35, 2.14.0 and 3.1.1, asked of the files of `fixtures/conformance` (2026-11-21)",
    "https://docs.together.ai/docs/fine-tuning-data-preparation (read 2026-11)",
];

/// Sentences of `check_file`, by the code of our finding.
const SENTENCES: &[(&str, &str)] = &[
    ("CONT001", "Missing required column `content` in message on line N."),
    (
        "CONT003",
        "Invalid content type on line N of the input file. Expected string or multimodal list of dicts, found TYPE",
    ),
    ("CONT040", "Messages in the conversation must be either all in multimodal or all in text-only format."),
    (
        "CONT041",
        "Invalid content type on line N of the input file. Expected string or multimodal list of dicts, found <class 'NoneType'>",
    ),
    ("CONT043", "Missing required column `content` or `tool_calls` in message on line N."),
    ("FILE002", "File is not UTF-8 encoded. Error raised: …"),
    ("FILE003", "Error parsing json payload. Unexpected format on line N."),
    ("FILE006", "File is empty"),
    ("FILE007", "Error parsing json payload. Unexpected format on line N."),
    ("KEY001", "Found extra column \"KEY\" in the line N."),
    (
        "PREF001",
        "The dataset is malformed, the `preferred_output` list must contain exactly one message on line N.",
    ),
    ("PREF003", "The last message in the input conversation must not be from the assistant on line N."),
    ("READ001", "Error parsing json payload. Unexpected format on line N."),
    ("ROLE001", "Invalid role `X` in conversation on line N. Possible roles: system, user, assistant, tool"),
    (
        "ROLE002",
        "Invalid role `developer` in conversation on line N. Possible roles: system, user, assistant, tool",
    ),
    (
        "SHAPE001",
        "Error parsing file. Invalid format on line N of the input file. Datasets must follow text, conversational, or instruction format. For moreinformation, see https://docs.together.ai/docs/fine-tuning-data-preparation",
    ),
    ("SHAPE002", "Error parsing file. Could not detect a format for the line N with the columns:"),
    (
        "SHAPE003",
        "Invalid format on line N of the input file. The `messages` column must be a list of dicts. Found TYPE",
    ),
    ("SHAPE004", "Missing required column `role` in message on line N."),
    (
        "TURN003",
        "Invalid role turns on line N of the input file. After the optional system message, conversation roles must alternate between user/assistant/user/assistant.",
    ),
    (
        "TURN004",
        "Invalid format on line N of the input file. At least one message with the assistant role must be present in the example.",
    ),
    ("WGT001", "Weight must be either 0 or 1 on line N."),
    ("WGT020", "Messages with images cannot have non-zero weights."),
];

/// What the formats differ from.
pub(super) const COMMON: TargetSpec = TargetSpec {
    content_parts: true,
    refusal_parts: false,
    inline_images: Some(IMAGES),
    // Rows that are not packed are billed by it, too (documentation of pricing, read 2026-11-21).
    shortened_by: Some("max_seq_length"),
    limits: LIMITS,
    severities: SEVERITIES,
    sentences: SENTENCES,
    checked: "2026-11-21",
    sources: SOURCES,
    ..TargetSpec::CHAT
};
