//! Several messages in a row by one side, told as one.
//!
//! People write in bursts; models and many targets take turns. Joined by one line feed, for nobody wrote a blank
//! line. Tool calls and results, typed parts, other names and other weights stay alone: joined they would mean
//! something else.

use crate::diagnostic::{Def, Severity};
use crate::model::Role;

use super::draft::Draft;
use super::mending::MendingDef;
use super::settings::AssembleSettings;

/// `TALK113`.
pub(super) static MENDING: MendingDef = MendingDef {
    def: Def {
        code: "TALK113",
        name: "merge-bursts",
        severity: Severity::Info,
        summary: "consecutive messages of one role were joined with a line feed",
        why: "people write in bursts; a model that learns from the pieces answers in pieces, and some targets refuse them",
        remedy: "`--no-mend merge-bursts` keeps them apart",
    },
    on_by_default: true,
};

/// Joins neighbours of one side.
pub(super) fn mend(draft: &mut Draft, settings: &AssembleSettings, usual: bool) {
    if settings.does_if(&MENDING, usual) {
        draft.join_where(&MENDING.def, |first, _| matches!(first.role, Role::User | Role::Assistant));
    }
}

#[cfg(test)]
mod tests {
    use super::super::draft::sample::{draft, shown};
    use super::super::properties::settings;
    use super::*;
    use crate::model::ToolCall;

    #[test]
    fn bursts_are_joined_and_counted() {
        let mut draft = draft("ssuuuaau");
        mend(&mut draft, &settings(), true);
        assert_eq!(shown(&draft.messages), "s1 s2 u3/4/5 a6/7 u8");
        assert_eq!(draft.kept_and_merged(), (5, 3));
        assert_eq!(draft.done.sorted(), [(&MENDING.def, 3)]);
    }

    #[test]
    fn what_means_something_else_stays_alone() {
        let mut calls = draft("aaa");
        let call = ToolCall {
            id: None,
            name: "f".into(),
            arguments: "{}".into(),
            extra: crate::model::Extra::new(),
        };
        calls.messages[1].tool_calls.push(call);
        let mut weights = draft("aa");
        weights.messages[0].weight = Some(0);
        let mut names = draft("uu");
        names.messages[1].name = Some("Bo".into());
        for mut draft in [calls, weights, names, draft("tt"), draft("uaua")] {
            let before = draft.messages.clone();
            mend(&mut draft, &settings(), true);
            assert_eq!(draft.messages, before);
        }
    }

    #[test]
    fn settled_examples_only_when_needed_or_asked_for() {
        let mut kept = draft("uu");
        mend(&mut kept, &settings(), false);
        assert_eq!(kept.messages.len(), 2);
        let mut asked = settings();
        asked.switch("merge-bursts", true).unwrap();
        mend(&mut kept, &asked, false);
        assert_eq!(shown(&kept.messages), "u1/2");
    }
}
