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
    use super::super::talk::sample::assert_drops;
    use super::*;

    #[test]
    fn media_go() {
        assert_drops(&MENDING, mend, |said| said.turn.kind = Kind::Media);
    }
}
