//! What rows of different files have in common: what is learned from one and judged by another.

use crate::diagnostic::{Def, Severity};

/// `LEAK001`.
pub static TWIN_ACROSS_FILES: Def = Def {
    code: "LEAK001",
    name: "twin-across-files",
    severity: Severity::Error,
    summary: "the row stands in another file, too",
    why: "a row that is learned and then asked makes the validation, or an evaluation, look better than the model is; \
          between two files to train on it is learned twice, which is a warning",
    remedy: "`chatmill split` puts twins on one side and proves it; take the row out of training where the other file \
             cannot change",
};

/// `LEAK002`.
pub static NEAR_TWIN_ACROSS_FILES: Def = Def {
    code: "LEAK002",
    name: "near-twin-across-files",
    severity: Severity::Error,
    summary: "a row in another file says nearly the same",
    why: "what is learned answers it, nearly word for word: it measures memory; between two files to train on it is a \
          warning",
    remedy: "`chatmill split` puts near twins on one side and proves it; `--near` says how alike rows may be",
};

/// `LEAK003`.
pub static QUESTION_ACROSS_FILES: Def = Def {
    code: "LEAK003",
    name: "question-across-files",
    severity: Severity::Error,
    summary: "the same question stands in a file that is held back: at its end, or inside a conversation that goes on from it",
    why: "a question that is known from training measures memory, or is judged by an answer that contradicts what was \
          learned; where the file is held back by its name only, it is a warning",
    remedy: "keep the question in one of the two files; `chatmill split` keeps equal questions, and the conversations that \
             go on from them, on one side",
};

/// `LEAK004`.
pub static NOT_COMPARED: Def = Def {
    code: "LEAK004",
    name: "not-compared",
    severity: Severity::Error,
    summary: "records of a file given with `--against` could not be read",
    why: "whether rows leak into them is not known",
    remedy: "`chatmill inspect` shows how the file is read; `chatmill convert` says what is wrong with each record",
};

/// Every code of leaks, sorted.
pub static ALL: &[&Def] =
    &[&TWIN_ACROSS_FILES, &NEAR_TWIN_ACROSS_FILES, &QUESTION_ACROSS_FILES, &NOT_COMPARED];
