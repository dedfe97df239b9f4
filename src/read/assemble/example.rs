//! A settled example: its roles are stated, so only what the target cannot take is mended.

use crate::diagnostic::Rejection;
use crate::model::{Body, Example};
use crate::target::{Adjacent, Shape};

use super::draft::Draft;
use super::settings::AssembleSettings;
use super::{Assembled, codes, split_answers};
use super::{
    add_system, cut_into_windows, cut_trailing_tool, cut_trailing_user, drop_opening_assistant, merge_bursts,
    merge_system,
};

/// Assembles one example.
pub(super) fn assemble(
    mut example: Example,
    settings: &AssembleSettings,
    measure: Option<&dyn Fn(&Body) -> u64>,
) -> Assembled {
    let id = id_of(&example.extra);
    let read = example.messages.len() as u64;
    let reject = |def, message: &str| Assembled::rejected(id.clone(), read, Rejection::new(def, message));
    if settings.shape == Shape::Preference {
        return reject(&codes::NO_REJECTED_ANSWER, "the record has one answer");
    }
    if example.label == Some(false) && !settings.takes_labels {
        return reject(&codes::UNWANTED_ANSWER, "`label` is false: the answer is not wanted");
    }
    // A label that is not written makes no other row.
    example.label = example.label.filter(|_| settings.takes_labels);
    let draft = Draft::new(std::mem::take(&mut example.messages));
    finish(id, read, draft, example, settings, measure)
}

/// The mendings of settled messages.
pub(super) fn finish(
    id: Option<String>,
    read: u64,
    mut draft: Draft,
    rest: Example,
    settings: &AssembleSettings,
    measure: Option<&dyn Fn(&Body) -> u64>,
) -> Assembled {
    drop_opening_assistant::mend(&mut draft, settings, settings.user_first);
    cut_trailing_user::mend(&mut draft, settings);
    cut_trailing_tool::mend(&mut draft, settings);
    merge_bursts::mend(&mut draft, settings, settings.adjacent == Adjacent::Refused);
    add_system::mend(&mut draft, settings);
    merge_system::mend(&mut draft, settings);
    let mut dropped = std::mem::take(&mut draft.dropped);
    let parts = cut_into_windows::mend(draft, rest, settings, measure, &mut dropped);
    let rejected = parts.is_empty().then(split_answers::rejection);
    Assembled { id, read, parts, dropped: dropped.sorted(), rejected }
}

/// The identifier among the keys that were kept without being understood, under its usual names.
pub fn id_of(extra: &crate::model::Extra) -> Option<String> {
    ["id", "conversation_id", "dialogue_id", "custom_id"].iter().find_map(|key| match extra.get(*key)? {
        serde_json::Value::String(id) => Some(id.clone()),
        serde_json::Value::Number(id) => Some(id.to_string()),
        _ => None,
    })
}
