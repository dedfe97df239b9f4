//! What a machine said beside a human: greetings, menus of a bot, automatic replies, bounces, translations. One mending
//! for each, so that each is counted and switched by its own name.
//!
//! A bot alone with the customer is the assistant (see `speakers`) unless the source marks its turns as automatic.

use crate::diagnostic::{Def, Severity};
use crate::model::{Auto, Kind};
use crate::read::speakers::SpeakerRole;

use super::mending::{MendingDef, drops};
use super::settings::AssembleSettings;
use super::talk::{Said, Talk};

drops! {
    Auto, "keeps them";
    OTHER = "TALK105" "drop-auto-message" Other; "automatic messages were left out";
        "the model would learn to send receipts and menus instead of answers";
    GREETING = "TALK128" "drop-canned-greeting" Greeting; "announcements of the chat software were left out";
        "the model would learn to announce who is talking instead of talking";
    MENU = "TALK129" "drop-bot-menu" Menu; "menus and forms of a bot were left out";
        "the model would learn to offer buttons that are not there";
    REPLY = "TALK130" "drop-auto-reply" Reply; "automatic replies were left out";
        "the model would learn to be out of office";
    BOUNCE = "TALK131" "drop-bounce" Bounce; "reports of mail that could not be delivered were left out";
        "they are no part of the conversation";
    TRANSLATION = "TALK132" "drop-translation" Translation; "translations of messages that stand there already were left out";
        "the model would learn to say everything twice";
}

/// Drops them.
pub(super) fn mend(talk: &mut Talk, settings: &AssembleSettings) {
    for (auto, mending) in DROPS.iter().filter(|(_, mending)| settings.does(mending)) {
        talk.drop_where(mending, |said| auto_of(said) == Some(*auto));
    }
}

/// Why a machine spoke, where the turn is marked or its speaker is a machine beside a human.
fn auto_of(said: &Said) -> Option<Auto> {
    match (said.turn.kind, said.role) {
        (Kind::Auto(auto), _) => Some(auto),
        (_, Some(SpeakerRole::Bot)) => Some(Auto::Other),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::properties::settings;
    use super::super::talk::sample::{assert_drops, talk, texts};
    use super::*;

    #[test]
    fn each_kind_goes_under_its_own_name() {
        for (auto, mending) in DROPS {
            assert_drops(mending, mend, |said| said.turn.kind = Kind::Auto(*auto));
        }
    }

    #[test]
    fn a_bot_beside_a_human_goes_and_people_stay() {
        let mut sample = talk("uauu");
        sample.said[1].role = Some(SpeakerRole::Bot);
        sample.said[0].turn.text = "I got an automatic reply".into();
        mend(&mut sample, &settings());
        assert_eq!(texts(&sample), "I got an automatic reply 3 4");
        assert_eq!(sample.dropped.sorted(), [(&OTHER.def, 1)]);
    }
}
