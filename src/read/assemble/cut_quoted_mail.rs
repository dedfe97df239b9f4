//! Earlier mail that a mail quotes: it stands as a turn of its own already. See [`quotation`] for what is cut and what stays.

use crate::diagnostic::{Def, Severity};
use crate::text::mail::quotation;

use super::mending::MendingDef;
use super::settings::AssembleSettings;
use super::talk::Talk;

/// `TALK134`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK134",
        name: "cut-quoted-mail",
        severity: Severity::Info,
        summary: "earlier mail quoted in a mail was cut off",
        why: "the model would learn to repeat the customer's mail below its answer, and be trained on words of the other side",
        remedy: "`--no-mend cut-quoted-mail` keeps it",
    },
    on_by_default: true,
};

/// Cuts it.
pub(super) fn mend(talk: &mut Talk, settings: &AssembleSettings) {
    if settings.does(&MENDING) {
        talk.reword(&MENDING, |said| {
            let acts = settings.does_in_mail(&MENDING, &said.turn);
            acts.then(|| quotation::cut(&said.turn.text, &said.turn.speaker)).flatten()
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
    fn quotations_go_from_mail_only() {
        let mut sample = talk("ua");
        for said in &mut sample.said {
            said.turn.text = "Yes\n\nOn Apr 3, 2012, at 4:19 PM, bob wrote:\n> Hi".into();
        }
        sample.said[0].turn.medium = Medium::Mail;
        mend(&mut sample, &settings());
        assert_eq!(texts(&sample), "Yes Yes\n\nOn Apr 3, 2012, at 4:19 PM, bob wrote:\n> Hi");
        assert_eq!(sample.done.clone().sorted(), [(&MENDING.def, 1)]);
        // Who asks for it by name has mail that the export does not call mail.
        let mut asked = settings();
        asked.switch("cut-quoted-mail", true).unwrap();
        mend(&mut sample, &asked);
        assert_eq!(texts(&sample), "Yes Yes");
    }
}
