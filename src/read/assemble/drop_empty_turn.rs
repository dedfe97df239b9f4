//! Turns without a visible character.
//!
//! Of conversations only: an empty message of a settled example may be meant, and a rule asks.

use crate::diagnostic::{Def, Severity};
use crate::text::sanitize::is_hidden;

use super::mending::MendingDef;
use super::settings::AssembleSettings;
use super::talk::Talk;

/// `TALK106`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK106",
        name: "drop-empty-turn",
        severity: Severity::Info,
        summary: "turns without text were left out",
        why: "targets refuse empty content, and trainers learn to say nothing",
        remedy: "`--no-mend drop-empty-turn` keeps them",
    },
    on_by_default: true,
};

/// Drops them.
pub(super) fn mend(talk: &mut Talk, settings: &AssembleSettings) {
    if settings.does(&MENDING) {
        talk.drop_where(&MENDING, |said| {
            said.turn.text.chars().all(|character| character.is_whitespace() || is_hidden(character))
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::talk::sample::assert_drops;
    use super::*;

    #[test]
    fn white_and_hidden_characters_are_no_text() {
        assert_drops(&MENDING, mend, |said| said.turn.text = " \n\u{200b}".into());
    }
}
