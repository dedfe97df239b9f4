//! `ChatGPT`'s `conversations.json`: each conversation is a tree of messages, of which the path to `current_node` is what
//! the user last saw.
//!
//! [`tree`] finds that path, [`message`] makes turns of what stands on it, [`citations`] cuts the marks of sources.

mod citations;
mod message;
mod tree;

use serde_json::Value;

use tree::Tree;

use super::codes;
use super::json::dialogue::{event, take_id};
use super::json::records::Records;
use super::json::{Misfit, branches, keys_seen};
use super::reader::{Decoded, ReaderSpec};
use super::sample::Sample;
use crate::diagnostic::Finding;
use crate::model::{Conversation, Extra, Raw};

static SPEC: ReaderSpec = ReaderSpec {
    name: "chatgpt",
    title: "ChatGPT data export (`conversations.json`)",
    notes: "The conversation is the path from `current_node` up through `parent`; where that names no message, down from \
            the root over the last child of each. Messages on other branches (edited prompts, regenerated answers) \
            belong to conversations that went on otherwise: they are no turns, and their number is said \
            (`other-branches`).\n\n\
            - roles are the `author`'s; a message to somebody else than `all` is a call of a tool, and `tool` its \
              result: tool turns, dropped by name\n\
            - hidden messages (`is_visually_hidden_from_conversation`), custom instructions (`is_user_system_message`, \
              `user_editable_context`), memory (`model_editable_context`), `weight` 0, `thoughts` and the channel \
              `analysis` are internal notes, dropped by name; `reasoning_recap` is an event\n\
            - objects in `parts` are media, except `audio_transcription`, which was said\n\
            - several messages of the assistant in a row are joined like any burst\n\
            - marks of sources in the assistant's text (`【12†source】`, and what stands between U+E200 and U+E201) are \
              cut and counted; the words in `entity` and `url` marks stay\n\
            - times are taken only where they do not contradict the tree\n\n\
            The file is read conversation by conversation, however large it is; one conversation is one record and \
            bounded by `--max-record`. Tools of ChatGPT cannot be called elsewhere, so calls are no `tool_calls`.\n\n\
            Not verified: the layout of `entity` and `url` marks, `channel`, and content types that came after \
            `reasoning_recap`; these are read by `parts`, `text` or `content`, and else are events with their JSON.",
    how_to_get: "in ChatGPT: Settings, Data controls, Export data; the mail holds a link to a zip archive. Name the archive, \
                 or `conversations.json` (large accounts: `conversations-000.json` and so on) in it.",
    recognised_by: "`mapping` with `message`, `parent` and `children` in its nodes, and `current_node`",
};

/// The reader of `ChatGPT`'s export.
pub static CHATGPT: Records = Records { companion, ..Records::new(&SPEC, known, read) };

fn companion(sample: &Sample) -> Option<&'static str> {
    let first = || sample.json()?.records.first();
    let has = |key: &str| first().is_some_and(|record| record.get(key).is_some());
    match sample.file_name.as_str() {
        "user.json" if has("chatgpt_plus_user") => Some("the account"),
        "message_feedback.json" => Some("ratings of answers"),
        "model_comparisons.json" => Some("comparisons of answers"),
        "shared_conversations.json" => Some("a list of shared links"),
        _ => None,
    }
}

/// A head that is cut short may end before `current_node`; the links between nodes are known as well.
fn known(record: &Extra) -> Option<&'static str> {
    let mapping = record.get("mapping")?.as_object()?;
    let node = |node: &Value| {
        node.get("message").is_some() && (node.get("parent").is_some() || node.get("children").is_some())
    };
    let linked = mapping.values().any(node);
    match (linked, record.contains_key("current_node")) {
        (_, true) => Some("`mapping` and `current_node`"),
        (true, false) => Some("`mapping` of messages with `parent` and `children`"),
        _ => None,
    }
}

fn read(_: Option<String>, mut record: Extra) -> Result<Decoded, Misfit> {
    let Some(Value::Object(mapping)) = record.shift_remove("mapping") else {
        return Err(Misfit::shape("", format!("no object `mapping`; {}", keys_seen(&record))));
    };
    let current = record.shift_remove("current_node");
    let id = take_id(&mut record, &["conversation_id", "id"]);
    let mut tree = Tree::new(mapping);
    let (path, faults) = tree.path(current.as_ref().and_then(Value::as_str));
    let mut findings: Vec<Finding> =
        faults.into_iter().map(|fault| Finding::new(&codes::BROKEN_TREE, "mapping", fault)).collect();
    let (mut turns, mut cut) = (Vec::new(), 0);
    for index in path {
        match tree.take_message(index) {
            Value::Object(message) => cut += message::turns(message, &mut turns),
            Value::Null => {}
            other => turns.push(event(String::new(), &other)),
        }
    }
    findings.extend(branches::others(tree.messages_left()));
    if cut > 0 {
        let says = format!("{cut} mark{} of sources cut", if cut == 1 { "" } else { "s" });
        findings.push(Finding::new(&codes::CITATION_CUT, "", says));
    }
    branches::drop_times_out_of_order(&mut turns);
    let raw = Raw::Conversation(Conversation { id, turns, extra: record, ..Conversation::default() });
    Ok(Decoded { raw, findings })
}
