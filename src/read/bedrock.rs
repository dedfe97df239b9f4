//! Bedrock's Converse rows: `messages` whose content is a list of `{"text"}`, `toolUse` and `toolResult`.

use serde_json::Value;

use super::reader::ReaderSpec;
use super::rows_of::{self, RowsOf};
use crate::model::Extra;
use crate::target::bedrock_nova;

static SPEC: ReaderSpec = ReaderSpec {
    name: "bedrock",
    title: "Amazon Bedrock rows (Converse: `messages[].content[].text`)",
    notes: "`system` becomes the system message; `toolUse` and `toolResult` become calls and their results, \
            `toolConfig` the tools.",
    how_to_get: "",
    recognised_by: "`messages[].content[]` with `text`, `toolUse` or `toolResult` and no `type`",
};

/// The reader of Converse rows.
pub static BEDROCK: RowsOf =
    RowsOf { spec: &SPEC, known, read: |row| rows_of::read(&bedrock_nova::TARGET, row) };

fn known(row: &Extra) -> bool {
    let Some(messages) = row.get("messages").and_then(Value::as_array) else { return false };
    let part = |part: &Value| {
        let key = |key: &str| part.get(key).is_some();
        !key("type") && (key("text") || key("toolUse") || key("toolResult") || key("image"))
    };
    let message = |message: &Value| {
        message
            .get("content")
            .and_then(Value::as_array)
            .is_some_and(|parts| !parts.is_empty() && parts.iter().all(part))
    };
    !messages.is_empty() && messages.iter().all(message)
}
