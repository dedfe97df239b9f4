//! What Zoom writes into a saved chat beside what people typed: reactions, and the beginning of the message that a
//! reply answers.
//!
//! Only for the form of those files (`12:03:11<TAB>Bob:<TAB>text`), and only where the whole mark stands as Zoom
//! writes it; in 167 published files a third of all lines are reactions and a fifth are replies.

use crate::model::{Event, Kind, Turn};

/// The form of saved Zoom chats.
pub(super) const FORM: &str = "tab-time-name";
/// Most characters of a reaction: one emoji, with its joiners and skin tones.
const EMOJI: usize = 16;

/// Makes reactions events and cuts the quotation off replies; how many quotations were cut.
pub(super) fn mend(turns: &mut [Turn]) -> usize {
    let mut cut = 0;
    for turn in turns.iter_mut().filter(|turn| turn.kind == Kind::Text) {
        if is_reaction(&turn.text) {
            turn.kind = Kind::Event(Event::Reaction);
        } else if let Some(reply) = reply(&turn.text) {
            turn.text = reply.to_owned();
            cut += 1;
        }
    }
    cut
}

/// `Reacted to "quoted…" with 😅`, `Removed a 😅 reaction from "quoted…"`.
fn is_reaction(text: &str) -> bool {
    let emoji = |text: &str| {
        let count = text.chars().take(EMOJI + 1).count();
        (1..=EMOJI).contains(&count) && !text.contains(|one: char| one.is_ascii_alphabetic() || one == '"')
    };
    if let Some(rest) = text.strip_prefix("Reacted to \"") {
        return rest.rsplit_once("\" with ").is_some_and(|(_, rest)| emoji(rest.trim()));
    }
    let removed = text.strip_prefix("Removed a ").and_then(|rest| rest.split_once(" reaction from \""));
    removed.is_some_and(|(what, quoted)| emoji(what) && quoted.trim_end().ends_with('"'))
}

/// What follows `Replying to "quoted…"` and an empty line.
fn reply(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("Replying to \"")?;
    let (quoted, reply) = rest.split_once("\"\n\n")?;
    // A quotation that holds empty lines is no beginning of a message.
    (!quoted.contains("\n\n") && !reply.trim().is_empty()).then(|| reply.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(text: &str) -> (String, bool) {
        let mut turns = [Turn { text: text.into(), ..Turn::default() }];
        mend(&mut turns);
        let [turn] = turns;
        (turn.text, turn.kind.is_event())
    }

    #[test]
    fn marks_go_and_what_people_typed_stays() {
        for reaction in [
            "Reacted to \"who is \"here\" in...\" with 😅",
            "Reacted to \"two\nlines\" with 👍🏽",
            "Removed a ❤️ reaction from \"Should be fun\"",
        ] {
            assert_eq!(mended(reaction), (reaction.to_owned(), true));
        }
        assert_eq!(
            mended("Replying to \"Should be...\"\n\nindeed\n\nyes"),
            ("indeed\n\nyes".to_owned(), false)
        );
        assert_eq!(mended("Replying to \"a\nb\"\n\nc"), ("c".to_owned(), false));
        for text in [
            "Reacted to \"the offer\" with a long letter",
            "Reacted to the mail",
            "Replying to \"a\" at once",
            "Replying to \"a\"\n\n",
            "He wrote: Reacted to \"a\" with 😅",
        ] {
            assert_eq!(mended(text), (text.to_owned(), false));
        }
    }
}
