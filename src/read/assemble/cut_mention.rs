//! Whom a post is addressed to: `@brand`, `@115712` before the first word. Only in posts, where the software puts it there.

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
        summary: "the addressees at the beginning of posts were cut off",
        why: "the model would learn to begin its answers with somebody's account",
        remedy: "`--no-mend cut-mention` keeps them",
    },
    on_by_default: true,
};

/// Cuts them.
pub(super) fn mend(talk: &mut Talk, settings: &AssembleSettings) {
    if settings.does(&MENDING) {
        talk.reword(&MENDING, |said| {
            let post = said.turn.medium == Medium::Post;
            if post { without_mentions(&said.turn.text).map(str::to_owned) } else { None }
        });
    }
}

/// The text behind the mentions; `None` where there are none, or nothing else.
fn without_mentions(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    while let Some((first, behind)) = rest.split_once(char::is_whitespace) {
        let Some(name) = first.strip_prefix('@') else { break };
        let is_name =
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !is_name {
            break;
        }
        rest = behind.trim_start();
    }
    (rest.len() < text.trim_start().len() && !rest.is_empty()).then_some(rest)
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
