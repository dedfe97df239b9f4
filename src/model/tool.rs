//! A call of a tool by the assistant.

use super::Extra;

/// One entry of `tool_calls` with a function's name and its arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolCall {
    /// The identifier that the tool's result refers to, where there is one.
    pub id: Option<String>,
    /// The function's name.
    pub name: String,
    /// The arguments: a JSON object in a string, exactly as written.
    pub arguments: String,
    /// Other keys of the call, in order (`type` is implied and not kept when it is `function`).
    pub extra: Extra,
}
