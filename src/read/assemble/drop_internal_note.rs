//! Notes among agents, which the customer never saw.

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
        summary: "internal notes were left out",
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
    use super::super::properties::settings;
    use super::super::talk::sample::{talk, texts};
    use super::*;

    fn sample() -> Talk {
        let mut talk = talk("uau");
        talk.said[1].turn.visibility = Visibility::Internal;
        talk
    }

    #[test]
    fn internal_turns_go() {
        let mut mended = sample();
        mend(&mut mended, &settings());
        assert_eq!(texts(&mended), "1 3");
        assert_eq!(mended.dropped.sorted(), [(&MENDING.def, 1)]);
        let mut off = settings();
        off.switch("drop-internal-note", false).unwrap();
        let mut kept = sample();
        mend(&mut kept, &off);
        assert_eq!(texts(&kept), "1 2 3");
    }

    #[test]
    fn nothing_else_goes() {
        let mut plain = talk("uauu");
        mend(&mut plain, &settings());
        assert_eq!(texts(&plain), "1 2 3 4");
    }
}
