//! What a machine said beside a human: automatic replies, menus of a bot.
//!
//! A bot alone with the customer is the assistant (see `speakers`) unless the source marks its turns as automatic.

use crate::diagnostic::{Def, Severity};
use crate::model::Kind;
use crate::read::speakers::SpeakerRole;

use super::mending::MendingDef;
use super::settings::AssembleSettings;
use super::talk::Talk;

/// `TALK105`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK105",
        name: "drop-auto-message",
        severity: Severity::Info,
        summary: "automatic messages were left out",
        why: "the model would learn to send receipts and menus instead of answers",
        remedy: "`--no-mend drop-auto-message` keeps them",
    },
    on_by_default: true,
};

/// Drops them.
pub(super) fn mend(talk: &mut Talk, settings: &AssembleSettings) {
    if settings.does(&MENDING) {
        talk.drop_where(&MENDING, |said| said.turn.kind == Kind::Auto || said.role == Some(SpeakerRole::Bot));
    }
}

#[cfg(test)]
mod tests {
    use super::super::properties::settings;
    use super::super::talk::sample::{talk, texts};
    use super::*;

    fn sample() -> Talk {
        let mut talk = talk("uau");
        talk.said[1].turn.kind = Kind::Auto;
        talk
    }

    #[test]
    fn automatic_turns_go() {
        let mut mended = sample();
        mend(&mut mended, &settings());
        assert_eq!(texts(&mended), "1 3");
        assert_eq!(mended.dropped.sorted(), [(&MENDING.def, 1)]);
        let mut off = settings();
        off.switch("drop-auto-message", false).unwrap();
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
