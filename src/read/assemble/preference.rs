//! A preference: kept as a pair for a target that learns from pairs, else its chosen answer.

use crate::model::{Body, Message, Preference};
use crate::target::{Adjacent, Shape};

use super::counts::Counts;
use super::draft::Draft;
use super::settings::AssembleSettings;
use super::{Assembled, Part, example};
use super::{add_system, drop_opening_assistant, merge_bursts, merge_system, preference_to_chosen};

/// Assembles one preference.
///
/// With `preference-to-chosen` switched off a pair stays a pair, and a target of examples says that it cannot take it.
pub(super) fn assemble(
    preference: Preference,
    settings: &AssembleSettings,
    measure: Option<&dyn Fn(&Body) -> u64>,
) -> Assembled {
    let id = example::id_of(&preference.extra);
    let read = (preference.prompt.len() + preference.chosen.len() + preference.rejected.len()) as u64;
    if settings.shape == Shape::Example && settings.does(&preference_to_chosen::MENDING) {
        let (draft, rest) = preference_to_chosen::mend(preference);
        return example::finish(id, read, draft, rest, settings, measure);
    }
    let Preference { prompt, chosen, rejected, tools, extra } = preference;
    let mut sums = Sums::default();
    let prompt = sums.mend(prompt, settings, |draft| {
        drop_opening_assistant::mend(draft, settings, settings.user_first);
        add_system::mend(draft, settings);
        merge_system::mend(draft, settings);
    });
    let chosen = sums.mend(chosen, settings, |_| ());
    let rejected = sums.mend(rejected, settings, |_| ());
    let Sums { dropped, done, kept, merged } = sums;
    let body = Body::Preference(Preference { prompt, chosen, rejected, tools, extra });
    let part = Part { body, mendings: done.sorted(), kept, merged, goes_on: false };
    Assembled { id, read, parts: vec![part], dropped: dropped.sorted(), rejected: None }
}

/// What was done to the three lists together.
#[derive(Default)]
struct Sums {
    dropped: Counts,
    done: Counts,
    kept: u64,
    merged: u64,
}

impl Sums {
    fn mend(
        &mut self,
        messages: Vec<Message>,
        settings: &AssembleSettings,
        mend: impl Fn(&mut Draft),
    ) -> Vec<Message> {
        let mut draft = Draft::new(messages);
        mend(&mut draft);
        merge_bursts::mend(&mut draft, settings, settings.adjacent == Adjacent::Refused);
        let (kept, merged) = draft.kept_and_merged();
        self.kept += kept;
        self.merged += merged;
        self.dropped.merge(&draft.dropped);
        self.done.merge(&draft.done);
        draft.messages
    }
}
