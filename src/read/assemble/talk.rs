//! A conversation on its way: turns with the roles of their speakers, and what was done so far.

use crate::model::Turn;
use crate::read::speakers::SpeakerRole;

use super::counts::Counts;
use super::mending::MendingDef;

/// A turn with its speaker's role, `None` while undecided.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said {
    pub turn: Turn,
    pub role: Option<SpeakerRole>,
}

/// The turns that are left, and what was dropped and done.
#[derive(Debug, Default)]
pub(super) struct Talk {
    pub said: Vec<Said>,
    pub dropped: Counts,
    pub done: Counts,
}

impl Talk {
    /// Drops the turns that `unwanted` names, under the mending.
    pub fn drop_where(&mut self, mending: &'static MendingDef, unwanted: impl Fn(&Said) -> bool) {
        let before = self.said.len();
        self.said.retain(|said| !unwanted(said));
        let gone = (before - self.said.len()) as u64;
        self.dropped.add(&mending.def, gone);
        self.done.add(&mending.def, gone);
    }

    /// Puts other words in place of those that `reword` mends; what is left of them, never anything new.
    pub fn reword(&mut self, mending: &'static MendingDef, reword: impl Fn(&Said) -> Option<String>) {
        for said in &mut self.said {
            if let Some(text) = reword(said) {
                said.turn.text = text;
                self.done.add(&mending.def, 1);
            }
        }
    }
}

#[cfg(test)]
pub(super) mod sample {
    use super::super::properties::settings;
    use super::super::settings::AssembleSettings;
    use super::*;
    use SpeakerRole::{Assistant, User};

    /// A talk of `u` and `a` turns with texts `1`, `2`, ….
    pub(in super::super) fn talk(sides: &str) -> Talk {
        let said = sides.chars().enumerate().map(|(index, side)| Said {
            turn: Turn { speaker: side.to_string(), text: (index + 1).to_string(), ..Turn::default() },
            role: Some(if side == 'a' { Assistant } else { User }),
        });
        Talk { said: said.collect(), ..Talk::default() }
    }

    /// The texts that are left, joined.
    pub(in super::super) fn texts(talk: &Talk) -> String {
        talk.said.iter().map(|said| said.turn.text.as_str()).collect::<Vec<_>>().join(" ")
    }
    /// Asserts that the turn which `mark` makes of a plain one goes under the mending unless that is switched off, and
    /// that plain ones stay.
    pub(in super::super) fn assert_drops(
        mending: &'static MendingDef,
        mend: fn(&mut Talk, &AssembleSettings),
        mark: impl FnOnce(&mut Said),
    ) {
        let mut sample = talk("uauu");
        mend(&mut sample, &settings());
        assert_eq!(texts(&sample), "1 2 3 4");
        mark(&mut sample.said[1]);
        let mut off = settings();
        off.switch(mending.def.name, false).unwrap();
        mend(&mut sample, &off);
        assert_eq!(sample.said.len(), 4);
        mend(&mut sample, &settings());
        assert_eq!(texts(&sample), "1 3 4");
        assert_eq!(sample.dropped.sorted(), [(&mending.def, 1)]);
    }
}
