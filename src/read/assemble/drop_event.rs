//! What happened, said by nobody: joined, assigned, rated; and the instructions to participants of a study. One mending
//! for each kind of event, so that each is counted and switched by its own name.
//!
//! Only what the source marks as an event or who bears such a label (`action`, `note`) counts. Words like "left" or
//! "added" in a text decide nothing: a parcel may be left at the door.

use crate::diagnostic::{Def, Severity};
use crate::model::{Event, Kind};
use crate::read::speakers::SpeakerRole;

use super::mending::{MendingDef, drops};
use super::settings::AssembleSettings;
use super::talk::{Said, Talk};

const LOG: &str = "the model would learn to write the log of the chat software";

drops! {
    Event, "keeps them; where such a speaker does speak, give it a role with `--assistant NAME` or `--user NAME`";
    OTHER = "TALK107" "drop-event" Other; "events were left out"; LOG;
    JOIN = "TALK118" "drop-join" Join; "lines about somebody coming in were left out"; LOG;
    LEAVE = "TALK119" "drop-leave" Leave; "lines about somebody going were left out"; LOG;
    TRANSFER = "TALK120" "drop-transfer" Transfer; "lines about a transfer to somebody else were left out"; LOG;
    ASSIGNMENT = "TALK121" "drop-assignment" Assignment; "changes of a ticket's state or owner were left out"; LOG;
    RATING = "TALK122" "drop-rating" Rating; "ratings and requests for them were left out"; LOG;
    REACTION = "TALK123" "drop-reaction" Reaction; "reactions were left out"; LOG;
    DELETION = "TALK124" "drop-deletion" Deletion; "traces of messages taken back were left out"; LOG;
    EDIT = "TALK125" "drop-edit" Edit; "earlier or repeated texts of edited messages were left out"; LOG;
    CALL = "TALK126" "drop-call" Call; "lines about calls were left out"; LOG;
    ROOM = "TALK127" "drop-room-change" Room; "changes of the room's name, topic or settings were left out"; LOG;
}

/// Drops them.
pub(super) fn mend(talk: &mut Talk, settings: &AssembleSettings) {
    for (event, mending) in DROPS.iter().filter(|(_, mending)| settings.does(mending)) {
        talk.drop_where(mending, |said| event_of(said) == Some(*event));
    }
}

/// What happened, where the turn is an event or its speaker reports events.
fn event_of(said: &Said) -> Option<Event> {
    match (said.turn.kind, said.role) {
        (Kind::Event(event), _) => Some(event),
        (_, Some(SpeakerRole::Event)) => Some(Event::Other),
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
        for (event, mending) in DROPS {
            assert_drops(mending, mend, |said| said.turn.kind = Kind::Event(*event));
        }
    }

    #[test]
    fn who_reports_events_goes_and_words_decide_nothing() {
        let mut sample = talk("uauu");
        sample.said[0].turn.text = "My parcel was left at the door".into();
        sample.said[1].turn.text = "Kim joined the chat and was removed".into();
        sample.said[3].role = Some(SpeakerRole::Event);
        mend(&mut sample, &settings());
        assert_eq!(texts(&sample), "My parcel was left at the door Kim joined the chat and was removed 3");
        assert_eq!(sample.dropped.sorted(), [(&OTHER.def, 1)]);
    }
}
