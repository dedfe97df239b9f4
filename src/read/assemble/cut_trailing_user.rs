//! The customer's last words that nobody answered.
//!
//! From a sixth of the conversations to half of them end so in published dialogue sets. A tool result at the end
//! stays, for it may mean that the record is cut short: a rule asks.

use crate::diagnostic::{Def, Severity};
use crate::model::Role;

use super::draft::Draft;
use super::mending::MendingDef;
use super::settings::AssembleSettings;

/// `TALK104`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK104",
        name: "cut-trailing-user",
        severity: Severity::Info,
        summary: "user turns after the last assistant message were cut",
        why: "nothing is learned from them, and targets want the assistant last",
        remedy: "`--no-mend cut-trailing-user` keeps them",
    },
    on_by_default: true,
};

/// Cuts user messages at the end; without any assistant message all stays, for a rule to see.
pub(super) fn mend(draft: &mut Draft, settings: &AssembleSettings) {
    let trailing = draft.messages.iter().rev().take_while(|message| message.role == Role::User).count();
    if trailing == 0 || !settings.does(&MENDING) || !draft.has(&Role::Assistant) {
        return;
    }
    draft.drop_range(draft.messages.len() - trailing, draft.messages.len(), &MENDING.def);
}

#[cfg(test)]
mod tests {
    use super::super::draft::sample::{draft, shown};
    use super::super::properties::settings;
    use super::*;

    fn mended(roles: &str) -> String {
        let mut draft = draft(roles);
        mend(&mut draft, &settings());
        shown(&draft.messages)
    }

    #[test]
    fn only_the_user_and_only_after_an_answer() {
        assert_eq!(mended("uauu"), "u1 a2");
        assert_eq!(mended("uatu"), "u1 a2 t3");
        assert_eq!(mended("uat"), "u1 a2 t3");
        assert_eq!(mended("uu"), "u1 u2");
        assert_eq!(mended(""), "");
    }
}
