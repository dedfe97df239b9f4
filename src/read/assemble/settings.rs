//! How records are to be assembled: for which target, with which mendings.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::model::{Kind, Medium, Turn};
use crate::target::{Adjacent, Shape, SystemPlace, TargetSpec, Trained};

use super::mending::{MENDINGS, MendingDef, mending_by_name};

/// What the caller wants and what the target needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssembleSettings {
    /// Instructions for examples that have none.
    pub system: Option<String>,
    /// Longest pause within an example, in milliseconds; a conversation is never split when `None`.
    pub gap_ms: Option<i64>,
    /// Most tokens of an example; longer ones are cut into windows.
    pub max_tokens: Option<u64>,
    /// Mendings switched off, by name.
    pub off: BTreeSet<&'static str>,
    /// Mendings switched on, by name: done also where the target does not need them.
    pub on: BTreeSet<&'static str>,
    /// What a row of the target is.
    pub shape: Shape,
    /// Whether the target takes two messages of one role side by side.
    pub adjacent: Adjacent,
    /// Whether the target wants the user first.
    pub user_first: bool,
    /// Where the target wants instructions.
    pub system_place: SystemPlace,
    /// Whether the target takes answers that are not wanted, marked so.
    pub takes_labels: bool,
    /// Whether the target takes weights of answers, so that one can be shown without being trained.
    pub takes_weights: bool,
    /// Whether a row of the target holds one answer to learn.
    pub one_answer: bool,
}

impl AssembleSettings {
    /// What a target needs, with the mendings at their defaults.
    pub fn for_target(spec: &TargetSpec) -> Self {
        Self {
            system: None,
            gap_ms: None,
            max_tokens: None,
            off: BTreeSet::new(),
            on: BTreeSet::new(),
            shape: spec.shape,
            adjacent: spec.adjacent,
            user_first: spec.user_first,
            system_place: spec.system,
            takes_labels: spec.row_keys.contains(&"label"),
            takes_weights: spec.message_keys.contains(&"weight") && spec.trained == Trained::Answers,
            one_answer: spec.one_answer,
        }
    }

    /// Switches a mending by name; the last word counts.
    pub fn switch(&mut self, name: &str, on: bool) -> Result<()> {
        let name = mending_by_name(name)?.def.name;
        let (into, from) = if on { (&mut self.on, &mut self.off) } else { (&mut self.off, &mut self.on) };
        into.insert(name);
        from.remove(name);
        Ok(())
    }

    /// Names of the mendings that are done where they are needed, sorted.
    pub fn active(&self) -> impl Iterator<Item = &'static str> {
        MENDINGS.iter().filter(|mending| self.does(mending)).map(|mending| mending.def.name)
    }

    /// Whether a mending is done where it is usual.
    pub(super) fn does(&self, mending: &MendingDef) -> bool {
        !self.off.contains(mending.def.name) && (mending.on_by_default || self.on.contains(mending.def.name))
    }

    /// Whether a mending is done in a place where it is not usual: when the target `needs` it, or it was asked for.
    pub(super) fn does_if(&self, mending: &MendingDef, needs: bool) -> bool {
        self.does(mending) && (needs || self.on.contains(mending.def.name))
    }

    /// Whether a mending of mail is done to a turn: to what was written, in a mail or where it was asked for.
    pub(super) fn does_in_mail(&self, mending: &MendingDef, turn: &Turn) -> bool {
        self.does_if(mending, turn.medium == Medium::Mail) && turn.kind == Kind::Text
    }
}

#[cfg(test)]
mod tests {
    use super::super::{cut_trailing_tool, merge_bursts};
    use super::*;
    use crate::target::{Target, openai_chat};

    #[test]
    fn the_last_word_counts() {
        let mut settings = AssembleSettings::for_target(openai_chat::TARGET.spec());
        assert!(settings.does(&merge_bursts::MENDING) && !settings.does(&cut_trailing_tool::MENDING));
        settings.switch("merge-bursts", false).unwrap();
        assert!(!settings.does_if(&merge_bursts::MENDING, true));
        settings.switch("merge-bursts", true).unwrap();
        assert!(settings.does_if(&merge_bursts::MENDING, false));
        settings.switch("cut-trailing-tool", true).unwrap();
        assert!(settings.does(&cut_trailing_tool::MENDING));
        assert!(settings.switch("cut-tail", true).is_err());
    }
}
