//! What decoding and encoding a target's rows may say.

use crate::diagnostic::{Def, Severity};

/// `SHAPE001`.
pub static ROW_NOT_OBJECT: Def = Def {
    code: "SHAPE001",
    name: "row-not-object",
    severity: Severity::Error,
    summary: "the row is not a JSON object",
    why: "every service wants one JSON object a line and refuses the file otherwise",
    remedy: "write one object a line; `chatmill convert` does it",
};
/// `SHAPE002`.
pub static MESSAGES_MISSING: Def = Def {
    code: "SHAPE002",
    name: "missing-messages",
    severity: Severity::Error,
    summary: "the row has no list of messages, or the list is empty",
    why: "there is nothing to learn from, and services refuse the file",
    remedy: "convert the file from its own format with `chatmill convert`",
};
/// `SHAPE003`.
pub static MESSAGE_NOT_OBJECT: Def = Def {
    code: "SHAPE003",
    name: "message-not-object",
    severity: Severity::Error,
    summary: "a message is not a JSON object",
    why: "services refuse the file",
    remedy: "write messages as objects with `role` and `content`",
};
/// `SHAPE004`.
pub static ROLE_MISSING: Def = Def {
    code: "SHAPE004",
    name: "missing-role",
    severity: Severity::Error,
    summary: "a message has no role, or the role is not a string",
    why: "nobody knows whether the message is to be learned; services refuse the file",
    remedy: "give each message a role: `system`, `user`, `assistant` or `tool`",
};
/// `SHAPE005`.
pub static NOT_EXPRESSIBLE: Def = Def {
    code: "SHAPE005",
    name: "not-expressible",
    severity: Severity::Error,
    summary: "the target has no way to write this record",
    why: "writing something else instead would change what is taught",
    remedy: "choose a target of the same kind (`chatmill list targets`)",
};
/// `SHAPE006`.
pub static KEY_LEFT_OUT: Def = Def {
    code: "SHAPE006",
    name: "key-left-out",
    severity: Severity::Info,
    summary: "a key that the target does not take was left out",
    why: "services refuse rows with keys they do not know; the value stays in the input",
    remedy: "nothing to do; the provenance leads back to the record",
};

/// `SHAPE007`.
pub static DEVELOPER_AS_SYSTEM: Def = Def {
    code: "SHAPE007",
    name: "developer-as-system",
    severity: Severity::Info,
    summary: "instructions stand under the name that the target has for their role",
    why: "`developer` and `system` are one role under two names, and most targets know one of them",
    remedy: "nothing to do",
};
/// `SHAPE008`.
pub static PARTS_JOINED: Def = Def {
    code: "SHAPE008",
    name: "parts-joined",
    severity: Severity::Info,
    summary: "parts of text became one text, with a line end between two",
    why: "the target takes content as one text",
    remedy: "nothing to do",
};
/// `SHAPE009`.
pub static CALL_IDS_RENAMED: Def = Def {
    code: "SHAPE009",
    name: "call-ids-renamed",
    severity: Severity::Info,
    summary: "identifiers of tool calls were written as the target wants them",
    why: "the target takes nine letters and digits; calls and results keep one identifier",
    remedy: "nothing to do",
};
/// `SHAPE010`.
pub static FORBIDDEN_TEXT_PARTED: Def = Def {
    code: "SHAPE010",
    name: "forbidden-text-parted",
    severity: Severity::Warning,
    summary: "a space was put into words that the target refuses anywhere in a text",
    why: "the validator of Amazon refuses `System:`, `User:`, `<image>` and the like wherever they stand",
    remedy: "read a few of them; leave the examples out where the words matter as they are",
};
/// `SHAPE011`.
pub static REFUSAL_AS_CONTENT: Def = Def {
    code: "SHAPE011",
    name: "refusal-as-content",
    severity: Severity::Info,
    summary: "the words of a refusal are the content of the answer",
    why: "the target has no key for a refusal, and without its words an empty answer would be learned",
    remedy: "leave such examples out where refusals are not to be learned",
};

/// Every code of targets, sorted.
pub static ALL: &[&Def] = &[
    &ROW_NOT_OBJECT,
    &MESSAGES_MISSING,
    &MESSAGE_NOT_OBJECT,
    &ROLE_MISSING,
    &NOT_EXPRESSIBLE,
    &KEY_LEFT_OUT,
    &DEVELOPER_AS_SYSTEM,
    &PARTS_JOINED,
    &CALL_IDS_RENAMED,
    &FORBIDDEN_TEXT_PARTED,
    &REFUSAL_AS_CONTENT,
];
