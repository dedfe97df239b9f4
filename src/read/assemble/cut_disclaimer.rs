//! Paragraphs about secrecy that companies put under every mail. See [`disclaimer`] for what is cut.

use crate::diagnostic::{Def, Severity};
use crate::text::mail::disclaimer;

use super::mending::MendingDef;
use super::settings::AssembleSettings;
use super::talk::Talk;

/// `TALK136`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK136",
        name: "cut-disclaimer",
        severity: Severity::Info,
        summary: "a paragraph about secrecy under a mail was cut off",
        why: "a company put it there, and the model would learn to write it under every answer",
        remedy: "`--no-mend cut-disclaimer` keeps it",
    },
    on_by_default: true,
};

/// Cuts them.
pub(super) fn mend(talk: &mut Talk, settings: &AssembleSettings) {
    if settings.does(&MENDING) {
        talk.reword(&MENDING, |said| {
            let acts = settings.does_in_mail(&MENDING, &said.turn);
            acts.then(|| disclaimer::cut(&said.turn.text)).flatten().map(str::to_owned)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::properties::settings;
    use super::super::talk::sample::{talk, texts};
    use super::*;
    use crate::model::Medium;

    #[test]
    fn disclaimers_go_from_mail_only() {
        let mut sample = talk("ua");
        for said in &mut sample.said {
            said.turn.text = "Yes\n\nIf you are not the intended recipient, please delete it.".into();
        }
        sample.said[0].turn.medium = Medium::Mail;
        mend(&mut sample, &settings());
        assert_eq!(texts(&sample), "Yes Yes\n\nIf you are not the intended recipient, please delete it.");
        assert_eq!(sample.done.clone().sorted(), [(&MENDING.def, 1)]);
        // Who asks for it by name has mail that the export does not call mail.
        let mut asked = settings();
        asked.switch("cut-disclaimer", true).unwrap();
        mend(&mut sample, &asked);
        assert_eq!(texts(&sample), "Yes Yes");
    }
}
