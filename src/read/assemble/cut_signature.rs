//! Cards and lines of telephones under a mail. See [`signature`] for what is cut; a sign-off (`Best, Ana`) stays.

use crate::diagnostic::{Def, Severity};
use crate::text::mail::signature;

use super::mending::MendingDef;
use super::settings::AssembleSettings;
use super::talk::Talk;

/// `TALK135`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK135",
        name: "cut-signature",
        severity: Severity::Info,
        summary: "the signature of a mail was cut off",
        why: "the model would learn to write telephone numbers, addresses and `Sent from my iPhone` under its answers",
        remedy: "`--no-mend cut-signature` keeps it",
    },
    on_by_default: true,
};

/// Cuts them.
pub(super) fn mend(talk: &mut Talk, settings: &AssembleSettings) {
    if settings.does(&MENDING) {
        talk.reword(&MENDING, |said| {
            let acts = settings.does_in_mail(&MENDING, &said.turn);
            let cut = acts.then(|| signature::cut(&said.turn.text, &said.turn.speaker)).flatten();
            cut.map(str::to_owned)
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
    fn signatures_go_from_mail_only() {
        let mut sample = talk("ua");
        for said in &mut sample.said {
            said.turn.text = "Yes\n\nSent from my iPhone".into();
        }
        sample.said[0].turn.medium = Medium::Mail;
        mend(&mut sample, &settings());
        assert_eq!(texts(&sample), "Yes Yes\n\nSent from my iPhone");
        assert_eq!(sample.done.clone().sorted(), [(&MENDING.def, 1)]);
        // Who asks for it by name has mail that the export does not call mail.
        let mut asked = settings();
        asked.switch("cut-signature", true).unwrap();
        mend(&mut sample, &asked);
        assert_eq!(texts(&sample), "Yes Yes");
    }
}
