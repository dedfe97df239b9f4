//! What looking for twins finds in the index of earlier runs.

use crate::diagnostic::{Def, Severity};

/// `HIST001`.
pub static UNFINISHED_RUN: Def = Def {
    code: "HIST001",
    name: "unfinished-run",
    severity: Severity::Warning,
    summary: "the index ends with rows of a run that was not finished, and they do not count",
    why: "a run broke off before its output folder was whole; were its rows called known, their twins would be left out \
          although no folder holds them",
    remedy: "make that run again, if its rows are to be known; nothing that earlier runs recorded is lost",
};

/// `HIST002`.
pub static MISSING_RUN: Def = Def {
    code: "HIST002",
    name: "missing-run",
    severity: Severity::Info,
    summary: "the last run of the index was written to this output folder, which does not hold it any more",
    why: "its rows count as known all the same, since a folder may have been moved; if it was thrown away, their twins are \
          left out although no folder holds them",
    remedy: "nothing, if the folder was moved; if it was thrown away, begin a new index with `dedup` over the rows of the \
             runs that are left",
};

/// Every code of twins, sorted.
pub static ALL: &[&Def] = &[&UNFINISHED_RUN, &MISSING_RUN];
