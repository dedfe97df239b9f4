//! Marks that nobody typed and nobody sees: direction marks of messengers, zero-width spaces, soft hyphens.

use std::borrow::Cow;

use crate::diagnostic::{Def, Severity};
use crate::text::marks::strip_invisible;

use super::mending::MendingDef;
use super::settings::AssembleSettings;
use super::talk::Talk;

/// `TALK137`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK137",
        name: "strip-invisible",
        severity: Severity::Info,
        summary: "invisible marks were taken out",
        why: "the model would learn to write them, and the same words with and without them are different tokens",
        remedy: "`--no-mend strip-invisible` keeps them",
    },
    on_by_default: true,
};

/// Takes them out.
pub(super) fn mend(talk: &mut Talk, settings: &AssembleSettings) {
    if settings.does(&MENDING) {
        talk.reword(&MENDING, |said| match strip_invisible(&said.turn.text) {
            Cow::Owned(text) => Some(text),
            Cow::Borrowed(_) => None,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::properties::settings;
    use super::super::talk::sample::{talk, texts};
    use super::*;

    #[test]
    fn marks_go_and_letters_that_need_them_stay() {
        let mut sample = talk("uaua");
        sample.said[0].turn.text = "\u{200e}hi\u{200b}".into();
        sample.said[1].turn.text = "می\u{200c}خواهم".into();
        sample.said[2].turn.text = "👩\u{200d}🔧".into();
        mend(&mut sample, &settings());
        assert_eq!(texts(&sample), "hi می\u{200c}خواهم 👩\u{200d}🔧 4");
        assert_eq!(sample.done.sorted(), [(&MENDING.def, 1)]);
    }
}
