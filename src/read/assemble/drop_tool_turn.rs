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
    use super::super::talk::sample::assert_drops;
    use super::*;

    #[test]
    fn tools_go() {
        assert_drops(&MENDING, mend, |said| said.role = Some(SpeakerRole::Tool));
    }
}
