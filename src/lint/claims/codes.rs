//! What comparing answers to one question finds.

use crate::diagnostic::{Def, Severity};

const WHY: &str = "the model learns both, and says now one and now the other; what an old policy said comes back in the \
                   answers of the new model";
const REMEDY: &str = "read both sides: where the policy changed, leave out the answers of before (`chatmill conflicts` gives \
                      their places and dates); where both are right, put what tells the cases apart into the prompt";

/// `CONF001`.
pub static NUMBERS: Def = Def {
    code: "CONF001",
    name: "conflicting-numbers",
    severity: Severity::Warning,
    summary: "answers to one question name different numbers of the same thing: days, prices, percentages, times",
    why: WHY,
    remedy: REMEDY,
};

/// `CONF002`.
pub static POLARITY: Def = Def {
    code: "CONF002",
    name: "conflicting-polarity",
    severity: Severity::Warning,
    summary: "answers to one question say yes and no, or a statement and its opposite",
    why: WHY,
    remedy: REMEDY,
};

/// `CONF003`.
pub static LINKS: Def = Def {
    code: "CONF003",
    name: "conflicting-links",
    severity: Severity::Warning,
    summary: "answers to one question send people to different pages",
    why: WHY,
    remedy: REMEDY,
};

/// `CONF004`.
pub static STEPS: Def = Def {
    code: "CONF004",
    name: "conflicting-steps",
    severity: Severity::Warning,
    summary: "answers to one question give different steps or another way through the menus",
    why: WHY,
    remedy: REMEDY,
};

/// Every code of comparing answers, sorted.
pub static ALL: &[&Def] = &[&NUMBERS, &POLARITY, &LINKS, &STEPS];
