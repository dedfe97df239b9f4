//! Several instructions at the beginning, told as one where the target takes one.
//!
//! Instructions in the middle stay: what they refer to is above them, so moving them would change what is taught;
//! a rule says that the target refuses them.

use crate::diagnostic::{Def, Severity};
use crate::model::Message;
use crate::target::SystemPlace;

use super::draft::Draft;
use super::mending::MendingDef;
use super::settings::AssembleSettings;

/// `TALK114`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK114",
        name: "merge-system",
        severity: Severity::Info,
        summary: "system messages at the beginning were joined with a line feed",
        why: "the target takes one system message, first",
        remedy: "`--no-mend merge-system` keeps them apart",
    },
    on_by_default: true,
};

/// Joins the leading instructions.
pub(super) fn mend(draft: &mut Draft, settings: &AssembleSettings) {
    let leading = draft.instructions();
    let needed = settings.system_place == SystemPlace::FirstOnly;
    if leading < 2 || !settings.does_if(&MENDING, needed) {
        return;
    }
    let rest: Vec<Message> = draft.messages.split_off(leading);
    let turns = draft.turns.split_off(leading);
    draft.join_where(&MENDING.def, |first, _| first.role.is_instruction());
    draft.messages.extend(rest);
    draft.turns.extend(turns);
}

#[cfg(test)]
mod tests {
    use super::super::draft::sample::{draft, shown};
    use super::super::properties::settings;
    use super::*;

    #[test]
    fn only_leading_ones_and_only_where_one_is_taken() {
        let one = AssembleSettings { system_place: SystemPlace::FirstOnly, ..settings() };
        let mut joined = draft("sssussa");
        mend(&mut joined, &one);
        assert_eq!(shown(&joined.messages), "s1/2/3 u4 s5 s6 a7");
        assert_eq!(joined.kept_and_merged(), (5, 2));
        let many = AssembleSettings { system_place: SystemPlace::Anywhere, ..settings() };
        let mut kept = draft("ssua");
        mend(&mut kept, &many);
        assert_eq!(kept.messages.len(), 4);
    }
}
