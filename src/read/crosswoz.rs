//! `CrossWOZ`: Chinese dialogues about travel, in an object keyed by id.

use serde_json::Value;

use super::json::Misfit;
use super::json::dialogue::{Dialogue, most};
use super::json::records::Records;
use super::reader::{Decoded, ReaderSpec};
use crate::model::{Extra, Raw, Role};

static SPEC: ReaderSpec = ReaderSpec {
    name: "crosswoz",
    title: "`CrossWOZ` dialogues, keyed by id",
    notes: "`sys` is the assistant here, not instructions; `usr` is the user. Goal, final goal, type and task \
            description stay beside the conversation; dialogue acts and states of a message label it and are not kept. \
            The files come zipped and are read so. A list of such dialogues is read too.",
    how_to_get: "clone <https://github.com/thu-coai/CrossWOZ> and name the archives in `data/crosswoz`.",
    recognised_by: "`messages[].role` of `usr` and `sys`, beside `goal` or `sys-usr` or with `dialog_act`",
};

/// The reader of `CrossWOZ`.
pub static CROSSWOZ: Records = Records::new(&SPEC, known, read);

static MESSAGES: Dialogue = Dialogue {
    list: "messages",
    speaker: "role",
    text: "content",
    ids: &["dialogue_id", "id"],
    side: |speaker| match speaker {
        "usr" => Some(Role::User),
        "sys" => Some(Role::Assistant),
        _ => None,
    },
};

fn known(record: &Extra) -> Option<&'static str> {
    let own = ["goal", "sys-usr", "final_goal"].iter().any(|key| record.contains_key(*key))
        || record.get("messages")?.get(0)?.get("dialog_act").is_some();
    let sides = |message: &Value| message.get("role").is_some_and(|role| role == "usr" || role == "sys");
    (own && most(record.get("messages"), sides) && MESSAGES.fits(record))
        .then_some("`messages[].role` of `usr` and `sys`")
}

fn read(key: Option<String>, record: Extra) -> Result<Decoded, Misfit> {
    Ok(Raw::Conversation(MESSAGES.conversation(key, record)?).into())
}
