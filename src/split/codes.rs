//! What splitting finds.

use crate::diagnostic::{Def, Severity};

/// `SPLIT001`.
pub static NO_VALIDATION: Def = Def {
    code: "SPLIT001",
    name: "no-validation-rows",
    severity: Severity::Warning,
    summary: "validation was asked for, and no group came out on that side",
    why: "a group never stands on two sides, so few or large groups can leave a side empty; without validation nobody \
          sees when training goes too far",
    remedy: "give a larger share, such as `--valid 0.2`, or add data; `--valid 0` asks for none",
};

/// `SPLIT002`.
pub static NO_GROUP_FIELD: Def = Def {
    code: "SPLIT002",
    name: "missing-group-field",
    severity: Severity::Warning,
    summary: "the record does not have the field that keeps examples on one side",
    why: "it is grouped by what else is known of it, so what belongs together may stand on both sides",
    remedy: "look at the name given with `--group-by`: keys beside the messages, joined by dots",
};

/// `SPLIT003`.
pub static UNEVEN_SIDES: Def = Def {
    code: "SPLIT003",
    name: "uneven-sides",
    severity: Severity::Warning,
    summary: "a side has clearly more or fewer rows than was asked for",
    why: "a group never stands on two sides, so large groups, and rows that an earlier run holds where they are, can \
          leave no way to the share",
    remedy: "look at `split` in report.json; group by something smaller, or take the shares as they came out with \
             `--tolerance`",
};

/// `SPLIT004`.
pub static STRADDLING_GROUP: Def = Def {
    code: "SPLIT004",
    name: "straddling-group",
    severity: Severity::Warning,
    summary: "the example belongs together with one that an earlier run put on another side",
    why: "what an earlier run put on a side never moves; learned here and asked there, it would make the validation \
          look better than the model is, so the example is set aside",
    remedy: "nothing, if validation is to stay comparable; without `--previous` the sides are chosen anew",
};

/// `SPLIT005`.
pub static NO_STRATUM: Def = Def {
    code: "SPLIT005",
    name: "missing-stratum",
    severity: Severity::Warning,
    summary: "the record does not have what the sides are to be balanced by",
    why: "all such records make up one stratum of their own, so the balance says nothing about them",
    remedy: "look at what was given with `--stratify`: `answer`, `label`, `length`, `month`, or keys beside the messages, \
             joined by dots",
};

/// `SPLIT006`.
pub static NO_TIME: Def = Def {
    code: "SPLIT006",
    name: "missing-time",
    severity: Severity::Warning,
    summary: "the sides are cut by time, and the record has none",
    why: "it goes to training, where it may be newer than what the model is judged by",
    remedy: "name the key that holds the time with `--time-field`",
};

/// `SPLIT007`.
pub static MISSED_NEAR_TWIN: Def = Def {
    code: "SPLIT007",
    name: "missed-near-twin",
    severity: Severity::Error,
    summary: "the approximate search for near twins missed one that now stands on another side, or may have",
    why: "what is learned on one side answers the other nearly word for word, so the validation looks better than the model \
          is",
    remedy: "`--near-method exact` finds every pair, and is the default; `chatmill verify` compares all rows of the folder",
};

/// `SPLIT008`.
pub static NOTHING_OF_EARLIER_RUN: Def = Def {
    code: "SPLIT008",
    name: "nothing-of-earlier-run",
    severity: Severity::Warning,
    summary: "an earlier run was named, and nothing here is known to it: no row, no customer, ticket or prompt",
    why: "its sides hold nothing here, so these are chosen as if it were not there; most often it is the run of other data",
    remedy: "name the folder of the run that these data grew out of with `--previous`, or leave it out",
};

/// Every code of splitting, sorted.
pub static ALL: &[&Def] = &[
    &NO_VALIDATION,
    &NO_GROUP_FIELD,
    &UNEVEN_SIDES,
    &STRADDLING_GROUP,
    &NO_STRATUM,
    &NO_TIME,
    &MISSED_NEAR_TWIN,
    &NOTHING_OF_EARLIER_RUN,
];
