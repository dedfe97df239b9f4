//! Checks of a file as it stands: encoding, line ends, layout, size.

use crate::diagnostic::{Def, Severity};

/// `FILE001`.
pub static BYTE_ORDER_MARK: Def = Def {
    code: "FILE001",
    name: "leading-byte-order-mark",
    severity: Severity::Error,
    summary: "the file begins with a UTF-8 byte order mark",
    why: "OpenAI's upload check and Python's `json` take it for a broken first line",
    remedy: "save the file without it; `check --fix` takes it away, `chatmill convert` writes none",
};
/// `FILE002`.
pub static NOT_UTF8: Def = Def {
    code: "FILE002",
    name: "utf16-file",
    severity: Severity::Error,
    summary: "the file is not UTF-8",
    why: "services accept UTF-8 only",
    remedy: "save the file as UTF-8; `chatmill convert` does it",
};
/// `FILE003`.
pub static BLANK_LINE: Def = Def {
    code: "FILE003",
    name: "blank-line",
    severity: Severity::Warning,
    summary: "a line is blank",
    why: "some services parse every line and refuse the file at a blank one",
    remedy: "remove the line; `check --fix` does it, and `chatmill convert`",
};
/// `FILE004`.
pub static NOT_JSON_LINES: Def = Def {
    code: "FILE004",
    name: "not-json-lines",
    severity: Severity::Error,
    summary: "the file is JSON, but not one object a line",
    why: "services read line by line and refuse arrays and objects over several lines",
    remedy: "`chatmill convert` writes one object a line",
};
/// `FILE005`.
pub static EXTENSION: Def = Def {
    code: "FILE005",
    name: "other-extension",
    severity: Severity::Error,
    summary: "the file is not called `.jsonl`",
    why: "services take files for fine-tuning by that name only, whatever is in them; trainers take any",
    remedy: "rename the file",
};
/// `FILE006`.
pub static EMPTY: Def = Def {
    code: "FILE006",
    name: "no-rows",
    severity: Severity::Error,
    summary: "the file holds no row",
    why: "there is nothing to train on, and services refuse it",
    remedy: "look at what should have written it",
};
/// `FILE007`.
pub static LONE_CARRIAGE_RETURN: Def = Def {
    code: "FILE007",
    name: "lone-carriage-return",
    severity: Severity::Warning,
    summary: "a carriage return without a line feed stands in a row",
    why: "Python, in which most services read the file, takes it for the end of a line, and refuses what it cuts apart",
    remedy: "write line feeds only; `chatmill convert` does it",
};
/// `FILE008`.
pub static BROKEN_FILE: Def = Def {
    code: "FILE008",
    name: "broken-file",
    severity: Severity::Error,
    summary: "the file cannot be read to its end",
    why: "what comes behind the place was not looked at, and services refuse the file or stop there",
    remedy: "export or download it again; the other files were checked",
};

/// The faults of a file that a fix mends, with what it does; all of them are safe.
pub static FIXES: &[(&Def, &str)] =
    &[(&BYTE_ORDER_MARK, "take the mark away"), (&BLANK_LINE, "take the line out")];

/// Every code of this module, sorted.
pub static ALL: &[&Def] = &[
    &BYTE_ORDER_MARK,
    &NOT_UTF8,
    &BLANK_LINE,
    &NOT_JSON_LINES,
    &EXTENSION,
    &EMPTY,
    &LONE_CARRIAGE_RETURN,
    &BROKEN_FILE,
];
