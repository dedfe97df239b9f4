//! The system message that the caller wants in every example that has none.

use crate::diagnostic::{Def, Severity};
use crate::model::{Message, Role};

use super::codes::SYSTEM_KEPT;
use super::draft::Draft;
use super::mending::MendingDef;
use super::settings::AssembleSettings;

/// `TALK101`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK101",
        name: "add-system",
        severity: Severity::Info,
        summary: "the system message asked for was put first",
        why: "the model behaves as trained only under the instructions it was trained with",
        remedy: "leave the setting out to train without a system message",
    },
    on_by_default: true,
};

/// Puts the caller's instructions first where there are none; those of the source stay and are counted.
pub(super) fn mend(draft: &mut Draft, settings: &AssembleSettings) {
    let Some(system) = settings.system.as_deref().filter(|system| !system.trim().is_empty()) else { return };
    if !settings.does(&MENDING) {
        return;
    }
    if draft.messages.iter().any(|message| message.role.is_instruction()) {
        draft.done.add(&SYSTEM_KEPT, 1);
        return;
    }
    draft.put_first(Message::text(Role::System, system));
    draft.done.add(&MENDING.def, 1);
}

#[cfg(test)]
mod tests {
    use super::super::draft::sample::{draft, shown};
    use super::super::properties::settings;
    use super::*;

    #[test]
    fn added_only_where_there_is_none() {
        let settings = AssembleSettings { system: Some("be kind".into()), ..settings() };
        let mut without = draft("ua");
        mend(&mut without, &settings);
        assert_eq!(shown(&without.messages), "sbe kind u1 a2");
        assert_eq!(without.kept_and_merged(), (2, 0));
        let mut with = draft("sua");
        mend(&mut with, &settings);
        assert_eq!(shown(&with.messages), "s1 u2 a3");
        assert_eq!(with.done.sorted(), [(&SYSTEM_KEPT, 1)]);
    }

    #[test]
    fn a_blank_one_is_none() {
        let settings = AssembleSettings { system: Some(" ".into()), ..settings() };
        let mut draft = draft("ua");
        mend(&mut draft, &settings);
        assert_eq!(shown(&draft.messages), "u1 a2");
    }
}
