//! Schema-Guided Dialogue and the sets in its form (`MultiWOZ` 2.2).

use super::json::Misfit;
use super::json::dialogue::Dialogue;
use super::json::records::Records;
use super::reader::{Decoded, ReaderSpec};
use crate::model::{Extra, Raw, Role};

static SPEC: ReaderSpec = ReaderSpec {
    name: "sgd",
    title: "Schema-Guided Dialogue (SGD), also `MultiWOZ` 2.2 in its form",
    notes: "`SYSTEM` is the assistant here, not instructions; `USER` is the user. `services` stays beside the \
            conversation. `frames` label words, states and calls of a turn; they are no utterances and are not kept.",
    how_to_get: "clone <https://github.com/google-research-datasets/dstc8-schema-guided-dialogue> and name the files \
                 `dialogues_*.json` (their `schema.json` holds no dialogues).",
    recognised_by: "`dialogue_id` with `turns[].speaker` and `utterance`",
};

/// The reader of SGD.
pub static SGD: Records = Records::new(&SPEC, known, read);

static TURNS: Dialogue = Dialogue {
    list: "turns",
    speaker: "speaker",
    text: "utterance",
    ids: &["dialogue_id"],
    side: |speaker| match speaker {
        "USER" => Some(Role::User),
        "SYSTEM" => Some(Role::Assistant),
        _ => None,
    },
};

fn known(record: &Extra) -> Option<&'static str> {
    (record.contains_key("dialogue_id") && TURNS.fits(record))
        .then_some("`dialogue_id` with `turns[].speaker` and `utterance`")
}

fn read(key: Option<String>, record: Extra) -> Result<Decoded, Misfit> {
    Ok(Raw::Conversation(TURNS.conversation(key, record)?).into())
}
