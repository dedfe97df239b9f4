//! Words that stand where a file or picture was.

use crate::diagnostic::{Def, Severity};
use crate::model::Kind;

use super::mending::MendingDef;
use super::settings::AssembleSettings;
use super::talk::Talk;

/// `TALK109`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK109",
        name: "drop-media",
        severity: Severity::Info,
        summary: "placeholders of files and pictures were left out",
        why: "the model would learn to write the placeholder",
        remedy: "`--no-mend drop-media` keeps them",
    },
    on_by_default: true,
};

/// Drops them.
pub(super) fn mend(talk: &mut Talk, settings: &AssembleSettings) {
    if settings.does(&MENDING) {
        talk.drop_where(&MENDING, |said| said.turn.kind == Kind::Media);
    }
}

#[cfg(test)]
mod tests {
    use super::super::properties::settings;
    use super::super::talk::sample::{talk, texts};
    use super::*;

    fn sample() -> Talk {
        let mut talk = talk("uau");
        talk.said[1].turn.kind = Kind::Media;
        talk
    }

    #[test]
    fn media_go() {
        let mut mended = sample();
        mend(&mut mended, &settings());
        assert_eq!(texts(&mended), "1 3");
        assert_eq!(mended.dropped.sorted(), [(&MENDING.def, 1)]);
        let mut off = settings();
        off.switch("drop-media", false).unwrap();
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
