//! TRL, conversations (`messages`).

use super::rows::Chat;
use super::spec::{TargetSpec, Trained};
use super::trl;

static SPEC: TargetSpec = TargetSpec {
    name: "trl-chat",
    title: "Hugging Face TRL, conversations",
    row_keys: &["messages", "tools", "chat_template_kwargs"],
    message_keys: &["role", "content", "name", "tool_calls", "tool_call_id", "thinking"],
    // `assistant_only_loss` is off by default: without it the questions are learned, too.
    trained: Trained::Everything,
    packing: trl::PACKING,
    ..trl::COMMON
};

/// TRL, conversations.
pub static TARGET: Chat = Chat(&SPEC);
