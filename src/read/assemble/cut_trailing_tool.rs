//! Tool results that nobody answered, at the end. Off by default.
//!
//! Only the results go: the call that asked for them stays last, for it is something the assistant said and can
//! learn. A target that wants every call answered refuses it, and its rule says so.

use crate::diagnostic::{Def, Severity};
use crate::model::{Message, Role};

use super::draft::Draft;
use super::mending::MendingDef;
use super::settings::AssembleSettings;

/// `TALK103`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK103",
        name: "cut-trailing-tool",
        severity: Severity::Info,
        summary: "tool results after the last assistant message were cut",
        why: "what stands after the last answer is never learned, and many targets want the assistant last",
        remedy: "off unless asked for: a result without an answer often means that the record is cut short",
    },
    on_by_default: false,
};

/// Cuts tool results at the end.
pub(super) fn mend(draft: &mut Draft, settings: &AssembleSettings) {
    if !settings.does(&MENDING) || !draft.has(&Role::Assistant) {
        return;
    }
    let is_result = |message: &Message| matches!(message.role, Role::Tool | Role::Function);
    let keep =
        draft.messages.len() - draft.messages.iter().rev().take_while(|message| is_result(message)).count();
    draft.drop_range(keep, draft.messages.len(), &MENDING.def);
}

#[cfg(test)]
mod tests {
    use super::super::draft::sample::{draft, shown};
    use super::super::properties::settings;
    use super::*;

    #[test]
    fn only_when_asked_for() {
        let mut kept = draft("uatt");
        mend(&mut kept, &settings());
        assert_eq!(kept.messages.len(), 4);
        let mut on = settings();
        on.switch("cut-trailing-tool", true).unwrap();
        let mut cut = draft("uatt");
        mend(&mut cut, &on);
        assert_eq!(shown(&cut.messages), "u1 a2");
        assert_eq!(cut.dropped.sorted(), [(&MENDING.def, 2)]);
        let mut middle = draft("uata");
        mend(&mut middle, &on);
        assert_eq!(middle.messages.len(), 4);
    }
}
