//! Whom a message is addressed to: `@brand`, `@115712` before the first word of posts, where the software puts it, and
//! `kim:` or `kim,` before that of lines in a channel, where programs complete the nicks of those who speak.

use std::collections::BTreeSet;

use crate::diagnostic::{Def, Severity};
use crate::model::Medium;

use super::mending::MendingDef;
use super::settings::AssembleSettings;
use super::talk::Talk;

/// `TALK141`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK141",
        name: "cut-mention",
        severity: Severity::Info,
        summary: "the addressees at the beginning of posts and of lines in channels were cut off",
        why: "the model would learn to begin its answers with somebody's account",
        remedy: "`--no-mend cut-mention` keeps them",
    },
    on_by_default: true,
};

/// Cuts them.
pub(super) fn mend(talk: &mut Talk, settings: &AssembleSettings) {
    if settings.does(&MENDING) {
        let in_channel = talk.said.iter().filter(|said| said.turn.medium == Medium::Channel);
        let nicks: BTreeSet<String> = in_channel.map(|said| said.turn.speaker.to_lowercase()).collect();
        talk.reword(&MENDING, |said| match said.turn.medium {
            Medium::Post => without_mentions(&said.turn.text).map(str::to_owned),
            Medium::Channel => without_nicks(&said.turn.text, &nicks).map(str::to_owned),
            _ => None,
        });
    }
}

/// The text behind the mentions; `None` where there are none, or nothing else.
fn without_mentions(text: &str) -> Option<&str> {
    behind(text, |word| {
        let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        word.strip_prefix('@').is_some_and(|name| !name.is_empty() && is_name(name))
    })
}

/// The text behind the nicks of speakers, each with a colon or comma; `None` where there are none, or nothing else.
fn without_nicks<'t>(text: &'t str, nicks: &BTreeSet<String>) -> Option<&'t str> {
    behind(text, |word| {
        let nick = word.strip_suffix([':', ',']);
        nick.is_some_and(|nick| is_of(&nick.trim_start_matches('@').to_lowercase(), nicks))
    })
}

/// The text behind the words at its beginning that name whom it is for.
fn behind(text: &str, is_addressee: impl Fn(&str) -> bool) -> Option<&str> {
    let start = text.trim_start();
    let mut rest = start;
    while let Some((_, behind)) =
        rest.split_once(char::is_whitespace).filter(|(first, _)| is_addressee(first))
    {
        rest = behind.trim_start();
    }
    (rest.len() < start.len() && !rest.is_empty()).then_some(rest)
}

/// Whether a nick is one of `nicks`, or one of them with what people put behind it: `kim_`, `kim2`, `kim|away`.
fn is_of(nick: &str, nicks: &BTreeSet<String>) -> bool {
    let behind = |known: &String| nick.strip_prefix(known.as_str()).filter(|_| !known.is_empty());
    let is_tail = |next: char| next.is_ascii_digit() || matches!(next, '_' | '|' | '`' | '^' | '-' | '[');
    nicks.iter().filter_map(behind).any(|rest| rest.is_empty() || rest.starts_with(is_tail))
}

#[cfg(test)]
mod tests {
    use super::super::properties::settings;
    use super::super::talk::sample::{talk, texts};
    use super::*;

    #[test]
    fn only_at_the_beginning_and_never_all() {
        assert_eq!(without_mentions("@brand @115712 it broke, @kim"), Some("it broke, @kim"));
        for text in ["hi @brand", "@brand", "@brand ", "@ 5", "ana@ex.org writes", "@kim: yes", ""] {
            assert_eq!(without_mentions(text), None, "{text}");
        }
    }

    #[test]
    fn only_nicks_of_those_who_speak() {
        let nicks = BTreeSet::from(["kim_".to_owned(), "ana".to_owned(), "c".to_owned()]);
        assert_eq!(without_nicks("Kim_: ana, try apt", &nicks), Some("try apt"));
        assert_eq!(without_nicks("ana|away: ana2, try apt", &nicks), Some("try apt"));
        for text in [
            "anaconda: a thing",
            "c++: the compiler",
            "sudo: try apt",
            "ana",
            "ana:",
            "ana try apt",
            "so ana: yes",
            "ana:yes",
            "",
        ] {
            assert_eq!(without_nicks(text, &nicks), None, "{text}");
        }
    }

    #[test]
    fn nicks_only_in_channels() {
        let mut sample = talk("uaa");
        for said in &mut sample.said {
            said.turn.text = "u: hi".into();
        }
        sample.said[0].turn.medium = Medium::Channel;
        sample.said[1].turn.medium = Medium::Channel;
        mend(&mut sample, &settings());
        assert_eq!(texts(&sample), "hi hi u: hi");
    }

    #[test]
    fn only_in_posts() {
        let mut sample = talk("ua");
        for said in &mut sample.said {
            said.turn.text = "@kim hi".into();
        }
        sample.said[0].turn.medium = Medium::Post;
        mend(&mut sample, &settings());
        assert_eq!(texts(&sample), "hi @kim hi");
        assert_eq!(sample.done.sorted(), [(&MENDING.def, 1)]);
    }
}
