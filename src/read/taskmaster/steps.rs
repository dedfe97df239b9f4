//! What is said and called in a dialogue with an interface, as messages with tool calls.

use serde_json::Value;

use crate::model::{Content, Extra, Message, Role, ToolCall};
use crate::read::json::tools::link_results;

/// One step of a dialogue.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// Somebody said it.
    Said(Role, String),
    /// The agent calls functions, each with its arguments.
    Called(Vec<(String, Value)>),
    /// What one function returned.
    Returned(String, Value),
}

/// The messages of the steps; results refer to calls by their order.
pub(super) fn messages(steps: Vec<Step>) -> Vec<Message> {
    let mut messages: Vec<Message> = steps.into_iter().map(message).collect();
    link_results(&mut messages);
    messages
}

fn message(step: Step) -> Message {
    match step {
        Step::Said(role, text) => {
            // Left where it stands, so that the order stays, and not learned: nobody is to answer with nothing.
            let weight = (role == Role::Assistant && text.trim().is_empty()).then_some(0);
            Message { weight, ..Message::text(role, text) }
        }
        Step::Called(calls) => {
            let mut message = Message::text(Role::Assistant, "");
            message.content = Content::Null;
            message.tool_calls = calls
                .into_iter()
                .map(|(name, arguments)| ToolCall {
                    id: None,
                    name,
                    arguments: arguments.to_string(),
                    extra: Extra::new(),
                })
                .collect();
            message
        }
        Step::Returned(name, value) => {
            let mut message = Message::text(Role::Tool, value.to_string());
            message.name = Some(name);
            message
        }
    }
}
