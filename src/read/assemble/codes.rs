//! Why a record is rejected or a turn is left out by other than a mending.
//!
//! The mendings have their own descriptions, each in its own file; see [`super::MENDINGS`].

use crate::diagnostic::{Def, Severity};

/// `TALK001`.
pub static SPEAKER_UNKNOWN: Def = Def {
    code: "TALK001",
    name: "speaker-unknown",
    severity: Severity::Error,
    summary: "nobody says which speaker is the assistant",
    why: "a guess would teach the model to speak like the customer",
    remedy: "name the speakers with `--assistant NAME` or `--user NAME`; `*` stands for any letters",
};
/// `TALK002`.
pub static ONE_SIDED: Def = Def {
    code: "TALK002",
    name: "one-sided",
    severity: Severity::Warning,
    summary: "only one side said something that is left",
    why: "without a question and an answer to it there is nothing to learn",
    remedy: "nothing to do where one side never wrote; otherwise see whether the roles of the speakers are right, and which turns were dropped",
};
/// `TALK003`.
pub static NO_TURNS_LEFT: Def = Def {
    code: "TALK003",
    name: "no-turns-left",
    severity: Severity::Warning,
    summary: "the conversation has no turn, or none but notes, events, media and empty ones",
    why: "there is nothing to learn from",
    remedy: "see which turns were dropped; `--no-mend NAME` keeps a kind of them",
};
/// `TALK004`.
pub static UNWANTED_ANSWER: Def = Def {
    code: "TALK004",
    name: "unwanted-answer",
    severity: Severity::Error,
    summary: "the answer is labelled as unwanted",
    why: "supervised fine-tuning would teach exactly this answer",
    remedy: "choose a preference target, or leave such records out",
};
/// `TALK005`.
pub static NO_REJECTED_ANSWER: Def = Def {
    code: "TALK005",
    name: "no-rejected-answer",
    severity: Severity::Error,
    summary: "the target wants two answers, and the record has one",
    why: "a preference is learned from the difference between two answers",
    remedy: "choose a target for supervised fine-tuning",
};
/// `TALK006`.
pub static SPEAKER_IGNORED: Def = Def {
    code: "TALK006",
    name: "speaker-ignored",
    severity: Severity::Info,
    summary: "turns of a speaker whom the caller wants left out",
    why: "asked for",
    remedy: "take the name off the list of ignored speakers",
};
/// `TALK007`.
pub static SYSTEM_KEPT: Def = Def {
    code: "TALK007",
    name: "system-kept",
    severity: Severity::Info,
    summary: "the example has its own system message, so the one asked for was not added",
    why: "two system messages contradict each other, and many targets take one",
    remedy: "nothing to do; take the system messages out of the source to have one and the same everywhere",
};

/// `TALK008`.
pub static CANNOT_BE_DIVIDED: Def = Def {
    code: "TALK008",
    name: "cannot-be-divided",
    severity: Severity::Error,
    summary: "one exchange alone is longer than the limit that was asked for",
    why: "a window ends with an answer and begins with a question, so that no answer is cut; shorter than one exchange \
          there is none",
    remedy: "raise `--max-tokens`, shorten the instructions or tools that every window repeats, or see what makes the \
             exchange so long (a pasted document, a log)",
};

/// `TALK009`.
pub static NOT_A_ROW: Def = Def {
    code: "TALK009",
    name: "not-a-row",
    severity: Severity::Error,
    summary: "the record is no row of messages that could stand in a training file as it is",
    why: "`split` and `dedup` put rows somewhere and change nothing about them, so each must be one already: a JSON object \
          with roles",
    remedy: "make rows of it first: `chatmill prepare` does all of it, `chatmill convert` only that",
};

/// `TALK010`.
pub static NOTHING_TO_LEARN: Def = Def {
    code: "TALK010",
    name: "nothing-to-learn",
    severity: Severity::Info,
    summary: "all answers of a window are masked",
    why: "a window without an answer to learn is paid for and teaches nothing; later windows begin with what was said in it",
    remedy: "nothing to do",
};

/// `TALK011`.
pub static TOO_MANY_ROWS: Def = Def {
    code: "TALK011",
    name: "too-many-rows",
    severity: Severity::Error,
    summary: "one row for each answer, with all that was said before it, would be more than 64 MiB",
    why: "a row of the target holds one answer to learn, and what leads to an answer is repeated in every later row: of a chat of \
          thousands of turns nearly all that is paid for is repetition",
    remedy: "divide it with `--gap` or `--max-tokens`, or take a target of conversations",
};

/// The codes above, sorted.
pub static ALL: &[&Def] = &[
    &SPEAKER_UNKNOWN,
    &ONE_SIDED,
    &NO_TURNS_LEFT,
    &UNWANTED_ANSWER,
    &NO_REJECTED_ANSWER,
    &SPEAKER_IGNORED,
    &SYSTEM_KEPT,
    &CANNOT_BE_DIVIDED,
    &NOT_A_ROW,
    &NOTHING_TO_LEARN,
    &TOO_MANY_ROWS,
];

#[cfg(test)]
mod tests {
    use super::super::MENDINGS;
    use super::*;

    #[test]
    fn codes_are_sorted_and_unique() {
        assert!(ALL.windows(2).all(|pair| pair[0].code < pair[1].code));
        // All codes of all stages are one namespace; the family is what only this place knows.
        let mendings = MENDINGS.iter().map(|mending| &mending.def);
        assert!(
            ALL.iter()
                .copied()
                .chain(mendings)
                .all(|def| def.code.starts_with("TALK") && def.code.len() == 7)
        );
    }
}
