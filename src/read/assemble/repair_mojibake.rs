//! UTF-8 that was read as Windows-1252 and written again: `â€™` for an apostrophe. Repaired only when asked for, since it
//! changes what stands in the source.

use crate::diagnostic::{Def, Severity};
use crate::text::mojibake;

use super::mending::MendingDef;
use super::settings::AssembleSettings;
use super::talk::Talk;

/// `TALK138`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK138",
        name: "repair-mojibake",
        severity: Severity::Info,
        summary: "characters damaged by a wrong encoding were repaired",
        why: "the model would learn to write the damage",
        remedy: "leave out `--mend repair-mojibake` to keep the text as it is",
    },
    on_by_default: false,
};

/// Repairs them.
pub(super) fn mend(talk: &mut Talk, settings: &AssembleSettings) {
    if settings.does(&MENDING) {
        talk.reword(&MENDING, |said| mojibake::repair(&said.turn.text));
    }
}

#[cfg(test)]
mod tests {
    use super::super::properties::settings;
    use super::super::talk::sample::{talk, texts};
    use super::*;

    #[test]
    fn only_when_asked_and_only_what_is_damaged() {
        let mut sample = talk("ua");
        sample.said[0].turn.text = "itâ€™s Ã©tÃ©".into();
        sample.said[1].turn.text = "GARÇÃO à la carte".into();
        mend(&mut sample, &settings());
        assert_eq!(texts(&sample), "itâ€™s Ã©tÃ© GARÇÃO à la carte");
        let mut on = settings();
        on.switch("repair-mojibake", true).unwrap();
        mend(&mut sample, &on);
        assert_eq!(texts(&sample), "it’s été GARÇÃO à la carte");
        assert_eq!(sample.done.sorted(), [(&MENDING.def, 1)]);
    }
}
