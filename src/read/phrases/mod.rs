//! What messengers write by themselves, in the languages of their apps.
//!
//! A phrase decides only where the export's structure already says that nobody spoke, or where it is all that a message
//! says. "My parcel was left at the door" and "I was added to the waiting list" stay what a person said. Which
//! structure that is (a line without a name, a mark before the text) is for the reader to know.

mod table;

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use self::table::{ATTACHED, DELETED, EDITED, HAPPENED, MEDIA, MISSED_CALL, NOTICES};
use crate::model::Event;

/// Longest whole message of the table in bytes; what is longer is not looked up.
const LONGEST: usize = 90;

/// What a whole message of the app's own words is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// It stands for a file.
    Media,
    /// It tells what happened.
    Event(Event),
}

/// The notices by their first byte: they are asked for of every message, and mostly there are none.
static NOTICES_BY_BYTE: LazyLock<FxHashMap<u8, Vec<&'static str>>> = LazyLock::new(|| {
    let mut by_byte: FxHashMap<u8, Vec<&'static str>> = FxHashMap::default();
    for phrase in NOTICES {
        by_byte.entry(phrase.bytes().next().unwrap_or_default()).or_default().push(phrase);
    }
    by_byte
});

static WHOLE: LazyLock<FxHashMap<&'static str, Notice>> = LazyLock::new(|| {
    let lists = [
        (MEDIA, Notice::Media),
        (DELETED, Notice::Event(Event::Deletion)),
        (MISSED_CALL, Notice::Event(Event::Call)),
    ];
    lists.into_iter().flat_map(|(list, notice)| list.iter().map(move |phrase| (*phrase, notice))).collect()
});

/// What `text` is if an app wrote all of it: a placeholder of a file, the trace of a message taken back, a missed call,
/// the notice about encryption. `text` is without white space and invisible marks around it.
pub fn notice(text: &str) -> Option<Notice> {
    if text.len() <= LONGEST {
        let bare = text.strip_suffix(['.', '。']).unwrap_or(text);
        if let Some(notice) = WHOLE.get(bare) {
            return Some(*notice);
        }
    }
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(['.', '。', '．', '，', '।']);
    let first = text.as_bytes().first()?;
    let notice = NOTICES_BY_BYTE
        .get(first)
        .is_some_and(|phrases| phrases.iter().any(|phrase| text.strip_prefix(phrase).is_some_and(ends)));
    notice.then_some(Notice::Event(Event::Other))
}

/// Whether `text` stands for a file that the export leaves out.
pub fn media_placeholder(text: &str) -> bool {
    notice(text) == Some(Notice::Media)
}

/// What happened, told by `line`, of which structure says that nobody spoke it.
pub fn event_of(line: &str) -> Event {
    if let Some(Notice::Event(event)) = notice(line) {
        return event;
    }
    let told = |phrases: &&[&str]| phrases.iter().any(|phrase| line.contains(phrase));
    HAPPENED.iter().find(|(_, phrases)| told(phrases)).map_or(Event::Other, |(event, _)| *event)
}

/// `text` without the mark at its end that it was written anew, if it has one.
pub fn without_edit_mark(text: &str) -> Option<&str> {
    // Most messages are decided by their last byte.
    text.ends_with('>').then(|| EDITED.iter().find_map(|mark| text.strip_suffix(mark)).map(str::trim_end))?
}

/// Whether `words` stand in brackets after the name of a file that lies beside the export.
pub fn says_attached(words: &str) -> bool {
    ATTACHED.contains(&words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_messages_of_the_app() {
        for text in ["<Media omitted>", "image omitted", "Bild weggelassen", "<Médias omis>", "null"] {
            assert!(media_placeholder(text), "{text}");
        }
        for (text, event) in [
            ("This message was deleted", Event::Deletion),
            ("This message was deleted.", Event::Deletion),
            ("Missed voice call", Event::Call),
            ("Messages and calls are end-to-end encrypted. No one outside can read them.", Event::Other),
            ("消息和通话都进行端到端加密。对话之外的任何人", Event::Other),
        ] {
            assert_eq!(notice(text), Some(Notice::Event(event)), "{text}");
        }
        for text in [
            "the image omitted a detail",
            "This message was deleted by mistake",
            "Messages and calls are end-to-end encrypted, right?",
            "nullable",
            "",
            ".",
        ] {
            assert_eq!(notice(text), None, "{text}");
        }
    }

    #[test]
    fn lines_that_nobody_spoke() {
        for (line, event) in [
            ("Ana added Kim", Event::Join),
            ("Kim joined using this group's invite link", Event::Join),
            ("Kim left", Event::Leave),
            ("Ana removed Kim", Event::Leave),
            ("Ana changed the subject from \"a\" to \"b\"", Event::Room),
            ("Ana hat Kim hinzugefügt", Event::Join),
            ("Kim hat die Gruppe verlassen", Event::Leave),
            ("Missed voice call", Event::Call),
            ("Your security code with Kim changed. Tap to learn more.", Event::Other),
        ] {
            assert_eq!(event_of(line), event, "{line}");
        }
    }

    #[test]
    fn marks_of_editing_stand_at_the_end() {
        assert_eq!(without_edit_mark("at ten <This message was edited>"), Some("at ten"));
        assert_eq!(without_edit_mark("<This message was edited> at ten"), None);
        assert_eq!(without_edit_mark("a <b>"), None);
    }

    #[test]
    fn phrases_are_short_enough_to_be_looked_up() {
        assert!(WHOLE.keys().all(|phrase| phrase.len() <= LONGEST));
        assert!(WHOLE.keys().all(|phrase| !phrase.ends_with(['.', '。'])));
    }
}
