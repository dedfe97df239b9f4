//! Anthropic's rows: `messages` with the instructions beside them under `system`.

use serde_json::Value;

use super::json::chat;
use super::reader::ReaderSpec;
use super::rows_of::{self, RowsOf};
use crate::model::Extra;
use crate::target::bedrock_claude;

static SPEC: ReaderSpec = ReaderSpec {
    name: "anthropic",
    title: "Anthropic rows (`messages` with `system` beside them)",
    notes: "`system` becomes the system message.",
    how_to_get: "",
    recognised_by: "`system` as text beside `messages` of the chat format",
};

/// The reader of Anthropic's rows.
pub static ANTHROPIC: RowsOf =
    RowsOf { spec: &SPEC, known, read: |row| rows_of::read(&bedrock_claude::TARGET, row) };

fn known(row: &Extra) -> bool {
    let system = |message: &Value| message.get("role").and_then(Value::as_str) == Some("system");
    row.get("system").is_some_and(Value::is_string)
        && row.get("messages").is_some_and(chat::is_message_list)
        && row.get("messages").and_then(Value::as_array).is_some_and(|list| !list.iter().any(system))
}
