//! Rows of one text in ChatML.

use serde_json::Value;

use super::reader::ReaderSpec;
use super::rows_of::{self, RowsOf};
use crate::model::Extra;
use crate::target::chatml;

static SPEC: ReaderSpec = ReaderSpec {
    name: "chatml",
    title: "Rows of one text in ChatML (`<|im_start|>role …<|im_end|>`)",
    notes: "The last message may go on to the end of the text without its closing mark.",
    how_to_get: "",
    recognised_by: "`text` that begins with `<|im_start|>`",
};

/// The reader of ChatML.
pub static CHATML: RowsOf = RowsOf { spec: &SPEC, known, read: |row| rows_of::read(&chatml::TARGET, row) };

fn known(row: &Extra) -> bool {
    row.get("text").and_then(Value::as_str).is_some_and(|text| text.trim_start().starts_with("<|im_start|>"))
}
