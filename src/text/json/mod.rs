//! JSON as data with places: parsing that reports duplicate keys, finding value boundaries without parsing, finding the
//! bytes that a path names, and writing.

mod cursor;
mod edits;
mod escape;
mod locate;
mod members;
mod parse;
mod scan;
mod words;
mod write;

pub use cursor::{Cursor, put};
pub use edits::{Edit, edits};
pub use escape::escape;
pub use locate::{inside, locate};
pub use members::{Members, Raw};
pub use parse::{Fault, FaultKind, Parsed, parse, parse_members};
pub use scan::{Bounds, Scanner, close_truncated};
pub use write::{write_key, write_member, write_string, write_value};

use serde_json::Value;

/// What a JSON value is, with an article, for messages.
pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
