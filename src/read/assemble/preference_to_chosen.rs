//! A preferred answer for a target that takes one answer: the prompt and the chosen one.

use crate::diagnostic::{Def, Severity};
use crate::model::{Example, Preference};

use super::draft::Draft;
use super::mending::MendingDef;

/// `TALK116`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK116",
        name: "preference-to-chosen",
        severity: Severity::Info,
        summary: "the chosen answer was kept and the rejected one left out",
        why: "the target takes one answer; the preferred one is the one to learn",
        remedy: "choose a preference target to learn from both",
    },
    on_by_default: true,
};

/// The example, with the rejected messages dropped.
pub(super) fn mend(preference: Preference) -> (Draft, Example) {
    let Preference { mut prompt, chosen, rejected, tools, extra } = preference;
    prompt.extend(chosen);
    let mut draft = Draft::new(prompt);
    draft.dropped.add(&MENDING.def, rejected.len() as u64);
    // Done once also where there is nothing to drop.
    draft.done.add(&MENDING.def, (rejected.len() as u64).max(1));
    (draft, Example { messages: Vec::new(), tools, label: None, extra })
}

#[cfg(test)]
mod tests {
    use super::super::draft::sample::{draft, shown};
    use super::*;

    #[test]
    fn the_rejected_answer_is_dropped_and_counted() {
        let preference = Preference {
            prompt: draft("su").messages,
            chosen: draft("a").messages,
            rejected: draft("aua").messages,
            ..Preference::default()
        };
        let (mended, _) = mend(preference);
        assert_eq!(shown(&mended.messages), "s1 u2 a1");
        assert_eq!(mended.dropped.sorted(), [(&MENDING.def, 3)]);
    }
}
