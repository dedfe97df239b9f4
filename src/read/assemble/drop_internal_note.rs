//! Notes and mail among agents, which the customer never saw.

use crate::diagnostic::{Def, Severity};
use crate::model::Visibility;

use super::mending::MendingDef;
use super::settings::AssembleSettings;
use super::talk::Talk;

/// `TALK108`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK108",
        name: "drop-internal-note",
        severity: Severity::Info,
        summary: "notes and mail among agents were left out",
        why: "the model would learn to tell customers what is meant for colleagues",
        remedy: "`--no-mend drop-internal-note` keeps them",
    },
    on_by_default: true,
};

/// Drops them.
pub(super) fn mend(talk: &mut Talk, settings: &AssembleSettings) {
    if settings.does(&MENDING) {
        talk.drop_where(&MENDING, |said| said.turn.visibility == Visibility::Internal);
    }
}

#[cfg(test)]
mod tests {
    use super::super::talk::sample::assert_drops;
    use super::*;

    #[test]
    fn internal_turns_go() {
        assert_drops(&MENDING, mend, |said| said.turn.visibility = Visibility::Internal);
    }
}
