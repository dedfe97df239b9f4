//! Turns of a tool, an interface or a knowledge base in a conversation of people.
//!
//! They are no tool results: no call asks for them. Settled examples keep their tool messages.

use crate::diagnostic::{Def, Severity};
use crate::read::speakers::SpeakerRole;

use super::mending::MendingDef;
use super::settings::AssembleSettings;
use super::talk::Talk;

/// `TALK112`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK112",
        name: "drop-tool-turn",
        severity: Severity::Warning,
        summary: "turns of a tool or knowledge base were left out",
        why: "without the call that asked for it, a result belongs to neither side; an answer that repeats it then \
              states what the model was never shown",
        remedy: "export the calls with their results in the chat format (`tool_calls`, `tool_call_id`) where you can; give \
                 the speaker a role with `--assistant NAME` or `--user NAME` where it does speak",
    },
    on_by_default: true,
};

/// Drops them.
pub(super) fn mend(talk: &mut Talk, settings: &AssembleSettings) {
    if settings.does(&MENDING) {
        talk.drop_where(&MENDING, |said| said.role == Some(SpeakerRole::Tool));
    }
}

#[cfg(test)]
mod tests {
    use super::super::properties::settings;
    use super::super::talk::sample::{talk, texts};
    use super::*;

    fn sample() -> Talk {
        let mut talk = talk("uau");
        talk.said[1].role = Some(SpeakerRole::Tool);
        talk
    }

    #[test]
    fn tools_go() {
        let mut mended = sample();
        mend(&mut mended, &settings());
        assert_eq!(texts(&mended), "1 3");
        assert_eq!(mended.dropped.sorted(), [(&MENDING.def, 1)]);
        let mut off = settings();
        off.switch("drop-tool-turn", false).unwrap();
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
