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
    use super::super::properties::settings;
    use super::super::talk::sample::{talk, texts};
    use super::*;

    fn sample() -> Talk {
        let mut talk = talk("uau");
        talk.said[1].turn.text = " \n\u{200b}".into();
        talk
    }

    #[test]
    fn white_and_hidden_characters_are_no_text() {
        let mut mended = sample();
        mend(&mut mended, &settings());
        assert_eq!(texts(&mended), "1 3");
        assert_eq!(mended.dropped.sorted(), [(&MENDING.def, 1)]);
    }

    #[test]
    fn nothing_else_goes() {
        let mut plain = talk("uauu");
        mend(&mut plain, &settings());
        assert_eq!(texts(&plain), "1 2 3 4");
    }
}
