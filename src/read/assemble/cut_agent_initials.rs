//! Initials by which an agent marks a post: `^KC`, `-KC`, `*HFG`, `/AB` at the end.
//!
//! Only at the end of the answers of posts (tweets, short messages), and only behind one of those signs: "-OK" in a chat is
//! an answer.

use crate::diagnostic::{Def, Severity};
use crate::model::Medium;
use crate::read::speakers::SpeakerRole;

use super::mending::MendingDef;
use super::settings::AssembleSettings;
use super::talk::Talk;

/// `TALK139`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK139",
        name: "cut-agent-initials",
        severity: Severity::Info,
        summary: "initials of agents were cut off the end of posts",
        why: "the model would learn to sign as one of the people",
        remedy: "`--no-mend cut-agent-initials` keeps them",
    },
    on_by_default: true,
};

/// Cuts them.
pub(super) fn mend(talk: &mut Talk, settings: &AssembleSettings) {
    if settings.does(&MENDING) {
        talk.reword(&MENDING, |said| {
            let answers = said.turn.medium == Medium::Post && said.role == Some(SpeakerRole::Assistant);
            if answers { without_initials(&said.turn.text).map(str::to_owned) } else { None }
        });
    }
}

/// Most letters of initials.
const LETTERS: usize = 4;
/// A post that ends with a link after the initials: `^KC https://t.co/x`.
const LINK: &str = "https://t.co/";

/// The text before the initials; `None` where there are none.
fn without_initials(text: &str) -> Option<&str> {
    let text = text.trim_end();
    let (text, _) = match text.rsplit_once(char::is_whitespace) {
        // The shortened link behind the initials leads to a picture or to the rest of the post; it goes with them only
        // where initials stand before it.
        Some((before, last)) if last.starts_with(LINK) && signs(before.trim_end()).is_some() => {
            (before.trim_end(), last)
        }
        _ => (text, ""),
    };
    signs(text)
}

fn signs(text: &str) -> Option<&str> {
    let start = text
        .rfind(char::is_whitespace)
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let (before, last) = text.split_at(start);
    let letters = last.strip_prefix(['^', '*', '/', '-', '~'])?;
    let count = letters.chars().count();
    let initials = (1..=LETTERS).contains(&count)
        && letters.chars().next().is_some_and(char::is_uppercase)
        && letters.chars().all(char::is_alphabetic);
    // A dash before one word of a list is no sign of a name; two capitals are.
    let sure = !last.starts_with('-') || (count <= 3 && letters.chars().all(char::is_uppercase));
    let before = before.trim_end();
    (initials && sure && !before.is_empty()).then_some(before)
}

#[cfg(test)]
mod tests {
    use super::super::properties::settings;
    use super::super::talk::sample::{talk, texts};
    use super::*;

    #[test]
    fn initials_at_the_end_go() {
        for text in [
            "Sorry! ^KC",
            "Sorry! -KC",
            "Sorry! *HFG",
            "Sorry! /AB",
            "Sorry! ^Ana",
            "Sorry! ^KC https://t.co/x1",
        ] {
            assert_eq!(without_initials(text), Some("Sorry!"), "{text}");
        }
        for text in [
            "^KC",
            "Sorry - no",
            "choose a /b",
            "a -b",
            "we said -Okay",
            "2 ^10",
            "see https://t.co/x1",
            "x *really*",
            "",
        ] {
            assert_eq!(without_initials(text), None, "{text}");
        }
    }

    #[test]
    fn only_in_the_answers_of_posts() {
        let mut sample = talk("uaa");
        for said in &mut sample.said {
            said.turn.text = "Hi ^KC".into();
            said.turn.medium = Medium::Post;
        }
        sample.said[2].turn.medium = Medium::Chat;
        mend(&mut sample, &settings());
        assert_eq!(texts(&sample), "Hi ^KC Hi Hi ^KC");
        assert_eq!(sample.done.sorted(), [(&MENDING.def, 1)]);
    }
}
