//! Gemini's rows: `contents` with `parts`, and `completions` with a score.

use serde_json::Value;

use super::json::Misfit;
use super::reader::ReaderSpec;
use super::rows_of::{self, RowsOf};
use crate::model::{Extra, Raw};
use crate::target::{vertex, vertex_preference};

static SPEC: ReaderSpec = ReaderSpec {
    name: "vertex",
    title: "Vertex AI rows (`contents` of `parts`, Gemini)",
    notes: "`systemInstruction` becomes the system message, `model` the assistant. Calls and results of functions are \
            linked by their order. Rows with `completions` are preferences: the one with the score 1 is chosen.",
    how_to_get: "",
    recognised_by: "`contents[].parts`",
};

/// The reader of Gemini's rows.
pub static VERTEX: RowsOf = RowsOf { spec: &SPEC, known, read };

fn read(row: Extra) -> Result<Raw, Misfit> {
    if row.contains_key("completions") {
        rows_of::read(&vertex_preference::TARGET, row)
    } else {
        rows_of::read(&vertex::TARGET, row)
    }
}

fn known(row: &Extra) -> bool {
    let contents = row.get("contents").and_then(Value::as_array);
    contents.is_some_and(|contents| {
        !contents.is_empty()
            && contents.iter().all(|content| content.get("parts").is_some_and(Value::is_array))
    })
}
