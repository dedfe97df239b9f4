//! What the subtype of a Slack message says it is.

use crate::model::{Auto, Event, Kind};

/// What a message is by its `type` and `subtype`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Means {
    /// Speech, or what else a turn may be by itself.
    Turn(Kind),
    /// A comment on a file, in the old form: the words stand under `comment`.
    FileComment,
    /// A new version of an earlier message.
    Changed,
    /// An earlier message was taken back.
    Deleted,
}

/// Subtypes, sorted (<https://docs.slack.dev/reference/events/message/#subtypes>, and those met in exports).
static SUBTYPES: &[(&str, Means)] = &[
    ("assistant_app_thread", event(Event::Other)),
    ("bot_add", event(Event::Join)),
    ("bot_disable", event(Event::Leave)),
    ("bot_enable", event(Event::Join)),
    ("bot_message", Means::Turn(Kind::Text)),
    ("bot_remove", event(Event::Leave)),
    ("channel_archive", event(Event::Room)),
    ("channel_canvas_updated", event(Event::Room)),
    ("channel_convert_to_private", event(Event::Room)),
    ("channel_convert_to_public", event(Event::Room)),
    ("channel_join", event(Event::Join)),
    ("channel_leave", event(Event::Leave)),
    ("channel_name", event(Event::Room)),
    ("channel_posting_permissions", event(Event::Room)),
    ("channel_purpose", event(Event::Room)),
    ("channel_topic", event(Event::Room)),
    ("channel_unarchive", event(Event::Room)),
    ("document_comment", Means::Turn(Kind::Text)),
    ("file_comment", Means::FileComment),
    ("file_share", Means::Turn(Kind::Text)),
    ("group_archive", event(Event::Room)),
    ("group_join", event(Event::Join)),
    ("group_leave", event(Event::Leave)),
    ("group_name", event(Event::Room)),
    ("group_purpose", event(Event::Room)),
    ("group_topic", event(Event::Room)),
    ("group_unarchive", event(Event::Room)),
    ("huddle_thread", event(Event::Call)),
    ("joiner_notification", event(Event::Join)),
    ("joiner_notification_for_inviter", event(Event::Join)),
    ("me_message", Means::Turn(Kind::Text)),
    ("message_changed", Means::Changed),
    ("message_deleted", Means::Deleted),
    ("pinned_item", event(Event::Room)),
    // The channel's copy of a thread reply, in the form of before 2018.
    ("reply_broadcast", event(Event::Edit)),
    ("sh_room_created", event(Event::Call)),
    ("sh_room_shared", event(Event::Call)),
    ("slackbot_response", Means::Turn(Kind::Auto(Auto::Reply))),
    ("thread_broadcast", Means::Turn(Kind::Text)),
    ("tombstone", event(Event::Deletion)),
    ("unpinned_item", event(Event::Room)),
];

const fn event(event: Event) -> Means {
    Means::Turn(Kind::Event(event))
}

/// What a message of this `type` and `subtype` is. A subtype that is not known reports something, unless a person
/// typed the message into a client (`typed`).
pub(super) fn means(kind: &str, subtype: Option<&str>, typed: bool) -> Means {
    let subtype = match subtype {
        None | Some("") if kind == "message" || kind.is_empty() => return Means::Turn(Kind::Text),
        None => kind,
        Some(subtype) => subtype,
    };
    match SUBTYPES.binary_search_by(|(known, _)| known.cmp(&subtype)) {
        Ok(at) => SUBTYPES.get(at).map_or(event(Event::Other), |(_, means)| *means),
        Err(_) if typed => Means::Turn(Kind::Text),
        Err(_) => event(Event::Other),
    }
}

/// Whether somebody says something in a message of that subtype.
pub(super) fn says(kind: &str, subtype: Option<&str>, typed: bool) -> bool {
    match means(kind, subtype, typed) {
        Means::Turn(kind) => !kind.is_event(),
        Means::FileComment => true,
        Means::Changed | Means::Deleted => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_and_found() {
        assert!(SUBTYPES.is_sorted_by(|one, next| one.0 < next.0));
        assert_eq!(means("message", Some("channel_join"), false), event(Event::Join));
        assert_eq!(means("message", None, false), Means::Turn(Kind::Text));
        assert_eq!(means("message", Some("brand_new"), false), event(Event::Other));
        assert_eq!(means("message", Some("brand_new"), true), Means::Turn(Kind::Text));
        assert_eq!(means("event", None, true), Means::Turn(Kind::Text));
        assert_eq!(means("event", None, false), event(Event::Other));
        assert!(!says("message", Some("message_changed"), true));
    }
}
