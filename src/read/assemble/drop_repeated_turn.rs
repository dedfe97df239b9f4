//! A turn that stands twice: a known fault of exports that page through messages and repeat the seam.
//!
//! Only with a known, equal time: a customer who writes "hello?" twice said it twice.

use crate::diagnostic::{Def, Severity};

use super::mending::MendingDef;
use super::settings::AssembleSettings;
use super::talk::{Said, Talk};

/// `TALK111`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK111",
        name: "drop-repeated-turn",
        severity: Severity::Info,
        summary: "a turn was left out that repeats the one before it, speaker, text and time",
        why: "an export wrote it twice; the model would learn to repeat itself",
        remedy: "`--no-mend drop-repeated-turn` keeps them",
    },
    on_by_default: true,
};

/// Drops turns that are equal to the one before.
pub(super) fn mend(talk: &mut Talk, settings: &AssembleSettings) {
    if !settings.does(&MENDING) {
        return;
    }
    let before = talk.said.len();
    talk.said.dedup_by(|second, first| is_repeated(first, second));
    let gone = (before - talk.said.len()) as u64;
    talk.dropped.add(&MENDING.def, gone);
    talk.done.add(&MENDING.def, gone);
}

fn is_repeated(first: &Said, second: &Said) -> bool {
    first.turn.time.is_some() && first.turn == second.turn
}

#[cfg(test)]
mod tests {
    use super::super::properties::settings;
    use super::super::talk::sample::{talk, texts};
    use super::*;

    fn mended(times: [Option<i64>; 3]) -> String {
        let mut talk = talk("uuu");
        for (said, time) in talk.said.iter_mut().zip(times) {
            said.turn.time = time;
            said.turn.text = "hello?".into();
        }
        mend(&mut talk, &settings());
        texts(&talk)
    }

    #[test]
    fn only_at_one_known_time() {
        assert_eq!(mended([Some(1), Some(1), Some(1)]), "hello?");
        assert_eq!(mended([Some(1), Some(1), Some(2)]), "hello? hello?");
        assert_eq!(mended([None, None, None]), "hello? hello? hello?");
    }

    #[test]
    fn another_speaker_or_text_is_another_turn() {
        let mut talk = talk("uau");
        for said in &mut talk.said {
            said.turn.time = Some(1);
        }
        talk.said[1].turn.text = "1".into();
        mend(&mut talk, &settings());
        assert_eq!(texts(&talk), "1 1 3");
    }
}
