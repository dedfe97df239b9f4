//! The greeting that an agent said before the customer wrote.
//!
//! Trained as it stands, it teaches the model to speak unasked, and in most exports it is the same canned sentence a
//! thousand times. The customer's first words hardly ever need it. So conversations begin with the customer by
//! default; settled examples are touched only where the target wants the user first.

use crate::diagnostic::{Def, Severity};
use crate::model::Role;

use super::draft::Draft;
use super::mending::MendingDef;
use super::settings::AssembleSettings;

/// `TALK110`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK110",
        name: "drop-opening-assistant",
        severity: Severity::Info,
        summary: "assistant turns before the first user turn were left out",
        why: "a greeting before the customer wrote teaches the model to speak unasked, and some targets want the user first",
        remedy: "`--no-mend drop-opening-assistant` keeps them",
    },
    on_by_default: true,
};

/// Drops the leading assistant messages, with the results of tools they called; all stays where no user speaks.
pub(super) fn mend(draft: &mut Draft, settings: &AssembleSettings, usual: bool) {
    if !settings.does_if(&MENDING, usual) {
        return;
    }
    let from = draft.instructions();
    if draft.messages.get(from).is_none_or(|message| message.role != Role::Assistant)
        || !draft.has(&Role::User)
    {
        return;
    }
    let opening = draft
        .messages
        .iter()
        .skip(from)
        .take_while(|message| matches!(message.role, Role::Assistant | Role::Tool | Role::Function));
    let to = from + opening.count();
    draft.drop_range(from, to, &MENDING.def);
}

#[cfg(test)]
mod tests {
    use super::super::draft::sample::{draft, shown};
    use super::super::properties::settings;
    use super::*;

    fn mended(roles: &str, usual: bool) -> String {
        let mut draft = draft(roles);
        mend(&mut draft, &settings(), usual);
        shown(&draft.messages)
    }

    #[test]
    fn the_opening_goes_and_nothing_after_it() {
        assert_eq!(mended("aaua", true), "u3 a4");
        assert_eq!(mended("satua", true), "s1 u4 a5");
        assert_eq!(mended("uaua", true), "u1 a2 u3 a4");
        assert_eq!(mended("tua", true), "t1 u2 a3");
        assert_eq!(mended("sa", true), "s1 a2");
        assert_eq!(mended("aua", false), "a1 u2 a3");
    }
}
