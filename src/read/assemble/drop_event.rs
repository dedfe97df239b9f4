//! What happened, said by nobody: joined, assigned, rated; and the instructions to participants of a study.
//!
//! Only what the source marks as an event or who bears such a label (`action`, `note`) counts. Words like "left" or
//! "added" in a text decide nothing: a parcel may be left at the door.

use crate::diagnostic::{Def, Severity};
use crate::model::Kind;
use crate::read::speakers::SpeakerRole;

use super::mending::MendingDef;
use super::settings::AssembleSettings;
use super::talk::Talk;

/// `TALK107`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK107",
        name: "drop-event",
        severity: Severity::Info,
        summary: "events were left out",
        why: "the model would learn to write the log of the chat software",
        remedy: "give the speaker a role with `--assistant NAME` or `--user NAME` where it does speak",
    },
    on_by_default: true,
};

/// Drops them.
pub(super) fn mend(talk: &mut Talk, settings: &AssembleSettings) {
    if settings.does(&MENDING) {
        talk.drop_where(&MENDING, |said| {
            said.turn.kind == Kind::Event || said.role == Some(SpeakerRole::Event)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::properties::settings;
    use super::super::talk::sample::{talk, texts};
    use super::*;

    fn sample() -> Talk {
        let mut talk = talk("uau");
        talk.said[1].turn.kind = Kind::Event;
        talk
    }

    #[test]
    fn events_go() {
        let mut mended = sample();
        mend(&mut mended, &settings());
        assert_eq!(texts(&mended), "1 3");
        assert_eq!(mended.dropped.sorted(), [(&MENDING.def, 1)]);
        let mut off = settings();
        off.switch("drop-event", false).unwrap();
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
