//! Mistral: what `mistral-finetune` reads and the validator of `mistral-common` accepts for fine-tuning.

use super::rows::Chat;
use super::spec::{CallIds, Limits, SystemPlace, TargetSpec, ToolResults, Validation};
use crate::diagnostic::Severity;
use crate::model::Role;

static SPEC: TargetSpec = TargetSpec {
    name: "mistral",
    title: "Mistral fine-tuning (mistral-finetune, mistral-common)",
    roles: &[Role::System, Role::User, Role::Assistant, Role::Tool],
    system: SystemPlace::FirstOnly,
    tool_results: ToolResults::Counted,
    call_ids: CallIds::Nine,
    content_beside_calls: false,
    complete_tools: true,
    content_parts: true,
    joins_parts: true,
    refusal_parts: false,
    empty_answers: false,
    substitutes: false,
    null_tools: true,
    continued_answers: false,
    lone_message: false,
    checks_tools: true,
    row_keys: &["messages", "tools"],
    message_keys: &["role", "content", "weight", "tool_calls", "tool_call_id", "name", "prefix"],
    limits: Limits {
        examples_min: Some(10),
        examples_recommended: Some(50),
        validation: Validation { bytes: Some(1 << 20), percent_of_training: Some(5), ..Validation::NONE },
        ..Limits::NONE
    },
    severities: &[
        // `mistral-finetune` gives each line, as text, to Python's `json`.
        ("FILE003", Severity::Error),
        ("FILE007", Severity::Error),
        // The hosted service, which is documented as deprecated, limits the validation file; `mistral-finetune` does not.
        ("JOB001", Severity::Warning),
        ("KEY001", Severity::Warning),
        ("KEY002", Severity::Warning),
        // Likewise the least number of examples.
        ("SET001", Severity::Warning),
        ("SYS001", Severity::Warning),
        ("TOOL001", Severity::Error),
        ("TOOL003", Severity::Error),
        ("TOOL006", Severity::Warning),
        ("TOOL022", Severity::Error),
    ],
    sentences: &[
        ("CONT043", "Assistant message must have either content or tool_calls, but not both."),
        ("SYS002", "Multiple messages with role 'system' encountered. Only one is allowed."),
        ("TOOL005", "Not the same number of function calls and responses"),
        ("TOOL020", "Tool call id was X but must be a-z, A-Z, 0-9, with a length of 9."),
        ("TOOL022", "Assistant message must have either content or tool_calls, but not both."),
        ("TOOL030", "Not the same number of function calls and responses"),
        ("TOOL031", "Invalid tool schema: …"),
        (
            "TOOL033",
            "Function name was X but must be a-z, A-Z, 0-9, or contain underscores and dashes, with a maximum length of 64.",
        ),
        ("TURN002", "Expected last role Assistant for finetuning but got ROLE"),
        ("TURN020", "Unexpected role 'ROLE' after role 'ROLE'"),
        ("TURN021", "Conversation must start with a user message or system message"),
        ("TURN022", "Cannot continue final message in finetuning mode"),
        ("WGT001", "Assistant message weight must be either 0 or 1"),
    ],
    checked: "2026-11-21",
    sources: &[
        "mistralai/mistral-finetune 1943535, `finetune/data/tokenize.py` (2026-06-12)",
        "mistralai/mistral-common bc022b9, `protocol/instruct/validator.py` (2026-07-23)",
        "mistralai/platform-docs-public, `resources/deprecated/finetuning.md` (sizes of files; 2026-08)",
        "mistral-common 1.13.1, asked of the files of `fixtures/conformance/mistral` (2026-11-21)",
    ],
    ..TargetSpec::CHAT
};

/// Mistral.
pub static TARGET: Chat = Chat(&SPEC);
