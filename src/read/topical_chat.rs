//! Topical-Chat: two people talk about what they read, in an object keyed by id.

use serde_json::Value;

use super::json::Misfit;
use super::json::dialogue::{Dialogue, most};
use super::json::records::Records;
use super::reader::{Decoded, ReaderSpec};
use crate::model::{Extra, Raw};

static SPEC: ReaderSpec = ReaderSpec {
    name: "topical-chat",
    title: "Topical-Chat dialogues, keyed by id",
    notes: "`agent_1` and `agent_2` are two people, and neither is the assistant: say which one is to be learned with \
            `--assistant agent_2 --user agent_1`, or all conversations are refused. `article_url`, `config` and `conversation_rating` \
            stay beside the conversation; sentiment, sources and ratings of a message label it and are not kept.",
    how_to_get: "clone <https://github.com/alexa/Topical-Chat> and name the files in `conversations`.",
    recognised_by: "`content[].message` and `agent`, beside `article_url`, `config` or `conversation_rating`, or with `agent_1` and `agent_2`",
};

/// The reader of Topical-Chat.
pub static TOPICAL_CHAT: Records = Records::new(&SPEC, known, read);

static CONTENT: Dialogue =
    Dialogue { list: "content", speaker: "agent", text: "message", ids: &["id"], side: |_| None };

fn known(record: &Extra) -> Option<&'static str> {
    let people =
        |message: &Value| message.get("agent").is_some_and(|agent| agent == "agent_1" || agent == "agent_2");
    let content = record.get("content").filter(|content| content.get(0).is_some());
    let own = ["article_url", "conversation_rating"].iter().any(|key| record.contains_key(*key));
    (content.is_some() && (own || most(content, people)) && CONTENT.fits(record))
        .then_some("`content[].message` and `agent`")
}

fn read(key: Option<String>, record: Extra) -> Result<Decoded, Misfit> {
    Ok(Raw::Conversation(CONTENT.conversation(key, record)?).into())
}
